export {
  WritError,
  asProblem,
  problemOf,
  refusal,
  relocate,
  type Problem,
  type WritErrorOptions,
} from "./errors/writ-error.js";
export { ERROR_CODES, type ErrorCode } from "./errors/codes.js";
export { problemDetails, type ProblemDetails } from "./errors/problem-details.js";

export {
  asJson,
  deepFreeze,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "./json/json-value.js";
export type { JsonText } from "./json/decode-text.js";
export { canonicalize, sameJson } from "./json/canonicalize.js";
export { joinPointer } from "./json/pointer.js";
export {
  CREDENTIAL_LIMITS,
  DOCUMENT_LIMITS,
  parseStrictJson,
  parseStrictJsonObject,
  snapshot,
  STATUS_LIST_LIMITS,
  type JsonLimits,
} from "./json/strict-json.js";

export { decodeBase64url, encodeBase64url } from "./encoding/base64url.js";
export { decodeBase58, encodeBase58 } from "./encoding/base58.js";
export { concatBytes, equalBytes, lengthPrefixed, toHex, utf8 } from "./encoding/bytes.js";

export { hmacSha256 } from "./crypto/hmac-sha256.js";
export { createSha256, sha256, type RunningSha256 } from "./crypto/sha256.js";
export { randomUuidUrn, systemRandom, type RandomSource } from "./crypto/random.js";
export { systemClock, type Clock } from "./ports/clock.js";
export { systemEnvironment, type Environment } from "./ports/environment.js";
export type { Database, SqlExecutor, SqlRow, SqlValue } from "./ports/database.js";
export type { FetchDemand, Fetched, SafeFetch } from "./ports/safe-fetch.js";
export { bytesOf, integerOf, textOf } from "./ports/sql-row.js";
export { createSchema, openSchema, type Schema } from "./ports/migrate.js";

export { parsePublicKey, type PublicKey } from "./keys/public-key.js";
export { defaultEngine, nativeEngine, nobleEngine, type Ed25519Engine } from "./keys/ed25519-engine.js";
export { createSodiumEngine, loadSodiumEngine, type Sodium } from "./keys/sodium-engine.js";
export { createSignatureCache, type SignatureCache } from "./keys/signature-cache.js";
export { verifyEd25519 } from "./keys/verify-ed25519.js";
export { createSeedSigner, type SeedSigner, type Signer } from "./keys/signer.js";

export { isDid } from "./did/did.js";
export { didKeyDocument, parseDidKey } from "./did/did-key.js";
export { createDidWebDriver } from "./did/did-web.js";
export { createResolver, type DidResolver } from "./did/resolver.js";
export { resolveVerificationKey, type ProofPurpose, type VerificationKey } from "./did/verification-key.js";

export { STATUS_LIST_CONTEXT, WRIT_CONTEXT } from "./documents/contexts.js";
export {
  proofsOf,
  signsRdf,
  type GenericProof,
  type Proof,
  type ProofAt,
  type Proven,
} from "./documents/proof.js";
export { isOwnDocument } from "./documents/own-documents.js";
export { assertGenericProfile } from "./documents/generic-profile.js";
export type { GenericContexts } from "./documents/generic-contexts.js";
export {
  genericCredential,
  genericPresentation,
  idOf,
  type GenericCredential,
  type GenericPresentation,
  type NamedSchema,
  type Reference,
  type Typed,
} from "./documents/generic-credential.js";
export { assertDigest, type RelatedResource } from "./documents/related-resource.js";
export { WRIT_V1 } from "./jsonld/context-addresses.js";
export { CREDENTIALS_V2 } from "./jsonld/context-addresses.js";
export { loadContext, pinnedBytes, WRIT_V1_SHA256 } from "./jsonld/pinned-contexts.js";
export { assertTermsDefined } from "./jsonld/canonicalize-rdf.js";
export { expandedTypes } from "./jsonld/expanded-types.js";
export { RecentMap } from "./runtime/recent-map.js";
export { typeOf } from "./documents/by-type.js";
export { digestMultibase } from "./documents/digest.js";
export { formatTimestamp, parseTimestamp } from "./documents/timestamp.js";
export { checkValidity, validityEnd, type Dated } from "./documents/check-validity.js";
export { checkGenericValidity } from "./documents/check-generic-validity.js";
export { composeCredential, type CredentialContent } from "./documents/compose-credential.js";
export { parseDocument } from "./documents/parse-document.js";
export {
  MAX_LIFE_MS,
  statusBase,
  statusListAddress,
  type CredentialFrame,
  type StatusEntry,
} from "./documents/credential-frame.js";
export {
  agentIdentityCredential,
  principalIdentityCredential,
  type AgentIdentityCredential,
  type AgentSubject,
  type PrincipalIdentityCredential,
  type PrincipalSubject,
} from "./documents/identity-credential.js";
export {
  authorityCredential,
  authoritySubject,
  MAX_LIFE_WITHOUT_STATUS_MS,
  type AuthorityCredential,
  type AuthoritySubject,
  type ParentReference,
} from "./documents/authority-credential.js";
export {
  approvalCredential,
  MAX_APPROVAL_LIFE_MS,
  type ApprovalCredential,
  type ApprovalSubject,
} from "./documents/approval-credential.js";
export {
  statusListCredential,
  type StatusListCredential,
  type StatusListSubject,
} from "./documents/status-list-credential.js";
export {
  genericStatus,
  type GenericStatus,
  type GenericStatusEntry,
  type StatusMessage,
} from "./documents/generic-status.js";
export {
  genericStatusListCredential,
  type GenericStatusListCredential,
  type GenericStatusListSubject,
} from "./documents/generic-status-list-credential.js";
export {
  approves,
  createApprovalRequest,
  parseApprovalRequest,
  type ApprovalRequest,
} from "./documents/approval-request.js";
export { asking, invocation, type Asking, type Invocation } from "./documents/invocation.js";
export {
  presentation,
  PRESENTATION_LIFE_MS,
  writCredential,
  type Presentation,
  type WritCredential,
} from "./documents/presentation.js";
export {
  ENROLMENT_DOMAIN,
  ENROLMENT_LIFE_MS,
  enrolmentRequest,
  type EnrolmentRequest,
} from "./documents/enrolment-request.js";
export { successionStatement, type SuccessionStatement } from "./documents/succession-statement.js";
export {
  asWritCredential,
  isAgentIdentity,
  isApproval,
  isAuthority,
  isIdentity,
  type IdentityCredential,
} from "./documents/credential-kinds.js";
export { jsonSchemas } from "./documents/json-schemas.js";

export { did, digest, label, timestamp, uuidUrn } from "./schema/common.js";
export { openObject } from "./schema/open-object.js";
export {
  choice,
  DECEPTIVE_CHARACTERS,
  integer,
  list,
  literal,
  object,
  oneOrMany,
  parseShape,
  refined,
  refuse,
  sequence,
  text,
  type Members,
  type RequiredKeys,
  type Shape,
  type TextForm,
} from "./schema/shape.js";

export {
  composeSuccessionStatement,
  createSuccessionStatement,
  signSuccessionStatement,
  type SigningSuccession,
  type Succession,
} from "./proofs/create-succession-statement.js";
export { addProof, signDocument, type AddProofOptions, type SignOptions } from "./proofs/sign-document.js";
export {
  verifyProofs,
  type ProofVerification,
  type VerifiedProof,
  type VerifyProofsResult,
} from "./proofs/verify-proofs.js";
export {
  checkSignedAmong,
  checkSignedBy,
  type ExpectedAmong,
  type ExpectedSigner,
} from "./proofs/check-signed-by.js";
export {
  assertTerms,
  checkIssuerSigned,
  type IssuerSigned,
  type Profile,
} from "./proofs/check-issuer-signed.js";
export { checkSignedByEach, type ExpectedSigners } from "./proofs/check-signed-by-each.js";
export { DEFAULT_SUITE, SUITE_NAMES, type SuiteName } from "./proofs/suites.js";

export { coversResource, resource } from "./authority/resource.js";
export { grants, type Grant } from "./authority/grant.js";
export type { Constraint, Range, Scalar } from "./authority/constraint.js";
export type { Actions } from "./authority/dimensions/actions.js";
export type { ApprovalRule } from "./authority/dimensions/approval.js";
export type { Audience } from "./authority/dimensions/audience.js";
export type { Meter } from "./authority/dimensions/meter.js";
export type { Rate, Rates } from "./authority/dimensions/rate.js";
export type { Resources } from "./authority/dimensions/resources.js";
export type { SpendLimit } from "./authority/dimensions/spend.js";
export type { Conditions, Window } from "./authority/dimensions/when.js";
export type { DimensionName, DimensionValues } from "./authority/dimensions.js";
export { spendShape, type ActionRequest, type Facts, type Spend } from "./authority/action-request.js";
export type { Charge, Limit } from "./authority/dimension.js";
export { foldGrants, type FoldedGrant, type LinkGrants } from "./authority/fold.js";
export { frameGrant, isFramed, type FramedGrant } from "./authority/frame.js";
export { evaluate, fromRoot, type Evaluation } from "./authority/evaluate.js";
export { freeOf } from "./authority/free.js";
export { draftGrant, type Denied, type GrantDraft } from "./authority/draft.js";
export { describeGrant } from "./authority/describe.js";
export { buildChain, type Chain, type FindByDigest, type Link } from "./chain/chain.js";
export { effectiveAuthority, EffectiveGrant, type EffectiveAuthority } from "./chain/effective-authority.js";

export {
  decodeStatusList,
  encodeStatusList,
  MAX_STATUS_SIZE,
  MIN_STATUS_ENTRIES,
  type StatusBits,
} from "./status/status-list.js";

export { seal, unseal } from "./envelope/aead.js";
export { deriveKey } from "./envelope/derive-key.js";
export {
  createEnvelope,
  discardKey,
  openEnvelope,
  requiredKeySource,
  wrapEnvelope,
  type EnvelopeKind,
  type OpenEnvelope,
} from "./envelope/key-envelope.js";
export type { Keyring } from "./envelope/keyring.js";
export { KEYRING_SERVICE } from "./envelope/keyring-key.js";
export type { Kms, KmsContext } from "./envelope/kms.js";
export type { RequiredKeySource } from "./envelope/key-source-parameters.js";
export { DEFAULT_ARGON2_COST, type Argon2Cost, type KeySource } from "./envelope/key-source.js";

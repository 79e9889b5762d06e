export {
  createTrustPolicy,
  type TrustedParties,
  type TrustedRoot,
  type TrustedStatusIssuers,
  type TrustPolicy,
} from "./trust/trust-policy.js";
export { trustOrganisations, type TrustedOrganisation } from "./trust/trust-organisations.js";
export { withSuccessions, type SuccessionOptions } from "./trust/with-successions.js";
export type { ChallengeStore, ChallengeUse } from "./challenges/challenge-store.js";
export { CHALLENGE_LIFE_MS, type ChallengeStoreOptions } from "./challenges/challenge-form.js";
export { createMemoryChallengeStore } from "./challenges/memory-challenge-store.js";
export { createChallengeStore, openChallengeStore } from "./challenges/sql-challenge-store.js";
export type { IssuedChallenge } from "./challenges/check-challenge.js";
export {
  createMemoryStatusSource,
  noStatusSource,
  type ObtainedList,
  type StatusListDemand,
  type StatusListSource,
} from "./status/status-source.js";
export { createFolderStatusSource } from "./status/folder-status-source.js";
export { createStatusCache, type StatusCacheOptions } from "./status/status-cache.js";
export type { EntryStatus } from "./status/check-status.js";
export { createHttpsStatusSource } from "./status/https-status-source.js";
export { createSafeFetch, type SafeFetchOptions } from "./network/safe-fetch.js";
export type { AddressPolicy, HostLookup } from "./network/checked-lookup.js";
export type { VerifierOptions } from "./verifier-options.js";
export { verifyCredential, type VerifyCredentialResult } from "./verify-credential.js";
export {
  verifyPresentation,
  type PresentationExpectations,
  type VerifyPresentationResult,
} from "./verify-presentation.js";
export type { IdentityPolicy } from "./check-evidence.js";
export type { VerifiedInvocation, VerifiedPresentation } from "./verified-presentation.js";
export { decide, type Decision, type ServiceFacts } from "./decide.js";
export type { Exceeded, Ledger, LedgerAnswer, LedgerEntry, LedgerKey, Recalled } from "./ledger/ledger.js";
export { createLedger, openLedger, type SqlLedger } from "./ledger/sql-ledger.js";
export type { LedgerAccount, LedgerAction, Pruned } from "./ledger/accounts.js";
export type { Check, Refusal } from "./verification.js";
export {
  verifyGenericCredential,
  type VerifyGenericCredentialResult,
} from "./generic/verify-generic-credential.js";
export {
  unbound,
  verifyGenericPresentation,
  type GenericPresentationOptions,
  type VerifyGenericPresentationResult,
} from "./generic/verify-generic-presentation.js";
export type { GenericVerifierOptions } from "./generic/generic-options.js";

export {
  createOrganisation,
  defaultStatusBase,
  openOrganisation,
  openRegistry,
  organisationKeySource,
  type OpenOptions,
  type Organisation,
  type OrganisationOptions,
  type Registry,
} from "./organisation.js";
export { resumeAgent, retireAgent, suspendAgent, type StateChange } from "./agent-states.js";
export { listAgentKeys, type AgentKey } from "./agent-keys.js";
export { findAgent, listAgents, type Agent, type AgentState } from "./agents.js";
export { changeAgent, type AgentChange } from "./change-agent.js";
export { importAgent, type ImportedAgent } from "./import-agent.js";
export {
  EVENT_ACTIONS,
  listEvents,
  type EventAction,
  type EventFilter,
  type RegistryEvent,
} from "./events.js";
export { DEFAULT_IDENTITY_LIFE_MS, enrolAgent, type EnrolmentOptions } from "./enrol-agent.js";
export {
  DEFAULT_PRINCIPAL_LIFE_MS,
  enrolPrincipal,
  registerPrincipal,
  type PrincipalEnrolment,
  type PrincipalOptions,
} from "./enrol-principal.js";
export { findPrincipal, listPrincipals, type Principal, type PrincipalState } from "./principals.js";
export { retirePrincipal } from "./retire-principal.js";
export { findRole, listRoles, setRole, type Role, type RoleFrame } from "./roles.js";
export {
  DEFAULT_ISSUANCE_RULES,
  readIssuanceRules,
  setIssuanceRules,
  type IssuanceRules,
  type OwnCredentialType,
} from "./issuance-rules.js";
export type { GrantSource } from "./role-frame.js";
export { DEFAULT_AUTHORITY_LIFE_MS, grantAuthority, type GrantOptions } from "./grant-authority.js";
export {
  findHolderOf,
  listExpiring,
  listIssuedCredentials,
  type CredentialState,
  type IssuedCredential,
} from "./issued-credentials.js";
export {
  findCredential,
  listAuthorities,
  listLine,
  type CredentialRecord,
  type IssuedAuthority,
} from "./find-credential.js";
export type { IdempotencyOptions } from "./idempotency.js";
export { issueGenericCredential, type GenericIssueOptions } from "./issue-generic-credential.js";
export {
  listFormerKeys,
  rotateOrganisation,
  type FormerKey,
  type RotatedOrganisation,
} from "./rotate-organisation.js";
export { tightestStatusAgeMs } from "./status-ages.js";
export {
  rotateAgent,
  type RefusedCredential,
  type RotatedAgent,
  type RotationOptions,
  type RotationRequest,
} from "./rotate-agent.js";
export { renewCredential, type RenewalOptions, type Renewed } from "./renew-credential.js";
export { supersedeAuthority, type SupersedingOptions } from "./supersede-authority.js";
export { findBlastRadius, type BlastRadius } from "./blast-radius.js";
export {
  allocateDelegation,
  delegationStatusFor,
  revokeDelegated,
  type DelegationRequest,
} from "./delegations.js";
export { findOrphans, type Orphans } from "./orphans.js";
export { listRevocable, revokeCredentials, type RevocationScope } from "./revoke-credentials.js";
export { revokeCredential } from "./revoke-credential.js";
export { setCredentialStatus, type StatusChange } from "./set-credential-status.js";
export {
  listStatusLists,
  STATUS_PURPOSES,
  type StatusListState,
  type StatusPurpose,
} from "./status-lists.js";
export {
  createCurrentLists,
  CURRENT_LIST_TTL_MS,
  type CurrentList,
  type CurrentLists,
} from "./current-lists.js";
export {
  publishStatusLists,
  STATUS_LIST_LIFE_MS,
  type PublishedList,
  type PublishOptions,
} from "./publish-status.js";

export {
  createOrganisation,
  defaultStatusBase,
  openOrganisation,
  openRegistry,
  organisationKeySource,
  type Organisation,
  type OrganisationOptions,
  type Registry,
} from "./organisation.js";
export { findAgent, listAgents, type Agent } from "./agents.js";
export { DEFAULT_IDENTITY_LIFE_MS, enrolAgent, type EnrolmentOptions } from "./enrol-agent.js";
export { DEFAULT_AUTHORITY_LIFE_MS, grantAuthority, type GrantOptions } from "./grant-authority.js";
export { issueGenericCredential, type GenericIssueOptions } from "./issue-generic-credential.js";
export { revokeCredential } from "./revoke-credential.js";
export { setCredentialStatus, type StatusChange } from "./set-credential-status.js";
export { STATUS_PURPOSES, type StatusPurpose } from "./status-lists.js";
export {
  createCurrentLists,
  CURRENT_LIST_TTL_MS,
  type CurrentList,
  type CurrentLists,
} from "./current-lists.js";
export { publishStatusLists, STATUS_LIST_LIFE_MS, type PublishedList } from "./publish-status.js";
export {
  composeSuccessionStatement,
  createSuccessionStatement,
  signSuccessionStatement,
  type SigningSuccession,
  type Succession,
} from "./create-succession-statement.js";

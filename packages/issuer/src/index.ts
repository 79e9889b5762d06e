export {
  createOrganisation,
  defaultStatusBase,
  openOrganisation,
  openRegistry,
  type Organisation,
  type OrganisationOptions,
  type Registry,
} from "./organisation.js";
export { findAgent, listAgents, type Agent } from "./agents.js";
export { DEFAULT_IDENTITY_LIFE_MS, enrolAgent, type EnrolmentOptions } from "./enrol-agent.js";
export { DEFAULT_AUTHORITY_LIFE_MS, grantAuthority, type GrantOptions } from "./grant-authority.js";
export { revokeCredential } from "./revoke-credential.js";
export { publishStatusLists, STATUS_LIST_LIFE_MS, type PublishedList } from "./publish-status.js";
export {
  composeSuccessionStatement,
  createSuccessionStatement,
  signSuccessionStatement,
  type SigningSuccession,
  type Succession,
} from "./create-succession-statement.js";

import { isJsonArray, type JsonObject } from "../json/json-value.js";
import { WRIT_V1 } from "../jsonld/context-addresses.js";

/** Types of documents that only Writ's own vocabulary has. */
const OWN_TYPES: ReadonlySet<unknown> = new Set([
  "AgentIdentityCredential",
  "PrincipalIdentityCredential",
  "DelegatedAuthorityCredential",
  "ApprovalCredential",
  "EnrolmentRequest",
  "SuccessionStatement",
]);

/** Whether a document has a type or a context of Writ's, and so is under the strict profile (DESIGN 4.2). */
export function isOwnDocument({ "@context": context = [], type = [] }: JsonObject): boolean {
  const contexts = isJsonArray(context) ? context : [context];
  const types = isJsonArray(type) ? type : [type];
  return contexts.includes(WRIT_V1) || types.some((each) => OWN_TYPES.has(each));
}

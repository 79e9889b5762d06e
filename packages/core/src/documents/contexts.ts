import { isJsonArray } from "../json/json-value.js";
import { exactList, type Shape } from "../schema/shape.js";

/** W3C Verifiable Credentials Data Model 2.0. */
export const CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2";

/** Writ's own terms; the file is `contexts/writ-v1.jsonld` of this package and is never fetched. */
export const WRIT_V1 = "https://w3id.org/writ/v1";

/** SHA-256 of `contexts/writ-v1.jsonld`, byte for byte. */
export const WRIT_V1_SHA256 = "968a3669ad5a8231279bc692ba416b9afbbceb992d60b17df2ca3b05dfd0121a";

/** The contexts of Writ's own documents, in order. */
export const WRIT_CONTEXT: readonly string[] = [CREDENTIALS_V2, WRIT_V1];

/** The contexts of status lists. */
export const STATUS_LIST_CONTEXT: readonly string[] = [CREDENTIALS_V2];

/** The terms of Ed25519Signature2020: the last context of what has such a proof, and of nothing else. */
export const ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1";

/** The `@context` of Writ's own documents. */
export const writContext: Shape<readonly string[]> = contextList(WRIT_CONTEXT);
/** The `@context` of status lists. */
export const statusListContext: Shape<readonly string[]> = contextList(STATUS_LIST_CONTEXT);

/** Exactly these, or these and the one that a proof demands; which of the two, the strict profile says. */
function contextList(contexts: readonly string[]): Shape<readonly string[]> {
  const plain = exactList(contexts, "CONTEXT_NOT_ALLOWED");
  const withSuite = exactList([...contexts, ED25519_2020_V1], "CONTEXT_NOT_ALLOWED");
  return {
    check(value, pointer) {
      const last = isJsonArray(value) ? value.at(-1) : undefined;
      (last === ED25519_2020_V1 ? withSuite : plain).check(value, pointer);
    },
    jsonSchema: { anyOf: [plain.jsonSchema, withSuite.jsonSchema] },
  };
}

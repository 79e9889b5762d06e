import { isJsonArray } from "../json/json-value.js";
import { CREDENTIALS_V2, ED25519_2020_V1, WRIT_V1 } from "../jsonld/context-addresses.js";
import { exactList, type Shape } from "../schema/shape.js";

/** The contexts of Writ's own documents, in order. */
export const WRIT_CONTEXT: readonly string[] = [CREDENTIALS_V2, WRIT_V1];

/** The contexts of status lists. */
export const STATUS_LIST_CONTEXT: readonly string[] = [CREDENTIALS_V2];

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

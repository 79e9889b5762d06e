import { asJson, parseStrictJsonObject, snapshot, type JsonObject, type JsonText } from "@writ/core";

/**
 * The JSON of a document that was given as a text or as an object; a copy, so that what the caller changes meanwhile is
 * not what is judged.
 *
 * @throws WritError the codes of strict JSON.
 */
export function givenJson(given: JsonText | object): JsonObject {
  return typeof given === "string" || given instanceof Uint8Array
    ? parseStrictJsonObject(given)
    : asJson(snapshot(given));
}

import type { JsonObject } from "../json/json-value.js";
import { parseShape, type Shape } from "../schema/shape.js";
import { assertStrictProfile } from "./strict-profile.js";

/**
 * A parsed JSON object as a document of one of Writ's shapes, under the strict profile.
 *
 * @throws WritError of the profile or the schema.
 */
export function parseDocument<T>(document: JsonObject, shape: Shape<T>): T {
  assertStrictProfile(document);
  return parseShape(shape, document);
}

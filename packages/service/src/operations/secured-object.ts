import { isJsonObject, refuse, type JsonObject, type Shape } from "@writ/core";

/** An object that is judged where it is used. */
export const anyObject: Shape<JsonObject> = {
  check(value, pointer) {
    if (!isJsonObject(value)) refuse(pointer, "must be an object");
  },
  jsonSchema: { type: "object" },
};

/**
 * A secured document in a request's body, of which the verification itself says what is wrong; only that
 * it is an object is asked here. Documents as tokens are known, and not verified.
 */
export const securedObject: Shape<JsonObject> = {
  check(value, pointer) {
    if (typeof value === "string") {
      refuse(pointer, "documents in envelopes are not verified", "ENVELOPE_UNSUPPORTED");
    }
    anyObject.check(value, pointer);
  },
  jsonSchema: anyObject.jsonSchema,
};

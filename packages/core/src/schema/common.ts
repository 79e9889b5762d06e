import { decodeBase64url } from "../encoding/base64url.js";
import { asProblem } from "../errors/writ-error.js";
import { DID, MAX_DID_LENGTH } from "../did/did.js";
import { parseTimestamp } from "../documents/timestamp.js";
import { refined, refuse, text, type Shape } from "./shape.js";

/** `urn:uuid:` in lower case (RFC 9562). */
export const uuidUrn: Shape<string> = text({
  pattern: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  what: "a urn:uuid: in lower case",
});

/** A DID without path, query or fragment. */
export const did: Shape<string> = text({
  pattern: DID,
  maxLength: MAX_DID_LENGTH,
  what: "a DID",
  code: "DID_SYNTAX",
});

/** A text that a parser of its own takes, or refuses with a {@link WritError}. */
function parsed(form: Shape<string>, parse: (value: string) => unknown): Shape<string> {
  return refined(form, (value, pointer) => {
    try {
      parse(value);
    } catch (error) {
      const { code, detail } = asProblem(error);
      refuse(pointer, detail, code);
    }
  });
}

/** An RFC 3339 time with zone. */
export const timestamp: Shape<string> = parsed(text({ maxLength: 40, what: "a time" }), parseTimestamp);

/** Multibase base64url of a SHA-256 multihash. */
export const digest: Shape<string> = parsed(
  text({ pattern: /^uEi[A-D][A-Za-z0-9_-]{43}$/, what: "a SHA-256 digest in multibase base64url" }),
  (value) => decodeBase64url(value.slice(1)),
);

/** A name for people and for rules: short, visible, normalised. */
export const label: Shape<string> = text({ maxLength: 128, what: "a name" });

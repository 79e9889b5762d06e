import {
  asJson,
  canonicalize,
  choice,
  concatBytes,
  isJsonArray,
  object,
  parseShape,
  parseStrictJsonObject,
  refuse,
  utf8,
  WritError,
  type JsonLimits,
  type JsonObject,
  type Shape,
} from "@writ/core";

import { COLLECTIONS, type Label, type RecordContent } from "../vault/record.js";
import { decodeSecret, encodeSecret, SECRET_DIGITS } from "./secret-digits.js";
import { MAX_LINE_BYTES } from "./backup-format.js";

/** Documents are held against their own limits; these are for what stands around them. */
const LINE_LIMITS: JsonLimits = { maxBytes: MAX_LINE_BYTES, maxDepth: 40, maxItems: 1024 };

/** The secret is a line's last member, so that it can be taken out before the line becomes a text. */
const SECRET_MEMBER = utf8(',"secret":"');
const LINE_END = utf8('"}');

/** A line as it was read: its JSON, and beside it the secret that stood in it. */
export interface BackupLine {
  readonly json: JsonObject;
  readonly secret: Uint8Array | undefined;
}

/** A line of JSON. */
export function jsonLine(value: object): Uint8Array {
  return utf8(`${canonicalize(asJson(value))}\n`);
}

/** A record's line. Its secret never becomes a text; who has the line overwrites it. */
export function recordLine({ collection, labels, value, secret }: RecordContent): Uint8Array {
  const line = jsonLine({ collection, labels, value });
  if (secret === undefined) return line;
  const digits = encodeSecret(secret);
  const withSecret = concatBytes(line.subarray(0, -2), SECRET_MEMBER, digits, LINE_END, utf8("\n"));
  digits.fill(0);
  return withSecret;
}

/**
 * Reads a line, without its end, and overwrites what it said of a secret.
 *
 * @throws WritError of strict JSON, `ENCODING_INVALID`.
 */
export function parseLine(line: Uint8Array): BackupLine {
  const member = line.length - LINE_END.length - SECRET_DIGITS - SECRET_MEMBER.length;
  const begins = member > 0 && SECRET_MEMBER.every((byte, index) => line[member + index] === byte);
  // Within a text of JSON a quotation mark is escaped, so this is the last member and nothing else.
  if (!begins || !LINE_END.every((byte, index) => line[line.length - LINE_END.length + index] === byte)) {
    return { json: parseStrictJsonObject(line, LINE_LIMITS), secret: undefined };
  }
  const digits = line.subarray(member + SECRET_MEMBER.length, -LINE_END.length);
  const secret = decodeSecret(digits);
  digits.fill(0);
  if (secret === undefined) throw new WritError("ENCODING_INVALID", "the secret is not in base64url");
  const rest = concatBytes(line.subarray(0, member), utf8("}"));
  return { json: parseStrictJsonObject(rest, LINE_LIMITS), secret };
}

const labels: Shape<readonly Label[]> = {
  check(value, pointer) {
    const isLabels =
      isJsonArray(value) &&
      value.every(
        (each) => isJsonArray(each) && each.length === 2 && each.every((text) => typeof text === "string"),
      );
    if (!isLabels) refuse(pointer, "must be pairs of a name and a text");
  },
  jsonSchema: {},
};

const anyObject: Shape<JsonObject> = {
  check(value, pointer) {
    if (typeof value !== "object" || value === null || isJsonArray(value))
      refuse(pointer, "must be an object");
  },
  jsonSchema: { type: "object" },
};

type RecordLine = Omit<RecordContent, "secret">;

const recordShape: Shape<RecordLine> = object<RecordLine>({
  collection: choice(...COLLECTIONS),
  labels,
  value: anyObject,
});

/**
 * The record in a line.
 *
 * @throws WritError `SCHEMA_INVALID`.
 */
export function recordIn({ json, secret }: BackupLine): RecordContent {
  const record = parseShape(recordShape, json);
  return secret === undefined ? record : { ...record, secret };
}

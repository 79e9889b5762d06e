import { decodeBase64url } from "../encoding/base64url.js";
import { isJsonObject } from "../json/json-value.js";
import { integer, literal, object, refined, refuse, text, type Shape } from "../schema/shape.js";
import type { Argon2Cost, KeySource } from "./key-source.js";

/** How a header says that its key-encryption key comes about. All of it is bound to the wrapped key. */
export type KeySourceParameters =
  | ({ readonly type: "argon2id"; readonly salt: string } & Argon2Cost)
  | { readonly type: "raw" }
  | {
      readonly type: "keyring";
      /** Random: a new key gets a place of its own, beside the old one. */
      readonly entry: string;
    }
  | {
      readonly type: "kms";
      /** The kind of service, and its name for the key. */
      readonly kms: string;
      readonly key: string;
      /** What the KMS made of the key that it wrapped. */
      readonly wrapped: string;
    };

/** What a header says that it opens with. */
export type RequiredKeySource =
  | { readonly type: Exclude<KeySource["type"], "kms"> }
  | { readonly type: "kms"; readonly kms: string; readonly key: string };

/** A salt has at least these bytes; Writ makes these. */
export const SALT_LENGTH = 16;
/** Bytes of the random part of an account in a keyring. */
export const ENTRY_LENGTH = 16;
/** No KMS needs more for 32 bytes. */
export const MAX_WRAPPED_BYTES = 2048;

/** Canonical base64url of a number of bytes. */
export function base64url(minBytes: number, maxBytes: number): Shape<string> {
  const form = text({ pattern: /^[A-Za-z0-9_-]+$/, maxLength: Math.max(256, Math.ceil((maxBytes * 4) / 3)) });
  return refined(form, (value, pointer) => {
    const { length } = decodeBase64url(value);
    if (length < minBytes || length > maxBytes) refuse(pointer, "not of its length");
  });
}

/** Parameters of one type. */
export type ParametersOf<T extends KeySourceParameters["type"]> = Extract<
  KeySourceParameters,
  { readonly type: T }
>;

/** The kind of a KMS. */
export const kmsType: Shape<string> = text({
  pattern: /^[a-z][a-z0-9-]*$/,
  maxLength: 32,
  what: "a kind of KMS",
});
/** A KMS's name for a key. */
export const kmsKey: Shape<string> = text({
  pattern: /^[\x21-\x7e]+$/,
  maxLength: 2048,
  what: "the name of a key",
});

const SHAPES: { readonly [T in KeySourceParameters["type"]]: Shape<ParametersOf<T>> } = {
  argon2id: object<ParametersOf<"argon2id">>({
    type: literal("argon2id"),
    salt: base64url(SALT_LENGTH, 64),
    memoryKib: integer(0),
    passes: integer(0),
    lanes: integer(0),
  }),
  raw: object<ParametersOf<"raw">>({ type: literal("raw") }),
  keyring: object<ParametersOf<"keyring">>({
    type: literal("keyring"),
    entry: base64url(ENTRY_LENGTH, ENTRY_LENGTH),
  }),
  kms: object<ParametersOf<"kms">>({
    type: literal("kms"),
    kms: kmsType,
    key: kmsKey,
    wrapped: base64url(1, MAX_WRAPPED_BYTES),
  }),
};

/** The form of the parameters, by their type. */
export const keySourceParameters: Shape<KeySourceParameters> = {
  check(value, pointer) {
    const type = isJsonObject(value) ? value["type"] : undefined;
    if (!isKnown(type)) return refuse(pointer, "not a source of keys that is known");
    SHAPES[type].check(value, pointer);
  },
  jsonSchema: { anyOf: Object.values(SHAPES).map(({ jsonSchema }) => jsonSchema) },
};

function isKnown(type: unknown): type is KeySourceParameters["type"] {
  return typeof type === "string" && Object.hasOwn(SHAPES, type);
}

/** What has to be given for these parameters. */
export function requirementOf(parameters: KeySourceParameters): RequiredKeySource {
  if (parameters.type === "kms") return { type: "kms", kms: parameters.kms, key: parameters.key };
  return { type: parameters.type === "argon2id" ? "passphrase" : parameters.type };
}

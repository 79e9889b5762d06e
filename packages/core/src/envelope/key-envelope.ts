import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

import type { RandomSource } from "../crypto/random.js";
import { sha256 } from "../crypto/sha256.js";
import { uuidUrn } from "../schema/common.js";
import {
  choice,
  integer,
  literal,
  object,
  parseShape,
  refined,
  refuse,
  text,
  type Shape,
} from "../schema/shape.js";
import { decodeBase64url, encodeBase64url } from "../encoding/base64url.js";
import { utf8 } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize } from "../json/canonicalize.js";
import { asJson, isJsonObject, omit, type JsonObject } from "../json/json-value.js";
import type { JsonText } from "../json/decode-text.js";
import { parseStrictJsonObject } from "../json/strict-json.js";
import { seal, unseal } from "./aead.js";
import {
  assertArgon2Cost,
  DEFAULT_ARGON2_COST,
  deriveFromPassphrase,
  type Argon2Cost,
  type KeySource,
  type KeySourceParameters,
} from "./key-source.js";

/** What an envelope protects; a header of one kind opens nothing of the other. */
export type EnvelopeKind = "organisation" | "wallet";

/** The header of a store: how its root key is wrapped. Holds nothing that says whose it is. */
interface EnvelopeHeader {
  readonly magic: "writ-envelope";
  readonly format: 1;
  readonly kind: EnvelopeKind;
  /** Random `urn:uuid:` of the store. */
  readonly id: string;
  readonly source: KeySourceParameters;
  /** The root key, sealed under the key-encryption key; all other members are its associated data. */
  readonly wrappedKey: string;
  /** SHA-256 over the other members: tells damage from a wrong secret. It protects nothing. */
  readonly checksum: string;
}

/** An opened envelope: the store's id, and the root of its keys. */
export interface OpenEnvelope {
  readonly id: string;
  /** 32 secret bytes. */
  readonly rootKey: Uint8Array;
}

const FORMAT = 1;
const ROOT_KEY_LENGTH = 32;
const SALT_LENGTH = 16;

/** Canonical base64url of a number of bytes. */
const base64url = (minBytes: number, maxBytes: number): Shape<string> =>
  refined(text({ pattern: /^[A-Za-z0-9_-]+$/ }), (value, pointer) => {
    const { length } = decodeBase64url(value);
    if (length < minBytes || length > maxBytes) refuse(pointer, "not of its length");
  });

const rawSource = object<{ readonly type: "raw" }>({ type: literal("raw") });
const argon2Source = object<Extract<KeySourceParameters, { type: "argon2id" }>>({
  type: literal("argon2id"),
  salt: base64url(SALT_LENGTH, 64),
  memoryKib: integer(0),
  passes: integer(0),
  lanes: integer(0),
});

const headerShape: Shape<EnvelopeHeader> = object<EnvelopeHeader>({
  magic: literal("writ-envelope"),
  format: literal(FORMAT),
  kind: choice("organisation", "wallet"),
  id: uuidUrn,
  source: {
    check(value, pointer) {
      const raw = isJsonObject(value) && value["type"] === "raw";
      (raw ? rawSource : argon2Source).check(value, pointer);
    },
    jsonSchema: { anyOf: [rawSource.jsonSchema, argon2Source.jsonSchema] },
  },
  wrappedKey: base64url(1, 192),
  checksum: base64url(32, 32),
});

/**
 * Makes a root key and the header that wraps it (DESIGN 5).
 *
 * @param cost of Argon2id, for a passphrase
 * @returns the header's text, to be stored as it is, and the opened envelope
 * @throws WritError `KDF_LIMIT`, `ARGUMENT_INVALID`.
 */
export async function createEnvelope(
  kind: EnvelopeKind,
  id: string,
  source: KeySource,
  random: RandomSource,
  cost: Argon2Cost = DEFAULT_ARGON2_COST,
): Promise<{ readonly header: string; readonly envelope: OpenEnvelope }> {
  const envelope = { id, rootKey: random(ROOT_KEY_LENGTH) };
  return { header: await wrapEnvelope(kind, envelope, source, random, cost), envelope };
}

/**
 * Another header for an open envelope: the same root key, wrapped for another source. The header before it
 * goes on opening what was kept with it; only another root key ends that.
 *
 * @throws WritError as {@link createEnvelope} does.
 */
export async function wrapEnvelope(
  kind: EnvelopeKind,
  { id, rootKey }: OpenEnvelope,
  source: KeySource,
  random: RandomSource,
  cost: Argon2Cost = DEFAULT_ARGON2_COST,
): Promise<string> {
  const parameters: KeySourceParameters =
    source.type === "raw"
      ? { type: "raw" }
      : { type: "argon2id", salt: encodeBase64url(random(SALT_LENGTH)), ...cost };
  const bound = { magic: "writ-envelope", format: FORMAT, kind, id, source: parameters } as const;
  const keyEncryptionKey = await deriveKeyEncryptionKey(source, parameters);
  const wrappedKey = encodeBase64url(seal(keyEncryptionKey, rootKey, associatedData(bound), random));
  keyEncryptionKey.fill(0);
  const unchecked = { ...bound, wrappedKey };
  return canonicalize(asJson({ ...unchecked, checksum: checksumOf(asJson(unchecked)) }));
}

/**
 * Opens an envelope.
 *
 * @throws WritError `HEADER_CORRUPT` for damage or another kind of envelope, `FORMAT_TOO_NEW`,
 *   `KDF_LIMIT`, `UNLOCK_FAILED` for a wrong secret or another kind of secret.
 */
export async function openEnvelope(
  kind: EnvelopeKind,
  headerText: JsonText,
  source: KeySource,
): Promise<OpenEnvelope> {
  const header = parseHeader(headerText);
  if (header.kind !== kind) throw new WritError("HEADER_CORRUPT", `this is not the header of a ${kind}`);
  const { wrappedKey, checksum: _, ...bound } = header;
  const keyEncryptionKey = await deriveKeyEncryptionKey(source, header.source);
  const rootKey = unseal(keyEncryptionKey, decodeBase64url(wrappedKey), associatedData(bound));
  keyEncryptionKey.fill(0);
  if (rootKey?.length !== ROOT_KEY_LENGTH) {
    throw new WritError("UNLOCK_FAILED", "the passphrase or key does not open this");
  }
  return { id: header.id, rootKey };
}

function parseHeader(headerText: JsonText): EnvelopeHeader {
  let header: JsonObject;
  try {
    header = parseStrictJsonObject(headerText);
  } catch (cause) {
    throw new WritError("HEADER_CORRUPT", "the header is damaged", { cause });
  }
  if (header["checksum"] !== checksumOf(omit(header, "checksum"))) {
    throw new WritError("HEADER_CORRUPT", "the header is damaged");
  }
  if (typeof header["format"] === "number" && header["format"] > FORMAT) {
    throw new WritError("FORMAT_TOO_NEW", "the header was written by a newer version of Writ");
  }
  try {
    return parseShape(headerShape, header);
  } catch (cause) {
    throw new WritError("HEADER_CORRUPT", "the header is not of its form", { cause });
  }
}

async function deriveKeyEncryptionKey(
  source: KeySource,
  parameters: KeySourceParameters,
): Promise<Uint8Array> {
  if (parameters.type === "raw") {
    if (source.type !== "raw") throw new WritError("UNLOCK_FAILED", "a raw key opens this, not a passphrase");
    if (source.key.length !== 32) throw new WritError("ARGUMENT_INVALID", "a raw key has 32 bytes");
    return deriveKey(source.key, "", "key-encryption");
  }
  if (source.type !== "passphrase") {
    throw new WritError("UNLOCK_FAILED", "a passphrase opens this, not a raw key");
  }
  assertArgon2Cost(parameters);
  return deriveFromPassphrase(source.passphrase, decodeBase64url(parameters.salt), parameters);
}

function associatedData(bound: Omit<EnvelopeHeader, "wrappedKey" | "checksum">): Uint8Array {
  return utf8(canonicalize(asJson(bound)));
}

function checksumOf(header: JsonObject): string {
  return encodeBase64url(sha256(canonicalize(header)));
}

/**
 * A 32-byte key for one purpose, from a root key (HKDF-SHA-256, RFC 5869).
 *
 * @param storeId separates stores that share a root by mistake, such as copies
 * @param purpose the label; one key serves one purpose
 */
export function deriveKey(rootKey: Uint8Array, storeId: string, purpose: string): Uint8Array {
  return hkdf(nobleSha256, rootKey, utf8(storeId), utf8(`writ/v1/${purpose}`), 32);
}

import type { RandomSource } from "../crypto/random.js";
import { sha256 } from "../crypto/sha256.js";
import { uuidUrn } from "../schema/common.js";
import { choice, integer, literal, object, parseShape, type Shape } from "../schema/shape.js";
import { decodeBase64url, encodeBase64url } from "../encoding/base64url.js";
import { utf8 } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize } from "../json/canonicalize.js";
import { asJson, omit, type JsonObject } from "../json/json-value.js";
import type { JsonText } from "../json/decode-text.js";
import { parseStrictJsonObject } from "../json/strict-json.js";
import { seal, unseal } from "./aead.js";
import { createKeyEncryptionKey, recoverKeyEncryptionKey } from "./key-encryption-key.js";
import { deleteFromKeyring } from "./keyring-key.js";
import { DEFAULT_ARGON2_COST, type Argon2Cost, type KeySource } from "./key-source.js";
import {
  base64url,
  keySourceParameters,
  requirementOf,
  type KeySourceParameters,
  type RequiredKeySource,
} from "./key-source-parameters.js";

/** What an envelope protects; a header of one kind opens nothing of the other. */
export type EnvelopeKind = "organisation" | "wallet";

/** The header of a store: how its root key is wrapped. Nothing says whose it is, but for a KMS its key. */
interface EnvelopeHeader {
  readonly magic: "writ-envelope";
  readonly format: 1;
  readonly kind: EnvelopeKind;
  /** Random `urn:uuid:` of the store. */
  readonly id: string;
  /** Counts the root keys that the store has had, from 1. */
  readonly generation: number;
  readonly source: KeySourceParameters;
  /** The root key, sealed under the key-encryption key; all other members are its associated data. */
  readonly wrappedKey: string;
  /** SHA-256 over the other members: tells damage from a wrong secret. It protects nothing. */
  readonly checksum: string;
}

/** An opened envelope: the store's id, and the root of its keys. */
export interface OpenEnvelope {
  readonly id: string;
  /** Counts the root keys that the store has had, from 1; whoever lacks the secret cannot change it. */
  readonly generation: number;
  /** 32 secret bytes. */
  readonly rootKey: Uint8Array;
}

const FORMAT = 1;
const ROOT_KEY_LENGTH = 32;

const headerShape: Shape<EnvelopeHeader> = object<EnvelopeHeader>({
  magic: literal("writ-envelope"),
  format: literal(FORMAT),
  kind: choice("organisation", "wallet"),
  id: uuidUrn,
  generation: integer(1),
  source: keySourceParameters,
  wrappedKey: base64url(1, 192),
  checksum: base64url(32, 32),
});

/**
 * Makes a root key and the header that wraps it (DESIGN 5).
 *
 * @param cost of Argon2id, for a passphrase
 * @param generation which root key of the store it is; the first unless given
 * @returns the header's text, to be stored as it is, and the opened envelope
 * @throws WritError `KDF_LIMIT`, `ARGUMENT_INVALID`; for a keyring or a KMS `KEY_SOURCE_UNAVAILABLE`,
 *   `KEY_SOURCE_DENIED`.
 */
export async function createEnvelope(
  kind: EnvelopeKind,
  id: string,
  source: KeySource,
  random: RandomSource,
  cost: Argon2Cost = DEFAULT_ARGON2_COST,
  generation = 1,
): Promise<{ readonly header: string; readonly envelope: OpenEnvelope }> {
  const envelope = { id, generation, rootKey: random(ROOT_KEY_LENGTH) };
  try {
    return { header: await wrapEnvelope(kind, envelope, source, random, cost), envelope };
  } catch (error) {
    envelope.rootKey.fill(0);
    throw error;
  }
}

/**
 * Another header for an open envelope: the same root key, wrapped for another source. The header before it
 * goes on opening what was kept with it; only another root key ends that.
 *
 * @throws WritError as {@link createEnvelope} does.
 */
export async function wrapEnvelope(
  kind: EnvelopeKind,
  { id, generation, rootKey }: OpenEnvelope,
  source: KeySource,
  random: RandomSource,
  cost: Argon2Cost = DEFAULT_ARGON2_COST,
): Promise<string> {
  const { keyEncryptionKey, parameters } = await createKeyEncryptionKey({ kind, id }, source, random, cost);
  const bound = { magic: "writ-envelope", format: FORMAT, kind, id, generation, source: parameters } as const;
  const wrappedKey = encodeBase64url(seal(keyEncryptionKey, rootKey, associatedData(bound), random));
  keyEncryptionKey.fill(0);
  const unchecked = { ...bound, wrappedKey };
  return canonicalize(asJson({ ...unchecked, checksum: checksumOf(asJson(unchecked)) }));
}

/**
 * Opens an envelope.
 *
 * @throws WritError `HEADER_CORRUPT` for damage or another kind of envelope, `FORMAT_TOO_NEW`,
 *   `KDF_LIMIT`, `UNLOCK_FAILED` for a wrong secret or another kind of secret; for a keyring or a KMS
 *   `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function openEnvelope(
  kind: EnvelopeKind,
  headerText: JsonText,
  source: KeySource,
): Promise<OpenEnvelope> {
  const header = parseHeader(kind, headerText);
  const { wrappedKey, checksum: _, ...bound } = header;
  const keyEncryptionKey = await recoverKeyEncryptionKey(header, source, header.source);
  const rootKey = unseal(keyEncryptionKey, decodeBase64url(wrappedKey), associatedData(bound));
  keyEncryptionKey.fill(0);
  if (rootKey?.length !== ROOT_KEY_LENGTH) {
    throw new WritError("UNLOCK_FAILED", "the passphrase or key does not open this");
  }
  return { id: header.id, generation: header.generation, rootKey };
}

/**
 * What a header says that it opens with. Nobody has vouched for that: it is what to ask a person for.
 *
 * @throws WritError `HEADER_CORRUPT`, `FORMAT_TOO_NEW`.
 */
export function requiredKeySource(kind: EnvelopeKind, headerText: JsonText): RequiredKeySource {
  return requirementOf(parseHeader(kind, headerText).source);
}

/**
 * Deletes what a key source keeps for a header that is no longer in use: its key in a keyring. Other sources
 * keep nothing. What the header still wraps stays closed for good.
 *
 * @returns whether there was something to delete
 * @throws WritError `HEADER_CORRUPT`, `FORMAT_TOO_NEW`, `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function discardKey(
  kind: EnvelopeKind,
  headerText: JsonText,
  source: KeySource,
): Promise<boolean> {
  const header = parseHeader(kind, headerText);
  if (header.source.type !== "keyring" || source.type !== "keyring") return false;
  return deleteFromKeyring(header, source, header.source);
}

function parseHeader(kind: EnvelopeKind, headerText: JsonText): EnvelopeHeader {
  const header = parseHeaderShape(headerText);
  if (header.kind !== kind) throw new WritError("HEADER_CORRUPT", `this is not the header of a ${kind}`);
  return header;
}

function parseHeaderShape(headerText: JsonText): EnvelopeHeader {
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

function associatedData(bound: Omit<EnvelopeHeader, "wrappedKey" | "checksum">): Uint8Array {
  return utf8(canonicalize(asJson(bound)));
}

function checksumOf(header: JsonObject): string {
  return encodeBase64url(sha256(canonicalize(header)));
}

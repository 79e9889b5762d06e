import { concatBytes, decodeBase58, encodeBase58, type JsonObject } from "@writ/core";

import { deriveX25519Key, keyCodecOf, X25519_CODEC, type KeyCodec } from "./key-codec.js";
import {
  chooseDerivedKeyFormat,
  choosePublicKeyFormat,
  type FormatDemand,
  type PublicKeyFormat,
} from "./public-key-format.js";
import type { RequestedOptions } from "./resolution-options.js";
import { failure, isFailure, type ResolutionFailure } from "./resolution-result.js";

const DID_CONTEXT = "https://www.w3.org/ns/did/v1";

/** `did:key:`, for later versions their number, and base58 in multibase (did:key, sections 2 and 3.1.1). */
const DID_KEY = /^did:key:(?:[1-9][0-9]*:)?(?<multibase>z[1-9A-HJ-NP-Za-km-z]+)$/;

/** Base58 of a prefix and the longest key of the table has 70 characters. What is longer is not decoded. */
const MAX_BASE58_LENGTH = 128;

/**
 * The document of a did:key (W3C CCG did:key v0.9, section 3.1), or why there is none: `invalidDid`,
 * `invalidPublicKeyLength`, `invalidPublicKey`, `unsupportedPublicKeyType`, `invalidPublicKeyType`.
 *
 * Keys that cannot sign are listed for key agreement only. Wider than `parseDidKey` of core: nothing
 * is verified with what stands here.
 *
 * @param did a DID, in the syntax of DID Core
 */
export function expandDidKey(did: string, options: RequestedOptions): JsonObject | ResolutionFailure {
  const decoded = decodeKey(did);
  if (isFailure(decoded)) return decoded;
  const demand: FormatDemand = {
    publicKeyFormat: options.publicKeyFormat ?? "Multikey",
    allowExperimental: options.enableExperimentalPublicKeyTypes ?? false,
  };
  const format = choosePublicKeyFormat(decoded.codec.type, demand);
  if (isFailure(format)) return format;
  const own = verificationMethod(did, decoded, format);
  if (decoded.codec === X25519_CODEC) {
    return { ...frame(did, [format], [own]), keyAgreement: [own.id] };
  }
  const signing = {
    authentication: [own.id],
    assertionMethod: [own.id],
    capabilityDelegation: [own.id],
    capabilityInvocation: [own.id],
  };
  if (options.enableEncryptionKeyDerivation !== true || decoded.codec.type !== "Ed25519") {
    return { ...frame(did, [format], [own]), ...signing };
  }
  const derivedFormat = chooseDerivedKeyFormat(demand);
  if (isFailure(derivedFormat)) return derivedFormat;
  const derivedKey = { codec: X25519_CODEC, key: deriveX25519Key(decoded.key) };
  const derived = verificationMethod(did, derivedKey, derivedFormat);
  return {
    ...frame(did, [format, derivedFormat], [own, derived]),
    ...signing,
    keyAgreement: [derived.id],
  };
}

interface DecodedKey {
  readonly codec: KeyCodec;
  readonly key: Uint8Array;
}

function decodeKey(did: string): DecodedKey | ResolutionFailure {
  const base58 = DID_KEY.exec(did)?.groups?.["multibase"]?.slice(1);
  if (base58 === undefined) {
    return failure("invalidDid", "a did:key is a version, if any, and a key in multibase base58btc");
  }
  if (base58.length > MAX_BASE58_LENGTH) {
    return failure("invalidPublicKeyLength", "longer than any key that a did:key may hold");
  }
  const bytes = decodeBase58(base58);
  const codec = keyCodecOf(bytes);
  if (codec === "other") {
    return failure("unsupportedPublicKeyType", "keys of this type are not supported");
  }
  // What begins with no known codec has no length that would be right for it.
  if (codec === undefined || bytes.length !== codec.prefix.length + codec.keyLength) {
    return failure("invalidPublicKeyLength", "no public key of a known type has this length");
  }
  const key = bytes.subarray(codec.prefix.length);
  if (!codec.accepts(key)) {
    return failure("invalidPublicKey", `not an acceptable public key of type ${codec.type}`);
  }
  return { codec, key };
}

interface Method extends JsonObject {
  readonly id: string;
}

function verificationMethod(did: string, { codec, key }: DecodedKey, format: PublicKeyFormat): Method {
  const multibase = `z${encodeBase58(concatBytes(codec.prefix, key))}`;
  const value = {
    publicKeyMultibase: multibase,
    publicKeyBase58: encodeBase58(key),
    publicKeyJwk: codec.toJwk(key),
  }[format.member];
  return { id: `${did}#${multibase}`, type: format.type, controller: did, [format.member]: value };
}

function frame(did: string, formats: readonly PublicKeyFormat[], methods: readonly Method[]): JsonObject {
  return {
    "@context": [DID_CONTEXT, ...new Set(formats.map(({ context }) => context))],
    id: did,
    verificationMethod: methods,
  };
}

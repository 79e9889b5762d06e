import type { DIDDocument, DIDResolutionResult, DIDResolver } from "did-resolver";

import { decodeBase58, encodeBase58 } from "../encoding/base58.js";
import { concatBytes } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { parsePublicKey, type PublicKey } from "../keys/public-key.js";

/** Multicodec of an Ed25519 public key, as a varint. */
const MULTICODEC_ED25519_PUB = Uint8Array.of(0xed, 0x01);

/** `did:key:z` and 34 bytes that begin with 0xed01 in base58: always `z6Mk` and 44 characters. */
const ED25519_DID_KEY_LENGTH = 56;

/** The public key in Multikey form: multibase `z`, multicodec, 32 bytes. */
export function encodeMultikey(publicKey: PublicKey): string {
  return `z${encodeBase58(concatBytes(MULTICODEC_ED25519_PUB, publicKey.bytes))}`;
}

/**
 * A public key from its Multikey form.
 *
 * @throws WritError `ENCODING_INVALID`, `KEY_TYPE` for another codec, `KEY_INVALID`.
 */
export function parseMultikey(multikey: string): PublicKey {
  if (!multikey.startsWith("z")) throw new WritError("ENCODING_INVALID", "not multibase base58btc");
  const bytes = decodeBase58(multikey.slice(1));
  if (bytes[0] !== MULTICODEC_ED25519_PUB[0] || bytes[1] !== MULTICODEC_ED25519_PUB[1]) {
    throw new WritError("KEY_TYPE", "not an Ed25519 public key");
  }
  const key = parsePublicKey(bytes.subarray(2));
  if (encodeMultikey(key) !== multikey) {
    throw new WritError("ENCODING_INVALID", "the key is not in its canonical form");
  }
  return key;
}

/** The did:key of an Ed25519 public key (W3C CCG did:key). */
export function encodeDidKey(publicKey: PublicKey): string {
  return `did:key:${encodeMultikey(publicKey)}`;
}

/**
 * The public key of a did:key (DESIGN 4.4): `z` multibase only, Ed25519 only, the one text that
 * encodes it. Nothing is normalised.
 *
 * @throws WritError `DID_SYNTAX`, `ENCODING_INVALID`, `KEY_TYPE`, `KEY_INVALID`.
 */
export function parseDidKey(did: string): PublicKey {
  const known = parsed.get(did);
  if (known !== undefined) return known;
  if (!did.startsWith("did:key:z")) throw new WritError("DID_SYNTAX", "not a did:key in base58btc");
  if (did.length > 2 * ED25519_DID_KEY_LENGTH) throw new WritError("DID_SYNTAX", "the did:key is too long");
  const key = parseMultikey(did.slice("did:key:".length));
  if (parsed.size >= MAX_PARSED_DIDS) parsed.clear();
  parsed.set(did, key);
  return key;
}

/** A did:key is its own document for ever, so what it says is remembered. */
const parsed = new Map<string, PublicKey>();
const MAX_PARSED_DIDS = 4096;

/** The one verification method of a did:key: its own identifier as the fragment. */
export function didKeyMethodId(did: string): string {
  return `${did}#${did.slice("did:key:".length)}`;
}

/** The DID document of a did:key, with its key as a Multikey for signing of all kinds. */
export function didKeyDocument(did: string): DIDDocument {
  parseDidKey(did);
  // The one text that encodes the key, as parsing has established.
  const publicKeyMultibase = did.slice("did:key:".length);
  const id = didKeyMethodId(did);
  return {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    id: did,
    verificationMethod: [{ id, type: "Multikey", controller: did, publicKeyMultibase }],
    authentication: [id],
    assertionMethod: [id],
    capabilityDelegation: [id],
    capabilityInvocation: [id],
  };
}

/** The did:key driver for the resolver of `did-resolver`. */
export const didKeyDriver: DIDResolver = (did): Promise<DIDResolutionResult> => {
  try {
    return Promise.resolve({
      didResolutionMetadata: { contentType: "application/did+ld+json" },
      didDocument: didKeyDocument(did),
      didDocumentMetadata: {},
    });
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    return Promise.resolve({
      didResolutionMetadata: { error: "invalidDid", message: error.message },
      didDocument: null,
      didDocumentMetadata: {},
    });
  }
};

import type { DIDDocument, DIDResolutionResult, VerificationMethod } from "did-resolver";

import { parseTimestamp } from "../documents/timestamp.js";
import { decodeBase58 } from "../encoding/base58.js";
import { decodeBase64url } from "../encoding/base64url.js";
import { equalBytes } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { parsePublicKey, type PublicKey } from "../keys/public-key.js";
import { isDid } from "./did.js";
import { didKeyMethodId, parseDidKey, parseMultikey } from "./did-key.js";
import type { DidResolver } from "./resolver.js";

/** What a proof may be made for (DID Core, section 5.3). */
export type ProofPurpose = "assertionMethod" | "authentication";

/** A key, and the DID that it speaks for. */
export interface VerificationKey {
  readonly did: string;
  readonly publicKey: PublicKey;
  /** From when on it speaks no more, in milliseconds since 1970: it expires, or is revoked. Absent without end. */
  readonly endsAt?: number;
}

/**
 * The key behind a verification method, if its DID document allows it for the purpose.
 *
 * @param method a DID URL with a fragment and nothing else
 * @throws WritError `DID_SYNTAX`, `DID_UNAVAILABLE`, `METHOD_NOT_AUTHORIZED`, `KEY_TYPE`,
 *   `KEY_INVALID`, `ENCODING_INVALID`, `DATE_INVALID`.
 */
export async function resolveVerificationKey(
  resolver: DidResolver,
  method: string,
  purpose: ProofPurpose,
): Promise<VerificationKey> {
  const did = didOf(method);
  // Drivers differ in what they take for a did:key, so Writ's own reading comes first and stands.
  const ownKey = did.startsWith("did:key:") ? parseDidKey(did) : undefined;
  if (ownKey !== undefined && method !== didKeyMethodId(did)) {
    throw new WritError("METHOD_NOT_AUTHORIZED", "a did:key has one method, its own identifier");
  }
  const document = await resolveDocument(resolver, did, purpose);
  const entry = authorizedMethod(document, method, purpose);
  if (entry.controller !== did) {
    throw new WritError("METHOD_NOT_AUTHORIZED", "the method is controlled by another DID");
  }
  const publicKey = publicKeyOf(entry);
  if (ownKey !== undefined && !equalBytes(ownKey.bytes, publicKey.bytes)) {
    throw new WritError("KEY_INVALID", "the resolver returned another key than the did:key names");
  }
  const ends = endsOf(entry);
  return { did, publicKey, ...(ends.length === 0 ? {} : { endsAt: Math.min(...ends) }) };
}

/** A method as its document may have it; the drivers' types know of no end. */
type EndingMethod = VerificationMethod & { readonly expires?: unknown; readonly revoked?: unknown };

/** When a method ends (Controlled Identifiers 1.0, section 2.2). */
function endsOf({ expires, revoked }: EndingMethod): readonly number[] {
  return [expires, revoked].flatMap((time) => {
    if (time === undefined) return [];
    if (typeof time !== "string") throw new WritError("DATE_INVALID", "a method ends at a time");
    return [parseTimestamp(time)];
  });
}

function didOf(method: string): string {
  const [did = "", fragment, ...more] = method.split("#");
  if (!isDid(did) || fragment === undefined || more.length > 0 || !/^[A-Za-z0-9._:%-]+$/.test(fragment)) {
    throw new WritError("DID_SYNTAX", "a verification method is a DID and one fragment");
  }
  return did;
}

async function resolveDocument(
  resolver: DidResolver,
  did: string,
  purpose: ProofPurpose,
): Promise<DIDDocument> {
  const result = await ask(resolver, did);
  const document: unknown = result?.didDocument;
  if (result?.didResolutionMetadata?.error !== undefined || !isDocument(document, purpose)) {
    throw new WritError("DID_UNAVAILABLE", "the DID could not be resolved to a well-formed document");
  }
  if (result?.didDocumentMetadata?.deactivated === true) {
    throw new WritError("METHOD_NOT_AUTHORIZED", "the DID has been deactivated");
  }
  if (document.id !== did) {
    throw new WritError("DID_UNAVAILABLE", "the resolver returned the document of another DID");
  }
  return document;
}

/** What a driver answers; drivers pass on what they fetched, so its form is not to be relied on. */
async function ask(resolver: DidResolver, did: string): Promise<Partial<DIDResolutionResult> | undefined> {
  try {
    return await resolver.resolve(did);
  } catch (cause) {
    throw new WritError("DID_UNAVAILABLE", "the DID could not be resolved", { cause });
  }
}

/** Whether what is read below is of the form that it must have. */
function isDocument(document: unknown, purpose: ProofPurpose): document is DIDDocument {
  if (!isRecord(document)) return false;
  const { verificationMethod = [], [purpose]: relationship = [] } = document;
  return (
    Array.isArray(verificationMethod) &&
    verificationMethod.every(isMethod) &&
    Array.isArray(relationship) &&
    relationship.every((entry) => typeof entry === "string" || isMethod(entry))
  );
}

function isMethod(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { id, publicKeyMultibase = "", publicKeyBase58 = "" } = value;
  return [id, publicKeyMultibase, publicKeyBase58].every((member) => typeof member === "string");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The method that the relationship refers to, or embeds (DID Core, section 5.3). */
function authorizedMethod(document: DIDDocument, method: string, purpose: ProofPurpose): VerificationMethod {
  for (const reference of document[purpose] ?? []) {
    if (typeof reference !== "string") {
      if (absolute(reference.id, document.id) === method) return reference;
    } else if (absolute(reference, document.id) === method) {
      const entry = document.verificationMethod?.find(({ id }) => absolute(id, document.id) === method);
      if (entry !== undefined) return entry;
    }
  }
  throw new WritError("METHOD_NOT_AUTHORIZED", `the DID document does not allow the key for ${purpose}`);
}

function absolute(id: string, did: string): string {
  return id.startsWith("#") ? did + id : id;
}

type KeyReader = (method: VerificationMethod) => PublicKey | undefined;

const fromMultibase: KeyReader = ({ publicKeyMultibase }) =>
  publicKeyMultibase === undefined ? undefined : parseMultikey(publicKeyMultibase);

// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated for those who write documents; it is still read
const fromBase58: KeyReader = ({ publicKeyBase58 }) =>
  publicKeyBase58 === undefined ? undefined : parsePublicKey(decodeBase58(publicKeyBase58));

const fromJwk: KeyReader = ({ publicKeyJwk }) =>
  publicKeyJwk?.kty === "OKP" && publicKeyJwk.crv === "Ed25519" && typeof publicKeyJwk.x === "string"
    ? parsePublicKey(decodeBase64url(publicKeyJwk.x))
    : undefined;

/** Where each type of verification method keeps an Ed25519 key. */
const KEY_READERS: ReadonlyMap<string, KeyReader> = new Map([
  ["Multikey", fromMultibase],
  ["Ed25519VerificationKey2020", fromMultibase],
  ["Ed25519VerificationKey2018", fromBase58],
  ["JsonWebKey", fromJwk],
  ["JsonWebKey2020", fromJwk],
]);

const MATERIALS = ["publicKeyMultibase", "publicKeyBase58", "publicKeyJwk"] as const;

function publicKeyOf(method: VerificationMethod): PublicKey {
  const key = KEY_READERS.get(method.type)?.(method);
  if (key === undefined) throw new WritError("KEY_TYPE", "the method holds no Ed25519 public key");
  // Another reader may take another of them.
  if (MATERIALS.filter((name) => method[name] !== undefined).length > 1) {
    throw new WritError("KEY_INVALID", "the method gives more than one key");
  }
  return key;
}

import { sha256 as nobleSha256, sha384, sha512 } from "@noble/hashes/sha2.js";

import { decodeBase58 } from "../encoding/base58.js";
import { decodeBase64url } from "../encoding/base64url.js";
import { equalBytes } from "../encoding/bytes.js";
import { problemOf, WritError } from "../errors/writ-error.js";
import { openObject } from "../schema/open-object.js";
import { oneOrMany, refined, refuse, text, type Shape } from "../schema/shape.js";
import { absoluteIri } from "./absolute-iri.js";

/** A resource that a credential relies on, and the digest of its bytes (VC Data Model 2.0, section 5.3). */
export interface RelatedResource {
  readonly id: string;
  readonly mediaType?: string;
  /** Subresource integrity: `sha256-`, `sha384-` or `sha512-` and base64. */
  readonly digestSRI?: string | readonly string[];
  /** A multihash of SHA-2 in multibase base64url or base58btc. */
  readonly digestMultibase?: string | readonly string[];
}

type Hash = (bytes: Uint8Array) => Uint8Array;

interface Digest {
  readonly hash: Hash;
  readonly expected: Uint8Array;
}

const SRI_HASHES: ReadonlyMap<string, Hash> = new Map<string, Hash>([
  ["sha256", nobleSha256],
  ["sha384", sha384],
  ["sha512", sha512],
]);

/** By multihash code; the length of the digest follows the code. */
const MULTIHASHES: ReadonlyMap<number, Hash> = new Map<number, Hash>([
  [0x12, nobleSha256],
  [0x20, sha384],
  [0x13, sha512],
]);

/** More kinds of digest than there are. */
const MAX_DIGESTS = 8;

export const relatedResource: Shape<RelatedResource> = refined(
  openObject<RelatedResource>(
    {
      id: absoluteIri,
      mediaType: text(),
      digestSRI: oneOrMany(text(), MAX_DIGESTS),
      digestMultibase: oneOrMany(text(), MAX_DIGESTS),
    },
    ["mediaType", "digestSRI", "digestMultibase"],
  ),
  (resource, pointer) => {
    const unknown = problemOf(() => digestsOf(resource));
    if (unknown !== undefined) refuse(pointer, unknown.detail, unknown.code);
    if (digestsOf(resource).length === 0) refuse(pointer, "has no digest");
  },
);

/**
 * Checks the bytes of a resource against every digest that is given of it.
 *
 * @throws WritError `DIGEST_MISMATCH`.
 */
export function assertDigest(resource: RelatedResource, bytes: Uint8Array): void {
  for (const { hash, expected } of digestsOf(resource)) {
    if (!equalBytes(hash(bytes), expected)) {
      throw new WritError("DIGEST_MISMATCH", "the resource has another digest than the credential says");
    }
  }
}

function digestsOf({ digestSRI = [], digestMultibase = [] }: RelatedResource): readonly Digest[] {
  return [...[digestSRI].flat().map(parseSri), ...[digestMultibase].flat().map(parseMultihash)];
}

/** Not a digest, or none that is known: then the form is refused, for nothing could be checked. */
function invalid(): WritError {
  return new WritError("SCHEMA_INVALID", "a digest is not of a form that is known here");
}

function parseSri(digest: string): Digest {
  const [, name = "", base64 = ""] = /^(sha\d+)-([A-Za-z0-9+/]+)={0,2}$/.exec(digest) ?? [];
  const hash = SRI_HASHES.get(name);
  if (hash === undefined) throw invalid();
  const expected = decodeBase64url(base64.replaceAll("+", "-").replaceAll("/", "_"));
  if (expected.length !== hash(new Uint8Array()).length) throw invalid();
  return { hash, expected };
}

function parseMultihash(digest: string): Digest {
  const bytes = digest.startsWith("u") ? decodeBase64url(digest.slice(1)) : decodeMultibase58(digest);
  const [code = 0, length] = bytes;
  const hash = MULTIHASHES.get(code);
  const expected = bytes.subarray(2);
  if (hash === undefined || expected.length !== length) throw invalid();
  if (expected.length !== hash(new Uint8Array()).length) throw invalid();
  return { hash, expected };
}

function decodeMultibase58(digest: string): Uint8Array {
  if (!digest.startsWith("z")) throw invalid();
  return decodeBase58(digest.slice(1));
}

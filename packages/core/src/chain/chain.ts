import { foldGrants, type FoldedGrant } from "../authority/fold.js";
import { MAX_LINKS, type AuthorityCredential } from "../documents/authority-credential.js";
import { digestMultibase } from "../documents/digest.js";
import { parseTimestamp } from "../documents/timestamp.js";
import type { ErrorCode } from "../errors/codes.js";
import { WritError } from "../errors/writ-error.js";

/** An authority credential, and where it lies in the document that was given. */
export interface Link {
  readonly credential: AuthorityCredential;
  /** JSON Pointer; `""` where the credential is the document. */
  readonly pointer: string;
}

/** Authority credentials from the root to the one that is used, with that one's folded grants. */
export interface Chain {
  readonly links: readonly Link[];
  readonly principal: string;
  /** Digest of the last link, by which invocations name it. */
  readonly digestMultibase: string;
  /** Effective grants of the last link. */
  readonly grants: readonly FoldedGrant[];
}

/** Looks up an authority credential by its digest. */
export type FindByDigest = (digest: string) => Link | undefined;

/**
 * Builds the chain that ends at a credential and checks all that DESIGN 3 demands of it but
 * signatures, trust, time and status: parents by digest, issuers, principal, hops, validity within
 * the parent's, ids and subjects that occur once, and Rule B.
 *
 * @throws WritError one of the `CHAIN_…` codes, `CREDENTIAL_DUPLICATE`, `GRANT_WITHIN`,
 *   `APPROVER_IN_CHAIN`, `ATTENUATION_VIOLATED`, with the link and a pointer into the document that was given.
 */
export function buildChain(leaf: Link, findParent: FindByDigest): Chain {
  const links = collectLinks(leaf, findParent);
  links.forEach((child, index) => {
    const parent = links[index - 1];
    if (parent !== undefined) assertFollows(child, parent, index);
  });
  assertIdsOnce(links);
  assertSubjectsOnce(links);
  return {
    links,
    principal: leaf.credential.credentialSubject.principal,
    digestMultibase: digestMultibase(leaf.credential),
    grants: foldGrants(
      links.map(({ credential, pointer }) => ({
        issuer: credential.issuer,
        subject: credential.credentialSubject.id,
        grants: credential.credentialSubject.grants,
        pointer: `${pointer}/credentialSubject/grants`,
      })),
    ),
  };
}

function collectLinks(leaf: Link, findParent: FindByDigest): readonly Link[] {
  const links = [leaf];
  for (let child = leaf; ;) {
    const reference = child.credential.credentialSubject.parent;
    if (reference === undefined) return links;
    const refuse = (code: ErrorCode, detail: string): never => {
      throw new WritError(code, detail, { pointer: `${child.pointer}/credentialSubject/parent` });
    };
    const parent = findParent(reference.digestMultibase);
    if (parent === undefined) return refuse("CHAIN_PARENT_MISSING", "the parent is not there");
    if (parent.credential.id !== reference.id) refuse("CHAIN_PARENT_MISMATCH", "the parent has another id");
    if (links.length === MAX_LINKS) refuse("CHAIN_TOO_LONG", `more than ${String(MAX_LINKS)} links`);
    links.unshift(parent);
    child = parent;
  }
}

function assertFollows(child: Link, parent: Link, link: number): void {
  const refuse = (code: ErrorCode, detail: string, member: string): never => {
    throw new WritError(code, detail, { link, pointer: child.pointer + member });
  };
  const subject = child.credential.credentialSubject;
  const above = parent.credential.credentialSubject;
  if (child.credential.issuer !== above.id) {
    refuse("CHAIN_ISSUER", "was not issued by its parent's subject", "/issuer");
  }
  if (subject.principal !== above.principal) {
    refuse("CHAIN_PRINCIPAL", "acts for another principal", "/credentialSubject/principal");
  }
  const permitted = above.redelegation?.maxHops ?? 0;
  if (permitted < 1) {
    refuse("CHAIN_HOPS", "the parent permits no redelegation", "/credentialSubject/parent");
  }
  if ((subject.redelegation?.maxHops ?? 0) >= permitted) {
    refuse("CHAIN_HOPS", "must permit less than its parent", "/credentialSubject/redelegation");
  }
  if (parseTimestamp(child.credential.validFrom) < parseTimestamp(parent.credential.validFrom)) {
    refuse("CHAIN_VALIDITY", "begins before its parent", "/validFrom");
  }
  if (parseTimestamp(child.credential.validUntil) > parseTimestamp(parent.credential.validUntil)) {
    refuse("CHAIN_VALIDITY", "ends after its parent", "/validUntil");
  }
}

/** Two links of one id could be taken for each other. */
function assertIdsOnce(links: readonly Link[]): void {
  const seen = new Set<string>();
  links.forEach(({ credential: { id }, pointer }, link) => {
    if (seen.has(id)) {
      throw new WritError("CREDENTIAL_DUPLICATE", "the id occurs before", { link, pointer: `${pointer}/id` });
    }
    seen.add(id);
  });
}

/** No loops: each subject occurs once, and only the root may be issued to its own issuer. */
function assertSubjectsOnce(links: readonly Link[]): void {
  const rootIssuer = links[0]?.credential.issuer;
  const seen = new Set<string>();
  links.forEach(({ credential: { credentialSubject }, pointer }, link) => {
    const { id } = credentialSubject;
    if (seen.has(id) || (link > 0 && id === rootIssuer)) {
      throw new WritError("CHAIN_SUBJECT_REPEATED", "the subject occurs before", {
        link,
        pointer: `${pointer}/credentialSubject/id`,
      });
    }
    seen.add(id);
  });
}

import { foldGrants } from "../authority/fold.js";
import type { Grant } from "../authority/grant.js";
import { grants } from "../authority/grant.js";
import { did, digest, uuidUrn } from "../schema/common.js";
import { integer, object, refined, refuse, type Shape } from "../schema/shape.js";
import { assertStatus, credentialShape, type CredentialFrame } from "./credential-frame.js";
import { parseTimestamp } from "./timestamp.js";

/** Names another credential by its id and its digest. */
export interface ParentReference {
  readonly id: string;
  readonly digestMultibase: string;
}

/** What an authority credential says of its subject. */
export interface AuthoritySubject {
  readonly id: string;
  /** On whose behalf the chain acts; the same in every link. */
  readonly principal: string;
  /** Absent at the root of a chain. */
  readonly parent?: ParentReference;
  /** How many links may follow; absent means none. */
  readonly redelegation?: { readonly maxHops: number };
  readonly grants: readonly Grant[];
}

/** An issuer grants a subject some authority (DESIGN 2 and 3). */
export type AuthorityCredential = CredentialFrame<"DelegatedAuthorityCredential", AuthoritySubject>;

/** A chain has at most this many links. */
export const MAX_LINKS = 10;

/** The longest life of an authority credential without status. */
export const MAX_LIFE_WITHOUT_STATUS_MS: number = 60 * 60 * 1000;

/** How long after its proof was made such a credential may begin. */
const MAX_DELAY_WITHOUT_STATUS_MS = 60 * 1000;

/** The shape of an {@link AuthoritySubject}. */
export const authoritySubject: Shape<AuthoritySubject> = object<AuthoritySubject>(
  {
    id: did,
    principal: did,
    parent: object<ParentReference>({ id: uuidUrn, digestMultibase: digest }),
    redelegation: object<{ readonly maxHops: number }>({ maxHops: integer(0, MAX_LINKS - 1) }),
    grants,
  },
  ["parent", "redelegation"],
);

/** The shape of an {@link AuthorityCredential}, with what it demands of parent, grants and status. */
export const authorityCredential: Shape<AuthorityCredential> = refined(
  credentialShape("DelegatedAuthorityCredential", authoritySubject),
  (credential, pointer) => {
    assertWithin(credential.credentialSubject, `${pointer}/credentialSubject`);
    if (credential.credentialSubject.parent === undefined) assertRoot(credential, pointer);
    if (credential.credentialStatus === undefined) assertMayLackStatus(credential, pointer);
  },
);

/** `within` names a grant of the parent, so there is one exactly where there is a parent. */
function assertWithin({ parent, grants }: AuthoritySubject, pointer: string): void {
  grants.forEach((grant, index) => {
    const at = `${pointer}/grants/${String(index)}/within`;
    if (parent === undefined && grant.within !== undefined) refuse(at, "forbidden at a root", "GRANT_WITHIN");
    if (parent !== undefined && grant.within === undefined)
      refuse(at, "missing: it names the grant above in which this one lies", "GRANT_WITHIN");
  });
}

/** A root stands alone; a link below it is judged with its chain. */
function assertRoot({ issuer, credentialSubject }: AuthorityCredential, pointer: string): void {
  const { id: subject, grants } = credentialSubject;
  foldGrants([{ issuer, subject, grants, pointer: `${pointer}/credentialSubject/grants` }]);
}

/** Only a short-lived link below the root, which begins when it is signed, may lack a status. */
function assertMayLackStatus(credential: AuthorityCredential, pointer: string): void {
  if (credential.credentialSubject.parent === undefined) assertStatus(credential, pointer);
  const validFrom = parseTimestamp(credential.validFrom);
  if (parseTimestamp(credential.validUntil) - validFrom > MAX_LIFE_WITHOUT_STATUS_MS) {
    refuse(`${pointer}/validUntil`, "over an hour, without status", "LIFE_TOO_LONG");
  }
  for (const { created } of [credential.proof ?? []].flat()) {
    if (created === undefined || validFrom - parseTimestamp(created) > MAX_DELAY_WITHOUT_STATUS_MS) {
      refuse(`${pointer}/validFrom`, "begins later than its proof, without status", "STATUS_MISSING");
    }
  }
}

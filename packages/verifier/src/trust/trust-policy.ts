import { coversResource, deepFreeze, isDid, parseShape, resource, WritError } from "@writ/core";

/** A DID that may open chains of authority: in its own name, and in that of its principals. */
export interface TrustedRoot {
  readonly did: string;
  /** The principals in whose name it may grant authority beside its own. */
  readonly principals?: readonly string[];
  /**
   * The resources and trees that it may speak for, as in a grant; all of them unless given. Where given,
   * every grant of a root must name resources, and none outside these.
   */
  readonly resources?: readonly string[];
}

/** Who may sign status lists for the credentials of an issuer, beside that issuer. */
export interface TrustedStatusIssuers {
  readonly issuer: string;
  readonly lists: readonly string[];
}

/** Who is to be trusted, and in what. */
export interface TrustedParties {
  /** DIDs whose identity credentials count. */
  readonly identityIssuers: readonly string[];
  /** One DID may stand here several times: what it may do is all of that together. */
  readonly authorityRoots: readonly TrustedRoot[];
  readonly statusIssuers?: readonly TrustedStatusIssuers[];
}

/**
 * Whom a service trusts (DESIGN 4.8). What is not in it is not trusted; an empty policy trusts nobody.
 * Frozen; made by `createTrustPolicy`, `trustOrganisations` and `withSuccessions` only.
 */
export interface TrustPolicy extends TrustedParties {
  readonly statusIssuers: readonly TrustedStatusIssuers[];
}

/** What a policy says of a DID. */
export interface Trust {
  isIdentityIssuer(did: string): boolean;
  isAuthorityRoot(did: string): boolean;
  /** Whether a root may grant authority in the name of a principal. */
  speaksFor(root: string, principal: string): boolean;
  /** Whether it may grant it on a resource, or on any at all where none is named. */
  coversFor(root: string, principal: string, resource: string | undefined): boolean;
  /** Who may sign status lists for what an issuer issued, the issuer first. */
  listIssuersOf(issuer: string): readonly string[];
  /** Whether the policy names the DID as one that signs something. */
  names(did: string): boolean;
}

const made = new WeakMap<TrustPolicy, Trust>();

/**
 * A trust policy of exactly these parties. It shares nothing with what was given.
 *
 * @throws WritError `ARGUMENT_INVALID` where a list is missing, or a list of resources or of those who sign
 *   status lists is empty, `DID_SYNTAX`, and the codes of the resource grammar (`RESOURCE_INVALID`).
 */
export function createTrustPolicy(parties: TrustedParties): TrustPolicy {
  const { identityIssuers, authorityRoots, statusIssuers = [] } = parties;
  const policy = deepFreeze<TrustPolicy>({
    identityIssuers: didsOf(identityIssuers, "/identityIssuers"),
    authorityRoots: listOf(authorityRoots).map((root, index) =>
      rootOf(root, `/authorityRoots/${String(index)}`),
    ),
    statusIssuers: listOf(statusIssuers).map(({ issuer, lists }, index) => ({
      issuer: didOf(issuer, `/statusIssuers/${String(index)}/issuer`),
      lists: notEmpty(didsOf(lists, `/statusIssuers/${String(index)}/lists`)),
    })),
  });
  made.set(policy, trustIn(policy));
  return policy;
}

/**
 * What a policy says, for whoever verifies.
 *
 * @throws WritError `ARGUMENT_INVALID` where the policy was made by hand, past the checks.
 */
export function trustOf(policy: TrustPolicy): Trust {
  const trust = made.get(policy);
  if (trust === undefined) {
    throw new WritError("ARGUMENT_INVALID", "a trust policy is made by `createTrustPolicy`");
  }
  return trust;
}

function trustIn({ identityIssuers, authorityRoots, statusIssuers }: TrustPolicy): Trust {
  const issuers = new Set(identityIssuers);
  const roots = new Map<string, readonly TrustedRoot[]>();
  for (const root of authorityRoots) roots.set(root.did, [...(roots.get(root.did) ?? []), root]);
  const lists = new Map<string, readonly string[]>();
  for (const entry of statusIssuers) {
    const before = lists.get(entry.issuer) ?? [entry.issuer];
    lists.set(entry.issuer, [...new Set([...before, ...entry.lists])]);
  }
  const signers = new Set([...issuers, ...roots.keys(), ...statusIssuers.flatMap((entry) => entry.lists)]);
  const rootsFor = (did: string, principal: string): readonly TrustedRoot[] =>
    (roots.get(did) ?? []).filter(
      ({ principals = [] }) => principal === did || principals.includes(principal),
    );
  return {
    isIdentityIssuer: (did) => issuers.has(did),
    isAuthorityRoot: (did) => roots.has(did),
    speaksFor: (root, principal) => rootsFor(root, principal).length > 0,
    coversFor: (root, principal, asked) =>
      rootsFor(root, principal).some(
        ({ resources }) =>
          resources === undefined ||
          (asked !== undefined && resources.some((granted) => coversResource(granted, asked))),
      ),
    listIssuersOf: (issuer) => lists.get(issuer) ?? [issuer],
    names: (did) => signers.has(did),
  };
}

function rootOf({ did, principals, resources }: TrustedRoot, place: string): TrustedRoot {
  return {
    did: didOf(did, `${place}/did`),
    ...(principals === undefined ? {} : { principals: didsOf(principals, `${place}/principals`) }),
    ...(resources === undefined ? {} : { resources: resourcesOf(resources, `${place}/resources`) }),
  };
}

function resourcesOf(resources: readonly string[], place: string): readonly string[] {
  return notEmpty(listOf(resources)).map((value, index) =>
    parseShape(resource, value, `${place}/${String(index)}`),
  );
}

function didsOf(dids: readonly string[], place: string): readonly string[] {
  return [...new Set(listOf(dids).map((did, index) => didOf(did, `${place}/${String(index)}`)))];
}

function didOf(did: string, pointer: string): string {
  if (typeof (did as unknown) !== "string" || !isDid(did)) {
    throw new WritError("DID_SYNTAX", "a trust policy names DIDs", { pointer });
  }
  return did;
}

/** A caller without types may forget a list; that must not pass for an empty one. */
function listOf<T>(items: readonly T[]): readonly T[] {
  if (!Array.isArray(items)) throw new WritError("ARGUMENT_INVALID", "a trust policy is made of lists");
  return [...(items as readonly T[])];
}

/** Nothing and everything are too easily taken for each other. */
function notEmpty<T>(items: readonly T[]): readonly T[] {
  if (items.length === 0) throw new WritError("ARGUMENT_INVALID", "leave out what would be an empty list");
  return items;
}

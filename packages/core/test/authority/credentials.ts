import { digestMultibase, WRIT_CONTEXT, type AuthorityCredential, type Grant, type Link } from "@writ/core";

import { buildChain, type Chain } from "../../src/chain/chain.js";
import { problemOf, type Problem } from "../../src/errors/writ-error.js";

export const PRINCIPAL = "did:web:principal.example";

/** The subject of the link at a position; its issuer is that of the position before, the principal at the root. */
export function subjectAt(position: number): string {
  return position < 0 ? PRINCIPAL : `did:web:agent-${String(position)}.example`;
}

/** The `urn:uuid:` of a position. */
export function idAt(position: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(position).padStart(12, "0")}`;
}

/** What a test's link says other than usual. */
export interface LinkChanges {
  readonly id?: string;
  readonly issuer?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly subject?: string;
  readonly principal?: string;
  /** `null` leaves it out. */
  readonly maxHops?: number | null;
  readonly parent?: Partial<NonNullable<AuthorityCredential["credentialSubject"]["parent"]>>;
  readonly grants?: readonly Grant[];
}

/**
 * A chain in good order but for the changes, root first: subjects `agent-0`, `agent-1`, …; hops that
 * just suffice; one grant `g` in each.
 */
export function credentials(...changes: readonly LinkChanges[]): readonly AuthorityCredential[] {
  const made: AuthorityCredential[] = [];
  changes.forEach((change, position) => {
    const { maxHops = changes.length - 1 - position } = change;
    const above = made.at(-1);
    const within = above === undefined ? {} : { within: "g" };
    made.push({
      "@context": WRIT_CONTEXT,
      id: change.id ?? idAt(position),
      type: ["VerifiableCredential", "DelegatedAuthorityCredential"],
      issuer: change.issuer ?? subjectAt(position - 1),
      validFrom: change.validFrom ?? "2026-11-23T08:00:00Z",
      validUntil: change.validUntil ?? "2026-11-24T08:00:00Z",
      credentialSubject: {
        id: change.subject ?? subjectAt(position),
        principal: change.principal ?? PRINCIPAL,
        ...(above === undefined
          ? {}
          : { parent: { id: above.id, digestMultibase: digestMultibase(above), ...change.parent } }),
        ...(maxHops === null ? {} : { redelegation: { maxHops } }),
        grants: change.grants ?? [{ id: "g", ...within, actions: ["do"] }],
      },
    });
  });
  return made;
}

/** Builds the chain to the last credential; the link at a position lies at `/at/<position>`. */
export function build(
  all: readonly AuthorityCredential[],
  present: readonly AuthorityCredential[] = all,
): Chain {
  const links = all.map((credential, index): Link => ({ credential, pointer: `/at/${String(index)}` }));
  const held = links.filter(({ credential }) => present.includes(credential));
  return buildChain(links.at(-1) as Link, (digest) =>
    held.find(({ credential }) => digestMultibase(credential) === digest),
  );
}

/** Why a chain in good order but for the changes is refused. */
export function refusal(...changes: readonly LinkChanges[]): Problem | undefined {
  return problemOf(() => build(credentials(...changes)));
}

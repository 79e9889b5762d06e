import {
  authorityCredential,
  DEFAULT_SUITE,
  snapshot,
  WritError,
  type AuthorityCredential,
  type Grant,
  type SqlExecutor,
} from "@writ/core";

import { agentById, assertActive } from "./agents.js";
import { findBegunSuperseding } from "./broken-off.js";
import { idempotencyOf, type IdempotencyOptions } from "./idempotency.js";
import { issueAgain, issueCredential } from "./issue-credential.js";
import {
  authorityAnew,
  authorityIn,
  findHolderOf,
  findReplaceable,
  lineOf,
  type OwnCredential,
} from "./issued-credentials.js";
import type { Organisation } from "./organisation.js";
import type { RenewalOptions } from "./renew-credential.js";
import { expandGrants, type ExpandedGrant, type GrantSource } from "./role-frame.js";
import { entriesOfName, markRevoked, setEntry } from "./status-entries.js";

/** What is granted instead. */
export interface SupersedingOptions extends Pick<RenewalOptions, "suite">, GrantSource, IdempotencyOptions {
  /** Milliseconds; as long as the newest of those whose place it takes unless given. */
  readonly lifeMs?: number;
  /** How many times it may be handed on; as before unless given. */
  readonly maxHops?: number;
  /** For the records; it is not published. */
  readonly reason?: string;
}

/**
 * Narrows or widens an authority in one step (DESIGN 6): a new one is issued and the old one revoked, with all that
 * was handed on of it, and with it all in whose place it came or that came in its place. A grant that bears the id
 * of one of theirs keeps its meter, so that nobody fills a budget again. Where that was broken off after the old one
 * was revoked, the same again goes on.
 *
 * @throws WritError `NOT_FOUND`; `TYPE_UNSUPPORTED` for an identity; `REVOKED`, `SUSPENDED`, `AGENT_INACTIVE`;
 *   `SCHEMA_INVALID` for a grant with another meter than it had, `ISSUANCE_RULE`, the other codes of the schema, and
 *   what {@link IdempotencyOptions} says. Nothing is changed then.
 */
export async function supersedeAuthority(
  organisation: Organisation,
  supersededId: string,
  { maxHops, lifeMs, suite, reason, idempotencyKey, grants = [], roles = [] }: SupersedingOptions,
): Promise<AuthorityCredential> {
  // A copy, so that what the caller changes meanwhile is not what is signed.
  const source = snapshot({ grants, roles });
  const request = { supersede: supersededId, maxHops, lifeMs, suite: suite ?? DEFAULT_SUITE, ...source };
  const kind = {
    type: "DelegatedAuthorityCredential",
    idempotency: idempotencyOf(idempotencyKey, request),
    suite,
    shape: authorityCredential,
  } as const;
  // Asked first: what it superseded is revoked by now.
  const { did: id } = await findHolderOf(organisation, supersededId);
  const again = await issueAgain(organisation, { ...kind, credentialSubject: { id } });
  if (again !== undefined) return again;
  const credentialId = await findBegunSuperseding(organisation.database, organisation, supersededId);
  const before = await findReplaceable(organisation.database, organisation, credentialId);
  if (before.type !== kind.type || before.agentId === undefined) {
    throw new WritError("TYPE_UNSUPPORTED", "only an authority is superseded");
  }
  const line = await lineOf(organisation.database, organisation, credentialId);
  const newest = line
    .filter(({ state }) => state === "live")
    .reduce((last, each) => (each.validUntil > last.validUntil ? each : last), before);
  const agent = await agentById(organisation.database, before.agentId);
  const { agentId } = agent;
  const { redelegation, ...old } = await authorityAnew(organisation.database, organisation, before);
  const life = lifeMs ?? newest.lifeMs;
  const hops = maxHops ?? redelegation?.maxHops ?? 0;
  return issueCredential(
    organisation,
    {
      ...kind,
      agentId,
      inPlaceOf: { credentialId, as: "supersedes" },
      credentialSubject: {
        ...old,
        ...(hops === 0 ? {} : { redelegation: { maxHops: hops } }),
        grants: withMeters(
          await expandGrants(organisation, agent, source, { lifeMs: life, hops }),
          line.flatMap((each) => authorityIn(each).grants),
        ),
      },
      lifeMs: life,
    },
    async (transaction) => {
      await assertActive(transaction, { agentId, did: before.subject });
      await findReplaceable(transaction, organisation, credentialId);
      const gone = await lineOf(transaction, organisation, credentialId);
      await revokeLine(transaction, organisation, gone, reason ?? "superseded");
    },
  );
}

/** Those that have ended need no list, and are not renewed either. */
async function revokeLine(
  transaction: SqlExecutor,
  organisation: Organisation,
  line: readonly OwnCredential[],
  reason: string,
): Promise<void> {
  for (const { credentialId, state } of line) {
    if (state === "ended") await markRevoked(transaction, organisation, credentialId, reason);
    if (state !== "live" && state !== "suspended") continue;
    for (const entry of await entriesOfName(transaction, credentialId, "revocation")) {
      await setEntry(transaction, organisation, entry, {
        purpose: "revocation",
        reason,
        alongWith: "nothing",
      });
    }
  }
}

/** Grants with the meters that those of the same ids had, in whatever the new one comes after. */
function withMeters(grants: readonly ExpandedGrant[], before: readonly Grant[]): readonly Grant[] {
  return grants.map(({ asked, framed }, index) => {
    const meter = before.find(({ id, meter: has }) => id === asked.id && has !== undefined)?.meter;
    if (meter === undefined || !isMetered(framed)) return framed;
    const isSame =
      asked.meter === undefined ||
      (asked.meter.account === meter.account && asked.meter.ledger === meter.ledger);
    if (isSame) return { ...framed, meter };
    throw new WritError("SCHEMA_INVALID", "the grant of this id has another meter: leave it out to keep it", {
      pointer: `/grants/${String(index)}/meter`,
    });
  });
}

function isMetered({ meter, spend, rate }: Grant): boolean {
  return meter !== undefined || spend?.budget !== undefined || rate !== undefined;
}

import {
  evaluate,
  parseTimestamp,
  WritError,
  type Asking,
  type Chain,
  type Facts,
  type FoldedGrant,
  type Invocation,
  type Problem,
} from "@writ/core";

import { currentChain, rootIssuer } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import type { Holdings } from "./credentials.js";

/** A grant under which an invocation could be made. */
export interface GrantChoice {
  readonly chain: Chain;
  readonly grant: FoldedGrant;
  /** Why it does not allow the invocation, or which approvals it still asks for; empty if it allows it. */
  readonly foreseen: readonly Problem[];
}

/** Who asks, under which authority, and what is known of it. */
interface Choosing {
  readonly holder: string;
  readonly authority: string | undefined;
  readonly grant: string | undefined;
  readonly facts: Facts;
}

/**
 * The grant that allows what is asked, or the one that comes nearest: first without approval.
 *
 * @param authority id of the authority credential, where only one may be used
 * @throws WritError of the chain; `NOT_FOUND`; `AUTHORITY_AMBIGUOUS` where authorities of several principals are as near.
 */
export function chooseGrant(
  holdings: Holdings,
  asking: Asking,
  { holder, authority, grant: named, facts }: Choosing,
): GrantChoice {
  const choices = candidates(holdings, holder, authority, facts.now).flatMap((chain) =>
    chain.grants
      .filter(({ written }) => named === undefined || written.id === named)
      .map((grant) => foresee(chain, grant, asking, facts)),
  );
  const [best, ...others] = choices.sort((a, b) => distanceOf(a) - distanceOf(b));
  if (best === undefined) throw new WritError("NOT_FOUND", "the wallet holds no such grant");
  // What a stranger sends must not stand in the way of what the agent has from its own.
  const isVouched = vouchedFor(holdings, holder);
  const asNear = others.filter(
    (other) => distanceOf(other) === distanceOf(best) && isVouched(other.chain) === isVouched(best.chain),
  );
  assertOnePrincipal([best, ...asNear]);
  return best;
}

/**
 * On whose behalf an agent acts is not for the order of its credentials to say. Whoever grants in its own name is one
 * and the same, by whatever key: an organisation gets another now and then.
 */
function assertOnePrincipal(choices: readonly GrantChoice[]): void {
  const principals = choices.map(({ chain }) =>
    chain.principal === rootIssuer(chain) ? undefined : chain.principal,
  );
  if (new Set(principals).size <= 1) return;
  const ids = new Set(choices.map(({ chain }) => chain.links.at(-1)?.credential.id ?? ""));
  throw new WritError("AUTHORITY_AMBIGUOUS", "authorities of several principals allow it alike", {
    hint: `Name one by its id: ${[...ids].join(", ")}`,
  });
}

/**
 * The grant that an invocation names, which was presented before.
 *
 * @throws WritError of the chain; `NOT_FOUND`.
 */
export function namedGrant(
  holdings: Holdings,
  invocation: Invocation,
  holder: string,
  facts: Facts,
): GrantChoice {
  const link = holdings.findAuthority(invocation.authority.digestMultibase);
  if (link === undefined || link.credential.credentialSubject.id !== holder) {
    throw new WritError("NOT_FOUND", "the wallet holds no authority of this digest");
  }
  const chain = currentChain(holdings, link.credential, facts.now);
  const grant = chain.grants.find(({ written }) => written.id === invocation.authority.grant);
  if (grant === undefined) throw new WritError("NOT_FOUND", "the authority has no such grant");
  return foresee(chain, grant, invocation, facts);
}

/** What the holder can know of the service's decision. */
function foresee(chain: Chain, grant: FoldedGrant, invocation: Asking, facts: Facts): GrantChoice {
  const { denials, approvals } = evaluate(grant, { invocation, facts, perspective: "holder" });
  return { chain, grant, foreseen: denials.length > 0 ? denials : approvals };
}

/** A denial is further away than any number of approvals. */
function distanceOf({ foreseen }: GrantChoice): number {
  const denials = foreseen.filter(({ code }) => code !== "APPROVAL_REQUIRED").length;
  return denials * 1000 + foreseen.length;
}

/** The chains under which an invocation could be made. */
function candidates(
  holdings: Holdings,
  holder: string,
  authority: string | undefined,
  now: number,
): readonly Chain[] {
  if (authority !== undefined || holdings.authorities.length <= 1) {
    return [currentChain(holdings, chooseAuthority(holdings, authority, now), now)];
  }
  const refusals: WritError[] = [];
  const chains = holdings.authorities.flatMap((candidate) => {
    try {
      return [currentChain(holdings, candidate, now)];
    } catch (error) {
      // One that cannot be used now is no candidate, as long as another can.
      if (!(error instanceof WritError)) throw error;
      refusals.push(error);
      return [];
    }
  });
  if (chains.length === 0 && refusals[0] !== undefined) throw refusals[0];
  // Of chains that serve alike, one by who vouches for this agent comes first, and then the latest.
  const isVouched = vouchedFor(holdings, holder);
  return chains.sort(
    (a, b) => Number(isVouched(b)) - Number(isVouched(a)) || beginningOf(b) - beginningOf(a),
  );
}

/** Whether whoever granted the root of a chain vouches for the holder, too. */
function vouchedFor(holdings: Holdings, holder: string): (chain: Chain) => boolean {
  const vouch = new Set(holdings.identitiesOf(holder).map(({ issuer }) => issuer));
  return (chain) => vouch.has(rootIssuer(chain) ?? "");
}

function beginningOf({ links }: Chain): number {
  return parseTimestamp(links.at(-1)?.credential.validFrom ?? "");
}

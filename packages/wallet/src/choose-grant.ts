import {
  evaluate,
  parseTimestamp,
  WritError,
  type Asking,
  type AuthorityCredential,
  type Chain,
  type Facts,
  type FoldedGrant,
  type Invocation,
  type Problem,
} from "@writ/core";

import { currentChain, rootIssuer } from "./chain-evidence.js";
import { ambiguous, chooseAuthority, onlyOthers, ownOf } from "./choose-authority.js";
import type { Holdings } from "./credentials.js";

/** A grant under which an invocation could be made. */
export interface GrantChoice {
  readonly chain: Chain;
  readonly grant: FoldedGrant;
  /** Why it does not allow the invocation, or which approvals it still asks for; empty if it allows it. */
  readonly foreseen: readonly Problem[];
}

/** Under which authority is asked, and what is known of it. */
interface Choosing {
  readonly authority: string | undefined;
  readonly grant: string | undefined;
  readonly facts: Facts;
}

/**
 * The grant that allows what is asked, or the one that comes nearest: first without approval. Others' than the agent's
 * own ({@link ownOf}) must be named.
 *
 * @param authority id of the authority credential, where only one may be used
 * @throws WritError of the chain; `NOT_FOUND`; `AUTHORITY_AMBIGUOUS` where on whose behalf, or by whose authority, the
 *   agent acts would be guessed.
 */
export function chooseGrant(holdings: Holdings, asking: Asking, choosing: Choosing): GrantChoice {
  const { authority, facts } = choosing;
  const choicesIn = (chains: readonly Chain[]): readonly GrantChoice[] => choicesOf(chains, asking, choosing);
  if (authority !== undefined || holdings.authorities.length === 0) {
    const named = chooseAuthority(holdings, authority, facts.now);
    return nearest(choicesIn([currentChain(holdings, named, facts.now)])) ?? noSuchGrant();
  }
  const { own, others } = ownOf(holdings);
  const { chains, refusals } = currentChains(holdings, own, facts.now);
  if (chains.length === 0 && refusals[0] !== undefined) throw refusals[0];
  const choices = choicesIn(chains);
  const best = nearest(choices);
  if (best !== undefined) assertOneSource(best, choices);
  if (best === undefined || denialsOf(best) > 0) {
    const allowing = choicesIn(currentChains(holdings, others, facts.now).chains).filter(
      (other) => denialsOf(other) === 0,
    );
    if (allowing.length > 0) throw onlyOthers(allowing.map(leafOf));
  }
  if (own.length === 0) throw onlyOthers(others);
  return best ?? noSuchGrant();
}

function noSuchGrant(): never {
  throw new WritError("NOT_FOUND", "the wallet holds no such grant");
}

/** The grants under which an invocation could be made. */
function choicesOf(
  chains: readonly Chain[],
  asking: Asking,
  { grant: named, facts }: Choosing,
): readonly GrantChoice[] {
  return chains.flatMap((chain) =>
    chain.grants
      .filter(({ written }) => named === undefined || written.id === named)
      .map((grant) => foresee(chain, grant, asking, facts)),
  );
}

/** The nearest of all, and of those alike the one of the authority that begins last. */
function nearest(choices: readonly GrantChoice[]): GrantChoice | undefined {
  const [best] = [...choices].sort(
    (a, b) => distanceOf(a) - distanceOf(b) || beginningOf(b.chain) - beginningOf(a.chain),
  );
  return best;
}

/**
 * On whose behalf an agent acts, and by whose authority, is not for the order of its credentials to say, nor for what
 * they say: anybody can say the same. Of one issuer a nearer grant is taken; of two, also where the one only asks for
 * more approvals, the caller must choose: who vouches for the agent as well must not lift what its own organisation
 * demands.
 */
function assertOneSource(best: GrantChoice, choices: readonly GrantChoice[]): void {
  const rivals = choices.filter((other) => !isOneSource(other.chain, best.chain) && isRival(other, best));
  if (rivals.length === 0) return;
  throw ambiguous(
    "authorities of several issuers, or for several principals, come equally near to it",
    [best, ...rivals].map(leafOf),
  );
}

function isOneSource(a: Chain, b: Chain): boolean {
  return rootIssuer(a) === rootIssuer(b) && a.principal === b.principal;
}

function isRival(other: GrantChoice, best: GrantChoice): boolean {
  return rootIssuer(other.chain) === rootIssuer(best.chain)
    ? distanceOf(other) === distanceOf(best)
    : denialsOf(other) <= denialsOf(best);
}

function leafOf({ chain }: Pick<GrantChoice, "chain">): AuthorityCredential {
  const leaf = chain.links.at(-1);
  if (leaf === undefined) throw new WritError("NOT_FOUND", "a chain without links");
  return leaf.credential;
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
function distanceOf(choice: GrantChoice): number {
  return denialsOf(choice) * 1000 + choice.foreseen.length;
}

function denialsOf({ foreseen }: GrantChoice): number {
  return foreseen.filter(({ code }) => code !== "APPROVAL_REQUIRED").length;
}

/** The chains of authorities that can be used now, and why the others cannot. */
function currentChains(
  holdings: Holdings,
  authorities: readonly AuthorityCredential[],
  now: number,
): { readonly chains: readonly Chain[]; readonly refusals: readonly WritError[] } {
  const refusals: WritError[] = [];
  const chains = authorities.flatMap((authority) => {
    try {
      return [currentChain(holdings, authority, now)];
    } catch (error) {
      // One that cannot be used now is no candidate, as long as another can.
      if (!(error instanceof WritError)) throw error;
      refusals.push(error);
      return [];
    }
  });
  return { chains, refusals };
}

function beginningOf(chain: Chain): number {
  return parseTimestamp(leafOf({ chain }).validFrom);
}

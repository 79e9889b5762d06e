import {
  asJson,
  encodeBase64url,
  evaluate,
  asking as askingShape,
  parseDocument,
  parseShape,
  presentation as presentationShape,
  PRESENTATION_LIFE_MS,
  signDocument,
  snapshot,
  WRIT_CONTEXT,
  WritError,
  type Asking,
  type Chain,
  type FoldedGrant,
  type Invocation,
  type Presentation,
  type Problem,
  type WritCredential,
} from "@writ/core";

import { chainEvidence, currentChain, currentIdentity, rootIssuer } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { readHoldings, type Holdings } from "./credentials.js";
import { withSigner, type Wallet } from "./wallet.js";

/** What a service asked for, and what the agent asks for. */
export interface PresentationOptions {
  /** Text from the service, to be used once. */
  readonly challenge: string;
  /** The service's name for itself, such as its origin. */
  readonly domain: string;
  readonly invocation?: Asking;
  /**
   * Id of the authority credential to show, or `none`. Without it the wallet shows the only one it
   * holds; with an invocation, the one with a grant that allows it.
   */
  readonly authority?: string;
  /** DID of the service, if it is known: then grants for other services are passed over. */
  readonly audience?: string;
}

/** A signed presentation, and what the wallet foresees of the service's decision. */
export interface CreatedPresentation {
  readonly presentation: Presentation;
  /**
   * Why the grant that is named does not allow the invocation; empty if it does, as far as the
   * holder can know. The service decides.
   */
  readonly foreseen: readonly Problem[];
}

/** An authority that could be shown, and the grant of it that an invocation could name. */
interface Choice {
  readonly chain: Chain;
  readonly grant: FoldedGrant | undefined;
  readonly denials: readonly Problem[];
}

/**
 * Builds and signs a presentation: who the agent is, the chain of its authority, and at most one
 * invocation (DESIGN 2). Nothing else leaves the wallet, and nothing is signed that a verifier would
 * refuse. An invocation beyond the grant is signed all the same, for the service to decide on;
 * `foreseen` says so.
 *
 * @throws WritError `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`, `IDENTITY_MISSING`, `EXPIRED`, and the codes
 *   of chains and of the schema.
 */
export async function createPresentation(
  wallet: Wallet,
  options: PresentationOptions,
): Promise<CreatedPresentation> {
  const now = wallet.clock();
  if (options.invocation !== undefined) parseShape(askingShape, asJson(options.invocation), "/invocation");
  const holdings = await readHoldings(wallet);
  const choice = choose(holdings, wallet.did, options, now);
  const vouching = choice === undefined ? undefined : rootIssuer(choice.chain);
  const identity = currentIdentity(holdings, wallet.did, now, vouching);
  const evidence = choice === undefined ? [] : chainEvidence(holdings, choice.chain, now);
  const draft = snapshot<Presentation>({
    "@context": WRIT_CONTEXT,
    type: ["VerifiablePresentation"],
    holder: wallet.did,
    verifiableCredential: distinct([identity, ...evidence]),
    ...(options.invocation === undefined || choice?.grant === undefined
      ? {}
      : { invocation: invocationOf(wallet, options.invocation, choice.chain, choice.grant) }),
  });
  const presentation = await withSigner(wallet, (signer) =>
    signDocument(parseDocument(asJson(draft), presentationShape), {
      signer,
      purpose: "authentication",
      created: now,
      expires: now + PRESENTATION_LIFE_MS,
      challenge: options.challenge,
      domain: options.domain,
    }),
  );
  return { presentation, foreseen: choice?.denials ?? [] };
}

function choose(
  holdings: Holdings,
  holder: string,
  options: PresentationOptions,
  now: number,
): Choice | undefined {
  const { invocation, authority } = options;
  if (authority === "none") {
    if (invocation === undefined) return undefined;
    throw new WritError("ARGUMENT_INVALID", "an invocation needs an authority");
  }
  if (invocation === undefined) {
    if (authority === undefined && holdings.authorities.length === 0) return undefined;
    const chain = currentChain(holdings, chooseAuthority(holdings, authority, now), now);
    return { chain, grant: undefined, denials: [] };
  }
  return chooseGrant(candidates(holdings, holder, authority, now), invocation, options.audience);
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
  // Of chains that serve alike, one by who vouches for this agent comes first.
  const vouch = new Set(holdings.identitiesOf(holder).map(({ issuer }) => issuer));
  const isStranger = (chain: Chain): number => (vouch.has(rootIssuer(chain) ?? "") ? 0 : 1);
  return chains.sort((a, b) => isStranger(a) - isStranger(b));
}

/** The grant that allows the invocation, or the one that comes nearest. */
function chooseGrant(
  chains: readonly Chain[],
  { action, resource, args }: Asking,
  audience: string | undefined,
): Choice {
  const request = {
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(args === undefined ? {} : { args }),
    ...(audience === undefined ? {} : { audience }),
    perspective: "holder",
  } as const;
  const choices = chains.flatMap((chain) =>
    chain.grants.map((grant) => ({ chain, grant, denials: evaluate(grant, request) })),
  );
  return choices.reduce((best, next) => (next.denials.length < best.denials.length ? next : best));
}

function invocationOf(wallet: Wallet, asking: Asking, chain: Chain, grant: FoldedGrant): Invocation {
  const { action, resource, args } = asking;
  return {
    authority: { digestMultibase: chain.digestMultibase, grant: grant.written.id },
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(args === undefined ? {} : { args }),
    nonce: encodeBase64url(wallet.random(16)),
  };
}

function distinct(credentials: readonly WritCredential[]): readonly WritCredential[] {
  return [...new Map(credentials.map((credential) => [credential.id, credential])).values()];
}

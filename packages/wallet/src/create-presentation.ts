import {
  approvalCredential,
  approves,
  asJson,
  asking as askingShape,
  checkSignedBy,
  createResolver,
  encodeBase64url,
  parseDocument,
  parseShape,
  parseTimestamp,
  presentation as presentationShape,
  refusal,
  snapshot,
  WritError,
  type ApprovalCredential,
  type Asking,
  type Chain,
  type Facts,
  type Invocation,
  type Presentation,
  type Problem,
  type SuiteName,
} from "@writ/core";

import { chainEvidence, currentChain, currentIdentity, rootIssuer } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { chooseGrant, namedGrant, type GrantChoice } from "./choose-grant.js";
import { readHoldings, type Holdings } from "./credentials.js";
import { parseReceived, verifyReceived } from "./received.js";
import { composePresentation, signPresentation } from "./sign-presentation.js";
import type { Wallet } from "./wallet.js";

/** What a service asked for, and what the agent asks for. */
export interface PresentationOptions {
  /** Text from the service, to be used once. */
  readonly challenge: string;
  /** The service's name for itself, such as its origin. */
  readonly domain: string;
  /** What is asked for. */
  readonly invocation?: Asking;
  /** Asks once more what an earlier presentation asked; instead of `invocation`. */
  readonly again?: AskingAgain;
  /**
   * Id of the authority credential to show, or `none`. Without it the wallet shows the only one it
   * holds; with an invocation, the one with a grant that allows it, of several of one source the latest. Authorities
   * whose root issuer does not vouch for the agent are shown only where they are named, or where there are no others.
   */
  readonly authority?: string;
  /** Id of the grant to name, where several of an authority would do. */
  readonly grant?: string;
  /** DID of the service, if it is known: then grants for other services are passed over. */
  readonly audience?: string;
  /** By which the presentation is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/**
 * The invocation of an earlier presentation, word for word and under the same nonce: after a time-out, or
 * when it has been approved.
 */
export interface AskingAgain {
  /** Signed by this wallet, for the same domain. */
  readonly presentation: object;
  /** Approvals of its invocation. */
  readonly approvals?: readonly object[];
}

/** A signed presentation, and what the wallet foresees of the service's decision. */
export interface CreatedPresentation {
  readonly presentation: Presentation;
  /**
   * Why the grant that is named does not allow the invocation, or with `APPROVAL_REQUIRED` which
   * approvals are still missing; empty if it allows it, as far as the holder can know. The service
   * decides.
   */
  readonly foreseen: readonly Problem[];
}

/** What is shown: a chain, and an invocation under one grant of it. */
interface Shown {
  readonly chain?: Chain;
  readonly invocation?: Invocation;
  readonly foreseen: readonly Problem[];
}

/**
 * Builds and signs a presentation: who the agent is, the chain of its authority, and at most one
 * invocation with its approvals (DESIGN 2). Nothing else leaves the wallet, and nothing is signed
 * that a verifier would refuse. An invocation beyond the grant is signed all the same, for the
 * service to decide on; `foreseen` says so.
 *
 * @throws WritError `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`, `IDENTITY_MISSING`, `EXPIRED`,
 *   `CREDENTIAL_UNEXPECTED` for an approval of something else, `CREDENTIAL_DUPLICATE` for one that bears
 *   the id of something else, `HOLDER_MISMATCH` or `DOMAIN_MISMATCH`
 *   for an earlier presentation of somebody else or to another service, `KEY_PURPOSE` for a key that is not for
 *   `authentication`, and the codes of chains, of proofs and of the schema.
 */
export async function createPresentation(
  wallet: Wallet,
  options: PresentationOptions,
): Promise<CreatedPresentation> {
  const now = wallet.clock();
  const request = parseRequest(options);
  const again =
    options.again === undefined ? undefined : await receiveAgain(wallet, options.again, options.domain, now);
  const holdings = await readHoldings(wallet);
  const approvals = again?.approvals ?? [];
  const facts = { now, audience: options.audience, approvedBy: approvals.map(({ issuer }) => issuer) };
  const { chain, invocation, foreseen } =
    again === undefined
      ? choose(wallet, holdings, request, facts)
      : { ...namedGrant(holdings, again.invocation, wallet.did, facts), invocation: again.invocation };
  const vouching = chain === undefined ? undefined : rootIssuer(chain);
  const identity = currentIdentity(holdings, wallet.did, now, vouching);
  const evidence = chain === undefined ? [] : chainEvidence(holdings, chain, now);
  const { challenge, domain, suite } = options;
  const unsigned = composePresentation(wallet.did, [identity, ...evidence, ...approvals], invocation);
  const presentation = await signPresentation(wallet, unsigned, { challenge, domain, now, suite });
  return { presentation, foreseen };
}

/** What is asked and under what, as it was when the call was made. */
type Request = Pick<PresentationOptions, "invocation" | "authority" | "grant">;

function parseRequest({ invocation, again, authority, grant }: PresentationOptions): Request {
  if (again !== undefined && [invocation, authority, grant].some((option) => option !== undefined)) {
    throw new WritError("ARGUMENT_INVALID", "what is asked again has its invocation, authority and grant");
  }
  if (invocation === undefined) return { ...(authority === undefined ? {} : { authority }) };
  if (authority === "none") throw new WritError("ARGUMENT_INVALID", "an invocation needs an authority");
  const asking = snapshot(invocation);
  return {
    invocation: parseShape(askingShape, asking, "/invocation"),
    ...(authority === undefined ? {} : { authority }),
    ...(grant === undefined ? {} : { grant }),
  };
}

/**
 * Only what this wallet signed is signed again, and for the same service: else whoever hands a file to
 * the agent would choose what it asks for.
 */
async function receiveAgain(
  wallet: Wallet,
  { presentation, approvals = [] }: AskingAgain,
  domain: string,
  now: number,
): Promise<{ readonly invocation: Invocation; readonly approvals: readonly ApprovalCredential[] }> {
  const copies = approvals.map((each, index) =>
    parseReceived(each, approvalCredential, `/approvals/${String(index)}`),
  );
  const earlier = parseDocument(snapshot(presentation), presentationShape);
  const { holder, invocation, proof = [] } = earlier;
  const proofs = [proof].flat();
  // It may have expired: it is judged at the time when it was made.
  const made = Math.max(
    0,
    ...proofs.map(({ created }) => (created === undefined ? 0 : parseTimestamp(created))),
  );
  const signer = {
    did: wallet.did,
    purpose: "authentication",
    now: Math.min(made, now),
    mismatch: "HOLDER_MISMATCH",
  } as const;
  const { problems } = await checkSignedBy(asJson(earlier), signer, { resolver: createResolver() });
  const [problem] = problems;
  if (problem !== undefined) throw refusal(problem);
  if (holder !== wallet.did) throw new WritError("HOLDER_MISMATCH", "was presented by somebody else");
  if (proofs.some((each) => each.domain !== domain)) {
    throw new WritError("DOMAIN_MISMATCH", "was presented to another service", { pointer: "/proof/domain" });
  }
  if (invocation === undefined) throw new WritError("NOT_FOUND", "the presentation asks for nothing");
  for (const [index, approval] of copies.entries()) {
    const pointer = `/approvals/${String(index)}`;
    if (!approves(approval, wallet.did, invocation)) {
      throw new WritError("CREDENTIAL_UNEXPECTED", "approves something else than is asked", { pointer });
    }
    await verifyReceived(approval, now, pointer, "now");
  }
  return { invocation, approvals: copies };
}

function choose(wallet: Wallet, holdings: Holdings, request: Request, facts: Facts): Shown {
  const { invocation, authority, grant } = request;
  if (invocation !== undefined) {
    const choice = chooseGrant(holdings, invocation, { authority, grant, facts });
    return { ...choice, invocation: invocationUnder(choice, invocation, wallet) };
  }
  if (authority === "none" || (authority === undefined && holdings.authorities.length === 0)) {
    return { foreseen: [] };
  }
  const chosen = chooseAuthority(holdings, authority, facts.now);
  return { chain: currentChain(holdings, chosen, facts.now), foreseen: [] };
}

function invocationUnder({ chain, grant }: GrantChoice, asking: Asking, { random }: Wallet): Invocation {
  return {
    authority: { digestMultibase: chain.digestMultibase, grant: grant.written.id },
    ...asking,
    nonce: encodeBase64url(random(16)),
  };
}

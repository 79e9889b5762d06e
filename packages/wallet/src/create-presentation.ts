import {
  approvalCredential,
  approves,
  asJson,
  asking as askingShape,
  encodeBase64url,
  invocation as invocationShape,
  parseDocument,
  parseShape,
  presentation as presentationShape,
  PRESENTATION_LIFE_MS,
  signDocument,
  snapshot,
  WRIT_CONTEXT,
  WritError,
  type ApprovalCredential,
  type Asking,
  type Chain,
  type Facts,
  type Invocation,
  type Presentation,
  type Problem,
  type WritCredential,
} from "@writ/core";

import { chainEvidence, currentChain, currentIdentity, rootIssuer } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { chooseGrant, namedGrant, type GrantChoice } from "./choose-grant.js";
import { readHoldings, type Holdings } from "./credentials.js";
import { parseReceived, verifyReceived } from "./received.js";
import { withSigner, type Wallet } from "./wallet.js";

/** What a service asked for, and what the agent asks for. */
export interface PresentationOptions {
  /** Text from the service, to be used once. */
  readonly challenge: string;
  /** The service's name for itself, such as its origin. */
  readonly domain: string;
  /**
   * What is asked for. An invocation that was presented before asks exactly that again, under the same
   * nonce: after a time-out, or when it has been approved.
   */
  readonly invocation?: Asking | Invocation;
  /** Approvals of an invocation that was presented before. */
  readonly approvals?: readonly object[];
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
 *   `CREDENTIAL_UNEXPECTED` for an approval of something else, and the codes of chains, of proofs
 *   and of the schema.
 */
export async function createPresentation(
  wallet: Wallet,
  options: PresentationOptions,
): Promise<CreatedPresentation> {
  const now = wallet.clock();
  assertAsking(options);
  const approvals = await receiveApprovals(wallet, options, now);
  const holdings = await readHoldings(wallet);
  const approvedBy = approvals.map(({ issuer }) => issuer);
  const { chain, invocation, foreseen } = choose(wallet, holdings, options, {
    now,
    audience: options.audience,
    approvedBy,
  });
  const vouching = chain === undefined ? undefined : rootIssuer(chain);
  const identity = currentIdentity(holdings, wallet.did, now, vouching);
  const evidence = chain === undefined ? [] : chainEvidence(holdings, chain, now);
  const draft = snapshot<Presentation>({
    "@context": WRIT_CONTEXT,
    type: ["VerifiablePresentation"],
    holder: wallet.did,
    verifiableCredential: distinct([identity, ...evidence, ...approvals]),
    ...(invocation === undefined ? {} : { invocation }),
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
  return { presentation, foreseen };
}

function wasPresented(invocation: Asking | Invocation | undefined): invocation is Invocation {
  return invocation !== undefined && "authority" in invocation;
}

function assertAsking({ invocation, authority, approvals = [] }: PresentationOptions): void {
  if (invocation !== undefined) {
    const shape = wasPresented(invocation) ? invocationShape : askingShape;
    parseShape<Asking>(shape, asJson(invocation), "/invocation");
    if (authority === "none") throw new WritError("ARGUMENT_INVALID", "an invocation needs an authority");
  }
  if (approvals.length > 0 && !wasPresented(invocation)) {
    throw new WritError("ARGUMENT_INVALID", "approvals are of an invocation that was presented before", {
      hint: "Pass that invocation, as it stands in the presentation.",
    });
  }
}

/** Approvals that their approvers signed, of this wallet's invocation. */
async function receiveApprovals(
  wallet: Wallet,
  { invocation, approvals = [] }: PresentationOptions,
  now: number,
): Promise<readonly ApprovalCredential[]> {
  const received: ApprovalCredential[] = [];
  for (const [index, document] of approvals.entries()) {
    const pointer = `/approvals/${String(index)}`;
    const approval = parseReceived(document, approvalCredential, pointer);
    if (!wasPresented(invocation) || !approves(approval, wallet.did, invocation)) {
      throw new WritError("CREDENTIAL_UNEXPECTED", "approves something else than is asked", { pointer });
    }
    await verifyReceived(approval, now, pointer);
    received.push(approval);
  }
  return received;
}

function choose(wallet: Wallet, holdings: Holdings, options: PresentationOptions, facts: Facts): Shown {
  const { invocation, authority } = options;
  if (wasPresented(invocation)) {
    return { ...namedGrant(holdings, invocation, wallet.did, facts), invocation };
  }
  if (invocation !== undefined) {
    const choice = chooseGrant(holdings, invocation, { holder: wallet.did, authority, facts });
    return { ...choice, invocation: invocationUnder(choice, invocation, wallet) };
  }
  if (authority === "none" || (authority === undefined && holdings.authorities.length === 0)) {
    return { foreseen: [] };
  }
  const chosen = chooseAuthority(holdings, authority, facts.now);
  return { chain: currentChain(holdings, chosen, facts.now), foreseen: [] };
}

function invocationUnder({ chain, grant }: GrantChoice, asking: Asking, { random }: Wallet): Invocation {
  const { action, resource, args } = asking;
  return {
    authority: { digestMultibase: chain.digestMultibase, grant: grant.written.id },
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(args === undefined ? {} : { args }),
    nonce: encodeBase64url(random(16)),
  };
}

function distinct(credentials: readonly WritCredential[]): readonly WritCredential[] {
  return [...new Map(credentials.map((credential) => [credential.id, credential])).values()];
}

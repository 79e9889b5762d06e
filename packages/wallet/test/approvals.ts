import {
  createApprovalRequest,
  type ApprovalRequest,
  type Grant,
  type Invocation,
  type Presentation,
} from "@writ/core";

import { addCredentials, createPresentation } from "../src/index.js";
import { authorityOf, identityOf, openWorld, REFUNDS } from "./world.js";

export const ASKED = { challenge: "challenge-1", domain: "https://shop.example" };
export const INVOCATION = {
  action: "refund.create",
  resource: "https://api.acme.example/v1/orders/eu/77",
  args: { amount: 100 },
};

/** Refunds of which those over so much are to be approved. */
export function approvedRefunds(over: number, approvers: readonly string[], quorum = 1): Grant {
  return { ...REFUNDS, id: "approved", approval: { over, approvers, quorum } };
}

/** A wallet with an identity, and an authority for each list of grants. */
export async function openHolder(...authorities: readonly (readonly Grant[])[]) {
  const world = await openWorld("holder");
  const identity = await identityOf(world.wallet.did);
  const granted = await Promise.all(
    authorities.map((grants) => authorityOf(world.wallet.did, { grants, maxHops: 1 })),
  );
  await addCredentials(world.wallet, [identity, ...granted]);
  return { ...world, identity, granted };
}

export type Holder = Awaited<ReturnType<typeof openHolder>>;

/** What a holder has presented, what it asked with that, and the request to approve it. */
export interface Presented {
  readonly presentation: Presentation;
  readonly invocation: Invocation;
  readonly request: ApprovalRequest;
}

export async function presentOnce({ wallet }: Pick<Holder, "wallet">): Promise<Presented> {
  const { presentation } = await createPresentation(wallet, { ...ASKED, invocation: INVOCATION });
  const { invocation } = presentation;
  if (invocation === undefined) throw new Error("nothing was asked");
  return { presentation, invocation, request: createApprovalRequest(wallet.did, invocation) };
}

import { grantAuthority } from "@writ/issuer";
import { refusalOfAsync } from "@writ/testkit";
import { delegateAuthority } from "@writ/wallet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyPresentation } from "../src/index.js";
import { approvedPayments } from "./approvals.js";
import { grantTo } from "./metered.js";
import { outcomeOf, refused } from "./outcome.js";
import { compose, linkBelow, openWorld, signerOf, type World } from "./world.js";

const [ANN, BEN] = [signerOf("ann").did, signerOf("ben").did];

let world: World;
beforeAll(async () => void (world = await openWorld("approvers")));
afterAll(() => world.close());

describe("an approver who is a subject of the chain", () => {
  const place = "/credentialSubject/grants/0/approval/approvers/1";

  it("is refused when the organisation grants", async () => {
    const { lead, organisation } = world;
    const grants = [approvedPayments([ANN, lead.agent.did], 1)];
    expect(await refusalOfAsync(() => grantAuthority(organisation, lead.agent, { grants }))).toEqual({
      code: "APPROVER_IN_CHAIN",
      pointer: place,
    });
  });

  it("is refused when an agent hands on, be it the receiver or somebody on the way", async () => {
    const { lead, sub } = world;
    const root = await grantTo(world, lead, {
      grants: [approvedPayments([ANN, BEN, sub.agent.did], 1)],
      maxHops: 1,
    });
    const delegate = (to: string, approvers: readonly string[]) => () =>
      delegateAuthority(lead.wallet, {
        to,
        authority: root.id,
        grants: [approvedPayments(approvers, 1, { within: "mine" })],
      });
    const receiver = sub.agent.did;
    expect(await refusalOfAsync(delegate(receiver, [ANN, receiver]))).toMatchObject({
      code: "APPROVER_IN_CHAIN",
    });
    // Also where only the grant above names the receiver.
    expect((await refusalOfAsync(delegate(receiver, [ANN]))).code).toBe("APPROVER_IN_CHAIN");
    const free = await grantTo(world, lead, {
      grants: [{ id: "mine", actions: ["pay"], spend: { unit: "EUR", amountAt: "/amount" } }],
      maxHops: 1,
    });
    const own = () =>
      delegateAuthority(lead.wallet, {
        to: receiver,
        authority: free.id,
        grants: [approvedPayments([ANN, lead.agent.did], 1, { within: "mine" })],
      });
    expect(await refusalOfAsync(own)).toEqual({ code: "APPROVER_IN_CHAIN", pointer: place });
  });

  it("is refused when a presentation is verified", async () => {
    const { lead, sub, organisation } = world;
    const grants = [approvedPayments([ANN, sub.agent.did], 1)];
    const root = await grantAuthority(organisation, lead.agent, { grants, maxHops: 1 });
    const link = await linkBelow(root, lead.signer, sub.agent.did, {
      grants: [{ id: "child", within: "mine", actions: ["pay"] }],
    });
    const text = await compose(sub.signer, [sub.identity, lead.identity, root, link]);
    const result = await verifyPresentation(text, { ...world.expectations, status: await world.source() });
    expect(outcomeOf(result)).toEqual(refused("chain", `APPROVER_IN_CHAIN /verifiableCredential/2${place}`));
  });
});

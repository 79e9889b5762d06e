import { createApprovalRequest, digestMultibase } from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import type { Wallet } from "@writ/wallet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide } from "../src/index.js";
import { approvedBy, approvedPayments, openApprover, requestOf } from "./approvals.js";
import { budgetOf, openEmptyLedger } from "./ledgers.js";
import { ask, decideWith, grantTo, handOn, meterAt, paying, told, verifiedOf } from "./metered.js";
import { MINUTE, NOW, openWorld, SERVICE, type World } from "./world.js";

const MISSING = "APPROVAL_REQUIRED approval";

let world: World;
let ann: Wallet, ben: Wallet, cy: Wallet;
let all: readonly string[];
beforeAll(async () => {
  world = await openWorld("approvals");
  [ann, ben, cy] = [
    await openApprover(world, "ann"),
    await openApprover(world, "ben"),
    await openApprover(world, "cy"),
  ];
  all = [ann.did, ben.did, cy.did];
});
afterAll(() => world.close());

describe("an action that must be approved", () => {
  it("is approved, presented again and allowed, and charged then", async () => {
    const { lead } = world;
    const metered = { spend: { unit: "EUR", amountAt: "/amount", budget: 40 }, meter: meterAt(1) };
    const grants = [approvedPayments(all, 1, metered)];
    const root = await grantTo(world, lead, { grants });
    const { ledger, rows } = await openEmptyLedger();
    const empty = await rows();

    const asked = await ask(world, lead, { invocation: paying(30), authority: root.id });
    const decision = await decideWith(ledger, verifiedOf(asked.result));
    expect(decision).toEqual({
      outcome: "approval_required",
      problems: [
        {
          code: "APPROVAL_REQUIRED",
          pointer: "/invocation",
          detail: `approval: 1 more of ${all.join(", ")} must approve`,
          link: 0,
          grant: "mine",
          dimension: "approval",
          asked: 30,
          allowed: { over: 10, approvers: all, quorum: 1 },
        },
      ],
      approval: {
        holder: lead.agent.did,
        invocation: asked.invocation,
        invocationDigestMultibase: digestMultibase(asked.invocation),
        authorityDigestMultibase: digestMultibase(root),
      },
      asOf: NOW,
    });
    expect(await rows()).toEqual(empty);

    const request = await requestOf(asked, { audience: SERVICE.did, ledger });
    const approvals = await approvedBy(request, ben);
    const again = await ask(world, lead, { again: { presentation: asked.presentation, approvals } });
    expect(again.invocation).toEqual(asked.invocation);
    expect(verifiedOf(again.result).approvedBy).toEqual([ben.did]);
    expect(told(await decideWith(ledger, verifiedOf(again.result)))).toBe("allow");
    expect(await ledger.accounts()).toMatchObject([{ totals: { EUR: 30 }, actions: 1 }]);
    expect((await decideWith(ledger, verifiedOf(again.result))).outcome).toBe("already_decided");

    // An approval does not stand for what the budget lacks.
    const more = await ask(world, lead, { invocation: paying(11), authority: root.id });
    const approved = await approvedBy(await requestOf(more, { audience: SERVICE.did, ledger }), ann);
    const last = await ask(world, lead, { again: { presentation: more.presentation, approvals: approved } });
    const denied = await decideWith(ledger, verifiedOf(last.result));
    expect(told(denied)).toBe("deny; LEDGER_EXCEEDED spend 0 /invocation");
    const { dimension: _, ...allowed } = budgetOf(40);
    expect(denied.problems[0]?.allowed).toEqual(allowed);
  });

  it("needs none where it costs no more than may be", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [approvedPayments(all, 3)] });
    for (const [amount, outcome] of [
      [10, "allow"],
      [11, "approval_required"],
    ] as const) {
      const { result } = await ask(world, lead, { invocation: paying(amount), authority: root.id });
      expect((await decide(verifiedOf(result))).outcome).toBe(outcome);
    }
  });

  it("is shown to approvers with what the service says that it costs", async () => {
    const { lead } = world;
    const grants = [approvedPayments(all, 1, { spend: { unit: "EUR" } })];
    const root = await grantTo(world, lead, { grants });
    const spend = { unit: "EUR", amount: 11 };
    const asked = await ask(world, lead, { invocation: { action: "pay" }, authority: root.id });
    expect(await requestOf(asked, { spend })).toEqual(
      createApprovalRequest(lead.agent.did, asked.invocation, spend),
    );
  });

  it("is denied, whoever approves, where a grant denies it", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, {
      grants: [approvedPayments(all, 1, { audience: [SERVICE.did] })],
    });
    const asked = await ask(world, lead, { invocation: paying(11), authority: root.id });
    expect(told(await decide(verifiedOf(asked.result)))).toBe("deny; NOT_ALLOWED audience 0 /invocation");
    const approvals = await approvedBy(await requestOf(asked, { audience: SERVICE.did }), ann);
    const again = await ask(world, lead, { again: { presentation: asked.presentation, approvals } });
    expect((await decide(verifiedOf(again.result))).outcome).toBe("deny");
    expect(told(await decide(verifiedOf(again.result), { audience: SERVICE.did }))).toBe("allow");
  });

  it("waits for a quorum", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [approvedPayments(all, 2)] });
    const asked = await ask(world, lead, { invocation: paying(11), authority: root.id });
    const request = await requestOf(asked);
    const decisionOn = async (...approvers: readonly Wallet[]) => {
      const approvals = await approvedBy(request, ...approvers);
      const again = await ask(world, lead, { again: { presentation: asked.presentation, approvals } });
      return decide(verifiedOf(again.result));
    };
    expect(await decisionOn()).toMatchObject({
      problems: [{ detail: `approval: 2 more of ${all.join(", ")} must approve` }],
    });
    const others = ({ did }: Wallet) => all.filter((each) => each !== did).join(", ");
    for (const one of [ann, ben, cy]) {
      const decision = await decisionOn(one);
      expect(told(decision)).toBe(`approval_required; ${MISSING} 0 /invocation`);
      expect(decision).toMatchObject({
        problems: [{ detail: `approval: 1 more of ${others(one)} must approve` }],
        approval: request,
      });
    }
    const twice = await approvedBy(request, cy, ann, cy);
    const again = await ask(world, lead, { again: { presentation: asked.presentation, approvals: twice } });
    expect(verifiedOf(again.result).approvedBy).toEqual([cy.did, ann.did]);
    for (const two of [
      [ann, ben],
      [cy, ann],
      [ben, cy],
      [ann, ben, cy],
    ]) {
      expect(told(await decisionOn(...two))).toBe("allow");
    }
  });

  it("waits for those whom the root asks for and those whom the child asks for", async () => {
    const { lead, sub } = world;
    const root = await grantTo(world, lead, { grants: [approvedPayments(all, 1)], maxHops: 1 });
    const approval = { over: 5, approvers: [ben.did, cy.did], quorum: 2 };
    const child = await handOn(lead, sub, {
      authority: root.id,
      grants: [{ id: "mine", within: "mine", actions: ["pay"], approval }],
    });
    const decisionOn = async (amount: number, ...approvers: readonly Wallet[]) => {
      const asked = await ask(world, sub, { invocation: paying(amount), authority: child.id });
      const approvals = await approvedBy(await requestOf(asked), ...approvers);
      const again = await ask(world, sub, { again: { presentation: asked.presentation, approvals } });
      return told(await decide(verifiedOf(again.result)));
    };
    const both = `approval_required; ${MISSING} 0 /invocation; ${MISSING} 1 /invocation`;
    expect(await decisionOn(11)).toBe(both);
    expect(await decisionOn(6)).toBe(`approval_required; ${MISSING} 1 /invocation`);
    expect(await decisionOn(11, ann)).toBe(`approval_required; ${MISSING} 1 /invocation`);
    expect(await decisionOn(11, ann, cy)).toBe(`approval_required; ${MISSING} 1 /invocation`);
    expect(await decisionOn(11, ben, cy)).toBe("allow");
    // What the root asks for holds also where the child asks for nothing.
    const silent = await handOn(lead, sub, {
      authority: root.id,
      grants: [{ id: "mine", within: "mine", actions: ["pay"] }],
    });
    const { result } = await ask(world, sub, { invocation: paying(11), authority: silent.id });
    expect(told(await decide(verifiedOf(result)))).toBe(`approval_required; ${MISSING} 0 /invocation`);
  });

  it("stays approved for fifteen minutes, excluded", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [approvedPayments(all, 1)] });
    const asked = await ask(world, lead, { invocation: paying(11), authority: root.id });
    const approvals = await approvedBy(await requestOf(asked), ann);
    world.clock.advance(15 * MINUTE - 1);
    try {
      const again = await ask(world, lead, { again: { presentation: asked.presentation, approvals } });
      expect(told(await decide(verifiedOf(again.result)))).toBe("allow");
      world.clock.advance(1);
      const late = () => ask(world, lead, { again: { presentation: asked.presentation, approvals } });
      expect(await refusalOfAsync(late)).toEqual({ code: "EXPIRED", pointer: "/approvals/0/validUntil" });
    } finally {
      world.clock.advance(NOW - world.clock());
    }
  });

  it("may be carried where nobody asked for it", async () => {
    const { lead } = world;
    const grants = [{ id: "free", actions: ["pay"] }];
    const root = await grantTo(world, lead, { grants });
    const asking = { invocation: paying(11), authority: root.id };
    const { presentation, invocation } = await ask(world, lead, asking);
    const approvals = await approvedBy(createApprovalRequest(lead.agent.did, invocation), cy);
    const again = await ask(world, lead, { again: { presentation, approvals } });
    expect(verifiedOf(again.result).approvedBy).toEqual([cy.did]);
    expect(told(await decide(verifiedOf(again.result)))).toBe("allow");
  });
});

import { digestMultibase } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide, verifyPresentation, type LedgerAnswer } from "../src/index.js";
import { accountAt, budgetOf, openEmptyLedger } from "./ledgers.js";
import {
  ask,
  decideWith,
  grantTo,
  handOn,
  ledgerThatAnswers,
  payments,
  paying,
  told,
  verifiedOf,
} from "./metered.js";
import { compose, HOUR, INVOCATION, MINUTE, NOW, openWorld, SERVICE, type World } from "./world.js";

const EXCEEDED = "LEDGER_EXCEEDED spend";
const charged = (): Promise<LedgerAnswer> => Promise.resolve({ outcome: "charged" });

let world: World;
beforeAll(async () => void (world = await openWorld("metered")));
afterAll(() => world.close());

/** A metered chain: 100 for `lead`, all of it for `sub`, all of that for `third`. */
async function openChain(position: number) {
  const { lead, sub, third } = world;
  const root = await grantTo(world, lead, { grants: [payments("root", 100, position)], maxHops: 2 });
  const middle = await handOn(lead, sub, {
    authority: root.id,
    grants: [payments("middle", 100, position + 1, { within: "root" })],
    maxHops: 1,
  });
  const leaf = await handOn(sub, third, {
    authority: middle.id,
    grants: [payments("leaf", 60, position + 2, { within: "middle" })],
    lifeMs: 20 * MINUTE,
  });
  return { root, middle, leaf };
}

describe("a budget that was handed on", () => {
  it("is charged on every account of the way, or on none", async () => {
    const { leaf } = await openChain(100);
    const { ledger } = await openEmptyLedger();
    const pay = async (amount: number) => {
      const { result } = await ask(world, world.third, { invocation: paying(amount), authority: leaf.id });
      return decideWith(ledger, verifiedOf(result));
    };
    expect(await pay(40)).toEqual({ outcome: "allow", problems: [], singleUse: "ledger", asOf: NOW });
    const over = await pay(21);
    expect(told(over)).toBe(`deny; ${EXCEEDED} 2 /invocation`);
    // Not how much is left.
    const detail = "spend: more than is left of the budget";
    expect(over.problems).toMatchObject([{ grant: "leaf", asked: 21, detail }]);
    expect(over.problems[0]?.allowed).toEqual({ budget: 60 });
    expect(told(await pay(20))).toBe("allow");
    const { organisation, lead, sub } = world;
    const accounts = await ledger.accounts();
    expect(accounts).toHaveLength(3);
    expect(accounts).toEqual(
      expect.arrayContaining(
        [organisation.did, lead.agent.did, sub.agent.did].map((issuer, link) => ({
          issuer,
          account: accountAt(100 + link),
          totals: { EUR: 60 },
          actions: 2,
          last: NOW,
        })),
      ),
    );
  });

  it("twice, is spent once (HOSTILE 154, 155)", async () => {
    const { lead, sub, third } = world;
    const root = await grantTo(world, lead, { grants: [payments("root", 100, 200)], maxHops: 1 });
    const [first, second] = [
      await handOn(lead, sub, {
        authority: root.id,
        grants: [payments("mine", 100, 201, { within: "root" })],
      }),
      await handOn(lead, third, {
        authority: root.id,
        grants: [payments("mine", 100, 202, { within: "root" })],
      }),
    ];
    const { ledger } = await openEmptyLedger();
    const asked = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const [party, authority] = index % 2 === 0 ? [sub, first.id] : [third, second.id];
        return verifiedOf((await ask(world, party, { invocation: paying(9), authority })).result);
      }),
    );
    const decisions = await Promise.all(asked.map((presentation) => decideWith(ledger, presentation)));
    const allowed = decisions.filter(({ outcome }) => outcome === "allow");
    expect(allowed).toHaveLength(11);
    expect(new Set(decisions.map(told))).toEqual(new Set(["allow", `deny; ${EXCEEDED} 0 /invocation`]));
    const accounts = await ledger.accounts();
    const totals = new Map(accounts.map((account) => [account.account, account.totals["EUR"]]));
    expect(totals.get(accountAt(200))).toBe(99);
    expect((totals.get(accountAt(201)) ?? 0) + (totals.get(accountAt(202)) ?? 0)).toBe(99);
    // The one who handed it on has only what is left.
    const own = await ask(world, lead, { invocation: paying(2), authority: root.id });
    expect(told(await decideWith(ledger, verifiedOf(own.result)))).toBe(`deny; ${EXCEEDED} 0 /invocation`);
    const last = await ask(world, lead, { invocation: paying(1), authority: root.id });
    expect(told(await decideWith(ledger, verifiedOf(last.result)))).toBe("allow");
  });

  it("is not filled up by a credential that is renewed or superseded (HOSTILE 222)", async () => {
    const { lead } = world;
    const { ledger } = await openEmptyLedger();
    const pay = async (amount: number, budget: number) => {
      const { id } = await grantTo(world, lead, { grants: [payments("mine", budget, 300)] });
      const { result } = await ask(world, lead, { invocation: paying(amount), authority: id });
      return told(await decideWith(ledger, verifiedOf(result)));
    };
    expect(await pay(90, 100)).toBe("allow");
    expect(await pay(11, 100)).toBe(`deny; ${EXCEEDED} 0 /invocation`);
    expect(await pay(61, 150)).toBe(`deny; ${EXCEEDED} 0 /invocation`);
    expect(await pay(60, 150)).toBe("allow");
    expect(await ledger.accounts()).toMatchObject([{ totals: { EUR: 150 }, actions: 2 }]);
  });
});

describe("a rate", () => {
  it("is that of all who act under it, and says so without a cost", async () => {
    const { lead, sub } = world;
    const rate = [{ max: 2, seconds: 3600 }];
    const { spend: _, ...grant } = payments("polls", 1, 400, { rate });
    const root = await grantTo(world, lead, { grants: [grant], maxHops: 1 });
    const child = await handOn(lead, sub, {
      authority: root.id,
      grants: [{ id: "polls", within: "polls", actions: ["pay"] }],
    });
    const { ledger } = await openEmptyLedger();
    const poll = async (index: number) => {
      const [party, authority] = index % 2 === 0 ? [lead, root.id] : [sub, child.id];
      const { result } = await ask(world, party, { invocation: { action: "pay" }, authority });
      return decideWith(ledger, verifiedOf(result));
    };
    expect([told(await poll(0)), told(await poll(1))]).toEqual(["allow", "allow"]);
    const third = await poll(2);
    expect(told(third)).toBe("deny; LEDGER_EXCEEDED rate 0 /invocation");
    expect(third.problems[0]).toMatchObject({ grant: "polls", allowed: { max: 2, seconds: 3600 } });
    expect(Object.keys(third.problems[0] ?? {})).not.toContain("asked");
  });
});

describe("an action that was allowed", () => {
  it("is not allowed again when it is presented again (HOSTILE 159, 221)", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [payments("mine", 100, 500)] });
    const { ledger, rows } = await openEmptyLedger();
    const first = await ask(world, lead, { invocation: paying(100), authority: root.id });
    expect(told(await decideWith(ledger, verifiedOf(first.result)))).toBe("allow");
    const before = await rows();
    expect(told(await decideWith(ledger, verifiedOf(first.result)))).toBe("already_decided");
    world.clock.advance(MINUTE);
    try {
      const again = await ask(world, lead, { again: first });
      expect(again.invocation).toEqual(first.invocation);
      expect(await decideWith(ledger, verifiedOf(again.result))).toEqual({
        outcome: "already_decided",
        problems: [],
        first: { outcome: "allow", asOf: NOW },
        asOf: NOW + MINUTE,
      });
    } finally {
      world.clock.advance(-MINUTE);
    }
    expect(await rows()).toEqual(before);
  });

  it.each([
    ["other arguments", { args: { amount: 2 } }],
    ["another action", { action: "pay.back" }],
    ["a resource", { resource: "https://api.acme.example/v1/orders/1" }],
  ])("lends its nonce to no other: with %s (HOSTILE 221)", async (_, changes) => {
    const { lead } = world;
    const grants = [payments("mine", 100, 510, { actions: ["pay", "pay.back"] })];
    const root = await grantTo(world, lead, { grants });
    const { ledger, rows } = await openEmptyLedger();
    const first = await ask(world, lead, { invocation: paying(1), authority: root.id });
    await decideWith(ledger, verifiedOf(first.result));
    const before = await rows();
    const other = { "/invocation": { ...first.invocation, ...changes } };
    const text = await compose(lead.signer, [lead.identity, root], { changes: other });
    const status = await world.source();
    const result = await verifyPresentation(text, { ...world.expectations, status });
    expect(told(await decideWith(ledger, verifiedOf(result)))).toBe("deny; NONCE_REUSED /invocation/nonce");
    expect(await rows()).toEqual(before);
  });

  it("is allowed once, of many that come at once", async () => {
    const { ledger } = await openEmptyLedger();
    const { result } = await ask(world, world.third, { invocation: INVOCATION });
    const presentation = verifiedOf(result);
    const decisions = await Promise.all(Array.from({ length: 10 }, () => decideWith(ledger, presentation)));
    expect(decisions.filter(({ outcome }) => outcome === "allow")).toEqual([
      { outcome: "allow", problems: [], singleUse: "ledger", asOf: NOW },
    ]);
    expect(decisions.filter(({ outcome }) => outcome === "already_decided")).toHaveLength(9);
    expect(await ledger.accounts()).toEqual([]);
  });

  it("rests on its challenge alone where no ledger is kept", async () => {
    const { result } = await ask(world, world.third, { invocation: INVOCATION });
    const facts = { audience: SERVICE.did };
    expect(await decide(verifiedOf(result), facts)).toMatchObject({ singleUse: "challenge" });
    expect(await decide(verifiedOf(result), facts)).toMatchObject({ outcome: "allow" });
  });
});

describe("what the ledger is told", () => {
  it("is the key, the time, the end of the first link to end, and every account, root first", async () => {
    const { leaf } = await openChain(600);
    const { organisation, lead, sub, third } = world;
    const { ledger, entries } = ledgerThatAnswers(charged);
    const { result, invocation } = await ask(world, third, { invocation: paying(5), authority: leaf.id });
    await decideWith(ledger, verifiedOf(result));
    const spend = { unit: "EUR", amount: 5 };
    const charge = (link: number, grant: string, issuer: string, budget: number) => ({
      ...{ link, grant, issuer, account: accountAt(600 + link), spend, limits: [budgetOf(budget)] },
    });
    expect(entries).toEqual([
      {
        holder: third.agent.did,
        nonce: invocation.nonce,
        digestMultibase: digestMultibase(invocation),
        at: NOW,
        keyUntil: NOW + 20 * MINUTE,
        charges: [
          charge(0, "root", organisation.did, 100),
          charge(1, "middle", lead.agent.did, 100),
          charge(2, "leaf", sub.agent.did, 60),
        ],
      },
    ]);
    const short = await grantTo(world, lead, { grants: [payments("short", 9, 610)], lifeMs: 2 * HOUR });
    const own = await ask(world, lead, { invocation: paying(1), authority: short.id });
    await decideWith(ledger, verifiedOf(own.result));
    expect(entries[1]?.keyUntil).toBe(NOW + 2 * HOUR);
  });
});

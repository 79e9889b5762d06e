import { WritError } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { LedgerAnswer } from "../src/index.js";
import { approvedBy, approvedPayments, openApprover, requestOf } from "./approvals.js";
import { openEmptyLedger } from "./ledgers.js";
import { ask, decideWith, grantTo, ledgerThatAnswers, meterAt, paying, told, verifiedOf } from "./metered.js";
import { MINUTE, NOW, openWorld, SERVICE, type World } from "./world.js";

const charged = (): Promise<LedgerAnswer> => Promise.resolve({ outcome: "charged" });

let world: World;
beforeAll(async () => void (world = await openWorld("again")));
afterAll(() => world.close());

/** Runs this so much later. */
async function later(milliseconds: number, work: () => Promise<void>): Promise<void> {
  world.clock.advance(milliseconds);
  try {
    await work();
  } finally {
    world.clock.advance(-milliseconds);
  }
}

describe("what was allowed before, asked again (HOSTILE 159)", () => {
  it("was allowed, also when the hours of its grant are over", async () => {
    const { lead } = world;
    const windows = [{ days: ["mo"], from: "08:00", to: "08:01", timeZone: "UTC" }] as const;
    const grants = [{ id: "mine", actions: ["pay"], when: { windows } }];
    const root = await grantTo(world, lead, { grants });
    const { ledger, rows } = await openEmptyLedger();
    const first = await ask(world, lead, { invocation: paying(1), authority: root.id });
    expect(told(await decideWith(ledger, verifiedOf(first.result)))).toBe("allow");
    const before = await rows();
    await later(MINUTE, async () => {
      const again = await ask(world, lead, { again: first });
      expect(await decideWith(ledger, verifiedOf(again.result))).toEqual({
        outcome: "already_decided",
        problems: [],
        first: { outcome: "allow", asOf: NOW },
        asOf: NOW + MINUTE,
      });
      // Anything else is denied for what it is.
      const other = await ask(world, lead, { invocation: paying(1), authority: root.id });
      expect(told(await decideWith(ledger, verifiedOf(other.result)))).toBe(
        "deny; NOT_ALLOWED when 0 /invocation",
      );
    });
    expect(await rows()).toEqual(before);
  });

  it("was allowed, also when its approval has ended", async () => {
    const { lead } = world;
    const ann = await openApprover(world, "ann");
    const metered = { spend: { unit: "EUR", amountAt: "/amount", budget: 40 }, meter: meterAt(1) };
    const root = await grantTo(world, lead, { grants: [approvedPayments([ann.did], 1, metered)] });
    const { ledger } = await openEmptyLedger();
    const asked = await ask(world, lead, { invocation: paying(30), authority: root.id });
    const approvals = await approvedBy(await requestOf(asked, { audience: SERVICE.did, ledger }), ann);
    const first = await ask(world, lead, { again: { presentation: asked.presentation, approvals } });
    expect(told(await decideWith(ledger, verifiedOf(first.result)))).toBe("allow");
    await later(15 * MINUTE, async () => {
      const again = await ask(world, lead, { again: asked });
      expect(told(await decideWith(ledger, verifiedOf(again.result)))).toBe("already_decided");
      const other = await ask(world, lead, { invocation: paying(30), authority: root.id });
      expect((await decideWith(ledger, verifiedOf(other.result))).outcome).toBe("approval_required");
    });
    expect(await ledger.accounts()).toMatchObject([{ totals: { EUR: 30 }, actions: 1 }]);
  });

  it("is denied, whatever was allowed, where the same nonce asks for something else", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [{ id: "mine", actions: ["pay"] }] });
    const { result } = await ask(world, lead, { invocation: { action: "steal" }, authority: root.id });
    const { ledger } = ledgerThatAnswers(charged, () => Promise.resolve({ outcome: "nonce_reused" }));
    expect(told(await decideWith(ledger, verifiedOf(result)))).toBe(
      "deny; NOT_ALLOWED actions 0 /invocation/action",
    );
  });

  it("is not recalled where it is allowed as it stands", async () => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [{ id: "mine", actions: ["pay"] }] });
    const { result } = await ask(world, lead, { invocation: paying(1), authority: root.id });
    const { ledger } = ledgerThatAnswers(charged, () => Promise.reject(new Error("was recalled")));
    expect(told(await decideWith(ledger, verifiedOf(result)))).toBe("allow");
  });
});

describe("a denial", () => {
  it.each<readonly [string, () => Promise<never>]>([
    ["is busy", () => Promise.reject(new WritError("DATABASE_BUSY", "busy"))],
    ["has a defect", () => Promise.reject(new TypeError("no function"))],
  ])("stays one where the ledger that could recall it %s", async (_, recall) => {
    const { lead } = world;
    const root = await grantTo(world, lead, { grants: [{ id: "mine", actions: ["pay"] }] });
    const { ledger, entries } = ledgerThatAnswers(charged, recall);
    const invocation = { action: "steal" };
    const { result } = await ask(world, lead, { invocation, authority: root.id });
    expect(told(await decideWith(ledger, verifiedOf(result)))).toBe(
      "deny; NOT_ALLOWED actions 0 /invocation/action",
    );
    expect(entries).toEqual([]);
  });
});

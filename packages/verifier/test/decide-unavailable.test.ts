import { WritError } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide, openLedger, type LedgerAnswer, type ServiceFacts } from "../src/index.js";
import { openEmptyLedger } from "./ledgers.js";
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
import { INVOCATION, openWorld, SERVICE, STRANGER, type World } from "./world.js";

const charged = (): Promise<LedgerAnswer> => Promise.resolve({ outcome: "charged" });

let world: World;
beforeAll(async () => void (world = await openWorld("unavailable")));
afterAll(() => world.close());

/** `sub` asks to pay 5, metered at the root alone. */
async function metered() {
  const { lead, sub } = world;
  const root = await grantTo(world, lead, { grants: [payments("root", 100, 0)], maxHops: 1 });
  const { id } = await handOn(lead, sub, {
    authority: root.id,
    grants: [{ id: "child", within: "root", actions: ["pay"] }],
  });
  return verifiedOf((await ask(world, sub, { invocation: paying(5), authority: id })).result);
}

describe("a metered grant (HOSTILE 231)", () => {
  it.each<readonly [string, (facts: Required<Pick<ServiceFacts, "ledger">>) => ServiceFacts]>([
    ["without a ledger", () => ({ audience: SERVICE.did })],
    ["without a ledger or a name", () => ({})],
    ["of a service that does not say who it is", ({ ledger }) => ({ ledger })],
    ["at another service", ({ ledger }) => ({ ledger, audience: STRANGER.did })],
  ])("does not hold %s, and nothing is charged", async (_, factsOf) => {
    const { ledger, entries } = ledgerThatAnswers(charged);
    expect(told(await decide(await metered(), factsOf({ ledger })))).toBe(
      "deny; LEDGER_UNAVAILABLE meter 0 /invocation",
    );
    expect(entries).toEqual([]);
  });

  it("holds where its ledger is", async () => {
    const { ledger, entries } = ledgerThatAnswers(charged);
    expect(told(await decideWith(ledger, await metered()))).toBe("allow");
    expect(entries).toHaveLength(1);
    expect(entries[0]?.charges).toHaveLength(1);
  });
});

describe("a ledger that could not tell", () => {
  it.each(["DATABASE_BUSY", "DATABASE_UNAVAILABLE", "LEDGER_UNAVAILABLE", "DATABASE_INVALID"] as const)(
    "has not said yes: %s",
    async (code) => {
      const cause = new WritError(code, "no luck");
      const { ledger } = ledgerThatAnswers(() => Promise.reject(cause));
      const decision = await decideWith(ledger, await metered());
      expect(told(decision)).toBe("deny; LEDGER_UNAVAILABLE /invocation");
      // For the operator; whoever asks is not told more.
      expect(decision).toMatchObject({ cause });
      expect(decision.problems[0]?.detail).toBe("the ledger could not tell");
    },
  );

  it("has not said yes with what is no answer", async () => {
    const answer = { outcome: "perhaps" } as unknown as LedgerAnswer;
    const { ledger } = ledgerThatAnswers(() => Promise.resolve(answer));
    expect(told(await decideWith(ledger, await metered()))).toBe("deny; LEDGER_UNAVAILABLE /invocation");
  });

  it("says so where its clock was set back (HOSTILE 93)", async () => {
    const cause = new WritError("CLOCK_BACKWARDS", "a year ago");
    const { ledger } = ledgerThatAnswers(() => Promise.reject(cause));
    expect(told(await decideWith(ledger, await metered()))).toBe("deny; CLOCK_BACKWARDS /invocation");
  });

  it("has not said yes to an action that nothing meters either", async () => {
    const { ledger } = ledgerThatAnswers(() => Promise.reject(new WritError("DATABASE_BUSY", "busy")));
    const { result } = await ask(world, world.lead, {
      invocation: { ...INVOCATION, args: { amount: 1 } },
      authority: world.root.id,
    });
    expect(told(await decideWith(ledger, verifiedOf(result)))).toBe("deny; LEDGER_UNAVAILABLE /invocation");
  });

  it.each<readonly [string, () => Promise<LedgerAnswer>, unknown]>([
    ["rejects", () => Promise.reject(new TypeError("no function")), expect.any(TypeError)],
    [
      "throws at once",
      () => {
        throw new RangeError("too deep");
      },
      expect.any(RangeError),
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- ledgers may be careless
    ["rejects with nothing", () => Promise.reject(undefined), undefined],
  ])("because of a defect has not said yes either: one that %s", async (_, answer, cause) => {
    const decision = await decideWith(ledgerThatAnswers(answer).ledger, await metered());
    expect(told(decision)).toBe("deny; LEDGER_UNAVAILABLE /invocation");
    expect(decision).toMatchObject({ cause });
  });

  it("can be one whose file is full, or closed", async () => {
    const { ledger, database } = await openEmptyLedger();
    const presentation = await metered();
    await database.query(
      "CREATE TRIGGER full BEFORE INSERT ON ledger_totals BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    expect(told(await decideWith(ledger, presentation))).toBe("deny; LEDGER_UNAVAILABLE /invocation");
    await database.query("DROP TRIGGER full");
    // What failed left nothing behind: the same action is allowed as soon as the ledger can tell.
    expect(told(await decideWith(await openLedger(database), presentation))).toBe("allow");
    await database.close();
    expect(told(await decideWith(ledger, presentation))).toBe("deny; LEDGER_UNAVAILABLE /invocation");
  });
});

describe("what is not allowed is not charged", () => {
  it("where a grant denies, or the cost is not known", async () => {
    const { ledger, entries } = ledgerThatAnswers(charged);
    const { lead } = world;
    const { id } = await grantTo(world, lead, { grants: [payments("mine", 100, 9)] });
    for (const invocation of [
      { action: "steal", args: { amount: 1 } },
      { action: "pay" },
      { action: "pay", args: { amount: -1 } },
      { action: "pay", args: { amount: "1" } },
    ]) {
      const { result } = await ask(world, lead, { invocation, authority: id });
      expect(told(await decideWith(ledger, verifiedOf(result)))).toMatch(/^deny; NOT_ALLOWED/);
    }
    const { result } = await ask(world, lead, { invocation: paying(1), authority: id });
    const spend = { unit: "USD", amount: 1 };
    expect((await decideWith(ledger, verifiedOf(result), { spend })).outcome).toBe("deny");
    expect(entries).toEqual([]);
  });

  it("where an approval is missing", async () => {
    const { ledger, entries } = ledgerThatAnswers(charged);
    const approval = { over: 0, approvers: [STRANGER.did], quorum: 1 };
    const grants = [payments("mine", 100, 9, { approval })];
    const { id } = await grantTo(world, world.lead, { grants });
    const { result } = await ask(world, world.lead, { invocation: paying(1), authority: id });
    expect((await decideWith(ledger, verifiedOf(result))).outcome).toBe("approval_required");
    expect(entries).toEqual([]);
  });
});

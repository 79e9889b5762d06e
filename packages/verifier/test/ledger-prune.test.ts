import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  accountAt,
  accountsOf,
  actionAt,
  budgetOf,
  chargeOf,
  entryOf,
  openEmptyLedger,
  rateOf,
  SECOND,
  spending,
} from "./ledgers.js";
import { DAY, HOUR, NOW } from "./world.js";

const CHARGED = { outcome: "charged" };
const KEPT = 90 * DAY + HOUR;
const LONG_DAYS = 120;
const LONG_RATE = rateOf(9, (LONG_DAYS * DAY) / SECOND);

/** How many entries and keys go where one action at `NOW` is forgotten at a time. */
async function prunedAt(now: number, entry = actionAt(NOW)): Promise<string> {
  const { ledger } = await openEmptyLedger();
  await ledger.charge(entry);
  const { entries, keys } = await ledger.prune(now);
  const [account] = await ledger.accounts();
  expect(account?.actions).toBe(1 - entries);
  expect(account?.last).toBe(entries === 1 ? undefined : NOW);
  return `${String(entries)} entries, ${String(keys)} keys`;
}

describe("an entry is forgotten", () => {
  const key = { keyUntil: NOW + 1000 * DAY };

  it("after 90 days and an hour, by the millisecond", async () => {
    expect(await prunedAt(NOW + KEPT - 1, { ...actionAt(NOW), ...key })).toBe("0 entries, 0 keys");
    expect(await prunedAt(NOW + KEPT, { ...actionAt(NOW), ...key })).toBe("1 entries, 0 keys");
  });

  it("later, where a rate of its account looks further back", async () => {
    const entry = { ...actionAt(NOW, rateOf(9, 1), LONG_RATE, rateOf(9, 60)), ...key };
    const end = NOW + LONG_DAYS * DAY + HOUR;
    expect(await prunedAt(end - 1, entry)).toBe("0 entries, 0 keys");
    expect(await prunedAt(end, entry)).toBe("1 entries, 0 keys");
  });

  it("later, also where the rate was seen long before, or after", async () => {
    for (const limits of [
      [[LONG_RATE], []],
      [[], [LONG_RATE]],
      [[LONG_RATE], [rateOf(9, 60)]],
    ] as const) {
      const { ledger } = await openEmptyLedger();
      for (const each of limits) await ledger.charge(actionAt(NOW, ...each));
      expect(await ledger.prune(NOW + LONG_DAYS * DAY + HOUR - 1)).toMatchObject({ entries: 0 });
      expect(await ledger.prune(NOW + LONG_DAYS * DAY + HOUR)).toMatchObject({ entries: 2 });
    }
  });

  it("at the time of its own account", async () => {
    const { ledger } = await openEmptyLedger();
    const long = chargeOf({ account: accountAt(1), limits: [LONG_RATE] });
    await ledger.charge(entryOf({ charges: [chargeOf(), long] }));
    expect(await ledger.prune(NOW + KEPT)).toEqual({ entries: 1, keys: 0 });
    expect(await accountsOf(ledger)).toMatchObject([
      { account: accountAt(0), actions: 0 },
      { account: accountAt(1), actions: 1 },
    ]);
  });

  it("never, where a rate looks back to the beginning", async () => {
    const for_ever = { ...actionAt(NOW, rateOf(9, Number.MAX_SAFE_INTEGER)), ...key };
    expect(await prunedAt(NOW + 900 * DAY, for_ever)).toBe("0 entries, 0 keys");
  });

  it("not by a clock that has only begun", async () => {
    expect(await prunedAt(0)).toBe("0 entries, 0 keys");
  });
});

describe("a key is forgotten", () => {
  it("an hour after its authority has ended, by the millisecond", async () => {
    const until = { keyUntil: NOW + DAY };
    expect(await prunedAt(NOW + DAY + HOUR - 1, { ...actionAt(NOW), ...until })).toBe("0 entries, 0 keys");
    expect(await prunedAt(NOW + DAY + HOUR, { ...actionAt(NOW), ...until })).toBe("0 entries, 1 keys");
  });

  it("and its action is not charged again then, by whatever clock", async () => {
    const { ledger } = await openEmptyLedger();
    const entry = { ...spending(5), keyUntil: NOW + DAY };
    await ledger.charge(entry);
    await ledger.prune(NOW + DAY + HOUR - 1);
    expect(await ledger.charge(entry)).toMatchObject({ outcome: "already_charged" });
    await ledger.prune(NOW + DAY + HOUR);
    for (const at of [NOW, NOW + DAY - 1, NOW + 2 * DAY]) {
      expect(await codeOfAsync(() => ledger.charge({ ...entry, at }))).toBe("LEDGER_UNAVAILABLE");
    }
    // Nor is any other under authority that had ended by then; what ends later is charged.
    expect(await codeOfAsync(() => ledger.charge({ ...spending(5), keyUntil: NOW + DAY }))).toBe(
      "LEDGER_UNAVAILABLE",
    );
    expect(await ledger.charge({ ...spending(5), keyUntil: NOW + DAY + 1 })).toEqual(CHARGED);
  });

  it("and what was forgotten once stays so, when a clock is set back", async () => {
    const { ledger } = await openEmptyLedger();
    await ledger.prune(NOW + DAY + HOUR);
    await ledger.prune(NOW);
    expect(await codeOfAsync(() => ledger.charge({ ...spending(5), keyUntil: NOW + DAY }))).toBe(
      "LEDGER_UNAVAILABLE",
    );
  });

  it("but not when the ledger was last used", async () => {
    const { ledger } = await openEmptyLedger();
    await ledger.charge({ ...spending(5), keyUntil: NOW + 1 });
    await ledger.prune(NOW + HOUR + 1);
    expect(await codeOfAsync(() => ledger.charge({ ...spending(5), at: NOW - DAY - 1 }))).toBe(
      "CLOCK_BACKWARDS",
    );
  });
});

describe("what is kept of what was forgotten", () => {
  it("is every sum", async () => {
    const { ledger } = await openEmptyLedger();
    await ledger.charge(spending(60, budgetOf(100)));
    expect(await ledger.prune(NOW + 900 * DAY)).toEqual({ entries: 1, keys: 0 });
    expect(await ledger.accounts()).toEqual([
      { issuer: chargeOf().issuer, account: accountAt(0), totals: { EUR: 60 }, actions: 0 },
    ]);
    expect(await ledger.charge(spending(41, budgetOf(100)))).toMatchObject({ outcome: "exceeded" });
    expect(await ledger.charge(spending(40, budgetOf(100)))).toEqual(CHARGED);
  });

  const LATER = NOW + KEPT;
  const window = (milliseconds: number) => rateOf(9, milliseconds / SECOND);

  /** An account of which all up to `NOW`, included, was forgotten. */
  async function openPruned() {
    const opened = await openEmptyLedger();
    await opened.ledger.charge(actionAt(NOW));
    expect(await opened.ledger.prune(LATER)).toMatchObject({ entries: 1 });
    return opened;
  }

  it("is until when, so that a rate that looks further back is not answered", async () => {
    const { ledger, rows } = await openPruned();
    const before = await rows();
    const beyond = actionAt(LATER - 1, window(KEPT));
    expect(await codeOfAsync(() => ledger.charge(beyond))).toBe("LEDGER_UNAVAILABLE");
    expect(await rows()).toEqual(before);
    expect(await ledger.charge(actionAt(LATER, window(KEPT)))).toEqual(CHARGED);
    expect(await ledger.charge({ ...beyond, at: LATER + 5 })).toEqual(CHARGED);
  });

  it("is enough to say that a rate is reached", async () => {
    const { ledger } = await openPruned();
    await ledger.charge(actionAt(LATER));
    const long = (max: number) => actionAt(LATER, rateOf(max, (2 * KEPT) / SECOND));
    expect(await ledger.charge(long(1))).toMatchObject({ outcome: "exceeded" });
    expect(await codeOfAsync(() => ledger.charge(long(2)))).toBe("LEDGER_UNAVAILABLE");
  });

  it("does not hinder a budget, another account, or an account of which nothing was forgotten", async () => {
    const { ledger } = await openPruned();
    expect(await ledger.charge(spending(5, budgetOf(5)))).toEqual(CHARGED);
    const long = [rateOf(9, (2 * KEPT) / SECOND)];
    const fresh = entryOf({ at: LATER, charges: [chargeOf({ account: accountAt(1), limits: long })] });
    expect(await ledger.charge(fresh)).toEqual(CHARGED);
    expect(await ledger.prune(LATER + KEPT)).toMatchObject({ entries: 1 });
    expect(await ledger.charge({ ...fresh, nonce: "another" })).toEqual(CHARGED);
  });

  it("does not move back with the clock", async () => {
    const { ledger } = await openPruned();
    await ledger.charge(actionAt(NOW - 2 * SECOND));
    expect(await ledger.prune(LATER - SECOND)).toMatchObject({ entries: 1 });
    const charge = () => ledger.charge(actionAt(LATER - 1, window(KEPT)));
    expect(await codeOfAsync(charge)).toBe("LEDGER_UNAVAILABLE");
    await ledger.charge(actionAt(NOW + 5));
    expect(await ledger.prune(LATER + 10)).toMatchObject({ entries: 1 });
    expect(await codeOfAsync(() => ledger.charge(actionAt(LATER + 9, window(KEPT))))).toBe(
      "LEDGER_UNAVAILABLE",
    );
  });
});

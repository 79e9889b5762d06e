import { openSqliteDatabase } from "@writ/database";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { createLedger, openLedger } from "../src/index.js";
import {
  accountAt,
  accountsOf,
  budgetOf,
  chargeOf,
  entryOf,
  eur,
  ISSUER,
  openEmptyLedger,
  OTHER_ISSUER,
  rateOf,
  spending,
  temporaryDatabase,
} from "./ledgers.js";
import { NOW } from "./world.js";

const CHARGED = { outcome: "charged" };
const MAX = Number.MAX_SAFE_INTEGER;

describe("a ledger in a database", () => {
  it("is made once, and opened where there is one", async () => {
    const database = await temporaryDatabase();
    expect(await codeOfAsync(() => openLedger(database))).toBe("NOT_FOUND");
    const ledger = await createLedger(database);
    expect(await ledger.accounts()).toEqual([]);
    await ledger.charge(spending(5));
    expect(await codeOfAsync(() => createLedger(database))).toBe("ALREADY_EXISTS");
    const again = await openSqliteDatabase({ path: database.path, mode: "open" });
    onTestFinished(() => again.close());
    expect(await (await openLedger(again)).accounts()).toMatchObject([{ totals: { EUR: 5 } }]);
  });

  it("is left alone where a newer version wrote it", async () => {
    const { database } = await openEmptyLedger();
    await database.query("UPDATE writ_schema SET version = 2 WHERE component = 'ledger'");
    expect(await codeOfAsync(() => openLedger(database))).toBe("FORMAT_TOO_NEW");
  });

  it("charges nothing where a row is damaged", async () => {
    const { ledger, database, rows } = await openEmptyLedger();
    await ledger.charge(spending(5));
    await database.query("UPDATE ledger_totals SET total = 'five'");
    const before = await rows();
    expect(await codeOfAsync(() => ledger.charge(spending(1, budgetOf(9))))).toBe("DATABASE_INVALID");
    expect(await codeOfAsync(() => ledger.charge(spending(1)))).toBe("DATABASE_INVALID");
    expect(await rows()).toEqual(before);
  });
});

describe("a budget", () => {
  it("may be spent to the last cent, and no further", async () => {
    const { ledger } = await openEmptyLedger();
    expect(await ledger.charge(spending(60, budgetOf(100)))).toEqual(CHARGED);
    const over = spending(41, budgetOf(100));
    expect(await ledger.charge(over)).toEqual({
      outcome: "exceeded",
      exceeded: [{ charge: over.charges[0], limit: budgetOf(100) }],
    });
    expect(await ledger.charge(spending(40, budgetOf(100)))).toEqual(CHARGED);
    expect(await ledger.charge(spending(1, budgetOf(100)))).toMatchObject({ outcome: "exceeded" });
    // What counts is what the account bears, and what this grant says of it.
    expect(await ledger.charge(spending(1, budgetOf(101)))).toEqual(CHARGED);
    expect(await ledger.charge(spending(1, budgetOf(101)))).toMatchObject({ outcome: "exceeded" });
  });

  it("counts what was charged while there was none", async () => {
    const { ledger } = await openEmptyLedger();
    expect(await ledger.charge(spending(90))).toEqual(CHARGED);
    expect(await ledger.charge(spending(11, budgetOf(100)))).toMatchObject({ outcome: "exceeded" });
    expect(await ledger.charge(spending(10, budgetOf(100)))).toEqual(CHARGED);
  });

  it("is kept in each unit apart", async () => {
    const { ledger } = await openEmptyLedger();
    const limits = [budgetOf(10)];
    const charged = (unit: string) =>
      ledger.charge(entryOf({ charges: [chargeOf({ spend: { unit, amount: 10 }, limits })] }));
    for (const unit of ["EUR", "USD", "eur"]) expect(await charged(unit)).toEqual(CHARGED);
    for (const unit of ["EUR", "USD", "eur"]) expect(await charged(unit)).toMatchObject({ exceeded: [{}] });
  });

  it("is that of one issuer's account", async () => {
    const { ledger } = await openEmptyLedger();
    const limits = [budgetOf(10)];
    const charged = (issuer: string, account: string) =>
      ledger.charge(entryOf({ charges: [chargeOf({ issuer, account, spend: eur(10), limits })] }));
    expect(await charged(ISSUER, accountAt(0))).toEqual(CHARGED);
    expect(await charged(OTHER_ISSUER, accountAt(0))).toEqual(CHARGED);
    expect(await charged(ISSUER, accountAt(1))).toEqual(CHARGED);
    for (const issuer of [ISSUER, OTHER_ISSUER]) {
      expect(await charged(issuer, accountAt(0))).toMatchObject({ outcome: "exceeded" });
    }
  });

  it("without a spend cannot be kept", async () => {
    const { ledger, rows } = await openEmptyLedger();
    const before = await rows();
    const entry = entryOf({ charges: [chargeOf({ limits: [budgetOf(10)] })] });
    expect(await codeOfAsync(() => ledger.charge(entry))).toBe("LEDGER_UNAVAILABLE");
    expect(await rows()).toEqual(before);
  });

  it("is kept among charges that come at once", async () => {
    const { ledger } = await openEmptyLedger();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => ledger.charge(spending(10, budgetOf(100)))),
    );
    expect(answers.filter(({ outcome }) => outcome === "charged")).toHaveLength(10);
    expect(await ledger.accounts()).toMatchObject([{ totals: { EUR: 100 }, actions: 10 }]);
  });
});

describe("a sum that could not be told exactly", () => {
  it("is not begun, and nothing of its action is booked", async () => {
    const { ledger, rows } = await openEmptyLedger();
    expect(await ledger.charge(spending(MAX))).toEqual(CHARGED);
    const before = await rows();
    // The first account could bear it; the second is full.
    const charges = [chargeOf({ account: accountAt(1), spend: eur(1) }), chargeOf({ spend: eur(1) })];
    const entry = entryOf({ charges });
    expect(await codeOfAsync(() => ledger.charge(entry))).toBe("LEDGER_UNAVAILABLE");
    expect(await rows()).toEqual(before);
    // Its key is free, since nothing was decided.
    expect(await ledger.charge({ ...entry, charges: charges.slice(0, 1) })).toEqual(CHARGED);
    expect(await ledger.charge(spending(1, budgetOf(MAX)))).toMatchObject({ outcome: "exceeded" });
    const other = entryOf({ charges: [chargeOf({ spend: { unit: "USD", amount: MAX } })] });
    expect(await ledger.charge(other)).toEqual(CHARGED);
  });
});

describe("an action on several accounts", () => {
  const root = chargeOf({ grant: "root", spend: eur(10), limits: [budgetOf(20)] });
  const child = chargeOf({
    link: 1,
    grant: "child",
    issuer: OTHER_ISSUER,
    spend: eur(10),
    limits: [budgetOf(10)],
  });

  it("is charged to all", async () => {
    const { ledger } = await openEmptyLedger();
    expect(await ledger.charge(entryOf({ charges: [root, child] }))).toEqual(CHARGED);
    const accounts = await ledger.accounts();
    expect(accounts).toHaveLength(2);
    for (const account of accounts) expect(account).toMatchObject({ totals: { EUR: 10 }, actions: 1 });
  });

  it.each([
    ["the last", [root, child]],
    ["the first", [child, root]],
  ])("is charged to none where %s could not bear it", async (_, charges) => {
    const { ledger, rows } = await openEmptyLedger();
    await ledger.charge(entryOf({ charges }));
    const before = await rows();
    expect(await ledger.charge(entryOf({ charges }))).toEqual({
      outcome: "exceeded",
      exceeded: [{ charge: child, limit: budgetOf(10) }],
    });
    expect(await rows()).toEqual(before);
  });

  it("says every limit that it would break, in order", async () => {
    const { ledger } = await openEmptyLedger();
    await ledger.charge(entryOf({ charges: [root, child] }));
    const first = { ...root, limits: [budgetOf(19), rateOf(2, 60), rateOf(1, 60), rateOf(1, 1)] };
    const second = { ...child, limits: [rateOf(1, 60), budgetOf(20), budgetOf(19)] };
    const free = chargeOf({ account: accountAt(2), spend: eur(10), limits: [budgetOf(9), budgetOf(10)] });
    expect(await ledger.charge(entryOf({ charges: [first, second, free] }))).toEqual({
      outcome: "exceeded",
      exceeded: [
        { charge: first, limit: budgetOf(19) },
        { charge: first, limit: rateOf(1, 60) },
        { charge: first, limit: rateOf(1, 1) },
        { charge: second, limit: rateOf(1, 60) },
        { charge: second, limit: budgetOf(19) },
        { charge: free, limit: budgetOf(9) },
      ],
    });
  });
});

describe("accounts", () => {
  it("are told with what each bears", async () => {
    const { ledger } = await openEmptyLedger();
    const [first, second] = [ISSUER, OTHER_ISSUER].sort() as [string, string];
    for (const [issuer, position, at] of [
      [second, 0, NOW - 2],
      [first, 1, NOW + 2],
      [first, 1, NOW + 1],
      [first, 0, NOW],
    ] as const) {
      const spend = { unit: at === NOW + 1 ? "USD" : "EUR", amount: at < NOW ? 5 : 7 };
      const charges = [chargeOf({ issuer, account: accountAt(position), spend })];
      await ledger.charge(entryOf({ at, charges }));
    }
    await ledger.charge(entryOf({ at: NOW - 1, charges: [chargeOf({ issuer: first })] }));
    expect(await accountsOf(ledger)).toEqual([
      { issuer: first, account: accountAt(0), totals: { EUR: 7 }, actions: 2, last: NOW },
      { issuer: first, account: accountAt(1), totals: { EUR: 7, USD: 7 }, actions: 2, last: NOW + 2 },
      { issuer: second, account: accountAt(0), totals: { EUR: 5 }, actions: 1, last: NOW - 2 },
    ]);
  });
});

describe("actions", () => {
  it("are told of the accounts of a name, the oldest first", async () => {
    const { ledger } = await openEmptyLedger();
    const charges = [chargeOf({ spend: eur(7) }), chargeOf({ issuer: OTHER_ISSUER })];
    const late = entryOf({ at: NOW + 1, charges });
    const early = entryOf({ at: NOW - 1, holder: "did:web:other.example", charges: charges.slice(0, 1) });
    const elsewhere = entryOf({ charges: [chargeOf({ account: accountAt(1) })] });
    for (const entry of [late, early, elsewhere]) await ledger.charge(entry);
    const { holder, nonce } = late;
    const actions = await ledger.actions(accountAt(0));
    expect(actions[0]).toEqual({
      issuer: ISSUER,
      at: NOW - 1,
      holder: early.holder,
      nonce: early.nonce,
      spend: eur(7),
    });
    expect(actions.slice(1)).toHaveLength(2);
    expect(actions.slice(1)).toEqual(
      expect.arrayContaining([
        { issuer: ISSUER, at: NOW + 1, holder, nonce, spend: eur(7) },
        { issuer: OTHER_ISSUER, at: NOW + 1, holder, nonce },
      ]),
    );
    expect(await ledger.actions(accountAt(9))).toEqual([]);
  });
});

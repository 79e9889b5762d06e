import { describe, expect, it } from "vitest";

import { budgetOf, entryOf, openEmptyLedger, rateOf, spending } from "./ledgers.js";
import { DAY, NOW, signerOf } from "./world.js";

const CHARGED = { outcome: "charged" };

describe("the key of a charge", () => {
  it("charges once, and says when that was", async () => {
    const { ledger, rows } = await openEmptyLedger();
    const entry = spending(10, budgetOf(10), rateOf(1, 60));
    expect(await ledger.charge(entry)).toEqual(CHARGED);
    const before = await rows();
    for (const at of [NOW, NOW + 5, NOW - 5, NOW + DAY]) {
      expect(await ledger.charge({ ...entry, at })).toEqual({ outcome: "already_charged", at: NOW });
    }
    expect(await rows()).toEqual(before);
  });

  it("is bound to one invocation", async () => {
    const { ledger, rows } = await openEmptyLedger();
    const entry = spending(10);
    await ledger.charge(entry);
    const before = await rows();
    expect(await ledger.charge({ ...entry, digestMultibase: "uEiB" })).toEqual({ outcome: "nonce_reused" });
    // Also where it would cost too much: that says nothing of the account.
    const dear = { ...spending(11, budgetOf(20)), nonce: entry.nonce, digestMultibase: "uEiB" };
    expect(await ledger.charge(dear)).toEqual({ outcome: "nonce_reused" });
    expect(await rows()).toEqual(before);
  });

  it("is the holder's own", async () => {
    const { ledger } = await openEmptyLedger();
    const entry = spending(10);
    await ledger.charge(entry);
    const other = { ...entry, holder: signerOf("another holder").did };
    expect(await ledger.charge(other)).toEqual(CHARGED);
    expect(await ledger.charge(other)).toMatchObject({ outcome: "already_charged" });
    expect(await ledger.accounts()).toMatchObject([{ totals: { EUR: 20 }, actions: 2 }]);
  });

  it("is kept where nothing is metered", async () => {
    const { ledger } = await openEmptyLedger();
    const entry = entryOf({ charges: [] });
    expect(await ledger.charge(entry)).toEqual(CHARGED);
    expect(await ledger.charge(entry)).toEqual({ outcome: "already_charged", at: NOW });
    expect(await ledger.accounts()).toEqual([]);
  });

  it("is free again where the action was not charged", async () => {
    const { ledger, rows } = await openEmptyLedger();
    const before = await rows();
    const entry = spending(11, budgetOf(10));
    expect(await ledger.charge(entry)).toMatchObject({ outcome: "exceeded" });
    expect(await rows()).toEqual(before);
    const cheaper = { ...spending(10, budgetOf(10)), nonce: entry.nonce, digestMultibase: "uEiB" };
    expect(await ledger.charge(cheaper)).toEqual(CHARGED);
  });

  it("can be recalled, without charging anything", async () => {
    const { ledger, rows } = await openEmptyLedger();
    const entry = spending(10);
    const { holder, nonce, digestMultibase } = entry;
    const key = { holder, nonce, digestMultibase };
    expect(await ledger.recall(key)).toBeUndefined();
    await ledger.charge(entry);
    const before = await rows();
    expect(await ledger.recall(key)).toEqual({ outcome: "already_charged", at: NOW });
    expect(await ledger.recall({ ...key, digestMultibase: "uEiB" })).toEqual({ outcome: "nonce_reused" });
    expect(await ledger.recall({ ...key, nonce: "another" })).toBeUndefined();
    expect(await ledger.recall({ ...key, holder: signerOf("another holder").did })).toBeUndefined();
    expect(await rows()).toEqual(before);
  });
});

import type { DelegationRecord } from "@writ/wallet";
import { describe, expect, it } from "vitest";

import { delegationTable } from "../src/commands/wallet-delegations.js";
import { relativeTime } from "../src/terminal/relative-time.js";

const NOW = Date.parse("2026-11-23T08:00:00Z");
const MINUTE = 60_000;
const TO = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";

function delegation(more: Partial<DelegationRecord> = {}): DelegationRecord {
  return {
    id: "urn:uuid:0e9a",
    state: "live",
    from: "did:web:lead",
    to: TO,
    parent: { id: "urn:uuid:a04e", digestMultibase: "uEiA" },
    grants: ["eu-refunds", "read"],
    budgets: [{ grant: "eu-refunds", within: "refunds", unit: "EUR", budget: 20_000, of: 150_000 }],
    handedOnAt: NOW,
    endsAt: NOW + 43 * MINUTE,
    remainingMs: 43 * MINUTE,
    isRevocable: false,
    credential: {} as DelegationRecord["credential"],
    ...more,
  };
}

const shown = (delegations: readonly DelegationRecord[], columns?: number): readonly string[] =>
  delegationTable(delegations, NOW, columns)
    .text.split("\n")
    .map((line) => line.trimEnd());

describe("delegations on a terminal", () => {
  it("have a line for each grant, and an end in both ways of saying it", () => {
    expect(shown([delegation()])).toEqual([
      `to${" ".repeat(TO.length)}grant       budget               until                 state`,
      `${TO}  eu-refunds  EUR 20000 of 150000  2026-11-23T08:43:00Z  live`,
      `urn:uuid:0e9a${" ".repeat(TO.length - 13)}  read                             in 43 min`,
    ]);
  });

  it("say since when they are revoked, and a budget whose whole is not known", () => {
    const revoked = delegation({
      state: "revoked",
      revokedAt: NOW - 5 * MINUTE,
      grants: ["eu-refunds"],
      budgets: [{ grant: "eu-refunds", within: "refunds", unit: "EUR", budget: 7 }],
    });
    const [, first, second] = shown([revoked]);
    expect(first).toMatch(/ {2}EUR 7 {3}2026-11-23T08:43:00Z {2}revoked$/);
    expect(second).toMatch(/in 43 min {13}5 min ago$/);
  });

  it.each([0, 80, 100, 120])("fit a terminal of %i columns, where none are 80", (columns) => {
    const many = delegation({ grants: ["a-grant-with-a-name-of-some-length", "read"] });
    const rows = shown([many, delegation()], columns);
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(columns === 0 ? 80 : columns);
    expect(rows.join("\n")).toContain(TO);
    expect(rows.join("\n")).toContain("2026-11-23T08:43:00Z");
  });

  it("show eight grants of each, and how many more there are", () => {
    const grants = Array.from({ length: 11 }, (_, index) => `g${String(index)}`);
    const rows = shown([delegation({ grants })], 120);
    expect(rows).toHaveLength(10);
    expect(rows.at(-1)).toContain("and 3 more");
  });
});

describe("a time as people say it", () => {
  it.each([
    [0, "0 s ago"],
    [999, "in 0 s"],
    [59_999, "in 59 s"],
    [MINUTE, "in 1 min"],
    [-90 * MINUTE, "1 hour ago"],
    [120 * MINUTE, "in 2 hours"],
    [-24 * 60 * MINUTE, "1 day ago"],
    [89 * 24 * 60 * MINUTE, "in 89 days"],
  ])("%i ms away is %s", (distance, said) => {
    expect(relativeTime(NOW + distance, NOW)).toBe(said);
  });
});

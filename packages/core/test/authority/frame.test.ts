import { seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { frameGrant, isFramed, type Grant } from "../../src/index.js";

const LEDGER = "did:web:shop.example";
const ACCOUNT = "urn:uuid:5be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11";
const OTHER = "urn:uuid:6be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11";
const FRAME: Grant = {
  id: "refunds",
  actions: ["refund.*"],
  spend: { unit: "EUR", amountAt: "/amount", perAction: 100, budget: 1000 },
  statusMaxAgeSeconds: 60,
  meter: { ledger: LEDGER, account: ACCOUNT },
};
const framed = (written: Grant) => frameGrant(written, FRAME, seededRandom("frame"));
const own = { ledger: LEDGER, account: OTHER };

describe("a grant in a frame", () => {
  it("says itself what it would inherit, on a meter account of its own", () => {
    const { grant, problems } = framed({ id: "mine", actions: ["refund.create"] });
    expect(problems).toEqual([]);
    const { account = "" } = grant.meter ?? {};
    expect(grant).toEqual({
      ...FRAME,
      id: "mine",
      actions: ["refund.create"],
      meter: { ledger: LEDGER, account },
    });
    expect(account).toMatch(/^urn:uuid:/);
    expect(account).not.toBe(ACCOUNT);
    expect(isFramed(grant, FRAME)).toBe(true);
  });

  it("keeps the meter that it writes", () => {
    const { grant, problems } = framed({ id: "mine", actions: ["refund.*"], meter: own });
    expect({ meter: grant.meter, problems }).toEqual({ meter: own, problems: [] });
  });

  it.each<readonly [string, Partial<Grant>, string]>([
    ["an action beyond it", { actions: ["payout.create"] }, "/actions/0"],
    ["a higher limit", { spend: { unit: "EUR", amountAt: "/amount", perAction: 101 } }, "/spend/perAction"],
    ["the account of the frame", { meter: FRAME.meter as NonNullable<Grant["meter"]> }, "/meter/account"],
    ["another ledger", { meter: { ledger: "did:web:other.example", account: OTHER } }, "/meter/ledger"],
  ])("does not lie inside with %s", (_, change, pointer) => {
    const written = { id: "mine", actions: ["refund.*"], ...change };
    const { problems } = framed(written);
    expect(problems).toMatchObject([{ code: "ATTENUATION_VIOLATED", pointer, grant: "mine" }]);
    expect(problems.every((problem) => !("link" in problem))).toBe(true);
    expect(isFramed({ ...FRAME, meter: own, ...written }, FRAME)).toBe(false);
  });

  it.each(["spend", "statusMaxAgeSeconds", "meter"] as const)(
    "is not framed as long as it lacks %s",
    (member) => {
      const { grant } = framed({ id: "mine", actions: ["refund.*"] });
      const { [member]: _, ...less } = grant;
      expect(isFramed(less as Grant, FRAME)).toBe(false);
    },
  );

  it("is not framed as long as one member of a limit is left open", () => {
    const { grant } = framed({ id: "mine", actions: ["refund.*"] });
    const spend = { unit: "EUR", amountAt: "/amount", perAction: 100 };
    expect(isFramed({ ...grant, spend }, FRAME)).toBe(false);
  });
});

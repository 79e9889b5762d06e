import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { LedgerAnswer } from "../src/index.js";
import { actionAt, entryOf, openEmptyLedger, rateOf, SECOND } from "./ledgers.js";
import { MINUTE, NOW } from "./world.js";

/** One character for each answer: `c`harged or `e`xceeded. */
const told = (answers: readonly LedgerAnswer[]): string =>
  answers.map(({ outcome }) => outcome.charAt(0)).join("");

/** What is answered to actions at these times, in this order, under these rates. */
async function answersAt(times: readonly number[], ...rates: readonly (readonly [number, number])[]) {
  const { ledger } = await openEmptyLedger();
  const answers: LedgerAnswer[] = [];
  for (const time of times) {
    answers.push(
      await ledger.charge(actionAt(NOW + time, ...rates.map(([max, seconds]) => rateOf(max, seconds)))),
    );
  }
  return told(answers);
}

describe("the window of a rate (t−s, t]", () => {
  it.each<readonly [readonly number[], string]>([
    [[0, 0], "ce"],
    [[0, 1], "ce"],
    [[0, 59_999], "ce"],
    [[0, 60_000], "cc"],
    [[0, 60_001], "cc"],
    // What was refused is no action, and does not keep the window full.
    [[0, 59_999, 60_000, 119_999, 120_000], "cecec"],
  ])("of a minute holds one action: at %j ms", async (times, answers) => {
    expect(await answersAt(times, [1, 60])).toBe(answers);
  });

  it("slides: never more than three in any ten seconds", async () => {
    expect(
      await answersAt([0, 4000, 8000, 9999, 10_000, 13_999, 14_000, 17_999, 18_000, 18_000], [3, 10]),
    ).toBe("cccececece");
  });

  it("is kept for each rate", async () => {
    expect(await answersAt([0, 1000, 1999, 2000, 3000, 9999, 10_000], [1, 1], [3, 10])).toBe("ccec" + "eec");
  });

  it("holds as many as it may at one moment", async () => {
    expect(await answersAt([0, 0, 0, 0], [3, 1])).toBe("ccce");
  });

  it("may begin before 1970, and hold as many as can be told", async () => {
    const { MAX_SAFE_INTEGER: max } = Number;
    expect(await answersAt([0, 0], [1, max])).toBe("ce");
    expect(await answersAt([0, 0], [max, max])).toBe("cc");
    expect(await answersAt([1 - NOW, 2 - NOW, 60_001 - NOW], [1, 60])).toBe("cec");
  });
});

describe("a clock that was set back (HOSTILE 93)", () => {
  const day = 24 * 60 * MINUTE;

  it("by a day is late, by more it is refused, and nothing is booked", async () => {
    const { ledger, rows } = await openEmptyLedger();
    expect(await ledger.charge(actionAt(NOW))).toEqual({ outcome: "charged" });
    const before = await rows();
    const late = actionAt(NOW - day - 1);
    expect(await codeOfAsync(() => ledger.charge(late))).toBe("CLOCK_BACKWARDS");
    expect(await rows()).toEqual(before);
    expect(await ledger.charge(actionAt(NOW - day))).toEqual({ outcome: "charged" });
  });
});

describe("an entry of a clock that runs ahead", () => {
  it("counts for all who come earlier", async () => {
    expect(await answersAt([30_000, 0], [1, 60])).toBe("ce");
    expect(await answersAt([10 * MINUTE, 0], [1, 60])).toBe("ce");
    expect(await answersAt([1, 0, 0], [2, 60])).toBe("cce");
  });

  it("is not there for those whose window begins after it", async () => {
    expect(await answersAt([-60_000, 0], [1, 60])).toBe("cc");
    expect(await answersAt([-59_999, 0], [1, 60])).toBe("ce");
  });
});

describe("a rate", () => {
  it("counts actions of other holders, and those without a rate", async () => {
    const { ledger } = await openEmptyLedger();
    await ledger.charge(actionAt(NOW));
    const other = { ...actionAt(NOW + SECOND, rateOf(2, 60)), holder: "did:web:other.example" };
    expect(await ledger.charge(other)).toEqual({ outcome: "charged" });
    expect(await ledger.charge(actionAt(NOW + SECOND, rateOf(2, 60)))).toMatchObject({
      outcome: "exceeded",
    });
  });

  it("does not count what charged no account", async () => {
    const { ledger } = await openEmptyLedger();
    await ledger.charge(entryOf({ charges: [] }));
    expect(await ledger.charge(actionAt(NOW, rateOf(1, 60)))).toEqual({ outcome: "charged" });
  });
});

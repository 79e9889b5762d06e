import type { Limit } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { DEEP } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import type { LedgerEntry, SqlLedger } from "../src/index.js";
import { Model } from "./ledger-model.js";
import {
  accountAt,
  accountsOf,
  budgetOf,
  chargeOf,
  ISSUER,
  openEmptyLedger,
  OTHER_ISSUER,
  rateOf,
} from "./ledgers.js";
import { DAY, HOUR, MINUTE, NOW } from "./world.js";

const [RUNS, STEPS] = DEEP ? [200, 200] : [20, 60];

type Draw = ReturnType<typeof drawing>;

/** Draws from a small world, in which limits are met and keys meet each other. */
function drawing(seed: string) {
  const random = seededRandom(seed);
  const below = (end: number): number => Buffer.from(random(4)).readUInt32BE() % end;
  const of = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T;
  return { below, of };
}

function drawLimit({ below, of }: Draw, hasSpend: boolean): Limit {
  const days = (count: number) => (count * DAY) / 1000;
  if (hasSpend && below(2) === 0) return budgetOf(of([5, 10, 20, 40]));
  return rateOf(1 + below(4), of([1, 60, 3600, days(1), days(89), days(91), days(200)]));
}

function drawEntry(draw: Draw, at: number): LedgerEntry {
  const { below, of } = draw;
  const issuers = of([[ISSUER], [OTHER_ISSUER], [ISSUER, OTHER_ISSUER], []]);
  const charges = issuers.map((issuer, link) => {
    const spend = below(4) === 0 ? undefined : { unit: of(["EUR", "USD"]), amount: 1 + below(6) };
    return chargeOf({
      link,
      issuer,
      account: accountAt(below(2)),
      ...(spend === undefined ? {} : { spend }),
      limits: Array.from({ length: below(3) }, () => drawLimit(draw, spend !== undefined)),
    });
  });
  return {
    holder: of(["did:web:a.example", "did:web:b.example"]),
    nonce: String(below(40)),
    digestMultibase: of(["uEiA", "uEiA", "uEiB"]),
    at,
    keyUntil: at + of([0, HOUR, DAY]),
    charges,
  };
}

async function answerOf(ledger: SqlLedger, entry: LedgerEntry): Promise<unknown> {
  const answering = ledger.charge(entry);
  const [settled] = await Promise.allSettled([answering]);
  return settled.status === "fulfilled" ? settled.value : codeOfAsync(() => answering);
}

/** Compares the two step by step; returns which answers there were. */
async function run(seed: string): Promise<ReadonlySet<string>> {
  const draw = drawing(seed);
  const { ledger } = await openEmptyLedger();
  const model = new Model();
  const seen = new Set<string>();
  let clock = NOW;
  for (let step = 0; step < STEPS; step++) {
    clock += draw.of([0, 1, 999, 1000, MINUTE, HOUR, -HOUR, DAY, 40 * DAY]);
    if (draw.below(8) === 0) {
      expect(await ledger.prune(clock), `${seed}, step ${String(step)}`).toEqual(model.prune(clock));
    } else {
      const entry = drawEntry(draw, clock);
      const expected = model.charge(entry);
      expect(await answerOf(ledger, entry), `${seed}, step ${String(step)}`).toEqual(expected);
      seen.add(typeof expected === "string" ? expected : expected.outcome);
    }
    expect(await accountsOf(ledger), `${seed}, step ${String(step)}`).toEqual(model.accounts());
  }
  return seen;
}

describe("any sequence of charges and prunes", () => {
  it("comes out as on a list that is counted from its beginning", async () => {
    const seen = new Set<string>();
    for (let index = 0; index < RUNS; index++) {
      for (const outcome of await run(`ledger ${String(index)}`)) seen.add(outcome);
    }
    // The world is small enough for all that can happen to happen.
    expect([...seen].sort()).toEqual(
      ["LEDGER_UNAVAILABLE", "already_charged", "charged", "exceeded", "nonce_reused"].sort(),
    );
  }, 300_000);
});

import type { JsonObject } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide, type VerifiedPresentation } from "../src/index.js";
import { acting, ACTION, actingUnder, verifiedAt } from "./conditions.js";
import { ask, grantTo, told, verifiedOf } from "./metered.js";
import { DAY, NOW, openWorld, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld("conditions")));
afterAll(() => world.close());

describe("a context that a grant asks for (HOSTILE 228)", () => {
  const context = { environment: { oneOf: ["prod"] }, riskScore: { range: { max: 40 } } };
  const inner = { environment: { oneOf: ["prod"] }, riskScore: { range: { max: 20 } } };
  let presentation: VerifiedPresentation;
  beforeAll(async () => {
    presentation = await verifiedAt(
      world,
      await acting(world, { when: { context } }, { when: { context: inner } }),
    );
  });
  const unavailable = "deny; CONTEXT_UNAVAILABLE when 0 /invocation; CONTEXT_UNAVAILABLE when 1 /invocation";

  it.each<readonly [JsonObject | undefined, string]>([
    [{ environment: "prod", riskScore: 20 }, "allow"],
    [{ environment: "prod", riskScore: -5, unnamed: "free" }, "allow"],
    [{ environment: "prod", riskScore: 21 }, "deny; NOT_ALLOWED when 1 /invocation"],
    [
      { environment: "prod", riskScore: 41 },
      "deny; NOT_ALLOWED when 0 /invocation; NOT_ALLOWED when 1 /invocation",
    ],
    [
      { environment: "dev", riskScore: 1 },
      "deny; NOT_ALLOWED when 0 /invocation; NOT_ALLOWED when 1 /invocation",
    ],
    [undefined, unavailable],
    [{}, unavailable],
    [{ environment: "prod" }, unavailable],
    [{ riskScore: 1 }, unavailable],
    [{ environment: "prod", riskScore: "1" }, unavailable],
    [{ environment: "prod", riskScore: null }, unavailable],
    [{ environment: ["prod"], riskScore: 1 }, unavailable],
    [{ environment: "prod", RiskScore: 1 }, unavailable],
  ])("is %j: %s", async (facts, outcome) => {
    expect(told(await decide(presentation, { context: facts }))).toBe(outcome);
  });

  it("is the service's word, not that of whoever asks", async () => {
    const { lead } = world;
    const { id } = await grantTo(world, lead, { grants: [actingUnder("mine", { when: { context } })] });
    const invocation = { ...ACTION, args: { environment: "prod", riskScore: 1, context: {} } };
    const { result } = await ask(world, lead, { invocation, authority: id });
    expect(told(await decide(verifiedOf(result)))).toBe("deny; CONTEXT_UNAVAILABLE when 0 /invocation");
  });

  it.each([
    ["a number that is not exact", { riskScore: 2 ** 60, environment: "prod" }, "NUMBER_UNSAFE"],
    ["half of a surrogate pair", { riskScore: 1, environment: "\ud800" }, "JSON_SURROGATE"],
    ["a list", [], "ARGUMENT_INVALID"],
  ])("is refused where it is or holds %s", async (_, context, code) => {
    const facts = { context: context as JsonObject };
    expect(await codeOfAsync(() => decide(presentation, facts))).toBe(code);
  });

  it("is read once, so that what becomes of it later changes nothing", async () => {
    const facts: { environment: string; riskScore: number } = { environment: "prod", riskScore: 1 };
    const deciding = decide(presentation, { context: facts });
    facts.riskScore = 99;
    expect(told(await deciding)).toBe("allow");
  });
});

describe("hours that a grant holds in", () => {
  const hours = (from: string, to: string, days: readonly "mo"[] = ["mo"]) => ({
    when: { windows: [{ days, from, to, timeZone: "Europe/Berlin" }] },
  });

  it("are by the clock of the verification, in the zone of the grant, by the millisecond", async () => {
    const root = await acting(world, hours("09:01", "09:03"));
    const child = await acting(world, {}, hours("09:01", "09:03"));
    for (const [instant, allowed] of [
      ["2026-11-23T08:00:59.999Z", false],
      ["2026-11-23T08:01:00.000Z", true],
      ["2026-11-23T08:02:59.999Z", true],
      ["2026-11-23T08:03:00.000Z", false],
    ] as const) {
      for (const [link, text] of [root, child].entries()) {
        const decision = await decide(await verifiedAt(world, text, Date.parse(instant)));
        const denied = `deny; NOT_ALLOWED when ${String(link)} /invocation`;
        expect([instant, told(decision)]).toEqual([instant, allowed ? "allow" : denied]);
        expect(decision.asOf).toBe(Date.parse(instant));
      }
    }
  });

  it("hold for what was verified in them, whenever it is decided", async () => {
    const presentation = await verifiedAt(world, await acting(world, hours("09:00", "09:01")));
    world.clock.advance(DAY);
    try {
      expect(await decide(presentation)).toMatchObject({ outcome: "allow", asOf: NOW });
    } finally {
      world.clock.advance(-DAY);
    }
  });
});

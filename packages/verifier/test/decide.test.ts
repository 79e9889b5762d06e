import { codeOfAsync } from "@writ/testkit";
import type { Grant, JsonObject } from "@writ/core";
import { grantAuthority } from "@writ/issuer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide, verifyPresentation, type ServiceFacts, type VerifiedPresentation } from "../src/index.js";
import {
  compose,
  EU,
  INVOCATION,
  linkBelow,
  NOW,
  openWorld,
  present,
  SERVICE,
  SMALL,
  STRANGER,
  type World,
} from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

interface Asked {
  readonly action?: string;
  readonly resource?: string;
  readonly args?: JsonObject;
}

async function verified(text: string): Promise<VerifiedPresentation> {
  const result = await verifyPresentation(text, world.expectations);
  if (!result.verified) throw new Error(JSON.stringify(result.problems));
  return result.presentation;
}

/** The presentation of `third`, under the grant at the end of the chain of three. */
async function asking(changes: Asked = {}): Promise<VerifiedPresentation> {
  return verified(await present(world.third, { invocation: { ...INVOCATION, ...changes } }));
}

/** A presentation of `sub` under one grant below the root, or of `lead` under one at the root. */
async function under(grant: Partial<Grant>, asked: Asked = {}): Promise<VerifiedPresentation> {
  const { lead, sub, root } = world;
  const link = await linkBelow(root, lead.signer, sub.agent.did, { grants: [{ ...EU, ...grant }] });
  return invoking(link, [sub.identity, root, link, lead.identity], "eu", asked);
}

async function invoking(
  authority: object,
  credentials: readonly object[],
  grant: string,
  asked: Asked,
  party = world.sub,
): Promise<VerifiedPresentation> {
  const { digestMultibase } = await import("@writ/core");
  const invocation = {
    authority: { digestMultibase: digestMultibase(authority), grant },
    ...INVOCATION,
    ...asked,
    nonce: "n",
  };
  const changes = { "/invocation": JSON.parse(JSON.stringify(invocation)) as JsonObject };
  return verified(await compose(party.signer, credentials, { changes }));
}

/** The problems of a decision, one line each. */
async function denials(presentation: VerifiedPresentation, facts?: ServiceFacts): Promise<readonly string[]> {
  const { outcome, problems, asOf } = await decide(presentation, facts);
  expect(outcome).toBe(problems.length === 0 ? "allow" : "deny");
  expect(asOf).toBe(NOW);
  return problems.map(
    ({ code, dimension = "", pointer, link = NaN, grant = "" }) =>
      `${code} ${dimension} ${pointer} ${String(link)} ${grant}`,
  );
}

describe("decide", () => {
  it("allows what the named grant and each that it stands within allow", async () => {
    expect(await decide(await asking())).toEqual({
      outcome: "allow",
      problems: [],
      singleUse: "challenge",
      asOf: NOW,
    });
  });

  it("denies with dimension, place, link and grant, root first", async () => {
    const outside = await asking({
      action: "order.read",
      resource: "https://api.acme.example/v1/orders/us/1",
      args: { amount: 501 },
    });
    expect(await denials(outside)).toEqual([
      "NOT_ALLOWED actions /invocation/action 1 eu",
      "NOT_ALLOWED resources /invocation/resource 1 eu",
      "NOT_ALLOWED spend /invocation/args/amount 1 eu",
      "NOT_ALLOWED actions /invocation/action 2 small",
    ]);
    expect((await decide(outside)).problems[2]).toMatchObject({ asked: 501, allowed: 500 });
    const far = await asking({ action: "payout.create", args: { amount: 100, note: "x", other: 1 } });
    expect(await denials(far)).toEqual([
      "NOT_ALLOWED actions /invocation/action 0 refunds",
      "NOT_ALLOWED args /invocation/args/other 0 refunds",
      "NOT_ALLOWED actions /invocation/action 1 eu",
      "NOT_ALLOWED actions /invocation/action 2 small",
    ]);
  });

  it("holds what a child does not repeat against the parent's own words (HOSTILE 142)", async () => {
    const bare = { args: undefined, resources: undefined, spend: undefined } as unknown as Partial<Grant>;
    const grant = JSON.parse(JSON.stringify(bare)) as Partial<Grant>;
    const { resource } = INVOCATION;
    expect(await denials(await under(grant, { resource, args: { amount: 20_001 } }))).toEqual([
      "NOT_ALLOWED args /invocation/args/amount 0 refunds",
      "NOT_ALLOWED spend /invocation/args/amount 0 refunds",
      "NOT_ALLOWED spend /invocation/args/amount 1 eu",
    ]);
  });

  it("denies where the resource is missing", async () => {
    const { resource: _, ...bare } = INVOCATION;
    const text = await present(world.sub, { invocation: bare });
    expect(await denials(await verified(text))).toEqual([
      "NOT_ALLOWED resources /invocation/resource 0 refunds",
      "NOT_ALLOWED resources /invocation/resource 1 eu",
    ]);
  });
});

describe("what the service states", () => {
  it("is its own DID, for grants with an audience (HOSTILE 161)", async () => {
    const presentation = await under({ audience: [SERVICE.did] });
    expect(await denials(presentation, { audience: SERVICE.did })).toEqual([]);
    expect(await denials(presentation, { audience: STRANGER.did })).toEqual([
      "NOT_ALLOWED audience /invocation 1 eu",
    ]);
    expect(await denials(presentation)).toEqual(["NOT_ALLOWED audience /invocation 1 eu"]);
    expect(await denials(await under({}), { audience: STRANGER.did })).toEqual([]);
  });

  it("is what the action costs, which the arguments may not contradict", async () => {
    const presentation = await asking({ args: { amount: 100 } });
    expect(await denials(presentation, { spend: { unit: "EUR", amount: 100 } })).toEqual([]);
    for (const spend of [
      { unit: "EUR", amount: 99 },
      { unit: "EUR", amount: 101 },
      { unit: "USD", amount: 100 },
      { unit: "eur", amount: 100 },
    ]) {
      expect(await denials(presentation, { spend })).toEqual(
        [
          "NOT_ALLOWED spend /invocation/args/amount 0 refunds",
          "NOT_ALLOWED spend /invocation/args/amount 1 eu",
        ].map((line) => (spend.amount === 100 ? line.replace("/amount", "") : line)),
      );
    }
  });

  it("replaces what no argument says, and is needed then", async () => {
    const { lead, organisation } = world;
    const grants: Grant[] = [{ id: "plain", actions: ["a"], spend: { unit: "EUR", perAction: 10 } }];
    const root = await grantAuthority(organisation, lead.agent, { grants });
    const result = await verifyPresentation(JSON.stringify(JSON.parse(await presentOf(root))), {
      ...world.expectations,
      status: await world.source(),
    });
    if (!result.verified) throw new Error("not verified");
    expect(await denials(result.presentation)).toEqual(["NOT_ALLOWED spend /invocation/args 0 plain"]);
    expect(await denials(result.presentation, { spend: { unit: "EUR", amount: 10 } })).toEqual([]);
    expect(await denials(result.presentation, { spend: { unit: "EUR", amount: 11 } })).toHaveLength(1);
  });

  async function presentOf(root: object): Promise<string> {
    const { digestMultibase } = await import("@writ/core");
    const invocation = {
      authority: { digestMultibase: digestMultibase(root), grant: "plain" },
      action: "a",
      nonce: "n",
    };
    return compose(world.lead.signer, [world.lead.identity, root], {
      changes: { "/invocation": invocation },
    });
  }

  it.each<readonly [string, object]>([
    ["a name that is no DID", { audience: "https://shop.example" }],
    ["an empty name", { audience: "" }],
    ["nothing spent", { spend: { unit: "EUR", amount: 0 } }],
    ["less than nothing", { spend: { unit: "EUR", amount: -5 } }],
    ["half a cent", { spend: { unit: "EUR", amount: 0.5 } }],
    ["an amount that is not exact", { spend: { unit: "EUR", amount: 2 ** 53 } }],
    ["a text", { spend: { unit: "EUR", amount: "100" } }],
    ["no unit", { spend: { unit: "", amount: 1 } }],
  ])("is refused where it is not of its form: %s", async (_, facts) => {
    const presentation = await asking();
    expect(await codeOfAsync(() => decide(presentation, facts))).toBe("ARGUMENT_INVALID");
  });

  it("replaces nothing of what was signed: nothing said elsewhere is authority (HOSTILE 162)", async () => {
    const presentation = await asking({ action: "order.read" });
    const before = await denials(presentation);
    expect(before).not.toEqual([]);
    const facts = {
      action: "refund.create",
      resource: INVOCATION.resource,
      args: { amount: 1 },
      grant: SMALL,
      perspective: "holder",
    } as ServiceFacts;
    expect(await denials(presentation, facts)).toEqual(before);
    const free = await under({ audience: [SERVICE.did] });
    expect(await denials(free, { perspective: "holder" } as ServiceFacts)).toHaveLength(1);
  });
});

describe("what is decided on", () => {
  it("was made by a verification in this process (DESIGN 4.11)", async () => {
    const genuine = await asking();
    for (const forged of [
      { ...genuine },
      structuredClone(genuine),
      JSON.parse(JSON.stringify(genuine)) as VerifiedPresentation,
      Object.create(genuine) as VerifiedPresentation,
      new Proxy(genuine, {}),
      {} as VerifiedPresentation,
    ]) {
      expect(await codeOfAsync(() => decide(forged))).toBe("ARGUMENT_INVALID");
    }
    expect((await decide(genuine)).outcome).toBe("allow");
  });

  it("carries an invocation", async () => {
    const bare = await verified(await present(world.third));
    expect(await codeOfAsync(() => decide(bare))).toBe("ARGUMENT_INVALID");
  });

  it("cannot be changed before it is decided on", async () => {
    "use strict";
    const genuine = await asking({ args: { amount: 501 } });
    const invocation = genuine.invocation as unknown as {
      args: { amount: number };
      grant: { effective: object };
    };
    expect(() => (invocation.args.amount = 1)).toThrow(TypeError);
    expect(() => (invocation.grant.effective = {})).toThrow(TypeError);
    expect(() => ((genuine as { invocation?: unknown }).invocation = {})).toThrow(TypeError);
    expect((await decide(genuine)).outcome).toBe("deny");
  });
});

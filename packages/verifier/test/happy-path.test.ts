import { asJson, digestMultibase } from "@writ/core";
import { revokeCredential } from "@writ/issuer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { trustOrganisations, verifyCredential, verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, VERIFIED } from "./outcome.js";
import { INVOCATION, NOW, openWorld, present, type Party, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

const established = (name: string) => ({ name, outcome: "established", asOf: NOW });
const open = (name: string) => ({ name, outcome: "not_established", asOf: NOW });

describe("verifyCredential", () => {
  it("verifies an identity credential, from text or bytes", async () => {
    const text = JSON.stringify(world.lead.identity);
    for (const input of [text, new TextEncoder().encode(text)]) {
      const result = await verifyCredential(input, world.expectations);
      expect(result).toEqual({
        verified: true,
        credential: world.lead.identity,
        checks: ["json", "profile", "signature", "issuer", "time", "chain", "status"].map(established),
        asOf: NOW,
      });
    }
  });

  it("verifies the root of a chain, not what lies below it", async () => {
    const root = await verifyCredential(JSON.stringify(world.root), world.expectations);
    expect(outcomeOf(root)).toEqual(VERIFIED);
    const middle = await verifyCredential(JSON.stringify(world.middle), world.expectations);
    expect(outcomeOf(middle)).toEqual(refused("chain", "CHAIN_PARENT_MISSING /credentialSubject/parent"));
  });

  it("reads the white space and order of members that it is given, and returns what it means", async () => {
    const reversed = Object.fromEntries(Object.entries(world.root).reverse());
    const result = await verifyCredential(` ${JSON.stringify(reversed, null, 2)}\n`, world.expectations);
    expect(result).toMatchObject({ verified: true, credential: world.root });
  });
});

describe("verifyPresentation", () => {
  const chainOf = (): readonly (readonly [Party, readonly object[], string])[] => [
    [world.lead, [world.root], "refunds"],
    [world.sub, [world.root, world.middle], "eu"],
    [world.third, [world.root, world.middle, world.leaf], "small"],
  ];

  it.each([1, 2, 3])("verifies a chain of %i with an invocation", async (length) => {
    const [party, links, grant] = chainOf()[length - 1] as ReturnType<typeof chainOf>[number];
    const text = await present(party, { invocation: INVOCATION });
    const result = await verifyPresentation(text, world.expectations);
    expect(outcomeOf(result)).toEqual(VERIFIED);
    expect(result.checks).toEqual([
      ...["json", "profile", "signature", "issuer", "time", "holder", "chain", "status", "challenge"].map(
        established,
      ),
      open("single-use"),
      established("invocation"),
    ]);
    if (!result.verified) throw new Error("unreachable");
    const { presentation } = result;
    expect(asJson(presentation.document)).toEqual(JSON.parse(text));
    expect(presentation).toMatchObject({
      holder: party.agent.did,
      agent: { name: party.agent.name, agentId: party.agent.agentId, owner: world.organisation.did },
      asOf: NOW,
      invocation: {
        ...INVOCATION,
        authority: { digestMultibase: digestMultibase(links.at(-1) as never), grant },
        grant: { link: length - 1, written: { id: grant } },
      },
    });
    expect(presentation.chains).toHaveLength(1);
    expect(presentation.chains[0]?.principal).toBe(world.organisation.did);
    expect(presentation.chains[0]?.links.map(({ credential }) => credential)).toEqual(links);
  });

  it("verifies one without an invocation, and says that this was not looked at", async () => {
    const result = await verifyPresentation(await present(world.sub), world.expectations);
    expect(outcomeOf(result)).toEqual(VERIFIED);
    expect(result.checks.slice(-2)).toEqual([open("single-use"), open("invocation")]);
    expect(result).toMatchObject({ presentation: { chains: [{ grants: [{ written: { id: "eu" } }] }] } });
    expect(result.verified && "invocation" in result.presentation).toBe(false);
  });

  it("returns what each chain lets the holder do, folded and in words", async () => {
    const result = await verifyPresentation(await present(world.third), world.expectations);
    if (!result.verified) throw new Error("not verified");
    const { authorities } = result.presentation;
    expect(JSON.parse(JSON.stringify(authorities))).toEqual([
      {
        principal: world.organisation.did,
        rootIssuer: world.organisation.did,
        digestMultibase: digestMultibase(world.leaf),
        validFrom: world.leaf.validFrom,
        validUntil: world.leaf.validUntil,
        remainingHops: 0,
        grants: [
          {
            id: "small",
            effective: {
              actions: ["refund.create"],
              resources: ["https://api.acme.example/v1/orders/eu/"],
              args: { "/amount": { range: { min: 1, max: 20_000 } }, "/note": { any: true, optional: true } },
              spend: { unit: "EUR", amountAt: "/amount", perAction: 500 },
            },
          },
        ],
      },
    ]);
    expect(authorities[0]?.grants[0]?.text).toEqual([
      "May do: refund.create",
      "Only on: https://api.acme.example/v1/orders/eu/ and all below it",
      'Argument "/amount": an integer from 1 to 20000',
      'Argument "/note", where given: anything, with all that is in it',
      "No other arguments",
      "Cost: at most 500 for one action, no limit for all together, in whole minor units of EUR",
      'Cost: its amount is argument "/amount"',
      "Sets no limit by: audience, rate, meter, when, approval, statusMaxAgeSeconds",
    ]);
  });

  it("verifies an identity alone", async () => {
    const text = await present(world.lead, { authority: "none" });
    const result = await verifyPresentation(text, world.expectations);
    expect(result).toMatchObject({
      verified: true,
      presentation: { chains: [], authorities: [], agent: { name: "lead" } },
    });
  });

  it("asks for each list once, and its clock once", async () => {
    const status = await world.source();
    let asked = 0;
    const clock = () => NOW + asked++;
    const text = await present(world.third);
    const result = await verifyPresentation(text, { ...world.expectations, status, clock });
    expect(result.verified).toBe(true);
    expect(asked).toBe(1);
    expect([...status.asked].sort()).toEqual([...status.lists.keys()].sort());
  });

  it("gives the frozen document that was verified, whatever becomes of the input", async () => {
    const bytes = new TextEncoder().encode(await present(world.sub, { invocation: INVOCATION }));
    const verifying = verifyPresentation(bytes, world.expectations);
    bytes.fill(0x20);
    const result = await verifying;
    if (!result.verified) throw new Error("not verified");
    const unfrozen: string[] = [];
    const seen = new Set<unknown>();
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null || seen.has(value)) return;
      seen.add(value);
      if (!Object.isFrozen(value)) unfrozen.push(path);
      for (const [key, member] of Object.entries(value)) walk(member, `${path}/${key}`);
    };
    walk(result.presentation, "");
    expect(unfrozen).toEqual([]);
    expect(seen.size).toBeGreaterThan(50);
    const credential = await verifyCredential(JSON.stringify(world.root), world.expectations);
    walk(credential.verified && credential.credential, "credential");
    expect(unfrozen).toEqual([]);
  });
});

describe("trust", () => {
  it("is nobody's where the policy is empty", async () => {
    const trust = trustOrganisations([]);
    const presented = await verifyPresentation(await present(world.lead), { ...world.expectations, trust });
    expect(outcomeOf(presented)).toEqual(
      refused(
        "issuer",
        "ISSUER_UNTRUSTED /verifiableCredential/0/issuer",
        "ISSUER_UNTRUSTED /verifiableCredential/1/issuer",
      ),
    );
    const credential = await verifyCredential(JSON.stringify(world.root), { ...world.expectations, trust });
    expect(outcomeOf(credential)).toEqual(refused("issuer", "ISSUER_UNTRUSTED /issuer"));
  });
});

describe("revocation", () => {
  it("takes effect with the next lists, on the credential and all below it", async () => {
    const own = await openWorld("revocation");
    try {
      const text = await present(own.third);
      const stale = await own.source();
      await revokeCredential(own.organisation, own.root.id);
      const before = await verifyPresentation(text, { ...own.expectations, status: stale });
      expect(before.verified).toBe(true);
      const after = await verifyPresentation(text, { ...own.expectations, status: await own.source() });
      const at = (
        JSON.parse(text) as { verifiableCredential: { id: string }[] }
      ).verifiableCredential.findIndex(({ id }) => id === own.root.id);
      expect(outcomeOf(after)).toEqual(
        refused("status", `REVOKED /verifiableCredential/${String(at)}/credentialStatus/0`),
      );
    } finally {
      await own.close();
    }
  });
});

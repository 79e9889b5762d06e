import {
  digestMultibase,
  encodeStatusList,
  formatTimestamp,
  MIN_STATUS_ENTRIES,
  STATUS_LIST_CONTEXT,
  type Grant,
  type StatusListCredential,
} from "@writ/core";
import { grantAuthority } from "@writ/issuer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createStatusCache, decide, verifyPresentation } from "../src/index.js";
import { acting, ACTION, actingUnder, verifiedAt } from "./conditions.js";
import { told, verifiedOf } from "./metered.js";
import { outcomeOf, refused } from "./outcome.js";
import {
  compose,
  DAY,
  linkBelow,
  NOW,
  openWorld,
  reissue,
  type CountingSource,
  type World,
} from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld("status age")));
afterAll(() => world.close());

describe("the age of the status (HOSTILE 226)", () => {
  /** The organisation's lists as they were signed so many milliseconds ago; only those of a purpose, if one is given. */
  async function listsOf(age: number, purpose?: string): Promise<CountingSource> {
    const source = await world.source();
    for (const [address, text] of source.lists) {
      const list = JSON.parse(text as string) as StatusListCredential;
      if (purpose !== undefined && list.credentialSubject.statusPurpose !== purpose) continue;
      const changes = { "/validFrom": new Date(NOW - age).toISOString() };
      source.lists.set(
        address,
        JSON.stringify(await reissue(list, world.organisation.signer, changes, { created: NOW - age })),
      );
    }
    return source;
  }

  /** A list of the organisation's that sets nothing, signed at a time. */
  async function emptyListAt(address: string, signedAt: number): Promise<string> {
    const list = {
      "@context": STATUS_LIST_CONTEXT,
      id: address,
      type: ["VerifiableCredential", "BitstringStatusListCredential"],
      issuer: world.organisation.did,
      validFrom: new Date(signedAt).toISOString(),
      validUntil: formatTimestamp(signedAt + DAY),
      credentialSubject: {
        id: `${address}#list`,
        type: "BitstringStatusList",
        statusPurpose: "revocation",
        encodedList: encodeStatusList(MIN_STATUS_ENTRIES, []),
      },
    };
    return JSON.stringify(await reissue(list, world.organisation.signer));
  }

  const bound = (seconds: number): Partial<Grant> => ({ statusMaxAgeSeconds: seconds });
  const tooOld = (...links: readonly number[]): string =>
    [
      "deny",
      ...links.map((link) => `STATUS_UNAVAILABLE statusMaxAgeSeconds ${String(link)} /invocation`),
    ].join("; ");

  it("may be as much as the grant says, and not a millisecond more", async () => {
    const text = await acting(world, bound(300));
    for (const [age, outcome] of [
      [0, "allow"],
      [299_999, "allow"],
      [300_000, "allow"],
      [300_001, tooOld(0)],
      [3_600_000, tooOld(0)],
    ] as const) {
      const presentation = await verifiedAt(world, text, NOW, await listsOf(age));
      expect(presentation.statusAsOf).toBe(NOW - age);
      expect(told(await decide(presentation))).toBe(outcome);
    }
    const old = await decide(await verifiedAt(world, text, NOW, await listsOf(300_001)));
    expect(old.problems[0]).toMatchObject({ asked: 301, allowed: 300, grant: "root" });
  });

  it("grows while the same list is served again and again", async () => {
    const text = await acting(world, bound(240));
    const source = await world.source();
    expect(told(await decide(await verifiedAt(world, text, NOW + 240_000, source)))).toBe("allow");
    expect(told(await decide(await verifiedAt(world, text, NOW + 240_001, source)))).toBe(tooOld(0));
  });

  it("is bounded by the grant that is named and by each above it", async () => {
    const text = await acting(world, bound(300), bound(60));
    const at = async (age: number) =>
      told(await decide(await verifiedAt(world, text, NOW, await listsOf(age))));
    expect(await at(60_000)).toBe("allow");
    expect(await at(60_001)).toBe(tooOld(1));
    expect(await at(300_001)).toBe(tooOld(0, 1));
    const inner = await acting(world, {}, bound(60));
    expect(told(await decide(await verifiedAt(world, inner, NOW, await listsOf(60_001))))).toBe(tooOld(1));
  });

  it("is free where no grant bounds it", async () => {
    const text = await acting(world, {});
    expect(told(await decide(await verifiedAt(world, text, NOW, await listsOf(20 * 3_600_000))))).toBe(
      "allow",
    );
  });

  it.each(["revocation", "suspension"])("is that of the oldest list: of %s alone", async (purpose) => {
    const source = await listsOf(300_001, purpose);
    const presentation = await verifiedAt(world, await acting(world, bound(300)), NOW, source);
    expect(presentation.statusAsOf).toBe(NOW - 300_001);
    expect(told(await decide(presentation))).toBe(tooOld(0));
  });

  it.each(["lead", "sub"] as const)("counts for the identity of each on the way: of %s", async (whose) => {
    const { lead, sub, organisation } = world;
    const address = "https://elsewhere.example/status/r1";
    const moved = await reissue(world[whose].identity, organisation.signer, {
      "/credentialStatus/0/statusListCredential": address,
    });
    const root = await grantAuthority(organisation, lead.agent, {
      grants: [actingUnder("root", bound(300))],
      maxHops: 1,
    });
    const link = await linkBelow(root, lead.signer, sub.agent.did, {
      grants: [actingUnder("child", { within: "root" })],
    });
    const identities = whose === "lead" ? [moved, sub.identity] : [lead.identity, moved];
    const authority = { digestMultibase: digestMultibase(link), grant: "child" };
    const text = await compose(sub.signer, [...identities, root, link], {
      changes: { "/invocation": { authority, ...ACTION, nonce: "n" } },
    });
    for (const [age, outcome] of [
      [300_000, "allow"],
      [300_001, tooOld(0)],
    ] as const) {
      const source = await world.source();
      source.lists.set(address, await emptyListAt(address, NOW - age));
      expect(told(await decide(await verifiedAt(world, text, NOW, source)))).toBe(outcome);
    }
  });

  describe("is what the source is asked for", () => {
    /** Each demand that a source is given while a presentation is verified. */
    async function demandsOf(text: string): Promise<readonly unknown[]> {
      const source = await world.source();
      const demands: unknown[] = [];
      const status: CountingSource = {
        ...source,
        get(address, demand) {
          demands.push(demand);
          return source.get(address);
        },
      };
      await verifyPresentation(text, { ...world.expectations, status });
      return demands;
    }

    it.each([
      ["the grant's own", bound(300), bound(60), { maxAgeMs: 60_000 }],
      ["that of the grant above", bound(300), {}, { maxAgeMs: 300_000 }],
      ["that of the grant alone", {}, bound(60), { maxAgeMs: 60_000 }],
      ["nothing", {}, {}, {}],
    ] as const)("by an invocation: %s", async (_, root, child, demand) => {
      expect(await demandsOf(await acting(world, root, child))).toEqual([demand, demand]);
    });

    it("by the grant that is named, not by another of the same authority", async () => {
      const { lead, organisation } = world;
      const grants = [
        actingUnder("loose", bound(300)),
        { ...actingUnder("tight", bound(5)), actions: ["other"] },
      ];
      const root = await grantAuthority(organisation, lead.agent, { grants });
      const naming = async (grant: string) =>
        compose(lead.signer, [lead.identity, root], {
          changes: {
            "/invocation": {
              authority: { digestMultibase: digestMultibase(root), grant },
              ...ACTION,
              nonce: "n",
            },
          },
        });
      expect(await demandsOf(await naming("loose"))).toEqual([{ maxAgeMs: 300_000 }, { maxAgeMs: 300_000 }]);
      expect(await demandsOf(await naming("tight"))).toEqual([{ maxAgeMs: 5000 }, { maxAgeMs: 5000 }]);
      const none = await naming("none");
      expect(await demandsOf(none)).toEqual([{}, {}]);
      expect(outcomeOf(await verifyPresentation(none, world.expectations))).toEqual(
        refused("invocation", "INVOCATION_AUTHORITY /invocation/authority/grant"),
      );
    });

    it("by the authority that is named, not by another with a grant of that name", async () => {
      const { lead, organisation } = world;
      const [loose, tight] = [
        await grantAuthority(organisation, lead.agent, { grants: [actingUnder("act", bound(300))] }),
        await grantAuthority(organisation, lead.agent, { grants: [actingUnder("act", bound(5))] }),
      ];
      const authority = { digestMultibase: digestMultibase(loose), grant: "act" };
      const text = await compose(lead.signer, [lead.identity, loose, tight], {
        changes: { "/invocation": { authority, ...ACTION, nonce: "n" } },
      });
      expect(await demandsOf(text)).toEqual([{ maxAgeMs: 300_000 }, { maxAgeMs: 300_000 }]);
    });

    it("so that a cache does not answer a list that the grant will not take", async () => {
      const text = await acting(world, bound(60));
      const lists = await listsOf(0);
      const cache = createStatusCache(lists, { clock: world.clock });
      const at = async (now: number) => {
        const expectations = { ...world.expectations, status: cache, clock: () => now };
        return told(await decide(verifiedOf(await verifyPresentation(text, expectations))));
      };
      expect([await at(NOW), lists.asked.length]).toEqual(["allow", 2]);
      world.clock.advance(60_000);
      expect([await at(NOW + 60_000), lists.asked.length]).toEqual(["allow", 2]);
      world.clock.advance(1);
      // Whoever signs lists has made no newer ones: that is for the decision to say.
      expect([await at(NOW + 60_001), lists.asked.length]).toEqual([tooOld(0), 4]);
      for (const [address, list] of (await listsOf(-1)).lists) lists.lists.set(address, list);
      expect([await at(NOW + 60_001), lists.asked.length]).toEqual(["allow", 6]);
    });
  });
});

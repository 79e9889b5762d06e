import { asJson, decodeStatusList, type JsonText, type StatusListCredential } from "@writ/core";
import { describe, expect, it } from "vitest";

import {
  createCurrentLists,
  enrolAgent,
  grantAuthority,
  publishStatusLists,
  revokeCredential,
  setCredentialStatus,
  STATUS_LIST_LIFE_MS,
  tightestStatusAgeMs,
} from "../src/index.js";
import { enrol, openWorld, requestOf, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

/** An organisation that has published its two lists. */
async function openPublished() {
  const { organisation, clock } = await openWorld();
  const agent = await enrol(organisation, "a");
  const credential = await grantAuthority(organisation, agent, { grants: [READ] });
  const site = new Map<string, JsonText>();
  /** The lists that were signed, by name. */
  const publish = async () => {
    const signed: string[] = [];
    const all = await publishStatusLists(
      organisation,
      ({ listId, credential: list }) => {
        signed.push(listId);
        site.set(listId, JSON.stringify(list, undefined, 2));
        return Promise.resolve();
      },
      { published: (listId) => Promise.resolve(site.get(listId)) },
    );
    expect(all.map(({ credential: list }) => list)).toEqual(["r1", "s1"].map((name) => onSite(site, name)));
    return signed;
  };
  expect(await publish()).toEqual(["r1", "s1"]);
  return { organisation, clock, agent, credential, site, publish };
}

function onSite(site: ReadonlyMap<string, JsonText>, listId: string): StatusListCredential {
  return JSON.parse(String(site.get(listId))) as StatusListCredential;
}

describe("a list that is published already", () => {
  it("stays where nothing has changed, until half of its life is over", async () => {
    const { clock, site, publish } = await openPublished();
    const before = new Map(site);
    clock.advance(STATUS_LIST_LIFE_MS / 2 - SECOND);
    expect(await publish()).toEqual([]);
    expect(site).toEqual(before);
    clock.advance(SECOND);
    expect(await publish()).toEqual(["r1", "s1"]);
  });

  it("is signed anew as often as the tightest grant asks, while that lives", async () => {
    const { organisation, clock, agent, publish } = await openPublished();
    const grant = (statusMaxAgeSeconds: number, lifeMs: number) =>
      grantAuthority(organisation, agent, { grants: [{ ...READ, statusMaxAgeSeconds }], lifeMs });
    await grant(300, 600 * SECOND);
    // That it was granted with a shorter life as well, or less tightly, changes nothing.
    await grant(300, 100 * SECOND);
    await grant(10_000, 600 * SECOND);
    clock.advance(149 * SECOND);
    expect(await publish()).toEqual([]);
    clock.advance(SECOND);
    expect(await publish()).toEqual(["r1", "s1"]);
    clock.advance(450 * SECOND);
    expect(await publish()).toEqual([]);
  });

  it("is signed anew for the longest life of all that ask for an age, by whichever of their grants", async () => {
    const { organisation, clock, agent } = await openPublished();
    const grant = (lifeMs: number, ...ages: readonly (number | undefined)[]) =>
      grantAuthority(organisation, agent, {
        lifeMs,
        grants: ages.map((age, n) => ({
          ...READ,
          id: `read-${String(n)}`,
          ...(age === undefined ? {} : { statusMaxAgeSeconds: age }),
        })),
      });
    const tightest = () => tightestStatusAgeMs(organisation.database, organisation);
    await grant(100 * SECOND, 300);
    await grant(600 * SECOND, 300);
    await grant(1000 * SECOND, undefined, 900, 700);
    clock.advance(101 * SECOND);
    expect(await tightest()).toBe(300 * SECOND);
    clock.advance(500 * SECOND);
    expect(await tightest()).toBe(700 * SECOND);
    clock.advance(400 * SECOND);
    expect(await tightest()).toBeUndefined();
  });

  it("is signed anew where an entry has changed, and it alone, however many did", async () => {
    const { organisation, agent, credential, site, publish } = await openPublished();
    const second = await grantAuthority(organisation, agent, { grants: [READ] });
    expect(await publish()).toEqual([]);
    for (const { id } of [credential, second]) await revokeCredential(organisation, id);
    expect(await publish()).toEqual(["r1"]);
    const bits = decodeStatusList(onSite(site, "r1").credentialSubject.encodedList);
    for (const { credentialStatus: [entry] = [] } of [credential, second]) {
      expect(bits.valueAt(Number(entry?.statusListIndex))).toBe(1);
    }
    for (const to of ["set", "cleared"] as const) {
      const live = await grantAuthority(organisation, agent, { grants: [READ] });
      await setCredentialStatus(organisation, live.id, { purpose: "suspension", to: "set" });
      expect(await publish()).toEqual(["s1"]);
      await setCredentialStatus(organisation, live.id, { purpose: "suspension", to });
    }
    expect(await publish()).toEqual(["s1"]);
  });

  it("is signed anew where the clock was behind", async () => {
    const { organisation, clock, site, publish } = await openPublished();
    const earlier = { ...organisation, clock: () => clock() - SECOND };
    const signed: string[] = [];
    await publishStatusLists(
      earlier,
      ({ listId }) => {
        signed.push(listId);
        return Promise.resolve();
      },
      { published: (listId) => Promise.resolve(site.get(listId)) },
    );
    expect(signed).toEqual(["r1", "s1"]);
    expect(await publish()).toEqual([]);
  });

  const other = async () => {
    const { organisation } = await openWorld("another");
    await enrolAgent(organisation, await requestOf(signerOf("b")), { name: "b" });
    const [list] = await publishStatusLists(organisation);
    return JSON.stringify(list?.credential);
  };
  const changed = (change: (list: StatusListCredential) => object) => (list: StatusListCredential) =>
    Promise.resolve(JSON.stringify(change(list)));
  it.each<[string, (list: StatusListCredential) => Promise<JsonText>]>([
    ["is no JSON", () => Promise.resolve("{")],
    ["is something else", () => Promise.resolve("{}")],
    ["is another organisation's", other],
    ["has no proof", changed(({ proof: _, ...list }) => list)],
    ["was dated anew", changed((list) => ({ ...list, validUntil: "2026-11-24T08:00:01Z" }))],
    [
      "has another proof",
      changed(({ proof, ...list }) => ({
        ...list,
        proof: { ...asJson(proof ?? {}), created: "2026-11-23T07:59:59Z" },
      })),
    ],
    ["has a member more", changed((list) => ({ ...list, name: "list" }))],
  ])("is replaced where it %s", async (_, text) => {
    const { site, publish } = await openPublished();
    site.set("r1", await text(onSite(site, "r1")));
    expect(await publish()).toEqual(["r1"]);
    expect(await publish()).toEqual([]);
  });

  it("is replaced where it was signed to be served, for a shorter time", async () => {
    const { organisation, site, publish } = await openPublished();
    site.set("s1", (await createCurrentLists(organisation).get("s1"))?.text ?? "");
    expect(await publish()).toEqual(["s1"]);
  });
});

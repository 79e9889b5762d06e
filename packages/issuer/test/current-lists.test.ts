import {
  checkSignedBy,
  createResolver,
  decodeStatusList,
  parseDocument,
  parseStrictJsonObject,
  STATUS_LIST_LIMITS,
  statusListCredential,
  type StatusListCredential,
} from "@writ/core";
import { codeOf, codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createCurrentLists,
  CURRENT_LIST_TTL_MS,
  grantAuthority,
  revokeCredential,
  type CurrentList,
} from "../src/index.js";
import { enrol, openWorld, SECOND } from "./world.js";

const GRANTS = [{ id: "read", actions: ["order.read"] }];

async function openLists() {
  const { organisation, clock, database } = await openWorld();
  const agent = await enrol(organisation, "a");
  const { id, credentialStatus } = await grantAuthority(organisation, agent, { grants: GRANTS });
  const index = Number(credentialStatus?.[0]?.statusListIndex);
  return { organisation, clock, database, lists: createCurrentLists(organisation), id, index };
}

function parse(list: CurrentList | undefined): StatusListCredential {
  const json = parseStrictJsonObject(list?.text ?? "", STATUS_LIST_LIMITS);
  return parseDocument(json, statusListCredential);
}

describe("a list that is served", () => {
  it("verifies, with a short time to live", async () => {
    const { organisation, lists, clock } = await openLists();
    const found = await lists.get("r1");
    const list = parse(found);
    expect(list).toMatchObject({
      id: "https://acme.example/status/r1",
      credentialSubject: { statusPurpose: "revocation", ttl: CURRENT_LIST_TTL_MS },
    });
    const expected = { did: organisation.did, purpose: "assertionMethod", now: clock() } as const;
    const json = parseStrictJsonObject(found?.text ?? "", STATUS_LIST_LIMITS);
    expect((await checkSignedBy(json, expected, { resolver: createResolver() })).problems).toEqual([]);
    expect(found?.freshForMs).toBe(CURRENT_LIST_TTL_MS);
  });

  it("is signed anew as often as the tightest grant asks, while that lives", async () => {
    const { organisation, clock, lists } = await openLists();
    const agent = await enrol(organisation, "b");
    const tight = { ...GRANTS[0], id: "tight", actions: ["order.write"], statusMaxAgeSeconds: 20 };
    const loose = { ...tight, id: "loose", statusMaxAgeSeconds: 60 };
    await grantAuthority(organisation, agent, { grants: [loose, tight], lifeMs: 60 * SECOND });
    const first = await lists.get("r1");
    expect(first?.freshForMs).toBe(20 * SECOND);
    clock.advance(10 * SECOND - 1);
    expect(await lists.get("r1")).toEqual({ text: first?.text, freshForMs: 10 * SECOND + 1 });
    clock.advance(1);
    const second = await lists.get("r1");
    expect([second?.text === first?.text, second?.freshForMs]).toEqual([false, 20 * SECOND]);
    clock.advance(50 * SECOND);
    expect((await lists.get("r1"))?.freshForMs).toBe(CURRENT_LIST_TTL_MS - 50 * SECOND);
  });

  it("is the same until half of its time to live is over, then signed anew", async () => {
    const { lists, clock } = await openLists();
    const first = await lists.get("r1");
    clock.advance(CURRENT_LIST_TTL_MS / 2 - 1);
    expect(await lists.get("r1")).toEqual({
      text: first?.text,
      freshForMs: CURRENT_LIST_TTL_MS / 2 + 1,
    });
    clock.advance(1);
    const second = await lists.get("r1");
    expect(parse(second).validFrom > parse(first).validFrom).toBe(true);
    clock.advance(-SECOND);
    expect((await lists.get("r1"))?.text).not.toBe(second?.text);
  });

  it("says at once what has changed, and nothing has changed where that was so before", async () => {
    const { organisation, lists, id, index } = await openLists();
    const before = await lists.get("r1");
    await revokeCredential(organisation, id);
    const after = await lists.get("r1");
    const bitIn = (list: CurrentList | undefined) =>
      decodeStatusList(parse(list).credentialSubject.encodedList).valueAt(index, 1);
    expect([bitIn(before), bitIn(after)]).toEqual([0, 1]);
    await revokeCredential(organisation, id);
    expect((await lists.get("r1"))?.text).toBe(after?.text);
  });

  it("is signed once for all who ask at the same time", async () => {
    const { organisation, id } = await openLists();
    let signed = 0;
    const sign = (data: Uint8Array) => {
      signed++;
      return organisation.signer.sign(data);
    };
    // No two looks at this clock tell one time.
    let now = organisation.clock();
    const clock = () => now++;
    const lists = createCurrentLists({
      ...organisation,
      clock,
      signer: { ...organisation.signer, sign },
    });
    await lists.get("r1");
    await revokeCredential(organisation, id);
    const found = await Promise.all(Array.from({ length: 8 }, () => lists.get("r1")));
    expect(new Set(found.map((list) => list?.text)).size).toBe(1);
    expect(signed).toBe(2);
  });

  it("is none where the organisation has none of the name", async () => {
    const { lists } = await openLists();
    for (const name of ["", "r2", "R1", "r1.json", "../r1", "%", "r1\0"]) {
      expect(await lists.get(name)).toBeUndefined();
    }
  });

  it("is not there while the database is not, and comes back with it", async () => {
    const { organisation, database, lists } = await openLists();
    await database.query("ALTER TABLE status_entries RENAME TO gone");
    expect(await codeOfAsync(() => lists.get("r1"))).toBe("DATABASE_SCHEMA");
    await database.query("ALTER TABLE gone RENAME TO status_entries");
    expect(parse(await lists.get("r1")).issuer).toBe(organisation.did);
  });

  it.each([0, 9_999, 24 * 60 * 60 * SECOND + 1, 10_000.5, Number.NaN])(
    "lives for no %d ms",
    async (ttlMs) => {
      const { organisation } = await openLists();
      expect(codeOf(() => createCurrentLists(organisation, { ttlMs }))).toBe("ARGUMENT_INVALID");
    },
  );
});

import { gunzipSync } from "node:zlib";

import {
  createResolver,
  decodeBase64url,
  decodeStatusList,
  STATUS_LIST_CONTEXT,
  verifyProofs,
  type StatusEntry,
  type StatusListCredential,
} from "@writ/core";
import { describe, expect, it } from "vitest";

import { grantAuthority, publishStatusLists, revokeCredential, STATUS_LIST_LIFE_MS } from "../src/index.js";
import { DAY, enrol, openWorld, SECOND } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

/** The bitstring, unpacked without our own decoder. */
function bitsOf({ credentialSubject }: StatusListCredential): Uint8Array {
  expect(credentialSubject.encodedList.startsWith("u")).toBe(true);
  return gunzipSync(decodeBase64url(credentialSubject.encodedList.slice(1)));
}

function indexOf(entries: readonly StatusEntry[] | undefined, purpose: string): number {
  return Number(entries?.find(({ statusPurpose }) => statusPurpose === purpose)?.statusListIndex);
}

describe("publishStatusLists", () => {
  it("publishes nothing where nothing was issued", async () => {
    const { organisation } = await openWorld();
    expect(await publishStatusLists(organisation)).toEqual([]);
  });

  it("lets nobody revoke or publish until a list is where it belongs, and everybody before the next", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    const credential = await grantAuthority(organisation, agent, { grants: [READ] });
    const published: string[] = [];
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const slow = publishStatusLists(organisation, async ({ listId }) => {
      begin();
      await new Promise((resolve) => setTimeout(resolve, 20));
      published.push(`slow ${listId}`);
    });
    await begun;
    const revoked = revokeCredential(organisation, credential.id).then(() => published.push("revoked"));
    const fast = publishStatusLists(organisation, ({ listId }) => {
      published.push(`fast ${listId}`);
      return Promise.resolve();
    });
    await Promise.all([slow, revoked, fast]);
    expect(published).toEqual(["slow r1", "revoked", "slow s1", "fast r1", "fast s1"]);
    const index = indexOf(credential.credentialStatus, "revocation");
    const bits = [await slow, await fast].map(([list]) =>
      decodeStatusList(list?.credential.credentialSubject.encodedList ?? "").valueAt(index),
    );
    expect(bits).toEqual([0, 1]);
  });

  it("signs each list as a credential of its own, in the form of the specification", async () => {
    const { organisation } = await openWorld();
    await enrol(organisation, "a");
    const lists = await publishStatusLists(organisation);
    expect(lists.map(({ listId }) => listId)).toEqual(["r1", "s1"]);
    for (const [index, purpose] of ["revocation", "suspension"].entries()) {
      const { listId = "", credential } = lists[index] ?? {};
      const { proof, ...unsigned } = credential as StatusListCredential;
      expect(unsigned).toEqual({
        "@context": STATUS_LIST_CONTEXT,
        id: `https://acme.example/status/${listId}`,
        type: ["VerifiableCredential", "BitstringStatusListCredential"],
        issuer: organisation.did,
        validFrom: "2026-11-23T08:00:00Z",
        validUntil: "2026-11-24T08:00:00Z",
        credentialSubject: {
          id: `https://acme.example/status/${listId}#list`,
          type: "BitstringStatusList",
          statusPurpose: purpose,
          encodedList: expect.stringMatching(/^uH4sI/) as string,
          ttl: STATUS_LIST_LIFE_MS,
        },
      });
      expect(proof).toMatchObject({ proofPurpose: "assertionMethod", created: "2026-11-23T08:00:00Z" });
      const result = await verifyProofs(JSON.stringify(credential), { resolver: createResolver() });
      expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: organisation.did } }] });
      expect(bitsOf(credential as StatusListCredential)).toHaveLength(131_072 / 8);
    }
    expect(STATUS_LIST_LIFE_MS).toBe(DAY);
  });

  it("sets the revocation bit of what was revoked and no other, bit 0 left-most (HOSTILE 117)", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    const indexes: number[] = [];
    for (const revoke of [true, false, true, false, true]) {
      const { id, credentialStatus } = await grantAuthority(organisation, agent, { grants: [READ] });
      if (!revoke) continue;
      await revokeCredential(organisation, id);
      indexes.push(indexOf(credentialStatus, "revocation"));
    }
    const [revocation, suspension] = await publishStatusLists(organisation);
    const expected = new Uint8Array(131_072 / 8);
    for (const index of indexes) expected[index >> 3] = (expected[index >> 3] ?? 0) | (0x80 >> (index & 7));
    expect(bitsOf(revocation?.credential as StatusListCredential)).toEqual(Buffer.from(expected));
    expect(bitsOf(suspension?.credential as StatusListCredential).every((byte) => byte === 0)).toBe(true);
    const decoded = decodeStatusList(revocation?.credential.credentialSubject.encodedList ?? "");
    for (const index of indexes) expect(decoded.valueAt(index)).toBe(1);
  });

  it("publishes what is on the second list as well", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    await database.query("UPDATE status_lists SET used = 131072 WHERE list_id = 'r1'");
    const { id, credentialStatus } = await grantAuthority(organisation, agent, { grants: [READ] });
    await revokeCredential(organisation, id);
    const lists = await publishStatusLists(organisation);
    expect(lists.map(({ listId }) => listId)).toEqual(["r1", "r2", "s1"]);
    const index = indexOf(credentialStatus, "revocation");
    const set = lists.map(({ credential }) =>
      decodeStatusList(credential.credentialSubject.encodedList).valueAt(index),
    );
    expect(set).toEqual([0, 1, 0]);
  });

  it("takes a revocation into the next publication, and dates it anew", async () => {
    const { organisation, clock } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id, credentialStatus } = await grantAuthority(organisation, agent, { grants: [READ] });
    const index = indexOf(credentialStatus, "revocation");
    const dateAndValue = async () => {
      const [list] = await publishStatusLists(organisation);
      return [
        list?.credential.validFrom,
        decodeStatusList(list?.credential.credentialSubject.encodedList ?? "").valueAt(index),
      ];
    };
    expect(await dateAndValue()).toEqual(["2026-11-23T08:00:00Z", 0]);
    clock.advance(60 * SECOND);
    await revokeCredential(organisation, id);
    expect(await dateAndValue()).toEqual(["2026-11-23T08:01:00Z", 1]);
  });

  it("sets a suspension's bit on the suspension list", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id, credentialStatus } = await grantAuthority(organisation, agent, { grants: [READ] });
    await database.query("UPDATE status_entries SET is_set = 1 WHERE credential_id = $1 AND list_id = 's1'", [
      id,
    ]);
    const [revocation, suspension] = await publishStatusLists(organisation);
    const index = indexOf(credentialStatus, "suspension");
    expect(bitsOf(revocation?.credential as StatusListCredential).every((byte) => byte === 0)).toBe(true);
    expect(decodeStatusList(suspension?.credential.credentialSubject.encodedList ?? "").valueAt(index)).toBe(
      1,
    );
  });
});

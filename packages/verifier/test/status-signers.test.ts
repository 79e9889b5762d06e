import type { GenericStatusListCredential, Signer } from "@writ/core";
import { describe, expect, it } from "vitest";

import { createMemoryStatusSource, trustOrganisations, verifyPresentation } from "../src/index.js";
import { ADDRESS, entryAt, signedList } from "./lists.js";
import { compose, linkBelow, openWorld, reissue, STRANGER } from "./world.js";

const world = await openWorld("status signers");
const { organisation, lead, sub, root } = world;
const ELSEWHERE = "https://stranger.example/status/1";
const ENTRIES = { "/credentialStatus": [entryAt(7)] };

/** Authority of a second organisation, for the same agent. */
const otherRoot = await reissue(root, STRANGER, {
  "/id": "urn:uuid:00000000-0000-4000-8000-000000000042",
  "/issuer": STRANGER.did,
  "/credentialSubject/id": sub.agent.did,
  "/credentialSubject/principal": STRANGER.did,
  "/credentialSubject/redelegation": undefined,
  "/credentialStatus": [entryAt(9, { statusListCredential: ELSEWHERE })],
});

/** What lists of Writ's have beside those of others. */
function ownList(address: string, signer: Signer): Promise<string> {
  const changes = {
    "/id": address,
    "/validUntil": "2026-11-24T08:00:00Z",
    "/credentialSubject/id": `${address}#list`,
    "/credentialSubject/ttl": 86_400_000,
  };
  return signedList(changes, signer);
}

/** Whether what the agent shows verifies, with a list at the address signed by somebody. */
async function problemsOf(credentials: readonly object[], listSigner: Signer): Promise<readonly string[]> {
  const source = await world.source();
  source.lists.set(ADDRESS, await ownList(ADDRESS, listSigner));
  source.lists.set(ELSEWHERE, await ownList(ELSEWHERE, STRANGER));
  const result = await verifyPresentation(await compose(sub.signer, credentials), {
    ...world.expectations,
    trust: trustOrganisations([organisation.did, STRANGER.did]),
    status: source,
  });
  return result.verified ? [] : result.problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("row 108: the list of a credential is signed", () => {
  const refused = (index: number) => [
    `STATUS_LIST_INVALID /verifiableCredential/${String(index)}/credentialStatus/0`,
  ];

  it("by the agent that issued it, or by the root of its own chain", async () => {
    const middle = await linkBelow(root, lead.signer, sub.agent.did, { changes: ENTRIES });
    const shown = [sub.identity, lead.identity, root, middle, otherRoot];
    expect(await problemsOf(shown, lead.signer)).toEqual([]);
    expect(await problemsOf(shown, organisation.signer)).toEqual([]);
    expect(await problemsOf(shown, STRANGER)).toEqual(refused(3));
    expect(await problemsOf(shown, sub.signer)).toEqual(refused(3));
  });

  it("by nobody but its issuer, where it is an identity", async () => {
    const identity = await reissue(sub.identity, organisation.signer, ENTRIES);
    const middle = await linkBelow(root, lead.signer, sub.agent.did);
    const shown = [identity, lead.identity, root, middle, otherRoot];
    expect(await problemsOf(shown, organisation.signer)).toEqual([]);
    expect(await problemsOf(shown, STRANGER)).toEqual(refused(0));
    expect(await problemsOf(shown, lead.signer)).toEqual(refused(0));
  });
});

describe("lists in memory", () => {
  it("are found by the address that they bear, and by no other", async () => {
    const text = await signedList();
    const source = createMemoryStatusSource([JSON.parse(text) as GenericStatusListCredential]);
    expect(await source.get(ADDRESS)).toEqual({ text });
    // The same object, so that what was read of it is remembered.
    expect(await source.get(ADDRESS)).toBe(await source.get(ADDRESS));
    expect(await source.get(`${ADDRESS}/`)).toBeNull();
  });
});

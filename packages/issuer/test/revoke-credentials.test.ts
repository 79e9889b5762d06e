import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  findAgent,
  grantAuthority,
  issueGenericCredential,
  listEvents,
  listRevocable,
  openOrganisation,
  openRegistry,
  revokeCredential,
  revokeCredentials,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, rawKey, reopen, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

/** Two agents, each with an identity and an authority; the second one's came a second later. */
async function openFleet() {
  const { organisation, clock, path } = await openWorld();
  const a = await enrol(organisation, "a");
  const first = await grantAuthority(organisation, a, { grants: [READ] });
  clock.advance(SECOND);
  const b = await enrol(organisation, "b");
  const second = await grantAuthority(organisation, b, { grants: [READ] });
  return { organisation, clock, path, a, b, first: first.id, second: second.id };
}

describe("revokeCredentials", () => {
  it("revokes all that an agent has, and nothing else; the agent goes on", async () => {
    const { organisation, a, first, second } = await openFleet();
    const found = await listRevocable(organisation, a);
    expect(found).toHaveLength(2);
    expect(found).toContain(first);
    expect(await revokeCredentials(organisation, a, "stolen")).toEqual(found);
    const rows = await organisation.database.query(
      "SELECT id, reason FROM credentials WHERE revoked IS NOT NULL",
    );
    expect(rows.map((row) => row["id"]).sort()).toEqual([...found].sort());
    expect(rows.every((row) => row["reason"] === "stolen")).toBe(true);
    expect(await listRevocable(organisation, a)).toEqual([]);
    expect((await listEvents(organisation)).slice(-2)).toMatchObject([
      { action: "credential.revoked", agentId: a.agentId, reason: "stolen" },
      { action: "credential.revoked", agentId: a.agentId, reason: "stolen" },
    ]);
    expect((await findAgent(organisation, "a")).state).toBe("active");
    await revokeCredential(organisation, second);
  });

  it("revokes all that the key has signed since a time, others' credentials included", async () => {
    const { organisation, clock, b, second } = await openFleet();
    const generic = {
      "@context": ["https://www.w3.org/ns/credentials/v2"],
      id: "urn:uuid:11111111-7a56-4b6e-9a54-0f6d5b7c1a11",
      type: ["VerifiableCredential"],
      credentialSubject: { id: "did:example:somebody" },
    };
    await issueGenericCredential(organisation, generic, { status: ["revocation"] });
    await issueGenericCredential(organisation, {
      ...generic,
      id: "urn:uuid:22222222-7a56-4b6e-9a54-0f6d5b7c1a11",
    });
    const since = { issuedSince: NOW + SECOND };
    const found = await listRevocable(organisation, since);
    expect([...found].sort()).toEqual([...(await listRevocable(organisation, b)), generic.id].sort());
    expect(found).toContain(second);
    // What has ended needs no list any more.
    clock.advance(2 * DAY);
    expect(await listRevocable(organisation, since)).toEqual([generic.id]);
    expect(await revokeCredentials(await openRegistry(organisation.database, organisation), since)).toEqual([
      generic.id,
    ]);
    expect(await listRevocable(organisation, { issuedSince: 0 })).toEqual([]);
  });

  it("knows no agent that is not registered", async () => {
    const { organisation } = await openFleet();
    const stranger = { agentId: "urn:uuid:00000000-0000-4000-8000-000000000000" };
    expect(await codeOfAsync(() => listRevocable(organisation, stranger))).toBe("NOT_FOUND");
    expect(await codeOfAsync(() => revokeCredentials(organisation, stranger))).toBe("NOT_FOUND");
  });

  it("knows no key that the organisation never had", async () => {
    const { organisation } = await openFleet();
    for (const issuer of [signerOf("stranger").did, `${organisation.did}x`]) {
      const scope = { issuedSince: 0, issuer };
      expect(await codeOfAsync(() => listRevocable(organisation, scope))).toBe("NOT_FOUND");
      expect(await codeOfAsync(() => revokeCredentials(organisation, scope))).toBe("NOT_FOUND");
    }
  });

  it("row 170: loses no bit where processes revoke and issue at once", async () => {
    const { organisation, path, a } = await openFleet();
    const environment = { clock: organisation.clock, random: organisation.random };
    const handles = await Promise.all(Array.from({ length: 4 }, () => reopen(path)));
    const opened = await Promise.all(
      handles.map((handle) => openOrganisation(handle, rawKey(1), environment)),
    );
    const issued: string[] = [];
    await Promise.all(
      opened.flatMap((each) =>
        Array.from({ length: 5 }, async (_, n) => {
          issued.push((await grantAuthority(each, a, { grants: [READ] })).id);
          if (n === 2) await revokeCredentials(each, a);
        }),
      ),
    );
    await revokeCredentials(organisation, a);
    const rows = await organisation.database.query(
      `SELECT credentials.id FROM credentials
       JOIN status_entries ON status_entries.credential_id = credentials.id
       JOIN status_lists ON status_lists.list_id = status_entries.list_id
       WHERE purpose = 'revocation' AND is_set = 1 AND agent_id = $1 AND revoked IS NOT NULL`,
      [a.agentId],
    );
    expect(rows.map((row) => row["id"])).toEqual(expect.arrayContaining(issued));
    expect(rows).toHaveLength(issued.length + 2);
  });
});

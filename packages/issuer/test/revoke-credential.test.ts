import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { grantAuthority, openOrganisation, openRegistry, revokeCredential } from "../src/index.js";
import { enrol, NOW, openWorld, rawKey, reopen, rowCounts, SECOND } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

describe("revokeCredential", () => {
  it("row 169: refuses an id that the organisation did not issue", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    const before = await database.query("SELECT * FROM status_entries");
    for (const unknown of [
      "urn:uuid:00000000-0000-4000-8000-000000000000",
      "",
      id.toUpperCase(),
      `${id} `,
      "%",
    ]) {
      expect(await codeOfAsync(() => revokeCredential(organisation, unknown))).toBe("NOT_FOUND");
    }
    expect(await database.query("SELECT * FROM status_entries")).toEqual(before);
  });

  it("sets the revocation bit of this credential and no other bit", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    await grantAuthority(organisation, agent, { grants: [READ] });
    await revokeCredential(organisation, id, "the agent was stolen");
    const set = await database.query("SELECT credential_id, list_id FROM status_entries WHERE is_set = 1");
    expect(set).toEqual([{ credential_id: id, list_id: "r1" }]);
    const revoked = await database.query(
      "SELECT id, revoked, reason FROM credentials WHERE revoked IS NOT NULL",
    );
    expect(revoked).toEqual([{ id, revoked: NOW, reason: "the agent was stolen" }]);
  });

  it("keeps the first time and reason when asked again", async () => {
    const { organisation, database, clock } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    await revokeCredential(organisation, id, "first");
    clock.advance(SECOND);
    await revokeCredential(organisation, id, "second");
    await revokeCredential(organisation, id);
    const [row] = await database.query("SELECT revoked, reason FROM credentials WHERE id = $1", [id]);
    expect(row).toEqual({ revoked: NOW, reason: "first" });
  });

  it("needs the records only, not the organisation's key", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    await revokeCredential(await openRegistry(database), id);
    const [row] = await database.query("SELECT is_set FROM status_entries WHERE credential_id = $1", [id]);
    expect(row?.["is_set"]).toBe(1);
  });

  it("row 170: loses no bit when fifty writers revoke at once", async () => {
    const { organisation, database, path } = await openWorld();
    const agent = await enrol(organisation, "a");
    const ids: string[] = [];
    for (let count = 0; count < 50; count++) {
      ids.push((await grantAuthority(organisation, agent, { grants: [READ] })).id);
    }
    const handles = await Promise.all(Array.from({ length: 5 }, () => reopen(path)));
    const registries = await Promise.all(handles.map((handle) => openOrganisation(handle, rawKey(1))));
    await Promise.all(
      ids.map((id, index) => revokeCredential(registries[index % registries.length] ?? organisation, id)),
    );
    const set = await database.query(
      "SELECT credential_id FROM status_entries WHERE is_set = 1 AND list_id = 'r1'",
    );
    expect(set.map((row) => row["credential_id"]).sort()).toEqual([...ids].sort());
  });

  it("leaves everything else as it was", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    const before = await rowCounts(database);
    await revokeCredential(organisation, id);
    expect(await rowCounts(database)).toEqual(before);
  });
});

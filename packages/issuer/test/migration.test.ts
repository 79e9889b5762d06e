import { createSchema, type Grant } from "@writ/core";
import { describe, expect, it } from "vitest";

import {
  grantAuthority,
  listEvents,
  listIssuedCredentials,
  openOrganisation,
  retireAgent,
  suspendAgent,
  tightestStatusAgeMs,
} from "../src/index.js";
import { ORGANISATION_SCHEMA } from "../src/schema.js";
import { DAY, enrol, NOW, openWorld, rawKey, temporaryDatabase } from "./world.js";

/** The tables as they were in an earlier version, with what an organisation of today has in them. */
async function asInVersion(version: number, grants: readonly Grant[] = []) {
  const { organisation, database: from } = await openWorld();
  const agent = await enrol(organisation, "a");
  if (grants.length > 0) await grantAuthority(organisation, agent, { grants });
  const { path: _, ...database } = await temporaryDatabase();
  const schema = { ...ORGANISATION_SCHEMA, versions: ORGANISATION_SCHEMA.versions.slice(0, version) };
  await createSchema(database, schema, async (transaction) => {
    for (const table of ["organisation", "agents", "credentials", "status_lists", "status_entries"]) {
      const [first] = await transaction.query(`SELECT * FROM pragma_table_info('${table}')`);
      expect(first).toBeDefined();
      const columns = (await transaction.query(`SELECT name FROM pragma_table_info('${table}')`)).map((row) =>
        String(row["name"]),
      );
      for (const row of await from.query(`SELECT ${columns.join()} FROM ${table}`)) {
        const values = columns.map((column) => row[column] ?? null);
        const places = columns.map((__, index) => `$${String(index + 1)}`).join();
        await transaction.query(`INSERT INTO ${table} (${columns.join()}) VALUES (${places})`, values);
      }
    }
  });
  return { database, agent, environment: { clock: () => NOW, random: organisation.random } };
}

describe("an organisation of an earlier version", () => {
  it.each([1, 2])("goes on with its agents and what they were issued (version %i)", async (version) => {
    const { database, agent, environment } = await asInVersion(version);
    const organisation = await openOrganisation(database, rawKey(1), environment);
    expect(await listEvents(organisation)).toEqual([]);
    const issued = await listIssuedCredentials(organisation, agent);
    expect(issued).toMatchObject([{ type: "AgentIdentityCredential", state: "live", holder: "a" }]);
    const ids = issued.map(({ credentialId }) => credentialId);
    expect((await suspendAgent(organisation, agent)).credentials).toEqual(ids);
    expect((await retireAgent(organisation, agent)).credentials).toEqual(ids);
  });

  it("knows how old its lists may be by what it granted", async () => {
    const READ = { id: "read", actions: ["order.read"] };
    const grants = [
      READ,
      { ...READ, id: "a", statusMaxAgeSeconds: 90 },
      { ...READ, id: "b", statusMaxAgeSeconds: 30 },
    ];
    const { database, environment } = await asInVersion(4, grants);
    const organisation = await openOrganisation(database, rawKey(1), environment);
    expect(await tightestStatusAgeMs(database, organisation)).toBe(30_000);
    expect(await tightestStatusAgeMs(database, { clock: () => NOW + 90 * DAY })).toBeUndefined();
  });
});

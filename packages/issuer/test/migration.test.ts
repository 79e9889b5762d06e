import { createSchema } from "@writ/core";
import { describe, expect, it } from "vitest";

import {
  listEvents,
  listIssuedCredentials,
  openOrganisation,
  retireAgent,
  suspendAgent,
} from "../src/index.js";
import { ORGANISATION_SCHEMA } from "../src/schema.js";
import { enrol, NOW, openWorld, rawKey, temporaryDatabase } from "./world.js";

/** The tables as they were in an earlier version, with what an organisation of today has in them. */
async function asInVersion(version: number) {
  const { organisation, database: from } = await openWorld();
  const agent = await enrol(organisation, "a");
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
});

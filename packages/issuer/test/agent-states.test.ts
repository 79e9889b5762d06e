import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  enrolAgent,
  findAgent,
  grantAuthority,
  listEvents,
  openRegistry,
  resumeAgent,
  retireAgent,
  revokeCredential,
  setCredentialStatus,
  suspendAgent,
  type Organisation,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, requestOf, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

/** The entries that are set, as `credential list`. */
async function setEntries({ database }: Organisation): Promise<readonly string[]> {
  const rows = await database.query(
    "SELECT credential_id, list_id FROM status_entries WHERE is_set = 1 ORDER BY credential_id, list_id",
  );
  return rows.map((row) => `${String(row["credential_id"])} ${String(row["list_id"])}`);
}

/** An agent with an identity and two authorities, beside another agent. */
async function openFleet() {
  const { organisation, clock } = await openWorld();
  const { agent, credential } = await enrolAgent(organisation, await requestOf(signerOf("a")), { name: "a" });
  const first = await grantAuthority(organisation, agent, { grants: [READ] });
  const second = await grantAuthority(organisation, agent, { grants: [READ] });
  const other = await enrol(organisation, "b");
  await grantAuthority(organisation, other, { grants: [READ] });
  const ids = [credential.id, first.id, second.id].sort();
  return {
    organisation,
    clock,
    agent,
    other,
    identity: credential.id,
    first: first.id,
    second: second.id,
    ids,
  };
}

const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();

describe("suspendAgent and resumeAgent", () => {
  it("suspend the identity and every authority of this agent, and lift that again", async () => {
    const { organisation, agent, ids } = await openFleet();
    expect(sorted((await suspendAgent(organisation, agent, "odd")).credentials)).toEqual(ids);
    expect(await setEntries(organisation)).toEqual(ids.map((id) => `${id} s1`));
    expect(await findAgent(organisation, "a")).toMatchObject({ state: "suspended" });
    expect(sorted((await resumeAgent(organisation, agent)).credentials)).toEqual(ids);
    expect(await setEntries(organisation)).toEqual([]);
    expect(await findAgent(organisation, "a")).toMatchObject({ state: "active" });
    const [row] = await organisation.database.query(
      "SELECT count(*) AS n FROM credentials WHERE suspended IS NOT NULL OR suspended_with IS NOT NULL",
    );
    expect(row).toEqual({ n: 0 });
  });

  it("give the agent nothing while it is suspended", async () => {
    const { organisation, agent, other } = await openFleet();
    await suspendAgent(organisation, agent);
    const { database } = organisation;
    const before = await database.query("SELECT id FROM credentials");
    expect(await codeOfAsync(() => grantAuthority(organisation, agent, { grants: [READ] }))).toBe(
      "AGENT_INACTIVE",
    );
    expect(await database.query("SELECT id FROM credentials")).toEqual(before);
    await grantAuthority(organisation, other, { grants: [READ] });
    await resumeAgent(organisation, agent);
    await grantAuthority(organisation, agent, { grants: [READ] });
  });

  it("leave alone what has ended, what was revoked, and what was suspended by itself", async () => {
    const { organisation, clock, agent, identity, first, second } = await openFleet();
    await revokeCredential(organisation, first);
    await setCredentialStatus(organisation, second, { purpose: "suspension", to: "set" });
    expect((await suspendAgent(organisation, agent)).credentials).toEqual([identity]);
    expect((await resumeAgent(organisation, agent)).credentials).toEqual([identity]);
    expect(await setEntries(organisation)).toEqual([`${first} r1`, `${second} s1`].sort());
    clock.advance(DAY);
    expect((await suspendAgent(organisation, agent)).credentials).toEqual([]);
  });

  it("leave suspended what was suspended by itself meanwhile", async () => {
    const { organisation, agent, first } = await openFleet();
    await suspendAgent(organisation, agent);
    const alone = () =>
      setCredentialStatus(organisation, first, { purpose: "suspension", to: "set", reason: "odd" });
    await alone();
    expect((await listEvents(organisation)).at(-1)).toMatchObject({ credentialId: first, reason: "odd" });
    const events = await listEvents(organisation);
    await alone();
    expect(await listEvents(organisation)).toEqual(events);
    expect((await resumeAgent(organisation, agent)).credentials).not.toContain(first);
    expect(await setEntries(organisation)).toEqual([`${first} s1`]);
  });

  it("reinstate nothing that was revoked", async () => {
    const { organisation, first } = await openFleet();
    await setCredentialStatus(organisation, first, { purpose: "suspension", to: "set" });
    await revokeCredential(organisation, first);
    const reinstate = () =>
      setCredentialStatus(organisation, first, { purpose: "suspension", to: "cleared" });
    expect(await codeOfAsync(reinstate)).toBe("REVOKED");
  });

  it("do not let a single credential go on while its agent is suspended", async () => {
    const { organisation, agent, first } = await openFleet();
    await suspendAgent(organisation, agent);
    const reinstate = () =>
      setCredentialStatus(organisation, first, { purpose: "suspension", to: "cleared" });
    expect(await codeOfAsync(reinstate)).toBe("AGENT_INACTIVE");
    expect(await setEntries(organisation)).toHaveLength(3);
    await resumeAgent(organisation, agent);
    await setCredentialStatus(organisation, first, { purpose: "suspension", to: "set" });
    await reinstate();
    expect(await setEntries(organisation)).toEqual([]);
  });

  it("change nothing when asked again, and know no agent that is not registered", async () => {
    const { organisation, agent } = await openFleet();
    expect((await resumeAgent(organisation, agent)).credentials).toEqual([]);
    await suspendAgent(organisation, agent);
    const events = await listEvents(organisation);
    expect((await suspendAgent(organisation, agent)).credentials).toEqual([]);
    expect(await listEvents(organisation)).toEqual(events);
    const stranger = { agentId: "urn:uuid:00000000-0000-4000-8000-000000000000" };
    for (const change of [suspendAgent, resumeAgent, retireAgent]) {
      expect(await codeOfAsync(() => change(organisation, stranger))).toBe("NOT_FOUND");
    }
  });
});

describe("retireAgent", () => {
  it("revokes all that the agent has, for good", async () => {
    const { organisation, agent, ids } = await openFleet();
    await suspendAgent(organisation, agent);
    expect(sorted((await retireAgent(organisation, agent, "replaced")).credentials)).toEqual(ids);
    expect(await setEntries(organisation)).toEqual(ids.flatMap((id) => [`${id} r1`, `${id} s1`]));
    expect((await retireAgent(organisation, agent)).credentials).toEqual([]);
    for (const change of [suspendAgent, resumeAgent]) {
      expect(await codeOfAsync(() => change(organisation, agent))).toBe("AGENT_INACTIVE");
    }
    expect(await codeOfAsync(() => grantAuthority(organisation, agent, { grants: [READ] }))).toBe(
      "AGENT_INACTIVE",
    );
    const rows = await organisation.database.query(
      "SELECT revoked, reason FROM credentials WHERE agent_id = $1",
      [agent.agentId],
    );
    expect(rows).toEqual(ids.map(() => ({ revoked: NOW, reason: "replaced" })));
  });

  it("keeps name and key from being registered again", async () => {
    const { organisation, agent } = await openFleet();
    await retireAgent(organisation, agent);
    expect(await codeOfAsync(() => enrol(organisation, "a"))).toBe("ALREADY_EXISTS");
    const sameKey = async () => enrolAgent(organisation, await requestOf(signerOf("a")), { name: "another" });
    expect(await codeOfAsync(sameKey)).toBe("ALREADY_EXISTS");
  });

  it("needs the records only, not the organisation's key", async () => {
    const { organisation, agent } = await openFleet();
    await retireAgent(await openRegistry(organisation.database), agent);
    expect((await findAgent(organisation, "a")).state).toBe("retired");
  });
});

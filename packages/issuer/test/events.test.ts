import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  grantAuthority,
  listEvents,
  openOrganisation,
  openRegistry,
  publishStatusLists,
  resumeAgent,
  retireAgent,
  revokeCredential,
  suspendAgent,
} from "../src/index.js";
import { enrol, NOW, openWorld, rawKey, reopen, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

describe("listEvents", () => {
  it("tells who did what, when and why, in the order in which it was done", async () => {
    const { organisation, database, clock } = await openWorld();
    const environment = { clock, random: organisation.random };
    const alice = await openOrganisation(database, rawKey(1), environment, { operator: "alice" });
    const agent = await enrol(alice, "a");
    clock.advance(SECOND);
    const { id, validUntil } = await grantAuthority(alice, agent, { grants: [READ] });
    const bob = await openRegistry(database, environment, { operator: "bob@acme.example" });
    await revokeCredential(bob, id, "too much");
    await suspendAgent(bob, agent, "odd");
    await resumeAgent(bob, agent, "checked");
    await retireAgent(bob, agent);
    const { agentId, did } = agent;
    const events = await listEvents(organisation);
    const identity = events.find(({ action }) => action === "credential.issued")?.credentialId;
    const type = "DelegatedAuthorityCredential";
    expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ number, ...event }) => event)).toMatchObject([
      { at: NOW, action: "organisation.created", details: { did: organisation.did } },
      { at: NOW, operator: "alice", action: "agent.enrolled", agentId, details: { name: "a", did } },
      { at: NOW, operator: "alice", action: "credential.issued", agentId, credentialId: identity },
      {
        at: NOW + SECOND,
        action: "credential.issued",
        agentId,
        credentialId: id,
        details: { type, validUntil },
      },
      {
        operator: "bob@acme.example",
        action: "credential.revoked",
        agentId,
        credentialId: id,
        reason: "too much",
      },
      { action: "agent.suspended", agentId, reason: "odd" },
      { action: "credential.suspended", agentId, credentialId: identity, reason: "odd" },
      { action: "agent.resumed", agentId, reason: "checked" },
      { action: "credential.reinstated", agentId, credentialId: identity, reason: "checked" },
      { action: "agent.retired", agentId },
      { action: "credential.revoked", agentId, credentialId: identity },
    ]);
  });

  it("finds by agent, credential, action and time, and pages backwards", async () => {
    const { organisation, clock } = await openWorld();
    const [a, b] = [await enrol(organisation, "a"), await enrol(organisation, "b")];
    clock.advance(SECOND);
    const { id } = await grantAuthority(organisation, b, { grants: [READ] });
    await revokeCredential(organisation, id);
    const numbers = async (
      ...filter: Parameters<typeof listEvents> extends [unknown, ...infer F] ? F : never
    ) => (await listEvents(organisation, ...filter)).map(({ number }) => number);
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await numbers({ agentId: a.agentId })).toEqual([2, 3]);
    expect(await numbers({ credentialId: id })).toEqual([6, 7]);
    expect(await numbers({ action: "agent.enrolled" })).toEqual([2, 4]);
    expect(await numbers({ since: NOW + SECOND })).toEqual([6, 7]);
    expect(await numbers({ limit: 2 })).toEqual([6, 7]);
    expect(await numbers({ limit: 2, before: 6 })).toEqual([4, 5]);
    expect(await numbers({ agentId: b.agentId, action: "credential.issued", since: NOW + SECOND })).toEqual([
      6,
    ]);
  });

  it("has nothing of a step that was refused", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    const before = await listEvents(organisation);
    const unregistered = { ...agent, did: signerOf("x").did };
    expect(await codeOfAsync(() => grantAuthority(organisation, unregistered, { grants: [READ] }))).toBe(
      "NOT_FOUND",
    );
    expect(await codeOfAsync(() => grantAuthority(organisation, agent, { grants: [] }))).toBe("ARRAY_EMPTY");
    expect(await codeOfAsync(() => enrol(organisation, "a"))).toBe("ALREADY_EXISTS");
    expect(await listEvents(organisation)).toEqual(before);
  });

  it("counts without a gap where several processes work at once", async () => {
    const { organisation, path } = await openWorld();
    const agent = await enrol(organisation, "a");
    const handles = await Promise.all(Array.from({ length: 4 }, () => reopen(path)));
    const opened = await Promise.all(handles.map((handle) => openOrganisation(handle, rawKey(1))));
    await Promise.all(
      opened.flatMap((each) => [1, 2, 3].map(() => grantAuthority(each, agent, { grants: [READ] }))),
    );
    const numbers = (await listEvents(organisation)).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 3 + 12 }, (_, index) => index + 1));
    expect((await publishStatusLists(organisation)).map(({ listId }) => listId)).toEqual(["r1", "s1"]);
  });

  it("keeps no reason that is too long, or would take over a terminal", async () => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "a");
    for (const [reason, code] of [
      ["x".repeat(1001), "SCHEMA_INVALID"],
      ["a\u001bb", "CHAR_FORBIDDEN"],
    ] as const) {
      expect(await codeOfAsync(() => suspendAgent(organisation, agent, reason))).toBe(code);
    }
    expect(await listEvents(organisation, { action: "agent.suspended" })).toEqual([]);
  });

  it.each([
    ["an empty one", "", "SCHEMA_INVALID"],
    ["one that is too long", "x".repeat(129), "SCHEMA_INVALID"],
    ["one that would take over a terminal", "a\u001bb", "CHAR_FORBIDDEN"],
  ])("takes a name for an operator, not %s", async (_, operator, code) => {
    const { database } = await openWorld();
    expect(await codeOfAsync(() => openRegistry(database, undefined, { operator }))).toBe(code);
    expect(await codeOfAsync(() => openOrganisation(database, rawKey(1), undefined, { operator }))).toBe(
      code,
    );
  });
});

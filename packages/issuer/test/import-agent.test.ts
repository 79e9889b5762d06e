import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { findAgent, importAgent, listAgents, setRole, suspendAgent } from "../src/index.js";
import { DAY, openWorld, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

async function openImported() {
  const world = await openWorld();
  const request = await requestOf(signerOf("a"));
  const { agent, credential } = await importAgent(world.organisation, request, { name: "a" });
  return { ...world, request, agent, credential };
}

describe("importAgent", () => {
  it("enrols whoever is not there yet", async () => {
    const { organisation, agent, credential } = await openImported();
    expect(await findAgent(organisation, "a")).toEqual(agent);
    expect(credential?.credentialSubject).toMatchObject({ id: signerOf("a").did, name: "a" });
  });

  it("finds whoever is there by name and key, and issues nothing, even where the request has ended", async () => {
    const { organisation, database, clock, request, agent } = await openImported();
    const before = await rowCounts(database);
    expect(await importAgent(organisation, request, { name: "a" })).toEqual({ agent });
    clock.advance(DAY + SECOND);
    expect(await importAgent(organisation, request, { name: "a" })).toEqual({ agent });
    expect(await rowCounts(database)).toEqual(before);
  });

  it("does not take whoever is there for whom it is not, or who gets nothing more", async () => {
    const { organisation, request, agent } = await openImported();
    await setRole(organisation, "clerk", {});
    const importing = (options: object) =>
      codeOfAsync(() => importAgent(organisation, request, { name: "a", ...options }));
    const other = signerOf("other").did;
    for (const options of [{ roles: ["clerk"] }, { owner: other }, { environment: "prod" }]) {
      expect(await importing(options)).toBe("ALREADY_EXISTS");
    }
    const same = { name: "a", roles: [], owner: organisation.did };
    expect(await importAgent(organisation, request, same)).toEqual({ agent });
    await suspendAgent(organisation, agent);
    expect(await importing({})).toBe("AGENT_INACTIVE");
  });

  it("does not take another key for the agent's, nor another name", async () => {
    const { organisation, clock, request, agent } = await openImported();
    const other = await requestOf(signerOf("b"));
    const importing = (each: string, name: string) =>
      codeOfAsync(() => importAgent(organisation, each, { name }));
    expect(await importing(other, "a")).toBe("ALREADY_EXISTS");
    expect(await importing(request, "b")).toBe("ALREADY_EXISTS");
    clock.advance(DAY + SECOND);
    expect(await importing(other, "a")).toBe("PROOF_EXPIRED");
    expect(await importing(request, "b")).toBe("PROOF_EXPIRED");
    expect(await listAgents(organisation)).toEqual([agent]);
  });
});

import { asJson, SUITE_NAMES, type JsonObject } from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { OperationAnswer } from "../../src/http/operation.js";
import { DIPLOMA, openServiceWorld, STATUS_BASE, type ServiceWorld, V2 } from "./world.js";

async function issue(
  world: ServiceWorld,
  issuer: string,
  credential: object = DIPLOMA,
  options: object = {},
): Promise<JsonObject> {
  const asked = { credential, options };
  const { status, body } = await world.call("issueCredential", asked, { parameters: { issuer } });
  expect(status).toBe(201);
  return (body as JsonObject)["verifiableCredential"] as JsonObject;
}

const verify = (world: ServiceWorld, verifiableCredential: unknown, options: object = {}) =>
  world.call("verifyCredential", { verifiableCredential, options });

function errorsOf({ status, body }: OperationAnswer): readonly unknown[] {
  const { verified, errors } = body as { verified: boolean; errors: readonly Record<string, unknown>[] };
  expect([status, verified]).toEqual(errors.length > 0 ? [400, false] : [200, true]);
  return errors.map(({ code, pointer }) => `${String(code)} ${String(pointer)}`);
}

describe.each([...SUITE_NAMES, "status"])("the issuer %s", (issuer) => {
  it("issues what the service verifies", async () => {
    const world = await openServiceWorld();
    const credential = await issue(world, issuer);
    expect(credential).toMatchObject({ issuer: world.organisation.did });
    const answer = await verify(world, credential);
    expect(errorsOf(answer)).toEqual([]);
    expect(answer.body).toMatchObject({
      verified: true,
      warnings: [],
      errors: [],
      notEstablished: issuer === "status" ? ["issuer", "resources"] : ["issuer", "status", "resources"],
    });
  });

  it("issues what is refused once it was changed", async () => {
    const world = await openServiceWorld();
    const credential = await issue(world, issuer);
    const answer = await verify(world, { ...credential, name: "x" });
    expect(errorsOf(answer)).toEqual(["SIGNATURE_INVALID /proof"]);
    expect(answer.body).toMatchObject({
      checks: ["json", "profile"],
      errors: [
        {
          type: "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR",
          title: "The signature does not verify.",
        },
      ],
    });
  });
});

it("a request that is known again gets the same credential, and is issued once", async () => {
  const world = await openServiceWorld();
  const operation = world.operations.find(({ id }) => id === "issueCredential");
  const request = {
    parameters: { issuer: "status" },
    query: new URLSearchParams(),
    headers: new Headers(),
    body: { credential: DIPLOMA },
  };
  const issueAs = async (requestId: string) => (await operation?.handle({ ...request, requestId }))?.body;
  const first = await issueAs("order-7");
  expect(await issueAs("order-7")).toEqual(first);
  expect(await issueAs("order-8")).not.toEqual(first);
});

it("there is no issuer of another name", async () => {
  const world = await openServiceWorld();
  for (const issuer of ["", "eddsa-2022", "__proto__", "Status"]) {
    const refused = world.call("issueCredential", { credential: DIPLOMA }, { parameters: { issuer } });
    await expect(refused).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

describe("the status of a credential", () => {
  const statusPurposes = ["revocation", "suspension"];
  const issueBoth = (world: ServiceWorld, credential: object = DIPLOMA) =>
    issue(world, "status", credential, { statusPurposes });
  const statusOf = (credential: JsonObject, purpose: number) =>
    (credential["credentialStatus"] as readonly JsonObject[])[purpose] ?? {};

  it("is one entry, for revocation, unless others are asked for, which any issuer gives", async () => {
    const world = await openServiceWorld();
    const entry = (statusPurpose: string) => ({ type: "BitstringStatusListEntry", statusPurpose });
    expect(await issue(world, "status")).toMatchObject({ credentialStatus: entry("revocation") });
    expect(await issueBoth(world)).toMatchObject({ credentialStatus: statusPurposes.map(entry) });
    const suite = "eddsa-jcs-2022";
    expect(await issue(world, suite)).not.toHaveProperty("credentialStatus");
    const suspendable = await issue(world, suite, DIPLOMA, { statusPurposes: ["suspension"] });
    expect(suspendable).toMatchObject({ credentialStatus: entry("suspension") });
    expect(errorsOf(await verify(world, suspendable))).toEqual([]);
  });

  it("is told where nothing is wrong with it", async () => {
    const world = await openServiceWorld();
    const credential = await issueBoth(world);
    const statuses = statusPurposes.map((purpose, place) => ({
      pointer: `/credentialStatus/${String(place)}`,
      purpose,
      value: 0,
    }));
    expect((await verify(world, credential)).body).toMatchObject({ statuses });
    expect((await verify(world, credential, { checks: ["proof"] })).body).toMatchObject({ statuses: [] });
    await world.call("updateCredentialStatus", {
      credentialId: credential["id"],
      credentialStatus: statusOf(credential, 1),
    });
    expect((await verify(world, credential)).body).not.toHaveProperty("statuses");
  });

  it("of an agent's is nothing that a token can change", async () => {
    const world = await openServiceWorld();
    const rows = await world.organisation.database.query("SELECT document_id FROM credentials");
    expect(rows).toHaveLength(2);
    for (const { document_id: credentialId } of rows) {
      for (const statusPurpose of statusPurposes) {
        const credentialStatus = { type: "BitstringStatusListEntry", statusPurpose };
        const change = world.call("updateCredentialStatus", { credentialId, credentialStatus });
        await expect(change).rejects.toMatchObject({ code: "NOT_FOUND" });
      }
    }
    const set = "SELECT entry_index FROM status_entries WHERE is_set = 1";
    expect(await world.organisation.database.query(set)).toEqual([]);
  });

  it("is changed by the name that was given for that", async () => {
    const world = await openServiceWorld();
    const credential = await issue(world, "status", DIPLOMA, { credentialId: "diploma-7" });
    const { credentialStatus } = credential;
    const change = (credentialId: unknown) =>
      world.call("updateCredentialStatus", { credentialId, credentialStatus });
    await expect(change(credential["id"])).rejects.toMatchObject({ code: "NOT_FOUND" });
    await change("diploma-7");
    expect(errorsOf(await verify(world, credential))).toEqual(["REVOKED /credentialStatus"]);
  });

  it.each([
    [{ statusPurposes: [] }, "ARRAY_EMPTY /options/statusPurposes"],
    [{ statusPurposes: "revocation" }, "SCHEMA_INVALID /options/statusPurposes"],
    [{ statusPurposes: ["message"] }, "SCHEMA_INVALID /options/statusPurposes/0"],
    [{ statusPurposes: ["revocation", "revocation"] }, "DUPLICATE_ITEM /options/statusPurposes/1"],
    [{ credentialId: 7 }, "SCHEMA_INVALID /options/credentialId"],
  ])("is not asked for by %j", async (options, expected) => {
    const world = await openServiceWorld();
    const { code, pointer } = await refusalOfAsync(() => issue(world, "status", DIPLOMA, options));
    expect(`${code} ${pointer}`).toBe(expected);
  });

  it.each([
    ["revocation", 0, "REVOKED"],
    ["suspension", 1, "SUSPENDED"],
  ] as const)("is set for %s, and known at once", async (statusPurpose, place, code) => {
    const world = await openServiceWorld();
    const credential = await issueBoth(world);
    const other = await issueBoth(world, { ...DIPLOMA, id: credential["id"] });
    expect(errorsOf(await verify(world, credential))).toEqual([]);
    const credentialStatus = statusOf(credential, place);
    expect(credentialStatus).toMatchObject({ statusPurpose });
    const change = { credentialId: credential["id"], credentialStatus };
    expect(await world.call("updateCredentialStatus", change)).toEqual({ status: 200, body: {} });
    expect(errorsOf(await verify(world, credential))).toEqual([`${code} /credentialStatus/${String(place)}`]);
    expect(errorsOf(await verify(world, other))).toEqual([]);
    expect(errorsOf(await verify(world, credential, { checks: ["proof"] }))).toEqual([]);
    expect(errorsOf(await verify(world, credential, { checks: ["proof", "status"] }))).toHaveLength(1);
  });

  it("is lifted from a suspension, and from nothing else", async () => {
    const world = await openServiceWorld();
    const credential = await issueBoth(world);
    const change = (statusPurpose: string, status: boolean) =>
      world.call("updateCredentialStatus", {
        credentialId: credential["id"],
        credentialStatus: { type: "BitstringStatusListEntry", statusPurpose },
        status,
      });
    await change("suspension", true);
    await change("suspension", false);
    expect(errorsOf(await verify(world, credential))).toEqual([]);
    expect(await refusalOfAsync(() => change("revocation", false))).toMatchObject({
      code: "STATUS_UNSUPPORTED",
    });
  });

  it.each([
    ["another credential", { credentialId: "urn:uuid:x" }, {}, "NOT_FOUND", ""],
    [
      "an index without its list",
      {},
      { statusListCredential: undefined },
      "SCHEMA_INVALID",
      "/credentialStatus",
    ],
    ["a list without index", {}, { statusListIndex: undefined }, "SCHEMA_INVALID", "/credentialStatus"],
    ["another type", {}, { type: "StatusList2021Entry" }, "SCHEMA_INVALID", "/credentialStatus/type"],
    [
      "a purpose without list",
      {},
      { statusPurpose: "message" },
      "SCHEMA_INVALID",
      "/credentialStatus/statusPurpose",
    ],
    [
      "an index that is none",
      {},
      { statusListIndex: "5abc" },
      "SCHEMA_INVALID",
      "/credentialStatus/statusListIndex",
    ],
    ["a status that is a text", { status: "false" }, {}, "SCHEMA_INVALID", "/status"],
    ["a status that is a number", { status: 0 }, {}, "SCHEMA_INVALID", "/status"],
  ])("is not changed by %s", async (_, changes, ofEntry, code, pointer) => {
    const world = await openServiceWorld();
    const credential = await issueBoth(world);
    const refused = refusalOfAsync(() =>
      world.call("updateCredentialStatus", {
        credentialId: credential["id"],
        credentialStatus: { ...statusOf(credential, 0), ...ofEntry },
        ...changes,
      }),
    );
    expect(await refused).toEqual({ code, pointer });
    expect(errorsOf(await verify(world, credential))).toEqual([]);
  });
});

describe("a status list", () => {
  it("is served at its own address, and not again to who has it", async () => {
    const world = await openServiceWorld();
    await issue(world, "status");
    expect(world.operations.find(({ id }) => id === "getStatusList")?.path).toBe("/status/{list}");
    const get = (list: string, headers: Record<string, string> = {}) =>
      world.call("getStatusList", {}, { parameters: { list }, headers });
    const found = await get("r1");
    expect(found).toMatchObject({
      status: 200,
      contentType: "application/vc",
      headers: { "cache-control": "public, max-age=300" },
    });
    expect(JSON.parse(found.body as string)).toMatchObject({
      id: `${STATUS_BASE}r1`,
      type: ["VerifiableCredential", "BitstringStatusListCredential"],
    });
    const etag = found.headers?.["etag"] ?? "";
    expect(etag).toMatch(/^"[A-Za-z0-9_-]+"$/);
    for (const known of [etag, `"x", ${etag}`, `W/${etag}`]) {
      expect(await get("r1", { "if-none-match": known })).toEqual({ status: 304, headers: found.headers });
    }
    world.clock.advance(100_500);
    const later = await get("r1", { "if-none-match": '"x"' });
    expect(later.body).toBe(found.body);
    expect(later.headers).toEqual({ etag, "cache-control": "public, max-age=199" });
    for (const name of ["r2", "r1\0", "", "R1", "../r1"]) {
      expect(await refusalOfAsync(() => get(name))).toMatchObject({ code: "NOT_FOUND" });
    }
  });
});

describe("what is verified", () => {
  it("may be of anybody, and says that nobody asked for the issuer", async () => {
    const [one, other] = [await openServiceWorld(), await openServiceWorld()];
    const answer = await verify(other, await issue(one, "eddsa-jcs-2022"));
    expect(errorsOf(answer)).toEqual([]);
    expect((answer.body as JsonObject)["notEstablished"]).toContain("issuer");
  });

  it("is under the strict profile where it is of Writ's own", async () => {
    const world = await openServiceWorld();
    const request = { "@context": [V2, "https://w3id.org/writ/v1"], type: ["VerifiableCredential", "X"] };
    expect(errorsOf(await verify(world, request))).toEqual(["TYPE_UNSUPPORTED /type"]);
  });

  it.each([
    ["a token", "eyJhbGciOiJub25lIn0.e30.", "ENVELOPE_UNSUPPORTED", "/verifiableCredential"],
    ["a list", [DIPLOMA], "SCHEMA_INVALID", "/verifiableCredential"],
    ["nothing", undefined, "SCHEMA_INVALID", "/verifiableCredential"],
  ])("is not %s", async (_, document, code, pointer) => {
    const world = await openServiceWorld();
    expect(await refusalOfAsync(() => verify(world, document))).toEqual({ code, pointer });
  });

  it("is asked all that there is to ask but where `proof` alone is wanted", async () => {
    const world = await openServiceWorld();
    const credential = { ...DIPLOMA, validUntil: "2026-11-23T09:00:00Z" };
    const issued = asJson(await issue(world, "eddsa-jcs-2022", credential));
    world.clock.advance(3_600_000);
    for (const [checks, problems] of [
      [["proof"], []],
      [[], ["EXPIRED /validUntil"]],
      [["proof", "proof"], ["EXPIRED /validUntil"]],
      [["status"], ["EXPIRED /validUntil"]],
    ]) {
      expect(errorsOf(await verify(world, issued, { checks }))).toEqual(problems);
    }
    const refused = refusalOfAsync(() => verify(world, issued, { checks: "proof" }));
    expect(await refused).toEqual({ code: "SCHEMA_INVALID", pointer: "/options/checks" });
  });
});

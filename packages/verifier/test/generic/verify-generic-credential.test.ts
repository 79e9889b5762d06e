import { createHash } from "node:crypto";

import { SUITE_NAMES, type JsonObject } from "@writ/core";
import { describe, expect, it } from "vitest";

import {
  noStatusSource,
  trustOrganisations,
  verifyGenericCredential,
  type GenericVerifierOptions,
  type VerifyGenericCredentialResult,
} from "../../src/index.js";
import { edit } from "../edit.js";
import { DAY, NOW, START, STRANGER } from "../world.js";
import {
  CREDENTIAL,
  CREDENTIAL_OPEN,
  CREDENTIAL_V1,
  HOLDER,
  ISSUER,
  LIST,
  MESSAGES,
  OPEN,
  OTHER,
  publishedLists,
  sign,
  TERMS,
  TERMS_BYTES,
  told,
} from "./documents.js";

type Changes = Readonly<Record<string, unknown>>;

const RESOURCES = new Map([[TERMS, TERMS_BYTES]]);
const TRUST = trustOrganisations([ISSUER.did]);
const ALL = ["json", "profile", "signature", "issuer", "time", "status", "resources"];

async function verify(
  document: JsonObject,
  options: Partial<GenericVerifierOptions> = {},
): Promise<VerifyGenericCredentialResult> {
  const status = options.status ?? (await publishedLists());
  return verifyGenericCredential(JSON.stringify(document), {
    trust: TRUST,
    resources: RESOURCES,
    clock: () => NOW,
    ...options,
    status,
  });
}

/** What is said of the credential of VC 2.0, changed before it is signed. */
async function verdict(
  changes: Changes,
  options: Partial<GenericVerifierOptions> = {},
  document = CREDENTIAL,
) {
  return told(await verify(await sign(edit(document, changes)), options));
}

/** A refusal by one check, after all before it, and none after. */
function refusedBy(check: string, ...problems: readonly string[]): unknown {
  const at = ALL.indexOf(check);
  return { established: ALL.slice(0, at), failed: [check], open: ALL.slice(at + 1), problems };
}

describe.each(SUITE_NAMES)("a credential of others, signed by %s", (suite) => {
  it.each<readonly [string, JsonObject, readonly string[]]>([
    ["VC 2.0", CREDENTIAL, []],
    ["VC 1.1", CREDENTIAL_V1, ["status", "resources"]],
  ])("is verified under %s, with every check that it gives reason for", async (_, document, open) => {
    const signed = await sign(document, { suite });
    const result = await verify(signed);
    const established = ALL.filter((name) => !open.includes(name));
    expect(told(result)).toEqual({ established, failed: [], open, problems: [] });
    expect(result).toMatchObject({
      verified: true,
      kind: "generic-credential",
      issuer: ISSUER.did,
      asOf: NOW,
    });
    expect(result).toHaveProperty("credential", signed);
    expect(Object.isFrozen(result.verified && result.credential.credentialSubject)).toBe(true);
  });

  it("says what status each entry has", async () => {
    const result = await verify(await sign(CREDENTIAL, { suite }));
    expect(result).toMatchObject({
      statuses: [
        { pointer: "/credentialStatus/0", purpose: "revocation", value: 0 },
        { pointer: "/credentialStatus/1", purpose: "message", value: 2, message: "m 0x2" },
      ],
    });
  });

  it("row 55: is refused where it was signed otherwise than it says", async () => {
    const signed = edit(await sign(CREDENTIAL, { suite }), { "/validUntil": "2028-11-23T08:00:00Z" });
    expect(told(await verify(signed))).toEqual(refusedBy("signature", "SIGNATURE_INVALID /proof"));
    const unknown = edit(await sign(CREDENTIAL, { suite }), {
      "/proof/type": "DataIntegrityProof",
      "/proof/cryptosuite": "x",
    });
    expect(told(await verify(unknown)).problems).toEqual(["SUITE_UNKNOWN /proof"]);
  });

  it("is refused where only another has signed it, or for another purpose", async () => {
    const other = await sign(CREDENTIAL, { suite, signer: STRANGER });
    expect(told(await verify(other))).toEqual(refusedBy("signature", "ISSUER_MISMATCH /proof"));
    const shown = await sign(CREDENTIAL, { suite, purpose: "authentication" });
    expect(told(await verify(shown))).toEqual(refusedBy("signature", "PROOF_PURPOSE /proof/proofPurpose"));
  });
});

describe("the issuer of another's credential", () => {
  it("row 106: is not established where anybody will do, refused by one that does not name it", async () => {
    const signed = JSON.stringify(await sign(CREDENTIAL));
    const common = { status: await publishedLists(), resources: RESOURCES, clock: () => NOW };
    const found = told(await verifyGenericCredential(signed, { ...common, trust: "anybody" }));
    expect(found).toEqual({
      established: ALL.filter((name) => name !== "issuer"),
      failed: [],
      open: ["issuer"],
      problems: [],
    });
    for (const trust of [trustOrganisations([]), trustOrganisations([OTHER.did])]) {
      const refused = await verifyGenericCredential(signed, { ...common, trust });
      expect(told(refused)).toEqual(refusedBy("issuer", "ISSUER_UNTRUSTED /issuer"));
    }
  });

  it("is the one that its id names, whatever its name", async () => {
    expect(await verdict({ "/issuer": { id: OTHER.did, name: "Amt" } })).toEqual(
      refusedBy("signature", "ISSUER_MISMATCH /proof"),
    );
    expect((await verdict({ "/issuer": ISSUER.did })).failed).toEqual([]);
  });
});

describe("the dates of another's credential", () => {
  const FROM = NOW;
  const UNTIL = Date.parse("2027-11-23T07:00:00Z");
  const undated = { "/credentialStatus": undefined };

  it.each([
    ["1 ms before validFrom", FROM - 1, ["NOT_YET_VALID /validFrom"]],
    ["at validFrom", FROM, []],
    ["1 ms before validUntil", UNTIL - 1, []],
    ["at validUntil", UNTIL, ["EXPIRED /validUntil"]],
  ])("row 92: VC 2.0, %s", async (_, now, problems) => {
    const found = await verdict(undated, { clock: () => now, status: noStatusSource });
    expect(found.problems).toEqual(problems);
    expect(found.failed).toEqual(problems.length > 0 ? ["time"] : []);
  });

  it.each([
    ["1 ms before issuanceDate", FROM - 1, ["NOT_YET_VALID /issuanceDate"]],
    ["at issuanceDate", FROM, []],
    ["1 ms before expirationDate", UNTIL + 3_599_999, []],
    ["at expirationDate", UNTIL + 3_600_000, ["EXPIRED /expirationDate"]],
  ])("row 92: VC 1.1, %s", async (_, now, problems) => {
    const found = await verdict({}, { clock: () => now }, CREDENTIAL_V1);
    expect(found.problems).toEqual(problems);
    expect(found.failed).toEqual(problems.length > 0 ? ["time"] : []);
  });

  it("are those of both models, wherever they stand", async () => {
    const both = { "/validFrom": "2026-11-24T00:00:00Z", "/validUntil": "2026-11-25T00:00:00Z" };
    const found = (now: number) => verdict(both, { clock: () => now }, CREDENTIAL_V1);
    expect((await found(NOW)).problems).toEqual(["NOT_YET_VALID /validFrom"]);
    expect((await found(NOW + DAY)).problems).toEqual([]);
    expect((await found(NOW + 3 * DAY)).problems).toEqual(["EXPIRED /validUntil"]);
  });

  it("row 91: are in order", async () => {
    const found = await verdict({ "/validUntil": "2026-11-22T00:00:00Z" });
    expect(found).toEqual(refusedBy("profile", "VALIDITY_INVALID /validUntil"));
  });

  it("rows 59, 60: hold for the proof as well", async () => {
    const brief = await sign(CREDENTIAL, { expires: NOW + 1000 });
    const at = (now: number, document: JsonObject) => verify(document, { clock: () => now }).then(told);
    expect((await at(NOW + 999, brief)).failed).toEqual([]);
    expect(await at(NOW + 1000, brief)).toEqual(refusedBy("signature", "PROOF_EXPIRED /proof/expires"));
    const early = await sign(CREDENTIAL, { created: NOW + 61_000 });
    expect(await at(NOW, early)).toEqual(refusedBy("signature", "PROOF_CREATED /proof/created"));
  });
});

describe("the status of another's credential", () => {
  it("is refused where a bit is set for revocation or suspension", async () => {
    const status = await publishedLists(5);
    expect(await verdict({}, { status })).toEqual(refusedBy("status", "REVOKED /credentialStatus/0"));
    const suspended = { "/credentialStatus/0/statusPurpose": "suspension" };
    expect(await verdict(suspended, { status })).toEqual(
      refusedBy("status", "SUSPENDED /credentialStatus/0"),
    );
  });

  it("row 120: is refused where it cannot be told", async () => {
    expect(await verdict({}, { status: noStatusSource })).toEqual(
      refusedBy("status", "STATUS_UNAVAILABLE /credentialStatus/0", "STATUS_UNAVAILABLE /credentialStatus/1"),
    );
  });

  it("row 124: is refused where it is of a type that nobody here knows", async () => {
    const examples = { contexts: { examples: "allowed" } } as const;
    const changes = {
      "/@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
      "/credentialStatus": { id: "https://issuer.example/s", type: "StatusList2021Entry" },
    };
    expect(await verdict(changes, examples)).toEqual(
      refusedBy("status", "STATUS_UNSUPPORTED /credentialStatus/type"),
    );
  });

  it("row 125: is refused where the list has another size or purpose", async () => {
    const other = { "/credentialStatus/1/statusListCredential": LIST };
    expect(await verdict(other)).toEqual(refusedBy("status", "STATUS_LIST_INVALID /credentialStatus/1"));
  });

  it("row 126: is asked of nobody before the signature is good", async () => {
    const status = await publishedLists();
    await verify(edit(await sign(CREDENTIAL), { "/name": "x" }), { status });
    await verify(await sign(CREDENTIAL), { status, trust: trustOrganisations([OTHER.did]) });
    expect(status.asked).toEqual([]);
    await verify(await sign(CREDENTIAL), { status });
    expect([...status.asked].sort()).toEqual([MESSAGES, LIST]);
  });

  it("is none where the credential has none", async () => {
    const result = await verify(await sign(CREDENTIAL_V1), { status: noStatusSource });
    expect(result).toMatchObject({ verified: true, statuses: [] });
    expect(told(result).open).toContain("status");
  });
});

describe("the resources of another's credential", () => {
  it("are not established where one is not at hand", async () => {
    const found = await verdict({}, { resources: new Map() });
    expect(found).toEqual({ established: ALL.slice(0, -1), failed: [], open: ["resources"], problems: [] });
  });

  it("are refused with other bytes, whatever else is not at hand", async () => {
    const wrong = { resources: new Map([[TERMS, new Uint8Array(1)]]) };
    expect(await verdict({}, wrong)).toEqual(refusedBy("resources", "DIGEST_MISMATCH /relatedResource"));
    const { relatedResource } = CREDENTIAL;
    const another = { ...(relatedResource as JsonObject), id: "https://issuer.example/other.html" };
    const both = { "/relatedResource": [another, relatedResource] };
    expect(await verdict(both, wrong)).toEqual(refusedBy("resources", "DIGEST_MISMATCH /relatedResource/1"));
    expect((await verdict(both)).open).toEqual(["resources"]);
  });
});

describe("a context among the resources of another's credential", () => {
  const id = "https://www.w3.org/ns/credentials/v2";
  const naming = (hash: string) => ({ "/relatedResource": { id, digestSRI: `sha256-${hash}` } });
  const RIGHT = Buffer.from("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734", "hex");

  it("is at hand, as the bytes by which documents are read", async () => {
    expect((await verdict(naming(RIGHT.toString("base64")), { resources: new Map() })).open).toEqual([]);
  });

  it("is refused with other bytes, whatever bytes the caller has for it", async () => {
    const other = createHash("sha256").update("x").digest("base64");
    for (const resources of [new Map<string, Uint8Array>(), new Map([[id, Buffer.from("x")]])]) {
      expect(await verdict(naming(other), { resources })).toEqual(
        refusedBy("resources", "DIGEST_MISMATCH /relatedResource"),
      );
    }
  });
});

describe("another's credential, of which only the proofs are asked", () => {
  it("is verified whatever its dates, its status, its issuer and its resources are", async () => {
    const open = ["issuer", "time", "status", "resources"];
    const options = {
      scope: "proofs",
      status: noStatusSource,
      trust: trustOrganisations([]),
      resources: new Map([[TERMS, new Uint8Array(1)]]),
      clock: () => NOW + 1000 * DAY,
    } as const;
    const signed = await sign(CREDENTIAL);
    const result = await verify(signed, options);
    expect(told(result)).toEqual({ established: ALL.slice(0, 3), failed: [], open, problems: [] });
    expect(result).toMatchObject({ verified: true, statuses: [] });
    const altered = await verify(edit(signed, { "/name": "x" }), options);
    expect(told(altered)).toEqual(refusedBy("signature", "SIGNATURE_INVALID /proof"));
  });
});

describe("the contexts of another's credential", () => {
  it("are the pinned ones, and further ones where the caller says so", async () => {
    const signed = await sign(CREDENTIAL_OPEN, { suite: "eddsa-rdfc-2022" });
    const said = async (contexts: GenericVerifierOptions["contexts"] = {}) =>
      told(await verify(signed, { contexts }));
    expect(await said()).toEqual(refusedBy("profile", "CONTEXT_NOT_ALLOWED /@context/1"));
    expect(await said({ examples: "allowed" })).toEqual(
      refusedBy("profile", "CONTEXT_NOT_ALLOWED /@context/2"),
    );
    expect(await said({ inline: "plain-terms" })).toEqual(
      refusedBy("profile", "CONTEXT_NOT_ALLOWED /@context/1"),
    );
    expect(await said(OPEN)).toMatchObject({ failed: [] });
  });

  it("row 30: define every member, under JCS too", async () => {
    expect(await verdict({ "/undefined": "x" })).toEqual(refusedBy("signature", "JSON_LD_INVALID"));
    expect(await verdict({ "/credentialSubject": { id: HOLDER.did, age: 18 } })).toEqual(
      refusedBy("signature", "JSON_LD_INVALID"),
    );
    expect((await verdict({ "/type/1": "UndefinedCredential" })).problems).toEqual(["JSON_LD_INVALID"]);
  });
});

describe("what is no credential", () => {
  it.each<readonly [string, Changes, string]>([
    [
      "row 22: has another context",
      { "/@context": ["https://unknown.example/v1"] },
      "CONTEXT_NOT_ALLOWED /@context",
    ],
    ["row 19: names a member by its IRI", { "/cred:validUntil": START }, "KEY_NOT_PLAIN /cred:validUntil"],
    ["row 104: is enveloped", { "/type": "EnvelopedVerifiableCredential" }, "ENVELOPE_UNSUPPORTED /type"],
    ["row 104: is a presentation", { "/type": "VerifiablePresentation" }, "TYPE_UNSUPPORTED /type"],
    ["has no issuer", { "/issuer": undefined }, "SCHEMA_INVALID /issuer"],
    ["row 98: has no subject", { "/credentialSubject": undefined }, "SCHEMA_INVALID /credentialSubject"],
    ["row 41: has no proof", { "/proof": undefined }, "PROOF_MISSING /proof"],
  ])("%s", async (_, changes, problem) => {
    const check = problem.startsWith("PROOF") ? "signature" : "profile";
    expect(told(await verify(edit(await sign(CREDENTIAL), changes)))).toEqual(refusedBy(check, problem));
  });

  it.each([
    ["row 17: a list", "[]", "JSON_NOT_OBJECT"],
    ["row 104: a token", "eyJhbGciOiJub25lIn0.e30.", "JSON_SYNTAX"],
    ["row 1: a member twice", '{"id":1,"id":2}', "JSON_DUPLICATE_KEY /id"],
  ])("%s", async (_, text, problem) => {
    const result = await verifyGenericCredential(text, {
      trust: "anybody",
      status: noStatusSource,
      clock: () => NOW,
    });
    expect(told(result)).toEqual(refusedBy("json", problem));
  });
});

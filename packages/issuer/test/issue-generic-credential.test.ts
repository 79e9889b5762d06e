import {
  asJson,
  checkSignedBy,
  createResolver,
  digestMultibase,
  encodeStatusList,
  MIN_STATUS_ENTRIES,
  SUITE_NAMES,
  type JsonObject,
  type SuiteName,
} from "@writ/core";
import { refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  grantAuthority,
  issueGenericCredential,
  STATUS_PURPOSES,
  type GenericIssueOptions,
} from "../src/index.js";
import { enrol, NOW, openWorld, rowCounts, signerOf } from "./world.js";

const V1 = "https://www.w3.org/2018/credentials/v1";
const V2 = "https://www.w3.org/ns/credentials/v2";
const ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1";
const DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2";
const STUDENT = signerOf("student").did;

const DIPLOMA: JsonObject = {
  "@context": [V2],
  id: "urn:uuid:11111111-1111-4111-8111-111111111111",
  type: ["VerifiableCredential"],
  name: "Diploma",
  validUntil: "2027-11-23T08:00:00Z",
  credentialSubject: { id: STUDENT, description: "has learnt something" },
};

const DIPLOMA_V1: JsonObject = {
  "@context": [V1],
  type: ["VerifiableCredential"],
  issuanceDate: "2026-11-23T08:00:00Z",
  credentialSubject: { id: STUDENT },
};

describe.each(SUITE_NAMES)("a credential of others, issued by %s", (suite) => {
  it.each<readonly [string, JsonObject, Readonly<Record<SuiteName, readonly string[]>>]>([
    [
      "VC 2.0",
      DIPLOMA,
      { "eddsa-jcs-2022": [], "eddsa-rdfc-2022": [], Ed25519Signature2020: [ED25519_2020] },
    ],
    [
      "VC 1.1",
      DIPLOMA_V1,
      {
        "eddsa-jcs-2022": [DATA_INTEGRITY],
        "eddsa-rdfc-2022": [DATA_INTEGRITY],
        Ed25519Signature2020: [ED25519_2020],
      },
    ],
  ])("under %s, is in the organisation's name, verifies, and is recorded", async (_, credential, added) => {
    const { organisation, database } = await openWorld();
    const issued = await issueGenericCredential(organisation, credential, { suite });
    const { "@context": contexts, proof, ...members } = asJson(issued);
    expect(contexts).toEqual([...(credential["@context"] as readonly string[]), ...added[suite]]);
    expect({ "@context": credential["@context"], ...members }).toEqual({
      ...credential,
      issuer: organisation.did,
    });
    expect(proof).toMatchObject({ created: "2026-11-23T08:00:00Z", proofPurpose: "assertionMethod" });
    const expected = { did: organisation.did, purpose: "assertionMethod", now: NOW } as const;
    const checked = await checkSignedBy(asJson(issued), expected, { resolver: createResolver() });
    expect(checked.problems).toEqual([]);
    const [row] = await database.query("SELECT * FROM credentials");
    expect(row).toMatchObject({
      document_id: credential["id"] ?? row?.["id"],
      type: "VerifiableCredential",
      subject: STUDENT,
      digest: digestMultibase(asJson(issued)),
      revoked: null,
    });
    expect(row?.["id"]).toMatch(/^urn:uuid:/);
    expect(await rowCounts(database)).toMatchObject({ credentials: 1, status_entries: 0 });
  });
});

describe("a credential of others with a status", () => {
  it("has an entry for each purpose, and an id by which it is known", async () => {
    const { organisation, database } = await openWorld();
    const first = await issueGenericCredential(organisation, DIPLOMA, { status: STATUS_PURPOSES });
    const { id: _, ...unnamed } = DIPLOMA;
    const second = await issueGenericCredential(organisation, unnamed, { status: STATUS_PURPOSES });
    const indexes = [first, second].flatMap((issued) => {
      const entries = asJson(issued)["credentialStatus"] as readonly JsonObject[];
      expect(entries).toMatchObject([
        { statusPurpose: "revocation", statusListCredential: "https://acme.example/status/r1" },
        { statusPurpose: "suspension", statusListCredential: "https://acme.example/status/s1" },
      ]);
      return entries.map(({ statusListIndex }) => Number(statusListIndex));
    });
    expect(new Set(indexes).size).toBe(4);
    expect(indexes.every((index) => index >= 0 && index < MIN_STATUS_ENTRIES)).toBe(true);
    expect([first.id, second.id]).toEqual([DIPLOMA["id"], expect.stringMatching(/^urn:uuid:/)]);
    const rows = await database.query("SELECT id, document_id FROM credentials ORDER BY document_id");
    expect(rows.map((row) => row["document_id"])).toEqual([DIPLOMA["id"], second.id].sort());
    expect(rows.some(({ id }) => id === second.id)).toBe(true);
  });

  it("has one entry by itself, where it has but one, and may be known by another name", async () => {
    const { organisation, database } = await openWorld();
    const options = { status: ["suspension"], credentialId: "diploma-7" } as const;
    const issued = await issueGenericCredential(organisation, DIPLOMA, options);
    expect(issued).toMatchObject({
      id: DIPLOMA["id"],
      credentialStatus: {
        statusPurpose: "suspension",
        statusListCredential: "https://acme.example/status/s1",
      },
    });
    expect(await database.query("SELECT document_id FROM credentials")).toEqual([
      { document_id: "diploma-7" },
    ]);
    expect(await rowCounts(database)).toMatchObject({ credentials: 1, status_entries: 1, status_lists: 1 });
  });

  it("may bear the id of another", async () => {
    const { organisation, database } = await openWorld();
    await issueGenericCredential(organisation, DIPLOMA, { status: STATUS_PURPOSES });
    await issueGenericCredential(organisation, DIPLOMA, { status: STATUS_PURPOSES });
    expect(await rowCounts(database)).toMatchObject({ credentials: 2, status_entries: 4 });
  });
});

describe("rows 164, 171: what is not issued, and leaves no record", () => {
  const STATUS = { type: "BitstringStatusListEntry", statusPurpose: "revocation", statusListIndex: "1" };
  const own = { ...STATUS, statusListCredential: "https://acme.example/status/r1" };
  const LIST = {
    id: "https://b.example/lists/1",
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    validFrom: "2026-11-23T08:00:00Z",
    credentialSubject: {
      type: "BitstringStatusList",
      statusPurpose: "revocation",
      encodedList: encodeStatusList(MIN_STATUS_ENTRIES, []),
    },
  };
  const EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2";

  const refused: readonly (readonly [string, object, string, string, GenericIssueOptions?])[] = [
    [
      "a type of Writ's own",
      { type: ["VerifiableCredential", "AgentIdentityCredential"] },
      "TYPE_UNSUPPORTED",
      "/type",
    ],
    ["Writ's own context", { "@context": [V2, "https://w3id.org/writ/v1"] }, "TYPE_UNSUPPORTED", "/type"],
    ["another issuer", { issuer: STUDENT }, "ISSUER_MISMATCH", "/issuer"],
    ["another issuer, as an object", { issuer: { id: STUDENT } }, "ISSUER_MISMATCH", "/issuer"],
    ["a proof", { proof: { type: "DataIntegrityProof" } }, "SCHEMA_INVALID", "/proof"],
    ["a context that is no list", { "@context": V2 }, "SCHEMA_INVALID", "/@context"],
    ["no context", { "@context": undefined }, "SCHEMA_INVALID", "/@context"],
    ["a type that is no list", { type: "VerifiableCredential" }, "SCHEMA_INVALID", "/type"],
    ["a subject that is a text", { credentialSubject: STUDENT }, "SCHEMA_INVALID", "/credentialSubject"],
    ["a subject that claims nothing", { credentialSubject: {} }, "SCHEMA_INVALID", "/credentialSubject"],
    ["a term that nobody defines", { degree: "x" }, "JSON_LD_INVALID", ""],
    ["such a term, by an RDF suite", { degree: "x" }, "JSON_LD_INVALID", "", { suite: "eddsa-rdfc-2022" }],
    [
      "a context that is not known",
      { "@context": [V2, "https://a.example/v1"] },
      "CONTEXT_NOT_ALLOWED",
      "/@context/1",
    ],
    ["the examples' context", { "@context": [V2, EXAMPLES] }, "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["an entry in its own lists", { credentialStatus: own }, "STATUS_UNSUPPORTED", ""],
    [
      "one that names them elsewhere",
      {
        credentialStatus: {
          ...STATUS,
          statusListCredential: "https://b.example/",
          id: "https://acme.example/status/r1#1",
        },
      },
      "STATUS_UNSUPPORTED",
      "",
    ],
    ["the id of one of its lists", { id: "https://acme.example/status/r1" }, "STATUS_UNSUPPORTED", ""],
    ["one in other letters", { id: "HTTPS://ACME.example/status/r1" }, "STATUS_UNSUPPORTED", ""],
    ["one with dots", { id: "https://acme.example/x/../status/./r1" }, "STATUS_UNSUPPORTED", ""],
    ["one with escapes", { id: "https://acme.example/%73tatus/r1" }, "STATUS_UNSUPPORTED", ""],
    ["one with a port", { id: "https://acme.example:443/status/r1" }, "STATUS_UNSUPPORTED", ""],
    [
      "one that speaks of them",
      { credentialSubject: { id: "https://acme.example/status/r1#list", name: "x" } },
      "STATUS_UNSUPPORTED",
      "",
    ],
    [
      "a status beside the one that is allocated",
      { credentialStatus: { ...own, statusListCredential: "https://b.example/" } },
      "SCHEMA_INVALID",
      "/credentialStatus",
      { status: STATUS_PURPOSES },
    ],
    [
      "an entry in somebody's list that is none",
      { credentialStatus: { ...STATUS, statusListCredential: "https://b.example/", statusListIndex: 1 } },
      "SCHEMA_INVALID",
      "/credentialStatus/statusListIndex",
    ],
    [
      "such an entry beside others",
      {
        credentialStatus: [
          { type: "AnyStatus" },
          { ...STATUS, statusListCredential: "https://b.example/", id: "https://b.example/" },
        ],
      },
      "SCHEMA_INVALID",
      "/credentialStatus/1/id",
    ],
    [
      "an entry whose type is a list",
      {
        credentialStatus: {
          ...STATUS,
          type: ["BitstringStatusListEntry"],
          statusListCredential: "https://b.example/",
        },
      },
      "STATUS_UNSUPPORTED",
      "/credentialStatus/type",
    ],
    ["a status list without address", { ...LIST, id: undefined }, "SCHEMA_INVALID", "/id"],
    [
      "a status list without purpose",
      { ...LIST, credentialSubject: { ...LIST.credentialSubject, statusPurpose: undefined } },
      "SCHEMA_INVALID",
      "/credentialSubject/statusPurpose",
    ],
    [
      "a status list that does not unpack",
      { ...LIST, credentialSubject: { ...LIST.credentialSubject, encodedList: "uH4sIAAAA" } },
      "STATUS_LIST_MALFORMED",
      "/credentialSubject/encodedList",
    ],
    [
      "a status in words that VC Data Model 1.1 does not have",
      { "@context": [V1], name: undefined, validUntil: undefined, issuanceDate: "2026-01-01T00:00:00Z" },
      "CONTEXT_NOT_ALLOWED",
      "/@context/0",
      { status: ["revocation"] },
    ],
    ["an end before its beginning", { validFrom: "2028-01-01T00:00:00Z" }, "VALIDITY_INVALID", "/validUntil"],
  ];

  it.each(
    refused.map(
      ([what, changes, code, pointer, options = {}]) => [what, changes, code, pointer, options] as const,
    ),
  )("%s", async (_, changes, code, pointer, options) => {
    const { organisation, database } = await openWorld();
    const credential = { ...DIPLOMA, ...changes };
    const refusal = refusalOfAsync(() => issueGenericCredential(organisation, credential, options));
    expect(await refusal).toEqual({ code, pointer });
    expect(await rowCounts(database)).toMatchObject({ credentials: 0, status_lists: 0 });
  });

  it("the name of an agent's credential", async () => {
    const { organisation, database } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, {
      grants: [{ id: "read", actions: ["order.read"] }],
    });
    const before = await rowCounts(database);
    for (const [changes, options] of [
      [{ id }, {}],
      [{}, { credentialId: id }],
      // Known by another name, it would be a second one of this id that a revocation does not reach.
      [{ id }, { credentialId: "another" }],
    ] as const) {
      const refusal = refusalOfAsync(() =>
        issueGenericCredential(organisation, { ...DIPLOMA, ...changes }, options),
      );
      expect(await refusal).toEqual({ code: "ALREADY_EXISTS", pointer: "/id" });
    }
    expect(await rowCounts(database)).toEqual(before);
  });

  it("a signature that does not verify, whose record stays", async () => {
    const { organisation, database } = await openWorld();
    const sign = () => Promise.resolve(new Uint8Array(64).fill(1));
    const broken = { ...organisation, signer: { ...organisation.signer, sign } };
    for (const suite of SUITE_NAMES) {
      const refusal = await refusalOfAsync(() => issueGenericCredential(broken, DIPLOMA, { suite }));
      expect(refusal).toMatchObject({ code: "SIGNATURE_INVALID" });
    }
    expect(await database.query("SELECT digest FROM credentials")).toEqual(
      SUITE_NAMES.map(() => ({ digest: null })),
    );
  });

  it("but entries in somebody's lists, and such lists, where they are in order", async () => {
    const { organisation } = await openWorld();
    const credentialStatus = { ...STATUS, statusListCredential: LIST.id };
    const issued = await issueGenericCredential(organisation, { ...DIPLOMA, credentialStatus });
    expect(issued).toMatchObject({ credentialStatus });
    // What entries of other types must be is not known here.
    const contexts = { examples: "allowed" } as const;
    const foreign = {
      ...DIPLOMA,
      "@context": [V2, EXAMPLES],
      credentialStatus: [{ type: "AnyStatus" }, credentialStatus],
    };
    expect(await issueGenericCredential(organisation, foreign, { contexts })).toMatchObject(foreign);
    expect(await issueGenericCredential(organisation, { ...DIPLOMA, ...LIST })).toMatchObject(LIST);
  });

  it("but with the examples' context where it is allowed", async () => {
    const { organisation } = await openWorld();
    const example = { ...DIPLOMA, "@context": [V2, EXAMPLES], degree: "x" };
    const issued = await issueGenericCredential(organisation, example, { contexts: { examples: "allowed" } });
    expect(issued).toMatchObject({ degree: "x" });
  });
});

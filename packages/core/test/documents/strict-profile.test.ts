import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { agentIdentityCredential } from "../../src/documents/identity-credential.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { assertStrictProfile } from "../../src/documents/strict-profile.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/json/json-value.js";
import { joinPointer } from "../../src/json/pointer.js";
import { AGENT_IDENTITY, edit, PRESENTATION, ROOT_AUTHORITY } from "../fixtures.js";
import { VALID } from "./valid.js";

const V2 = "https://www.w3.org/ns/credentials/v2";
const WRIT = "https://w3id.org/writ/v1";
const CREDENTIALS = "https://www.w3.org/2018/credentials#";
const inline = (context: unknown): Readonly<Record<string, unknown>> => ({
  "/@context": [V2, WRIT, context],
});

/** By row of HOSTILE B. */
describe("under the strict profile", () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>, string, string]>([
    [
      "19 validUntil as a full IRI",
      { "/validUntil": undefined, [`/${esc(`${CREDENTIALS}validUntil`)}`]: "x" },
      "KEY_NOT_PLAIN",
      `/${esc(`${CREDENTIALS}validUntil`)}`,
    ],
    [
      "19 credentialStatus as a compact IRI",
      { "/cred:credentialStatus": {} },
      "KEY_NOT_PLAIN",
      "/cred:credentialStatus",
    ],
    [
      "19 issuer as a full IRI",
      { [`/${esc(`${CREDENTIALS}issuer`)}`]: "did:a:b" },
      "KEY_NOT_PLAIN",
      `/${esc(`${CREDENTIALS}issuer`)}`,
    ],
    ["20 @graph", { "/@graph": [{}] }, "KEY_NOT_PLAIN", "/@graph"],
    ...["@included", "@reverse", "@nest", "@id", "@type", "@index", "@language", "@unknown"].flatMap(
      (keyword) => [
        [`21 ${keyword}`, { [`/${keyword}`]: "x" }, "KEY_NOT_PLAIN", `/${keyword}`] as const,
        [
          `21 ${keyword} in the subject`,
          { [`/credentialSubject/${keyword}`]: "x" },
          "KEY_NOT_PLAIN",
          `/credentialSubject/${keyword}`,
        ] as const,
      ],
    ),
    ["22 an inline context", inline({ x: "https://x.example/" }), "CONTEXT_NOT_ALLOWED", "/@context"],
    [
      "22 a context object alone",
      { "/@context": { x: "https://x.example/" } },
      "CONTEXT_NOT_ALLOWED",
      "/@context",
    ],
    ["22 no context", { "/@context": undefined }, "SCHEMA_INVALID", "/@context"],
    ["22 a context as a text", { "/@context": V2 }, "CONTEXT_NOT_ALLOWED", "/@context"],
    [
      "23 a scoped context in the subject",
      { "/credentialSubject/@context": WRIT },
      "CONTEXT_NOT_ALLOWED",
      "/credentialSubject/@context",
    ],
    [
      "23 a scoped context in a status",
      { "/credentialStatus/0/@context": WRIT },
      "CONTEXT_NOT_ALLOWED",
      "/credentialStatus/0/@context",
    ],
    [
      "62 a proof with the first of the contexts alone",
      { "/proof": { "@context": [V2] } },
      "CONTEXT_NOT_ALLOWED",
      "/proof/@context",
    ],
    [
      "62 such a proof in a set",
      { "/proof": [{ "@context": [V2, WRIT] }, { "@context": [V2] }] },
      "CONTEXT_NOT_ALLOWED",
      "/proof/1/@context",
    ],
    [
      "23 a context in what only looks like a proof",
      { "/credentialSubject/proof": { "@context": [V2] } },
      "CONTEXT_NOT_ALLOWED",
      "/credentialSubject/proof/@context",
    ],
    [
      "23 a context in what only looks like a credential",
      { "/credentialSubject/verifiableCredential": [{ "@context": [V2] }] },
      "CONTEXT_NOT_ALLOWED",
      "/credentialSubject/verifiableCredential/0/@context",
    ],
    [
      "23 a context deep in a proof",
      { "/proof": { "@context": [V2], a: { "@context": [V2] } } },
      "CONTEXT_NOT_ALLOWED",
      "/proof/a/@context",
    ],
    ["24 @vocab", inline({ "@vocab": "https://x.example/" }), "CONTEXT_NOT_ALLOWED", "/@context"],
    ["25 @base", inline({ "@base": "https://x.example/" }), "CONTEXT_NOT_ALLOWED", "/@context"],
    ["26 @import", inline({ "@import": "https://x.example/" }), "CONTEXT_NOT_ALLOWED", "/@context"],
    ["26 an unknown context", inline("https://x.example/"), "CONTEXT_NOT_ALLOWED", "/@context"],
    [
      "26 an unknown context in the place of a known one",
      { "/@context/1": "https://x.example/" },
      "CONTEXT_NOT_ALLOWED",
      "/@context",
    ],
    ["28 contexts in another order", { "/@context": [WRIT, V2] }, "CONTEXT_NOT_ALLOWED", "/@context"],
    ["28 a context missing", { "/@context": [V2] }, "CONTEXT_NOT_ALLOWED", "/@context"],
    ["28 a context twice", { "/@context": [V2, WRIT, WRIT] }, "CONTEXT_NOT_ALLOWED", "/@context"],
    [
      "29 a protected term redefined",
      inline({ validUntil: "https://x.example/" }),
      "CONTEXT_NOT_ALLOWED",
      "/@context",
    ],
    ["30 an unknown term", { "/extra": 1 }, "SCHEMA_INVALID", "/extra"],
    ["30 a known term out of place", { "/grants": [{ a: 1 }] }, "SCHEMA_INVALID", "/grants"],
    ["32 a blank predicate", { "/_:p": "x" }, "KEY_NOT_PLAIN", "/_:p"],
    [
      "34 a value object for a date",
      { "/validUntil": { "@value": "x" } },
      "KEY_NOT_PLAIN",
      "/validUntil/@value",
    ],
    [
      "36 an item twice",
      { "/credentialSubject/roles": ["a", "b", "a"] },
      "DUPLICATE_ITEM",
      "/credentialSubject/roles/2",
    ],
    [
      "36 an object twice, its members in another order",
      { "/credentialStatus/1": reversed((AGENT_IDENTITY["credentialStatus"] as readonly JsonObject[])[0]) },
      "DUPLICATE_ITEM",
      "/credentialStatus/1",
    ],
    [
      "40 a claim under an absolute IRI",
      { "/credentialSubject/https:~1~1x.example~1admin": true },
      "KEY_NOT_PLAIN",
      "/credentialSubject/https:~1~1x.example~1admin",
    ],
    ["12 null", { "/credentialSubject/environment": null }, "VALUE_NULL", "/credentialSubject/environment"],
    [
      "12 null in a list",
      { "/credentialSubject/roles": ["a", null] },
      "VALUE_NULL",
      "/credentialSubject/roles/1",
    ],
    ["12 null in an unknown member", { "/extra": { a: null } }, "VALUE_NULL", "/extra/a"],
    ["13 an empty list", { "/credentialSubject/roles": [] }, "ARRAY_EMPTY", "/credentialSubject/roles"],
    ["13 an empty list in an unknown member", { "/extra": [[]] }, "SCHEMA_INVALID", "/extra"],
  ])("row %s is refused", (_, changes, code, pointer) => {
    const refusal = refusalOf(() => parseDocument(edit(AGENT_IDENTITY, changes), agentIdentityCredential));
    expect(refusal).toEqual({ code, pointer });
  });

  it.each([
    [
      "args elsewhere than in an invocation or a grant",
      { "/credentialSubject/args": { a: null } },
      "/credentialSubject/args/a",
    ],
    ["args at the top", { "/args": { a: null } }, "/args/a"],
    ["an invocation that is a list", { "/invocation": [{ args: { a: null } }] }, "/invocation/0/args/a"],
  ])("%s are not ordinary JSON", (_, changes, pointer) => {
    const refusal = refusalOf(() => {
      assertStrictProfile(edit(AGENT_IDENTITY, changes));
    });
    expect(refusal).toEqual({ code: "VALUE_NULL", pointer });
  });

  it.each([
    ["an invocation", edit(PRESENTATION, { "/invocation/args": { a: null, "b:c": [] } })],
    ["a grant", edit(ROOT_AUTHORITY, { "/credentialSubject/grants/0/args": { "/a:b": { equals: null } } })],
    [
      "a grant in a presentation",
      edit(PRESENTATION, {
        "/verifiableCredential/2/credentialSubject/grants/0/args": { "/a": { equals: [] } },
      }),
    ],
  ])("the args of %s are", (_, document) => {
    expect(refusalOfNothing(document)).toBe("accepted");
  });
});

function refusalOfNothing(document: Parameters<typeof assertStrictProfile>[0]): string {
  assertStrictProfile(document);
  return "accepted";
}

/** The same object with its members in the other order. */
function reversed(object: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(object).reverse());
}

function esc(iri: string): string {
  return iri.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The places of all objects whose members a shape closes. */
function closedObjects(value: JsonValue, pointer = ""): readonly string[] {
  if (isJsonArray(value))
    return value.flatMap((item, index) => closedObjects(item, joinPointer(pointer, index)));
  if (!isJsonObject(value)) return [];
  const inside = Object.entries(value).flatMap(([key, member]) =>
    ["args", "equals"].includes(key) ? [] : closedObjects(member, joinPointer(pointer, key)),
  );
  return [pointer, ...inside];
}

describe("an unknown member (rows 30 and 61)", () => {
  const places = VALID.flatMap(({ name, document, shape }) =>
    closedObjects(document).map((place) => ({ name, place, document, shape })),
  );

  it("is looked for at every level", () => {
    expect(places.length).toBeGreaterThan(40);
  });

  it.each(places)("is refused in the $name at $place", ({ document, shape, place }) => {
    const altered = edit(document, { [`${place}/extra`]: "x" });
    expect(refusalOf(() => parseDocument(altered, shape))).toEqual({
      code: "SCHEMA_INVALID",
      pointer: `${place}/extra`,
    });
  });
});

import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
  WRIT_V1,
} from "../../src/jsonld/context-addresses.js";
import { assertGenericProfile } from "../../src/documents/generic-profile.js";
import type { GenericContexts } from "../../src/documents/generic-contexts.js";
import type { JsonObject, JsonValue } from "../../src/json/json-value.js";
import { omit } from "../../src/json/json-value.js";
import { canonicalizeEddsaRdfc2022 } from "../../src/jsonld/canonicalize-rdf.js";
import { loadContext, PINNED_CONTEXTS } from "../../src/jsonld/pinned-contexts.js";
import { AGENT, AGENT_IDENTITY, edit, ORGANISATION } from "../fixtures.js";
import { EXAMPLES, GENERIC, GENERIC_PRESENTATION, GENERIC_V1 } from "./generic.js";

type Changes = Readonly<Record<string, unknown>>;
type Case = readonly [name: string, changes: Changes, code: string, pointer: string];

const ED25519 = "https://w3id.org/security/suites/ed25519-2020/v1";
const ALL: GenericContexts = { examples: "allowed", inline: "plain-terms" };
const CRED = "https://www.w3.org/2018/credentials#";

function verdict(document: JsonObject, allowed: GenericContexts = {}): "accepted" {
  assertGenericProfile(document, allowed);
  return "accepted";
}

function refusal(document: JsonObject, changes: Changes, allowed?: GenericContexts): unknown {
  return refusalOf(() => verdict(edit(document, changes), allowed));
}

describe("the generic profile takes", () => {
  it("takes a JSON Schema for a literal only where the contexts do", () => {
    const examples = { examples: "allowed" } as const;
    const ofV1 = edit(GENERIC_V1, {
      "/@context": [CREDENTIALS_V1, CREDENTIALS_EXAMPLES_V2],
      "/credentialSubject": schemaOf({ "@graph": {} }),
    });
    expect(refusalOf(() => assertGenericProfile(ofV1, examples))).toEqual({
      code: "ID_INVALID",
      pointer: "/credentialSubject/jsonSchema/id",
    });
  });

  it.each<readonly [string, JsonObject, GenericContexts]>([
    ["a credential of VC 2.0", GENERIC, {}],
    ["a credential of VC 1.1", GENERIC_V1, {}],
    ["the terms of the examples", EXAMPLES, { examples: "allowed" }],
    ["a presentation", GENERIC_PRESENTATION, {}],
    ["one of Writ's own in it", edit(GENERIC_PRESENTATION, { "/verifiableCredential": AGENT_IDENTITY }), {}],
    ["further pinned contexts", edit(GENERIC_V1, { "/@context": [CREDENTIALS_V1, ED25519] }), {}],
    [
      "plain terms in the document",
      edit(GENERIC, {
        "/@context": [CREDENTIALS_V2, { grade: "http://t.example/grade", Exam: "urn:t:Exam" }],
        "/credentialSubject/1": { type: "Exam", grade: 1 },
      }),
      { inline: "plain-terms" },
    ],
    ["a type by its URL", edit(GENERIC, { "/credentialSubject/0/type": "https://t.example/T" }), {}],
    ["a JSON Schema", edit(GENERIC, { "/credentialSubject": schemaOf({ a: [1, null, 1, []] }) }), {}],
    [
      "claims about the issuer where nothing but the issuer names it",
      edit(GENERIC, {
        "/credentialSubject/1": { id: ORGANISATION.did, name: "x" },
        "/issuer": ORGANISATION.did,
      }),
      {},
    ],
    [
      "an id that is claimed about in one graph and another",
      edit(GENERIC_PRESENTATION, { "/holder": { id: AGENT.did, name: "Ada" } }),
      {},
    ],
    [
      "one text in two languages",
      edit(GENERIC, {
        "/name": [
          { "@value": "x", "@language": "en" },
          { "@value": "x", "@language": "de", "@direction": "rtl" },
          "x",
        ],
      }),
      {},
    ],
    [
      "claims about a subject in a list that something else names",
      edit(GENERIC, { "/refreshService": AGENT.did }),
      {},
    ],
    [
      "claims about what an issuer names, and something deeper",
      edit(GENERIC, {
        "/issuer/iss": { id: "https://one.example/", name: "x" },
        "/credentialSubject/1": { aud: { sub: "https://one.example/" } },
      }),
      {},
    ],
    ["an id of 2048 characters", edit(GENERIC, { "/id": `urn:x:${"a".repeat(2042)}` }), {}],
    ["a proof", edit(GENERIC, { "/proof": { type: "DataIntegrityProof", created: "x" } }), {}],
    [
      "numbers of 15 digits",
      edit(GENERIC, { "/credentialSubject/0/name": [0.1, 123456789.012345, -5, 0.000001, 1.5e-7] }),
      {},
    ],
  ])("%s", async (_, document, allowed) => {
    expect(verdict(document, allowed)).toBe("accepted");
    expect(await canonicalizeEddsaRdfc2022(document)).toContain(`<${CRED}`);
  });
});

describe("the generic profile refuses", () => {
  it.each<Case>([
    ["12 null", { "/description": null }, "VALUE_NULL", "/description"],
    ["12 null in a list", { "/name/1": null }, "VALUE_NULL", "/name/1"],
    ["12 null in a type", { "/type": [null] }, "VALUE_NULL", "/type/0"],
    ["13 an empty list", { "/description": [] }, "ARRAY_EMPTY", "/description"],
    [
      "13 an empty list of types",
      { "/credentialSubject/0/type": [] },
      "ARRAY_EMPTY",
      "/credentialSubject/0/type",
    ],
    ["15 a zero-width character in an id", { "/id": "urn:x:\u200b" }, "ID_INVALID", "/id"],
    ["15 a bidirectional one in a type", { "/type/1": "urn:x:\u202e" }, "ID_INVALID", "/type/1"],
    ["15 a soft hyphen in a name", { "/de\u00adscription": "x" }, "KEY_NOT_PLAIN", "/de\u00adscription"],
    ["16 NFD in an id", { "/id": "urn:x:e\u0301" }, "ID_INVALID", "/id"],
    ["16 NFD in a member name", { "/e\u0301": "x" }, "KEY_NOT_PLAIN", "/e\u0301"],
    ["18 a type that is an object", { "/type": {} }, "ID_INVALID", "/type"],
    ["18 a type that is a number", { "/type": 1 }, "ID_INVALID", "/type"],
    ["18 a type that is a boolean", { "/type": true }, "ID_INVALID", "/type"],
    ["18 a proof that is a text", { "/proof": "x" }, "SCHEMA_INVALID", "/proof"],
    ["18 an id that is an object", { "/id": {} }, "ID_INVALID", "/id"],
    ["18 a list in a list", { "/name": [["x"]] }, "SCHEMA_INVALID", "/name/0"],
    ...["validUntil", "credentialStatus", "issuer"].flatMap((term): Case[] => [
      [
        `19 ${term} as a full IRI`,
        { [`/${esc(CRED + term)}`]: "x" },
        "KEY_NOT_PLAIN",
        `/${esc(CRED + term)}`,
      ],
      [`19 ${term} as a compact IRI`, { [`/cred:${term}`]: "x" }, "KEY_NOT_PLAIN", `/cred:${term}`],
    ]),
    ["20 @graph", { "/@graph": [{}] }, "KEY_NOT_PLAIN", "/@graph"],
    ...["@included", "@reverse", "@nest", "@id", "@type", "@index", "@language", "@list", "@set"].map(
      (keyword): Case => [
        `21 ${keyword}`,
        { [`/credentialSubject/0/${keyword}`]: "x" },
        "KEY_NOT_PLAIN",
        `/credentialSubject/0/${keyword}`,
      ],
    ),
    ["an empty member name", { "/": "x" }, "KEY_NOT_PLAIN", "/"],
    ["a member name with spaces", { "/a b": "x" }, "KEY_NOT_PLAIN", "/a b"],
    ["22 an inline context", contexts({ x: "https://t.example/x" }), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["22 a context as a text", { "/@context": CREDENTIALS_V2 }, "CONTEXT_NOT_ALLOWED", "/@context"],
    ["22 no context", { "/@context": undefined }, "CONTEXT_NOT_ALLOWED", "/@context"],
    ["22 no context at all", { "/@context": [] }, "CONTEXT_NOT_ALLOWED", "/@context"],
    [
      "23 a context in the subject",
      { "/credentialSubject/0/@context": CREDENTIALS_V2 },
      "KEY_NOT_PLAIN",
      "/credentialSubject/0/@context",
    ],
    ["26 an unknown context", contexts("https://t.example/"), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["26 a context that is a number", contexts(1), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["26 a context that is a list", contexts([]), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    [
      "28 another context first",
      { "/@context": [ED25519, CREDENTIALS_V2] },
      "CONTEXT_NOT_ALLOWED",
      "/@context",
    ],
    ["28 both data models", contexts(CREDENTIALS_V1), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["28 a context twice", contexts(ED25519, ED25519), "CONTEXT_NOT_ALLOWED", "/@context/2"],
    ["28 the first context twice", contexts(CREDENTIALS_V2), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["Writ's context", contexts(WRIT_V1), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["the examples", contexts(CREDENTIALS_EXAMPLES_V2), "CONTEXT_NOT_ALLOWED", "/@context/1"],
    ["31 a relative id", { "/credentialSubject/0/id": "a" }, "ID_INVALID", "/credentialSubject/0/id"],
    ["31 an empty id", { "/id": "" }, "ID_INVALID", "/id"],
    ["31 a relative type", { "/type/1": "./T" }, "ID_INVALID", "/type/1"],
    ["32 a blank id", { "/credentialSubject/1/id": "_:b0" }, "ID_INVALID", "/credentialSubject/1/id"],
    ["32 a blank predicate", { "/_:p": "x" }, "KEY_NOT_PLAIN", "/_:p"],
    [
      "32 a reference to a blank node",
      { "/credentialStatus/0/statusListCredential": "_:b0" },
      "ID_INVALID",
      "/credentialStatus/0/statusListCredential",
    ],
    [
      "31 a relative reference",
      { "/credentialStatus/0/statusListCredential": "/r" },
      "ID_INVALID",
      "/credentialStatus/0/statusListCredential",
    ],
    ["an id that begins with a digit", { "/id": "1urn:x:a" }, "ID_INVALID", "/id"],
    ["an id with a space", { "/id": "urn:x:a b" }, "ID_INVALID", "/id"],
    ["an id with the end of an IRI", { "/id": "urn:x:a>" }, "ID_INVALID", "/id"],
    ["an id with a backslash", { "/id": "urn:x:\\u0061" }, "ID_INVALID", "/id"],
    ["an id that is too long", { "/id": `urn:x:${"a".repeat(2048)}` }, "ID_INVALID", "/id"],
    ...["cred", "sec", "xsd"].map((prefix): Case => [
      `an id under the prefix ${prefix}`,
      { "/id": `${prefix}:a` },
      "ID_INVALID",
      "/id",
    ]),
    ["a type by the URL of a term", { "/type/1": `${CRED}Foo` }, "ID_INVALID", "/type/1"],
    ["a type by the URL of a name", { "/type/1": "https://schema.org/name" }, "ID_INVALID", "/type/1"],
    [
      "34 a value object of a type",
      { "/validUntil": { "@value": "x", "@type": "http://www.w3.org/2001/XMLSchema#dateTime" } },
      "VALUE_OBJECT_INVALID",
      "/validUntil",
    ],
    ["34 a value object of a number", { "/name": { "@value": 1 } }, "VALUE_OBJECT_INVALID", "/name"],
    ["an index", { "/name": { "@value": "x", "@index": "y" } }, "VALUE_OBJECT_INVALID", "/name"],
    ["no language", { "/name": { "@value": "x", "@language": "" } }, "VALUE_OBJECT_INVALID", "/name"],
    ["a language list", { "/name": { "@value": "x", "@language": ["en"] } }, "VALUE_OBJECT_INVALID", "/name"],
    [
      "a language with _",
      { "/name": { "@value": "x", "@language": "en_ltr" } },
      "VALUE_OBJECT_INVALID",
      "/name",
    ],
    ["a direction", { "/name": { "@value": "x", "@direction": "up" } }, "VALUE_OBJECT_INVALID", "/name"],
    ["36 a text twice", { "/description": ["a", "a"] }, "DUPLICATE_ITEM", "/description/1"],
    [
      "36 an object twice",
      { "/credentialSubject": [{ name: "a" }, { name: "a" }] },
      "DUPLICATE_ITEM",
      "/credentialSubject/1",
    ],
    [
      "40 a claim under an absolute IRI",
      { "/credentialSubject/0/https:~1~1t.example~1admin": true },
      "KEY_NOT_PLAIN",
      "/credentialSubject/0/https:~1~1t.example~1admin",
    ],
    [
      "16 digits",
      { "/credentialSubject/0/name": 0.1234567890123456 },
      "NUMBER_UNSAFE",
      "/credentialSubject/0/name",
    ],
    ...[1e-7, -2e-7, 5e-300].map((number): Case => [
      `a fraction that RDF takes for nought: ${String(number)}`,
      { "/credentialSubject/0/name": [1, number] },
      "NUMBER_UNSAFE",
      "/credentialSubject/0/name/1",
    ]),
    [
      "a text for an integer",
      { "/credentialStatus/1/statusSize": "2" },
      "SCHEMA_INVALID",
      "/credentialStatus/1/statusSize",
    ],
    [
      "a number for a text",
      { "/credentialSchema/digestSRI": 1 },
      "SCHEMA_INVALID",
      "/credentialSchema/digestSRI",
    ],
    ["a boolean for a date", { "/validUntil": true }, "SCHEMA_INVALID", "/validUntil"],
    ["a number for a reference", { "/issuer": 1 }, "ID_INVALID", "/issuer"],
    [
      "what looks like a JSON Schema",
      { "/credentialSubject/0/jsonSchema": [null] },
      "VALUE_NULL",
      "/credentialSubject/0/jsonSchema/0",
    ],
  ])("row %s", (_, changes, code, pointer) => {
    expect(refusal(GENERIC, changes)).toEqual({ code, pointer });
  });

  it.each<Case>([
    [
      "23 in a presentation's credential",
      { "/verifiableCredential/1/credentialSubject/@context": CREDENTIALS_V1 },
      "KEY_NOT_PLAIN",
      "/verifiableCredential/1/credentialSubject/@context",
    ],
    [
      "22 without context in a presentation",
      { "/verifiableCredential/0/@context": undefined },
      "CONTEXT_NOT_ALLOWED",
      "/verifiableCredential/0/@context",
    ],
    [
      "104 a credential as a text",
      { "/verifiableCredential/0": "ey.J.x" },
      "ENVELOPE_UNSUPPORTED",
      "/verifiableCredential/0",
    ],
    [
      "104 an enveloped credential",
      {
        "/verifiableCredential/0": {
          "@context": CREDENTIALS_V2,
          id: "data:application/vc+jwt,ey.J.x",
          type: "EnvelopedVerifiableCredential",
        },
      },
      "ENVELOPE_UNSUPPORTED",
      "/verifiableCredential/0/type",
    ],
    [
      "104 an enveloped presentation",
      { "/@context": CREDENTIALS_V2, "/type": ["X", "EnvelopedVerifiablePresentation"] },
      "ENVELOPE_UNSUPPORTED",
      "/type",
    ],
    [
      "36 a credential twice",
      { "/verifiableCredential/1": GENERIC },
      "DUPLICATE_ITEM",
      "/verifiableCredential/1",
    ],
    [
      "33 claims about the holder elsewhere",
      { "/holder": { id: AGENT.did, name: "x" }, "/termsOfUse": { id: AGENT.did, type: "T" } },
      "NODE_REPEATED",
      "/holder/id",
    ],
  ])("row %s", (_, changes, code, pointer) => {
    expect(refusal(GENERIC_PRESENTATION, changes)).toEqual({ code, pointer });
  });

  it("row 104: a presentation that is one credential's text", () => {
    const changes = { "/verifiableCredential": "ey.J.x" };
    expect(refusal(GENERIC_PRESENTATION, changes)).toEqual({
      code: "ENVELOPE_UNSUPPORTED",
      pointer: "/verifiableCredential",
    });
  });

  it.each<readonly [string, JsonObject, string]>([
    ["a keyword for a term", { "@vocab": "https://t.example/" }, "@vocab"],
    ["row 25: a base", { "@base": "https://t.example/" }, "@base"],
    ["row 26: an import", { "@import": "https://t.example/" }, "@import"],
    ["row 29: a term that there is", { validUntil: "https://t.example/validUntil" }, "validUntil"],
    ["a term of another context", { expirationDate: "https://t.example/expirationDate" }, "expirationDate"],
    [
      "an IRI that has a term",
      { until: "https://schema.org/until", name: "https://schema.org/name" },
      "name",
    ],
    ["an IRI of a vocabulary that has terms", { validTo: `${CRED}validTo` }, "validTo"],
    [
      "an IRI that has a term under another name",
      { encodingFormat: "https://schema.org/encodingFormat" },
      "encodingFormat",
    ],
    ["a definition that is an object", { t: { "@id": "https://t.example/t" } }, "t"],
    ["a term without IRI", { t: null }, "t"],
    ["a compact IRI", { t: "cred:t" }, "t"],
    ["a relative IRI", { t: "t" }, "t"],
    ["an IRI of another scheme", { t: "ftp://t.example/t" }, "t"],
    ["what only ends in an IRI", { t: "x:https://t.example/t" }, "t"],
    ["an IRI with other letters", { t: "https://t.example/\u00e9/t" }, "t"],
    ["a prefix", { t: "https://t.example/t#" }, "t"],
    ["a term with a colon", { "a:t": "https://t.example/a:t" }, "a:t"],
    ["a term with another name than its IRI", { role: "https://t.example/department" }, "role"],
    ["a term that ends as its IRI does", { ment: "https://t.example/department" }, "ment"],
  ])("%s in the document's own context", (_, context, term) => {
    const code = "CONTEXT_NOT_ALLOWED";
    expect(refusal(GENERIC, contexts(context), ALL)).toEqual({ code, pointer: `/@context/1/${esc(term)}` });
  });

  it("one term in two context objects", () => {
    const changes = contexts({ t: "https://t.example/t" }, { t: "https://t.example/2/t" });
    expect(refusal(GENERIC, changes, ALL)).toEqual({ code: "CONTEXT_NOT_ALLOWED", pointer: "/@context/2/t" });
  });

  it("a type by its URL where the document could have a term for it", () => {
    const changes = { "/credentialSubject/0/type": "https://t.example/T" };
    const expected = { code: "ID_INVALID", pointer: "/credentialSubject/0/type" };
    expect(refusal(GENERIC, changes, ALL)).toEqual(expected);
  });

  it("contexts that are not allowed even where others are", () => {
    const inline = contexts({ t: "https://t.example/t" });
    expect(refusal(GENERIC, inline, { examples: "allowed" })).toMatchObject({ pointer: "/@context/1" });
    const examples = contexts(CREDENTIALS_EXAMPLES_V2);
    expect(refusal(GENERIC, examples, { inline: "plain-terms" })).toMatchObject({ pointer: "/@context/1" });
  });

  it("an id under any prefix that a pinned context declares", () => {
    const texts = [...PINNED_CONTEXTS.keys()].map((url) => JSON.stringify(loadContext(url)));
    const found = [...texts.join().matchAll(/"([^"@]+)":"[^"]+[:/?#[\]@]"/g)].map(([, prefix]) =>
      String(prefix),
    );
    const refusals = [...new Set(found)].map((prefix) => [
      prefix,
      refusal(GENERIC, { "/id": `${prefix}:a` }),
    ]);
    const refused = { code: "ID_INVALID", pointer: "/id" };
    expect(Object.fromEntries(refusals)).toEqual({ cred: refused, sec: refused, xsd: refused });
  });

  it("row 39: more objects and types than can be canonicalised in time", () => {
    const subjects = (count: number): Changes => ({
      "/credentialSubject": range(count).map((name) => ({ type: "Thing", name })),
    });
    const many = {
      "/credentialSubject": {
        aud: range(200).map((name) => ({ name })),
        sub: subjects(200)["/credentialSubject"],
      },
    };
    expect(verdict(edit(GENERIC, subjects(240)))).toBe("accepted");
    expect(refusal(GENERIC, many)).toMatchObject({ code: "CANON_LIMIT" });
    expect(refusal(GENERIC, subjects(256))).toMatchObject({ code: "CANON_LIMIT" });
  });

  it("row 39: more values, and either counted for each of its proofs", () => {
    const { proof } = GENERIC;
    const eight = { "/proof": range(8).map((id) => ({ ...(proof as JsonObject), id: `urn:${String(id)}` })) };
    const values = (objects: number, each: number): Changes => ({
      "/credentialSubject": range(objects).map((subject) => ({
        name: range(each).map((value) => `${String(subject)} ${String(value)}`),
      })),
    });
    expect(verdict(edit(GENERIC, values(16, 250)))).toBe("accepted");
    expect(refusal(GENERIC, values(16, 256))).toMatchObject({ code: "CANON_LIMIT" });
    expect(verdict(edit(GENERIC, { ...values(2, 200), ...eight }))).toBe("accepted");
    expect(refusal(GENERIC, { ...values(2, 256), ...eight })).toMatchObject({ code: "CANON_LIMIT" });
    expect(verdict(edit(GENERIC, values(60, 1)))).toBe("accepted");
    expect(refusal(GENERIC, { ...values(60, 1), ...eight })).toMatchObject({ code: "CANON_LIMIT" });
  });

  it("row 39: more terms of its own than can be canonicalised in time", () => {
    const terms = (count: number): Changes =>
      contexts(
        Object.fromEntries(range(count).map((i) => [`t${String(i)}`, `https://t.example/t${String(i)}`])),
      );
    expect(verdict(edit(GENERIC, terms(128)), ALL)).toBe("accepted");
    expect(refusal(GENERIC, terms(129), ALL)).toEqual({ code: "CANON_LIMIT", pointer: "/@context/1" });
  });
});

/** Two documents with one RDF: a signature over it cannot tell which was signed. */
describe("row 33: of two documents that say the same in RDF, one is refused", () => {
  const both = (here: Changes, there: Changes, document = GENERIC): readonly [JsonObject, JsonObject] => [
    edit(document, here),
    edit(document, there),
  ];
  const self = edit(GENERIC, {
    "/issuer": ORGANISATION.did,
    "/credentialSubject": { id: ORGANISATION.did, name: "x" },
  });
  const [one, two] = ["https://one.example/", "https://two.example/"];

  it.each<readonly [string, readonly [JsonObject, JsonObject], string, string]>([
    [
      "claims moved from a subject to an issuer of the same id",
      both(
        {},
        { "/issuer": { id: ORGANISATION.did, name: "x" }, "/credentialSubject": { id: ORGANISATION.did } },
        self,
      ),
      "NODE_REPEATED",
      "/issuer/id",
    ],
    [
      "claims shared between the two",
      both(
        { "/credentialSubject/description": "y" },
        { "/issuer": { id: ORGANISATION.did, description: "y" } },
        self,
      ),
      "NODE_REPEATED",
      "/issuer/id",
    ],
    [
      "claims moved from a subject to where it is named",
      both(
        {
          "/credentialSubject": [
            { id: one, sub: two },
            { id: two, name: "x" },
          ],
        },
        { "/credentialSubject": [{ id: one, sub: { id: two, name: "x" } }, { id: two }] },
      ),
      "NODE_REPEATED",
      "/credentialSubject/0/sub/id",
    ],
    [
      "claims moved between two equal places",
      both(
        { "/credentialSubject": { sub: { id: one, name: "x" }, name: "y" }, "/relatedResource/sub": one },
        { "/credentialSubject": { sub: one, name: "y" }, "/relatedResource/sub": { id: one, name: "x" } },
      ),
      "NODE_REPEATED",
      "/relatedResource/sub/id",
    ],
    [
      "claims moved deeper",
      both(
        { "/credentialSubject": { sub: { id: one, name: "x" }, iss: { aud: one } } },
        { "/credentialSubject": { sub: one, iss: { aud: { id: one, name: "x" } } } },
      ),
      "NODE_REPEATED",
      "/credentialSubject/iss/aud/id",
    ],
    [
      "a text and a value object of it",
      both({ "/description": "x" }, { "/description": ["x", { "@value": "x" }] }),
      "DUPLICATE_ITEM",
      "/description/1",
    ],
    [
      "a language in two cases",
      both(
        { "/name": { "@value": "x", "@language": "en" } },
        { "/name": ["EN", "en"].map((language) => ({ "@value": "x", "@language": language })) },
      ),
      "DUPLICATE_ITEM",
      "/name/1",
    ],
    [
      "a text in one language and two directions",
      both(
        { "/name": { "@value": "x", "@language": "en", "@direction": "rtl" } },
        {
          "/name": ["rtl", "ltr"].map((direction) => ({
            "@value": "x",
            "@language": "en",
            "@direction": direction,
          })),
        },
      ),
      "DUPLICATE_ITEM",
      "/name/1",
    ],
    [
      "an IRI and an object of that id",
      both({ "/credentialSubject/0/aud": one }, { "/credentialSubject/0/aud": [one, { id: one }] }),
      "DUPLICATE_ITEM",
      "/credentialSubject/0/aud/1",
    ],
    [
      "a number and its text",
      both({ "/credentialSubject/0/exp": 5 }, { "/credentialSubject/0/exp": "5" }),
      "SCHEMA_INVALID",
      "/credentialSubject/0/exp",
    ],
    [
      "a text and its number",
      both({ "/credentialSchema/digestMultibase": "5" }, { "/credentialSchema/digestMultibase": 5 }),
      "SCHEMA_INVALID",
      "/credentialSchema/digestMultibase",
    ],
    [
      "a compact IRI",
      both(
        { "/evidence": { type: "VerifiableCredential", issuer: "https://www.w3.org/2018/credentials#x" } },
        { "/evidence": { type: "VerifiableCredential", issuer: "cred:x" } },
        GENERIC_V1,
      ),
      "ID_INVALID",
      "/evidence/issuer",
    ],
    [
      "a purpose by an object of its IRI",
      both(
        purpose("assertionMethod"),
        purpose({ id: "https://w3id.org/security#assertionMethod" }),
        GENERIC_V1,
      ),
      "ID_INVALID",
      "/credentialSubject/proof/proofPurpose",
    ],
    [
      "a purpose by its IRI",
      both(purpose("assertionMethod"), purpose("https://w3id.org/security#assertionMethod"), GENERIC_V1),
      "ID_INVALID",
      "/credentialSubject/proof/proofPurpose",
    ],
  ])("%s", async (_, [signed, altered], code, pointer) => {
    expect(verdict(signed)).toBe("accepted");
    expect(await rdf(altered)).toBe(await rdf(signed));
    expect(refusalOf(() => verdict(altered))).toEqual({ code, pointer });
  });
});

it.each<readonly [string, Changes, string]>([
  [
    "two places of one depth",
    { "/verifiableCredential/0/credentialSubject": { sub: { id: "urn:x:y", name: "x" }, aud: "urn:x:y" } },
    "/verifiableCredential/0/credentialSubject/sub/id",
  ],
  [
    "an issuer and elsewhere",
    { "/verifiableCredential/0/credentialSubject/0/sub": { aud: ORGANISATION.did, name: "x" } },
    "/verifiableCredential/0/issuer/id",
  ],
  [
    "a holder and elsewhere",
    { "/holder": { id: "urn:x:y", name: "x" }, "/termsOfUse": { type: "T", sub: { aud: "urn:x:y" } } },
    "/holder/id",
  ],
])("row 33: claims about what is named at %s are refused", (_, changes, pointer) => {
  expect(refusal(GENERIC_PRESENTATION, changes)).toEqual({ code: "NODE_REPEATED", pointer });
});

async function rdf(document: JsonObject): Promise<string> {
  return canonicalizeEddsaRdfc2022(omit(document, "proof"));
}

function contexts(...further: readonly JsonValue[]): Changes {
  return { "/@context": [CREDENTIALS_V2, ...further] };
}

function purpose(proofPurpose: JsonValue): Changes {
  const proof = { type: "Ed25519Signature2018", verificationMethod: "did:example:a#b", proofPurpose };
  return { "/credentialSubject/proof": proof };
}

function schemaOf(properties: JsonValue): JsonObject {
  return {
    id: "https://issuer.example/schema",
    type: "JsonSchema",
    jsonSchema: { type: "object", properties, id: {} },
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function esc(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { genericCredential, genericPresentation, idOf } from "../../src/documents/generic-credential.js";
import { parseShape, type Shape } from "../../src/schema/shape.js";
import { AGENT, edit, ORGANISATION } from "../fixtures.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { EXAMPLES, GENERIC, GENERIC_PRESENTATION, GENERIC_V1 } from "./generic.js";

type Changes = Readonly<Record<string, unknown>>;
type Case = readonly [name: string, changes: Changes, code: string, pointer: string];

const PROOF = {
  type: "DataIntegrityProof",
  cryptosuite: "eddsa-rdfc-2022",
  verificationMethod: "did:example:a#k",
  proofPurpose: "assertionMethod",
  proofValue: "z1",
};

function refusal(document: JsonObject, shape: Shape<unknown>, changes: Changes): unknown {
  return refusalOf(() => parseShape(shape, edit(document, changes)));
}

describe("a generic document is taken", () => {
  it.each<readonly [string, JsonObject]>([
    ["of VC 2.0", GENERIC],
    ["of VC 1.1", GENERIC_V1],
    ["with evidence, terms of use and a refresh service", EXAMPLES],
    ["with one subject", edit(GENERIC, { "/credentialSubject": { name: "x" } })],
    ["with one type", edit(GENERIC, { "/type": "VerifiableCredential" })],
    ["without dates", edit(GENERIC, { "/validFrom": undefined, "/validUntil": undefined })],
    ["with an end alone", edit(GENERIC, { "/validFrom": undefined })],
    [
      "with several related resources",
      edit(GENERIC, {
        "/relatedResource": [
          GENERIC["relatedResource"],
          { ...(GENERIC["relatedResource"] as JsonObject), id: "urn:x:y" },
        ],
      }),
    ],
    ["valid for a moment", edit(GENERIC, { "/validUntil": GENERIC["validFrom"] })],
    ["of VC 1.1 with the reserved dates", edit(GENERIC_V1, { "/validFrom": "2026-11-23T08:00:00Z" })],
    ["with a proof", edit(GENERIC, { "/proof": PROOF })],
    ["with several proofs", edit(GENERIC, { "/proof": [PROOF, { ...PROOF, proofValue: "z2" }] })],
    [
      "whose issuer says all that it may",
      edit(GENERIC, {
        "/issuer": {
          id: "did:example:a",
          type: "Organization",
          name: "x",
          description: "y",
          image: "z",
          url: "z",
        },
      }),
    ],
    ["with members of other vocabularies", edit(GENERIC, { "/extra": { anything: [null] } })],
  ])("%s", (_, document) => {
    expect(parseShape(genericCredential, document)).toBe(document);
  });

  it.each<readonly [string, JsonObject]>([
    ["with credentials", GENERIC_PRESENTATION],
    ["with one credential", edit(GENERIC_PRESENTATION, { "/verifiableCredential": GENERIC })],
    [
      "without credentials or holder",
      edit(GENERIC_PRESENTATION, { "/verifiableCredential": undefined, "/holder": undefined }),
    ],
    [
      "with a holder that is an object",
      edit(GENERIC_PRESENTATION, { "/holder": { id: AGENT.did, name: "x" } }),
    ],
    ["with terms of use", edit(GENERIC_PRESENTATION, { "/termsOfUse": { type: "T" } })],
  ])("as a presentation %s", (_, document) => {
    expect(parseShape(genericPresentation, document)).toBe(document);
  });
});

describe("a generic credential is refused", () => {
  const typed = ["credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence"];

  it.each<Case>([
    ["without context", { "/@context": undefined }, "SCHEMA_INVALID", "/@context"],
    ["22 with a context that is a text", { "/@context": "x" }, "CONTEXT_NOT_ALLOWED", "/@context"],
    ["31 with a relative id", { "/id": "x" }, "ID_INVALID", "/id"],
    ["18 with an id that is a number", { "/id": 1 }, "ID_INVALID", "/id"],
    ["without type", { "/type": undefined }, "SCHEMA_INVALID", "/type"],
    ["18 with a type that is an object", { "/type": {} }, "SCHEMA_INVALID", "/type"],
    [
      "18 with a type in a list that is an object",
      { "/type": ["VerifiableCredential", {}] },
      "SCHEMA_INVALID",
      "/type/1",
    ],
    ["13 without any type", { "/type": [] }, "ARRAY_EMPTY", "/type"],
    ["with an empty type", { "/type": "" }, "SCHEMA_INVALID", "/type"],
    [
      "36 with a type twice",
      { "/type": ["VerifiableCredential", "VerifiableCredential"] },
      "DUPLICATE_ITEM",
      "/type/1",
    ],
    ["of another type", { "/type": "VerifiablePresentation" }, "TYPE_UNSUPPORTED", "/type"],
    [
      "104 that is a presentation as well",
      { "/type": ["VerifiableCredential", "VerifiablePresentation"] },
      "TYPE_UNSUPPORTED",
      "/type",
    ],
    ["104 that is enveloped", { "/type": "EnvelopedVerifiableCredential" }, "ENVELOPE_UNSUPPORTED", "/type"],
    [
      "104 that is enveloped as well",
      { "/type": ["VerifiableCredential", "EnvelopedVerifiableCredential"] },
      "ENVELOPE_UNSUPPORTED",
      "/type",
    ],
    ["without issuer", { "/issuer": undefined }, "SCHEMA_INVALID", "/issuer"],
    ["54 with several issuers", { "/issuer": ["did:example:a"] }, "ID_INVALID", "/issuer"],
    ["31 with a relative issuer", { "/issuer": "a" }, "ID_INVALID", "/issuer"],
    ["with an issuer without id", { "/issuer": { name: "x" } }, "SCHEMA_INVALID", "/issuer/id"],
    ["31 with an issuer of a relative id", { "/issuer": { id: "a" } }, "ID_INVALID", "/issuer/id"],
    ["33 with an issuer that makes claims", { "/issuer/a~1b": "x" }, "SCHEMA_INVALID", "/issuer/a~1b"],
    ["without subject", { "/credentialSubject": undefined }, "SCHEMA_INVALID", "/credentialSubject"],
    ["13 without any subject", { "/credentialSubject": [] }, "ARRAY_EMPTY", "/credentialSubject"],
    [
      "with a subject that says nothing",
      { "/credentialSubject": {} },
      "SCHEMA_INVALID",
      "/credentialSubject",
    ],
    [
      "with a second subject that says nothing",
      { "/credentialSubject/1": {} },
      "SCHEMA_INVALID",
      "/credentialSubject/1",
    ],
    [
      "with a subject that is a text",
      { "/credentialSubject": "did:example:a" },
      "SCHEMA_INVALID",
      "/credentialSubject",
    ],
    [
      "with a subject that is a value object",
      { "/credentialSubject": { "@value": "x" } },
      "SCHEMA_INVALID",
      "/credentialSubject",
    ],
    [
      "31 with a subject of a relative id",
      { "/credentialSubject/0/id": "a" },
      "ID_INVALID",
      "/credentialSubject/0/id",
    ],
    [
      "with too many subjects",
      { "/credentialSubject": Array.from({ length: 65 }, (_, n) => ({ n })) },
      "TOO_MANY_ITEMS",
      "/credentialSubject",
    ],
    ...["validFrom", "validUntil", "issuanceDate", "expirationDate"].flatMap((member): Case[] => [
      [
        `86 with a ${member} without zone`,
        { [`/${member}`]: "2026-11-23T08:00:00" },
        "DATE_INVALID",
        `/${member}`,
      ],
      [
        `34 with a ${member} that is a value object`,
        { [`/${member}`]: { "@value": "2026-11-23T08:00:00Z" } },
        "SCHEMA_INVALID",
        `/${member}`,
      ],
      [
        `with several of ${member}`,
        { [`/${member}`]: ["2026-11-23T08:00:00Z"] },
        "SCHEMA_INVALID",
        `/${member}`,
      ],
    ]),
    [
      "91 that ends before it begins",
      { "/validUntil": "2026-11-23T07:59:59Z" },
      "VALIDITY_INVALID",
      "/validUntil",
    ],
    [
      "91 that expires before it is issued",
      { "/issuanceDate": "2026-11-23T08:00:00Z", "/expirationDate": "2026-11-23T07:59:59Z" },
      "VALIDITY_INVALID",
      "/expirationDate",
    ],
    ...["name", "description"].flatMap((member): Case[] => [
      [`with a ${member} that is a number`, { [`/${member}`]: 1 }, "SCHEMA_INVALID", `/${member}`],
      [
        `with a ${member} that is an object`,
        { [`/${member}`]: { id: "urn:x:y" } },
        "SCHEMA_INVALID",
        `/${member}`,
      ],
      [
        `with a ${member} that holds another value`,
        { [`/${member}`]: ["x", true] },
        "SCHEMA_INVALID",
        `/${member}`,
      ],
    ]),
    ...typed.flatMap((member): Case[] => [
      [
        `with a ${member} without type`,
        { [`/${member}`]: { id: "urn:x:y" } },
        "SCHEMA_INVALID",
        `/${member}/type`,
      ],
      [
        `with a ${member} of a relative id`,
        { [`/${member}`]: { id: "x", type: "T" } },
        "ID_INVALID",
        `/${member}/id`,
      ],
      [`with a ${member} that is a text`, { [`/${member}`]: "urn:x:y" }, "SCHEMA_INVALID", `/${member}`],
      [`13 with a ${member} that is an empty list`, { [`/${member}`]: [] }, "ARRAY_EMPTY", `/${member}`],
      [
        `with a second ${member} without type`,
        { [`/${member}`]: [{ id: "urn:x:y", type: "T" }, { id: "urn:x:z" }] },
        "SCHEMA_INVALID",
        `/${member}/1/type`,
      ],
      [
        `with a ${member} whose type is an object`,
        { [`/${member}`]: { id: "urn:x:y", type: {} } },
        "SCHEMA_INVALID",
        `/${member}/type`,
      ],
    ]),
    [
      "with a credentialSchema without id",
      { "/credentialSchema": { type: "JsonSchema" } },
      "SCHEMA_INVALID",
      "/credentialSchema/id",
    ],
    [
      "with a relatedResource without digest",
      { "/relatedResource": { id: "urn:x:y" } },
      "SCHEMA_INVALID",
      "/relatedResource",
    ],
    [
      "36 with a relatedResource twice",
      {
        "/relatedResource": [
          GENERIC["relatedResource"],
          { ...(GENERIC["relatedResource"] as JsonObject), mediaType: "a/b" },
        ],
      },
      "DUPLICATE_ITEM",
      "/relatedResource",
    ],
    ["18 with a proof that is a text", { "/proof": "x" }, "SCHEMA_INVALID", "/proof"],
    [
      "61 with a proof that says more",
      { "/proof": { ...PROOF, extra: 1 } },
      "SCHEMA_INVALID",
      "/proof/extra",
    ],
    [
      "with an RDF proof that has contexts",
      { "/proof": { ...PROOF, "@context": ["urn:x:y"] } },
      "CONTEXT_NOT_ALLOWED",
      "/proof/@context",
    ],
  ])("row %s", (_, changes, code, pointer) => {
    expect(refusal(GENERIC, genericCredential, changes)).toEqual({ code, pointer });
  });

  it("of VC 1.1 without the date of its issue", () => {
    const changes = { "/issuanceDate": undefined };
    const expected = { code: "SCHEMA_INVALID", pointer: "/issuanceDate" };
    expect(refusal(GENERIC_V1, genericCredential, changes)).toEqual(expected);
  });
});

describe("a generic presentation is refused", () => {
  it.each<Case>([
    ["without type", { "/type": undefined }, "SCHEMA_INVALID", "/type"],
    ["of another type", { "/type": "VerifiableCredential" }, "TYPE_UNSUPPORTED", "/type"],
    [
      "104 that is enveloped",
      { "/type": "EnvelopedVerifiablePresentation" },
      "ENVELOPE_UNSUPPORTED",
      "/type",
    ],
    ["without context", { "/@context": undefined }, "SCHEMA_INVALID", "/@context"],
    ["31 with a relative id", { "/id": "x" }, "ID_INVALID", "/id"],
    ["31 with a relative holder", { "/holder": "x" }, "ID_INVALID", "/holder"],
    ["with several holders", { "/holder": [AGENT.did] }, "ID_INVALID", "/holder"],
    ["with a holder without id", { "/holder": { name: "x" } }, "SCHEMA_INVALID", "/holder/id"],
    [
      "with terms of use without type",
      { "/termsOfUse": { id: "urn:x:y" } },
      "SCHEMA_INVALID",
      "/termsOfUse/type",
    ],
    ["18 with a proof that is a text", { "/proof": "x" }, "SCHEMA_INVALID", "/proof"],
    [
      "104 with a token",
      { "/verifiableCredential/1": "ey.J.x" },
      "ENVELOPE_UNSUPPORTED",
      "/verifiableCredential/1",
    ],
    [
      "104 with a token alone",
      { "/verifiableCredential": "ey.J.x" },
      "ENVELOPE_UNSUPPORTED",
      "/verifiableCredential",
    ],
    [
      "104 with an enveloped credential",
      {
        "/verifiableCredential/0": {
          id: "data:application/vc+jwt,ey.J.x",
          type: "EnvelopedVerifiableCredential",
        },
      },
      "ENVELOPE_UNSUPPORTED",
      "/verifiableCredential/0/type",
    ],
    [
      "104 with a presentation",
      { "/verifiableCredential/0": { type: "VerifiablePresentation" } },
      "TYPE_UNSUPPORTED",
      "/verifiableCredential/0/type",
    ],
    [
      "with a credential without type",
      { "/verifiableCredential/0/type": undefined },
      "SCHEMA_INVALID",
      "/verifiableCredential/0/type",
    ],
    ["105 with an empty list", { "/verifiableCredential": [] }, "ARRAY_EMPTY", "/verifiableCredential"],
    [
      "36 with a credential twice",
      { "/verifiableCredential/1": GENERIC },
      "DUPLICATE_ITEM",
      "/verifiableCredential/1",
    ],
  ])("row %s", (_, changes, code, pointer) => {
    expect(refusal(GENERIC_PRESENTATION, genericPresentation, changes)).toEqual({ code, pointer });
  });
});

describe("idOf", () => {
  it.each([[ORGANISATION.did], [{ id: ORGANISATION.did }]])("takes the id of %j", (reference) => {
    expect(idOf(reference)).toBe(ORGANISATION.did);
  });
});

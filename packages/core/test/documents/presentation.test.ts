import { describe, expect, it } from "vitest";

import { parseDocument } from "../../src/documents/parse-document.js";
import { presentation } from "../../src/documents/presentation.js";
import type { JsonObject } from "../../src/json/json-value.js";
import * as fixtures from "../fixtures.js";
import { refuses } from "./refuses.js";

const { edit } = fixtures;

const { verifiableCredential } = fixtures.PRESENTATION;
const [identity] = verifiableCredential as readonly JsonObject[];

refuses("a presentation", fixtures.PRESENTATION, presentation, [
  ["97 without holder", { "/holder": undefined }, "SCHEMA_INVALID", "/holder"],
  [
    "104 with a presentation inside",
    { "/verifiableCredential/0": edit(fixtures.PRESENTATION, { "/verifiableCredential": [identity] }) },
    "TYPE_UNSUPPORTED",
    "/verifiableCredential/0/type",
  ],
  [
    "104 with a text for a credential",
    { "/verifiableCredential/0": "eyJ" },
    "TYPE_UNSUPPORTED",
    "/verifiableCredential/0/type",
  ],
  [
    "104 with an enveloped credential",
    { "/verifiableCredential/0": { type: "EnvelopedVerifiableCredential", id: "data" } },
    "TYPE_UNSUPPORTED",
    "/verifiableCredential/0/type",
  ],
  [
    "104 with a credential of another type",
    { "/verifiableCredential/0/type": ["VerifiableCredential"] },
    "TYPE_UNSUPPORTED",
    "/verifiableCredential/0/type",
  ],
  [
    "104 with a type of JavaScript",
    { "/verifiableCredential/0/type": ["VerifiableCredential", "toString"] },
    "TYPE_UNSUPPORTED",
    "/verifiableCredential/0/type",
  ],
  [
    "104 with one credential, not a list",
    { "/verifiableCredential": identity },
    "SCHEMA_INVALID",
    "/verifiableCredential",
  ],
  ["105 with no credential", { "/verifiableCredential": [] }, "ARRAY_EMPTY", "/verifiableCredential"],
  [
    "105 without credentials",
    { "/verifiableCredential": undefined },
    "SCHEMA_INVALID",
    "/verifiableCredential",
  ],
  [
    "36 with a credential twice",
    { "/verifiableCredential/1": identity },
    "DUPLICATE_ITEM",
    "/verifiableCredential/1",
  ],
  [
    "90 with a credential for ever",
    { "/verifiableCredential/0/validUntil": undefined },
    "SCHEMA_INVALID",
    "/verifiableCredential/0/validUntil",
  ],
  [
    "23 with a context in a subject",
    { "/verifiableCredential/0/credentialSubject/@context": {} },
    "CONTEXT_NOT_ALLOWED",
    "/verifiableCredential/0/credentialSubject/@context",
  ],
  [
    "28 with a credential of another context",
    { "/verifiableCredential/0/@context": ["https://www.w3.org/ns/credentials/v2"] },
    "CONTEXT_NOT_ALLOWED",
    "/verifiableCredential/0/@context",
  ],
  [
    "10 with a fraction in args",
    { "/invocation/args/price": 1.5 },
    "NUMBER_NOT_INTEGER",
    "/invocation/args/price",
  ],
  [
    "10 with a fraction deep in args",
    { "/invocation/args/note/a:b": [[{ x: 0.1 }]] },
    "NUMBER_NOT_INTEGER",
    "/invocation/args/note/a:b/0/0/x",
  ],
  ["with args that are a list", { "/invocation/args": [] }, "SCHEMA_INVALID", "/invocation/args"],
  ["with args that are null", { "/invocation/args": null }, "SCHEMA_INVALID", "/invocation/args"],
  ["12 with null beside args", { "/invocation/resource": null }, "VALUE_NULL", "/invocation/resource"],
  [
    "229 with a wildcard for an action",
    { "/invocation/action": "order.*" },
    "SCHEMA_INVALID",
    "/invocation/action",
  ],
  [
    "223 without authority",
    { "/invocation/authority": undefined },
    "SCHEMA_INVALID",
    "/invocation/authority",
  ],
  ["221 without nonce", { "/invocation/nonce": undefined }, "SCHEMA_INVALID", "/invocation/nonce"],
]);

describe("an invocation's args", () => {
  it("are ordinary JSON: null, empty and repeated items, any key", () => {
    const args = {
      a: null,
      b: [],
      c: [1, 1],
      "d:e": {},
      "@type": "x",
      "@context": {},
      f: [[null, null]],
      "https://g": "\u202e",
    };
    const document = edit(fixtures.PRESENTATION, { "/invocation/args": args });
    expect(parseDocument(document, presentation)).toBe(document);
  });

  it("may be absent", () => {
    const document = edit(fixtures.PRESENTATION, {
      "/invocation/args": undefined,
      "/invocation/resource": undefined,
    });
    expect(parseDocument(document, presentation)).toBe(document);
  });
});

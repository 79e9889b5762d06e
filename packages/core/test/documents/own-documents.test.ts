import { describe, expect, it } from "vitest";

import { CREDENTIALS_V2, WRIT_V1 } from "../../src/jsonld/context-addresses.js";
import { jsonSchemas } from "../../src/documents/json-schemas.js";
import { isOwnDocument } from "../../src/documents/own-documents.js";
import { isJsonArray, isJsonObject, type JsonValue } from "../../src/json/json-value.js";

/** What only Writ's vocabulary has, of all the types that its schemas fix. */
const SHARED: ReadonlySet<string> = new Set([
  "VerifiableCredential",
  "VerifiablePresentation",
  "BitstringStatusListCredential",
]);

/** The types that a schema fixes for a document, wherever in it that document lies. */
function documentTypes(schema: JsonValue): readonly string[] {
  if (isJsonArray(schema)) return schema.flatMap(documentTypes);
  if (!isJsonObject(schema)) return [];
  const { properties } = schema;
  const type = isJsonObject(properties) && "@context" in properties ? properties["type"] : undefined;
  const fixed = isJsonObject(type) && isJsonArray(type["const"]) ? type["const"] : [];
  return [
    ...fixed.filter((name) => typeof name === "string"),
    ...Object.values(schema).flatMap(documentTypes),
  ];
}

const OWN = [...new Set(documentTypes(jsonSchemas()))].filter((name) => !SHARED.has(name));

describe("a document of Writ's own", () => {
  it("has types that the published schemas fix", () => {
    expect(OWN.toSorted()).toEqual([
      "AgentIdentityCredential",
      "ApprovalCredential",
      "DelegatedAuthorityCredential",
      "EnrolmentRequest",
      "PrincipalIdentityCredential",
      "SuccessionStatement",
    ]);
  });

  it.each(OWN)("is told by its type alone: %s", (name) => {
    expect(isOwnDocument({ type: name })).toBe(true);
    expect(isOwnDocument({ "@context": [CREDENTIALS_V2], type: ["VerifiableCredential", name] })).toBe(true);
  });

  it("is told by its context alone", () => {
    expect(isOwnDocument({ "@context": WRIT_V1 })).toBe(true);
    expect(isOwnDocument({ "@context": [CREDENTIALS_V2, WRIT_V1], type: "T" })).toBe(true);
  });

  it.each([{}, { "@context": [CREDENTIALS_V2], type: ["VerifiableCredential"] }, { type: [7, null] }])(
    "is not %j",
    (document) => {
      expect(isOwnDocument(document)).toBe(false);
    },
  );
});

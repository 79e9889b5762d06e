import { describe, expect, it } from "vitest";

import { expandedTypes } from "../../src/index.js";

const V1 = "https://www.w3.org/2018/credentials/v1";
const V2 = "https://www.w3.org/ns/credentials/v2";
const WRIT = "https://w3id.org/writ/v1";
const VC = "https://www.w3.org/2018/credentials#VerifiableCredential";

describe("expandedTypes", () => {
  it.each([
    ["of both data models", { "@context": [V1], type: ["VerifiableCredential"] }, [VC]],
    [
      "of Writ",
      { "@context": [V2, WRIT], type: ["VerifiableCredential", "AgentIdentityCredential"] },
      [VC, "https://w3id.org/writ#AgentIdentityCredential"],
    ],
    ["alone, in no list", { "@context": V2, type: "VerifiableCredential" }, [VC]],
    [
      "that no context defines",
      { "@context": [V2], type: ["AgentIdentityCredential"] },
      ["AgentIdentityCredential"],
    ],
    ["that are IRIs", { "@context": [V2], type: ["https://a.example/B"] }, ["https://a.example/B"]],
    [
      "of a context in the document",
      { "@context": [V2, { B: "https://a.example/B", C: { "@id": "urn:c" } }], type: ["B", "C"] },
      ["https://a.example/B", "urn:c"],
    ],
    ["defined last", { "@context": [{ B: "urn:one" }, { B: "urn:two" }], type: ["B"] }, ["urn:two"]],
    [
      "under a vocabulary, where nothing else defines them",
      {
        "@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"],
        type: ["VerifiableCredential", "UnheardOf", "urn:d"],
      },
      [VC, "https://www.w3.org/ns/credentials/examples#UnheardOf", "urn:d"],
    ],
    [
      "that every object has",
      { "@context": [V2, {}], type: ["toString", "constructor"] },
      ["toString", "constructor"],
    ],
    ["of a context that is not pinned", { "@context": ["https://a.example/c"], type: ["B"] }, ["B"]],
    ["that there are none of", {}, []],
    ["that are no texts", { "@context": [V2, null], type: [1, null, {}] }, []],
  ])("types %s", (_name, document, expected) => {
    expect(expandedTypes(document)).toEqual(expected);
  });
});

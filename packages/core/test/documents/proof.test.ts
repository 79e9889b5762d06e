import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { genericProof, proof } from "../../src/documents/proof.js";
import type { JsonObject, JsonValue } from "../../src/json/json-value.js";
import { parseShape } from "../../src/schema/shape.js";

const withDomain = (domain: JsonValue): JsonObject => ({
  type: "DataIntegrityProof",
  cryptosuite: "eddsa-jcs-2022",
  verificationMethod: "did:example:a#k",
  proofPurpose: "authentication",
  domain,
  proofValue: "z1",
});

describe("the domain of a proof", () => {
  it("is a text", () => {
    for (const shape of [proof, genericProof]) {
      expect(parseShape(shape, withDomain("d"))).toMatchObject({ domain: "d" });
    }
  });

  it("row 102: may be a set in a document of others, and not in one of Writ's", () => {
    for (const domain of [["d"], ["d", "e"]]) {
      expect(parseShape(genericProof, withDomain(domain))).toMatchObject({ domain });
      expect(refusalOf(() => parseShape(proof, withDomain(domain)))).toEqual({
        code: "SCHEMA_INVALID",
        pointer: "/domain",
      });
    }
  });

  it.each<readonly [JsonValue, string, string]>([
    [[], "ARRAY_EMPTY", "/domain"],
    [["d", "d"], "DUPLICATE_ITEM", "/domain/1"],
    [["d", ""], "SCHEMA_INVALID", "/domain/1"],
    [["d", 5], "SCHEMA_INVALID", "/domain/1"],
    [[["d"]], "SCHEMA_INVALID", "/domain/0"],
    [{}, "SCHEMA_INVALID", "/domain"],
    [Array.from({ length: 17 }, (_, index) => `d${String(index)}`), "TOO_MANY_ITEMS", "/domain"],
  ])("is not %j", (domain, code, pointer) => {
    expect(refusalOf(() => parseShape(genericProof, withDomain(domain)))).toEqual({ code, pointer });
  });
});

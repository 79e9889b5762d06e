import type { Proof } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { assertFewProofs } from "../src/proof-count.js";

const proof: Proof = {
  type: "DataIntegrityProof",
  cryptosuite: "eddsa-rdfc-2022",
  verificationMethod: "did:example:a#b",
  proofPurpose: "assertionMethod",
  proofValue: "z",
};

const credentials = (count: number, proofs: number) =>
  Array.from({ length: count }, () => ({ proof: Array.from({ length: proofs }, () => proof) }));

describe("the proofs of a presentation and its credentials", () => {
  it("are eighty at most", () => {
    expect(() => {
      assertFewProofs({ proof }, [...credentials(9, 8), ...credentials(7, 1)]);
    }).not.toThrow();
    expect(
      refusalOf(() => {
        assertFewProofs({ proof }, credentials(10, 8));
      }),
    ).toEqual({
      code: "TOO_MANY_ITEMS",
      pointer: "/verifiableCredential",
    });
  });
});

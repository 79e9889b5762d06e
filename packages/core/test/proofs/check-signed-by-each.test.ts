import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/json/json-value.js";
import { checkSignedByEach } from "../../src/proofs/check-signed-by-each.js";
import { signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { AGENT, edit, NOW, ORGANISATION, SERVICE, SUCCESSION } from "../fixtures.js";
import { resolver } from "./signed.js";

const EXPECTED = {
  dids: [ORGANISATION.did, SERVICE.did],
  purpose: "assertionMethod",
  now: NOW,
} as const;

async function proofBy(signer: SignOptions["signer"], options: Partial<SignOptions> = {}): Promise<object> {
  const signing = { signer, purpose: "assertionMethod", created: NOW, ...options } as const;
  return (await signDocument(SUCCESSION, signing)).proof;
}

async function refusals(proof: unknown, document: JsonObject = SUCCESSION): Promise<readonly string[]> {
  const problems = await checkSignedByEach(edit(document, { "/proof": proof }), EXPECTED, { resolver });
  return problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("checkSignedByEach", () => {
  it("takes one proof by each, in any order", async () => {
    const [one, two] = [await proofBy(ORGANISATION), await proofBy(SERVICE)];
    expect(await refusals([one, two])).toEqual([]);
    expect(await refusals([two, one])).toEqual([]);
  });

  it("row 45: misses one that was taken out of the set", async () => {
    const [one, two] = [await proofBy(ORGANISATION), await proofBy(SERVICE)];
    for (const proof of [undefined, [], one, [one], two, [two]]) {
      expect(await refusals(proof)).toEqual(["PROOF_MISSING /proof"]);
    }
  });

  it("takes none by another DID, none twice, and none that names no method", async () => {
    const [one, two] = [await proofBy(ORGANISATION), await proofBy(SERVICE)];
    const [other, again] = [await proofBy(AGENT), await proofBy(ORGANISATION, { created: NOW - 1000 })];
    const third = ["ISSUER_MISMATCH /proof/2/verificationMethod"];
    expect(await refusals([one, two, other])).toEqual(third);
    expect(await refusals([one, two, again])).toEqual(third);
    expect(await refusals([one, two, "proof"])).toEqual(third);
    expect(await refusals([one, two, { verificationMethod: 7 }])).toEqual(third);
    expect(await refusals(other)).toEqual(["ISSUER_MISMATCH /proof/verificationMethod"]);
    const longer = { ...two, verificationMethod: `${SERVICE.did}x#key` };
    expect(await refusals([one, longer])).toEqual(["ISSUER_MISMATCH /proof/1/verificationMethod"]);
  });

  it("says what does not verify, and where, the first signer first", async () => {
    const [one, two] = [await proofBy(ORGANISATION), await proofBy(SERVICE)];
    const late = await proofBy(SERVICE, { created: NOW + 61_000 });
    const wrong = await proofBy(SERVICE, { purpose: "authentication" });
    expect(await refusals([one, late])).toEqual(["PROOF_CREATED /proof/1/created"]);
    expect(await refusals([late, one])).toEqual(["PROOF_CREATED /proof/0/created"]);
    expect(await refusals([one, wrong])).toEqual(["PROOF_PURPOSE /proof/1/proofPurpose"]);
    const altered = edit(SUCCESSION, { "/validFrom": "2026-11-23T07:00:00Z" });
    expect(await refusals([two, one], altered)).toEqual(["SIGNATURE_INVALID /proof/1"]);
  });
});

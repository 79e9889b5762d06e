import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/json/json-value.js";
import {
  checkSignedBy,
  CREATED_TOLERANCE_MS,
  type ExpectedSigner,
} from "../../src/proofs/check-signed-by.js";
import type { SignOptions } from "../../src/proofs/sign-document.js";
import { AGENT_IDENTITY, edit, NOW, ORGANISATION, SERVICE } from "../fixtures.js";
import { resolver, signed, signedWithoutCreated } from "./signed.js";

describe("checkSignedBy", () => {
  const EXPECTED: ExpectedSigner = { did: ORGANISATION.did, purpose: "assertionMethod", now: NOW };

  async function refusals(
    document: JsonObject,
    expected: Partial<ExpectedSigner> = {},
  ): Promise<readonly string[]> {
    const { problems } = await checkSignedBy(document, { ...EXPECTED, ...expected }, { resolver }, "/x");
    return problems.map(({ code, pointer }) => `${code} ${pointer}`);
  }

  it("takes a proof by the expected DID", async () => {
    expect(await refusals(await signed())).toEqual([]);
  });

  it.each<readonly [string, Partial<SignOptions>, Partial<ExpectedSigner>, string]>([
    [
      "49 authentication on a credential",
      { purpose: "authentication" },
      {},
      "PROOF_PURPOSE /x/proof/proofPurpose",
    ],
    [
      "50 assertionMethod on a presentation",
      {},
      { purpose: "authentication" },
      "PROOF_PURPOSE /x/proof/proofPurpose",
    ],
    ["53 another DID", { signer: SERVICE }, {}, "ISSUER_MISMATCH /x/proof/verificationMethod"],
    [
      "96 another DID for a holder",
      { signer: SERVICE },
      { mismatch: "HOLDER_MISMATCH" },
      "HOLDER_MISMATCH /x/proof/verificationMethod",
    ],
    [
      "53 the start of a DID",
      {},
      { did: ORGANISATION.did.slice(0, -1) },
      "ISSUER_MISMATCH /x/proof/verificationMethod",
    ],
  ])("refuses row %s", async (_, options, expected, refusal) => {
    expect(await refusals(await signed(options), expected)).toEqual([refusal]);
  });

  it("refuses a second proof by somebody else (row 44)", async () => {
    const set = [(await signed())["proof"], (await signed({ signer: SERVICE }))["proof"]];
    expect(await refusals(edit(AGENT_IDENTITY, { "/proof": set }))).toEqual([
      "ISSUER_MISMATCH /x/proof/1/verificationMethod",
    ]);
  });

  it("says what does not verify, and where", async () => {
    expect(await refusals(edit(await signed(), { "/id": "x" }))).toEqual(["SIGNATURE_INVALID /x/proof"]);
    expect(await refusals(AGENT_IDENTITY)).toEqual(["PROOF_MISSING /x/proof"]);
  });

  it("refuses a proof without created (row 59)", async () => {
    const document = await signedWithoutCreated("eddsa-jcs-2022");
    expect(await refusals(document)).toEqual(["PROOF_CREATED /x/proof/created"]);
  });

  // Row 59: 60 s of tolerance, included.
  it.each([
    [CREATED_TOLERANCE_MS, []],
    [60_000, []],
    [61_000, ["PROOF_CREATED /x/proof/created"]],
  ])("of a proof made %i ms ahead says %j", async (ahead, expected) => {
    expect(await refusals(await signed({ created: NOW + ahead }))).toEqual(expected);
  });

  it("counts the tolerance to the millisecond", async () => {
    const document = await signed({ created: NOW + 60_000 });
    expect(await refusals(document, { now: NOW - 1 })).toEqual(["PROOF_CREATED /x/proof/created"]);
    expect(await refusals(document, { now: NOW })).toEqual([]);
  });

  // Row 60: no tolerance, the end excluded.
  it.each([
    [NOW + 4_999, []],
    [NOW + 5_000, ["PROOF_EXPIRED /x/proof/expires"]],
    [NOW + 5_001, ["PROOF_EXPIRED /x/proof/expires"]],
  ])("of a proof that expires, at %i, says %j", async (now, expected) => {
    expect(await refusals(await signed({ expires: NOW + 5_000 }), { now })).toEqual(expected);
  });
});

import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createResolver } from "../../src/did/resolver.js";
import { formatTimestamp } from "../../src/documents/timestamp.js";
import { decodeBase58, encodeBase58 } from "../../src/encoding/base58.js";
import { concatBytes, utf8 } from "../../src/encoding/bytes.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { nobleEngine } from "../../src/keys/ed25519-engine.js";
import { checkSignedBy, CREATED_TOLERANCE_MS, type ExpectedSigner } from "../../src/proofs/check-signed-by.js";
import { signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { suiteOf } from "../../src/proofs/suites.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import { AGENT, AGENT_IDENTITY, edit, NOW, ORGANISATION, SERVICE } from "../fixtures.js";

const resolver = createResolver();
const SIGNING: SignOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };

async function signed(more: Partial<SignOptions> = {}, document = AGENT_IDENTITY): Promise<JsonObject> {
  return signDocument(document, { ...SIGNING, ...more });
}

/** What is wrong with a document's proofs: code and place of each problem. */
async function faults(document: unknown): Promise<unknown> {
  const result = await verifyProofs(JSON.stringify(document), { resolver });
  return result.verified ? [] : result.problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("verifyProofs", () => {
  it("gives the frozen document, and who signed it", async () => {
    const document = await signed();
    const result = await verifyProofs(JSON.stringify(document), { resolver });
    expect(result).toEqual({
      verified: true,
      document,
      proofs: [
        {
          proof: document["proof"],
          key: { did: ORGANISATION.did, publicKey: expect.anything() as unknown },
          pointer: "/proof",
        },
      ],
    });
    expect(result.verified && Object.isFrozen(result.document["credentialSubject"])).toBe(true);
  });

  it("verifies with the other engine alike", async () => {
    const good = await verifyProofs(JSON.stringify(await signed()), { resolver, engine: nobleEngine });
    expect(good).toMatchObject({ verified: true });
    const altered = edit(await signed(), { "/id": AGENT_IDENTITY["issuer"] });
    const bad = await verifyProofs(JSON.stringify(altered), { resolver, engine: nobleEngine });
    expect(bad).toMatchObject({ verified: false, problems: [{ code: "SIGNATURE_INVALID", pointer: "/proof" }] });
  });

  it("verifies every proof of a set", async () => {
    const set = [(await signed())["proof"], (await signed({ signer: SERVICE }))["proof"]];
    const result = await verifyProofs(JSON.stringify(edit(AGENT_IDENTITY, { "/proof": set })), { resolver });
    expect(result).toMatchObject({
      verified: true,
      proofs: [
        { key: { did: ORGANISATION.did }, pointer: "/proof/0" },
        { key: { did: SERVICE.did }, pointer: "/proof/1" },
      ],
    });
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["41 no proof", { "/proof": undefined }, "PROOF_MISSING /proof"],
    ["42 an empty set of proofs", { "/proof": [] }, "PROOF_MISSING /proof"],
    ["18 a proof that is a text", { "/proof": "proof" }, "SCHEMA_INVALID /proof"],
    ["18 a proof that is null", { "/proof": null }, "SCHEMA_INVALID /proof"],
    ["55 an unknown cryptosuite", { "/proof/cryptosuite": "eddsa-jcs-2023" }, "SUITE_UNKNOWN /proof"],
    ["55 a cryptosuite of JavaScript", { "/proof/cryptosuite": "toString" }, "SUITE_UNKNOWN /proof"],
    ["55 no cryptosuite", { "/proof/cryptosuite": undefined }, "SCHEMA_INVALID /proof/cryptosuite"],
    ["56 an RDFC label on a JCS signature", { "/proof/cryptosuite": "eddsa-rdfc-2022" }, "SUITE_UNKNOWN /proof"],
    ["57 Ed25519Signature2020 with a cryptosuite", { "/proof/type": "Ed25519Signature2020" }, "SCHEMA_INVALID /proof/type"],
    ["58 jws", { "/proof/proofValue": undefined, "/proof/jws": "eyJhbGciOiJub25lIn0.." }, "SCHEMA_INVALID /proof/jws"],
    ["58 alg", { "/proof/alg": "none" }, "SCHEMA_INVALID /proof/alg"],
    ["58 no proofValue", { "/proof/proofValue": undefined }, "SCHEMA_INVALID /proof/proofValue"],
    ["59 malformed created", { "/proof/created": "2026-02-30T00:00:00Z" }, "DATE_INVALID /proof/created"],
    ["59 malformed expires", { "/proof/expires": "soon" }, "DATE_INVALID /proof/expires"],
    ["61 another member", { "/proof/nonce": "n" }, "SCHEMA_INVALID /proof/nonce"],
    ["61 previousProof", { "/proof/previousProof": "urn:uuid:1" }, "SCHEMA_INVALID /proof/previousProof"],
    ["62 a context that the document lacks", { "/proof/@context": ["https://other.example"] }, "CONTEXT_NOT_ALLOWED /proof"],
    ["62 contexts in another order", { "/proof/@context": contexts().reverse() }, "CONTEXT_NOT_ALLOWED /proof"],
    ["62 a context more", { "/proof/@context": [...contexts(), "https://other.example"] }, "CONTEXT_NOT_ALLOWED /proof"],
    ["62 a document without context", { "/@context": undefined }, "CONTEXT_NOT_ALLOWED /proof"],
    ["62 a context less", { "/proof/@context": contexts().slice(0, 1) }, "SIGNATURE_INVALID /proof"],
    ["62 no context in the proof", { "/proof/@context": undefined }, "SIGNATURE_INVALID /proof"],
    ["a context object in the proof", { "/proof/@context": [{}] }, "SCHEMA_INVALID /proof/@context/0"],
    ["an unknown purpose", { "/proof/proofPurpose": "keyAgreement" }, "SCHEMA_INVALID /proof/proofPurpose"],
    ["another purpose", { "/proof/proofPurpose": "authentication" }, "SIGNATURE_INVALID /proof"],
    ["another time", { "/proof/created": "2026-11-23T08:00:01Z" }, "SIGNATURE_INVALID /proof"],
    ["a challenge added", { "/proof/challenge": "c" }, "SIGNATURE_INVALID /proof"],
    ["another method", { "/proof/verificationMethod": SERVICE.verificationMethod }, "SIGNATURE_INVALID /proof"],
    ["a DID as method", { "/proof/verificationMethod": SERVICE.did }, "DID_SYNTAX /proof"],
    ["proofValue in another base", { "/proof/proofValue": "uAAAA" }, "ENCODING_INVALID /proof/proofValue"],
    ["proofValue outside base58", { "/proof/proofValue": "z0" }, "ENCODING_INVALID /proof"],
    ["proofValue of 200 characters", { "/proof/proofValue": `z${"2".repeat(199)}` }, "ENCODING_INVALID /proof"],
    ["a member added to the document", { "/name": "x" }, "SIGNATURE_INVALID /proof"],
    ["a member taken away", { "/validUntil": undefined }, "SIGNATURE_INVALID /proof"],
    ["a member deep inside", { "/credentialSubject/roles/0": "admin" }, "SIGNATURE_INVALID /proof"],
    ["an order changed", { "/credentialSubject/roles": ["reader", "refund-processor"] }, "SIGNATURE_INVALID /proof"],
  ])("refuses row %s", async (_, changes, fault) => {
    expect(await faults(edit(await signed(), changes))).toEqual([fault]);
  });

  it.each<readonly [string, (signature: Uint8Array) => Uint8Array]>([
    ["63 bytes", (signature) => signature.subarray(0, 63)],
    ["65 bytes", (signature) => concatBytes(signature, Uint8Array.of(0))],
    ["a leading zero byte", (signature) => concatBytes(Uint8Array.of(0), signature)],
    ["no bytes", () => Uint8Array.of()],
  ])("refuses row 69, a signature of %s", async (_, alter) => {
    const document = await signed();
    const { proofValue } = document["proof"] as { readonly proofValue: string };
    const altered = `z${encodeBase58(alter(decodeBase58(proofValue.slice(1))))}`;
    expect(await faults(edit(document, { "/proof/proofValue": altered }))).toEqual(["SIGNATURE_INVALID /proof"]);
  });

  it("says which proof of a set failed (row 43)", async () => {
    const good = (await signed())["proof"];
    const bad = (await signed({ signer: SERVICE }, edit(AGENT_IDENTITY, { "/validUntil": "2026-12-24T08:00:00Z" })))["proof"];
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [good, bad] }))).toEqual(["SIGNATURE_INVALID /proof/1"]);
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [bad, good] }))).toEqual(["SIGNATURE_INVALID /proof/0"]);
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [good, "x"] }))).toEqual(["SCHEMA_INVALID /proof/1"]);
  });

  it("takes 8 proofs and refuses 9 unread (row 48)", async () => {
    const proof = (await signed())["proof"];
    const set = Array.from({ length: 8 }, () => proof);
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": set }))).toEqual([]);
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [...set, {}] }))).toEqual(["TOO_MANY_ITEMS /proof"]);
  });

  it.each([
    ["", "JSON_SYNTAX"],
    ["[]", "JSON_NOT_OBJECT"],
    ['{"a":1,"a":1}', "JSON_DUPLICATE_KEY"],
  ])("answers %j with a result", async (input, code) => {
    const result = await verifyProofs(input, { resolver });
    expect(result).toMatchObject({ verified: false, problems: [{ code }] });
  });

  it("verifies the bytes as they were when it was called (row 63)", async () => {
    const bytes = utf8(JSON.stringify(await signed()));
    const pending = verifyProofs(bytes, { resolver });
    bytes.fill(0);
    expect(await pending).toMatchObject({ verified: true });
  });

  it("refuses an object, whose getters could answer twice (row 64)", async () => {
    const result = await verifyProofs((await signed()) as unknown as string, { resolver });
    expect(result).toMatchObject({ verified: false, problems: [{ code: "ARGUMENT_INVALID" }] });
  });
});

function contexts(): readonly string[] & { reverse(): readonly string[] } {
  return [...(AGENT_IDENTITY["@context"] as readonly string[])];
}

describe("signDocument", () => {
  it("leaves the caller's document as it was, and freezes its own", async () => {
    const document = structuredClone(AGENT_IDENTITY);
    const copy = await signed({}, document);
    expect(document).toEqual(AGENT_IDENTITY);
    expect(Object.isFrozen(copy["proof"])).toBe(true);
  });

  it("replaces the proof that was there", async () => {
    expect(await signed({}, await signed({ signer: SERVICE }))).toEqual(await signed());
  });

  it("writes what the proof is for", async () => {
    const more = { purpose: "authentication", expires: NOW + 300_000, challenge: "c", domain: "d" } as const;
    expect(await signed(more)).toMatchObject({
      proof: {
        type: "DataIntegrityProof",
        cryptosuite: "eddsa-jcs-2022",
        "@context": AGENT_IDENTITY["@context"],
        created: "2026-11-23T08:00:00Z",
        expires: "2026-11-23T08:05:00Z",
        verificationMethod: ORGANISATION.verificationMethod,
        proofPurpose: "authentication",
        challenge: "c",
        domain: "d",
      },
    });
  });

  it("signs a document without context", async () => {
    const document = await signed({}, { a: 1 });
    expect(document["proof"]).not.toHaveProperty("@context");
    expect(await faults(document)).toEqual([]);
  });

  it("refuses what is not strict JSON", async () => {
    expect(await codeOfAsync(() => signed({}, { a: 2 ** 53 }))).toBe("NUMBER_UNSAFE");
    expect(await codeOfAsync(() => signed({}, { a: "\ud800" }))).toBe("JSON_SURROGATE");
  });

  it("refuses a suite that it does not have", async () => {
    expect(await codeOfAsync(() => signed({ suite: "eddsa-rdfc-2022" as "eddsa-jcs-2022" }))).toBe("SUITE_UNKNOWN");
  });
});

describe("checkSignedBy", () => {
  const EXPECTED: ExpectedSigner = { did: ORGANISATION.did, purpose: "assertionMethod", now: NOW };

  async function refusals(document: JsonObject, expected: Partial<ExpectedSigner> = {}): Promise<readonly string[]> {
    const { problems } = await checkSignedBy(document, { ...EXPECTED, ...expected }, { resolver }, "/x");
    return problems.map(({ code, pointer }) => `${code} ${pointer}`);
  }

  it("takes a proof by the expected DID", async () => {
    expect(await refusals(await signed())).toEqual([]);
  });

  it.each<readonly [string, Partial<SignOptions>, Partial<ExpectedSigner>, string]>([
    ["49 authentication on a credential", { purpose: "authentication" }, {}, "PROOF_PURPOSE /x/proof/proofPurpose"],
    ["50 assertionMethod on a presentation", {}, { purpose: "authentication" }, "PROOF_PURPOSE /x/proof/proofPurpose"],
    ["53 another DID", { signer: SERVICE }, {}, "ISSUER_MISMATCH /x/proof/verificationMethod"],
    ["96 another DID for a holder", { signer: SERVICE }, { mismatch: "HOLDER_MISMATCH" }, "HOLDER_MISMATCH /x/proof/verificationMethod"],
    ["53 the start of a DID", {}, { did: ORGANISATION.did.slice(0, -1) }, "ISSUER_MISMATCH /x/proof/verificationMethod"],
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
    const document = await signDocumentWithoutCreated();
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

  /** A proof by hand, because signing always writes `created`. */
  async function signDocumentWithoutCreated(): Promise<JsonObject> {
    const suite = suiteOf({ cryptosuite: "eddsa-jcs-2022" });
    const options = suite.optionsFor(AGENT_IDENTITY, {
      type: "DataIntegrityProof",
      cryptosuite: "eddsa-jcs-2022",
      verificationMethod: ORGANISATION.verificationMethod,
      proofPurpose: "assertionMethod",
      expires: formatTimestamp(NOW + 1000),
    });
    const signature = await ORGANISATION.sign(await suite.hash(AGENT_IDENTITY, options));
    return edit(AGENT_IDENTITY, { "/proof": { ...options, proofValue: `z${encodeBase58(signature)}` } });
  }
});

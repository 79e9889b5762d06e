import { describe, expect, it } from "vitest";

import { decodeBase58, encodeBase58 } from "../../src/encoding/base58.js";
import { concatBytes, utf8 } from "../../src/encoding/bytes.js";
import { nobleEngine } from "../../src/keys/ed25519-engine.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import { AGENT_IDENTITY, edit, ORGANISATION, SERVICE } from "../fixtures.js";
import { faults, resolver, signed } from "./signed.js";

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
    expect(bad).toMatchObject({
      verified: false,
      problems: [{ code: "SIGNATURE_INVALID", pointer: "/proof" }],
    });
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
    [
      "56 an RDFC label on a JCS signature",
      { "/proof/cryptosuite": "eddsa-rdfc-2022", "/proof/@context": undefined },
      "SIGNATURE_INVALID /proof",
    ],
    [
      "56 the same with the contexts that only JCS repeats",
      { "/proof/cryptosuite": "eddsa-rdfc-2022" },
      "CONTEXT_NOT_ALLOWED /proof/@context",
    ],
    [
      "57 Ed25519Signature2020 with a cryptosuite",
      { "/proof/type": "Ed25519Signature2020" },
      "SCHEMA_INVALID /proof/cryptosuite",
    ],
    [
      "58 jws",
      { "/proof/proofValue": undefined, "/proof/jws": "eyJhbGciOiJub25lIn0.." },
      "SCHEMA_INVALID /proof/jws",
    ],
    ["58 alg", { "/proof/alg": "none" }, "SCHEMA_INVALID /proof/alg"],
    ["58 no proofValue", { "/proof/proofValue": undefined }, "SCHEMA_INVALID /proof/proofValue"],
    ["59 malformed created", { "/proof/created": "2026-02-30T00:00:00Z" }, "DATE_INVALID /proof/created"],
    ["59 malformed expires", { "/proof/expires": "soon" }, "DATE_INVALID /proof/expires"],
    ["61 another member", { "/proof/note": "n" }, "SCHEMA_INVALID /proof/note"],
    ["a nonce added", { "/proof/nonce": "n" }, "SIGNATURE_INVALID /proof"],
    ["an id added", { "/proof/id": "urn:uuid:1" }, "SIGNATURE_INVALID /proof"],
    [
      "46 a previous proof that is not there",
      { "/proof/previousProof": "urn:uuid:1" },
      "PROOF_CHAIN_INVALID /proof/previousProof",
    ],
    [
      "62 a context that the document lacks",
      { "/proof/@context": ["https://other.example"] },
      "CONTEXT_NOT_ALLOWED /proof",
    ],
    [
      "62 contexts in another order",
      { "/proof/@context": contexts().reverse() },
      "CONTEXT_NOT_ALLOWED /proof",
    ],
    [
      "62 a context more",
      { "/proof/@context": [...contexts(), "https://other.example"] },
      "CONTEXT_NOT_ALLOWED /proof",
    ],
    ["62 a document without context", { "/@context": undefined }, "CONTEXT_NOT_ALLOWED /proof"],
    ["62 a context less", { "/proof/@context": contexts().slice(0, 1) }, "SIGNATURE_INVALID /proof"],
    ["62 no context in the proof", { "/proof/@context": undefined }, "SIGNATURE_INVALID /proof"],
    ["a context object in the proof", { "/proof/@context": [{}] }, "SCHEMA_INVALID /proof/@context/0"],
    ["an unknown purpose", { "/proof/proofPurpose": "keyAgreement" }, "SCHEMA_INVALID /proof/proofPurpose"],
    ["another purpose", { "/proof/proofPurpose": "authentication" }, "SIGNATURE_INVALID /proof"],
    ["another time", { "/proof/created": "2026-11-23T08:00:01Z" }, "SIGNATURE_INVALID /proof"],
    ["a challenge added", { "/proof/challenge": "c" }, "SIGNATURE_INVALID /proof"],
    [
      "another method",
      { "/proof/verificationMethod": SERVICE.verificationMethod },
      "SIGNATURE_INVALID /proof",
    ],
    ["a DID as method", { "/proof/verificationMethod": SERVICE.did }, "DID_SYNTAX /proof"],
    ["proofValue in another base", { "/proof/proofValue": "uAAAA" }, "ENCODING_INVALID /proof/proofValue"],
    ["proofValue outside base58", { "/proof/proofValue": "z0" }, "ENCODING_INVALID /proof"],
    [
      "proofValue of 200 characters",
      { "/proof/proofValue": `z${"2".repeat(199)}` },
      "ENCODING_INVALID /proof",
    ],
    ["a member added to the document", { "/name": "x" }, "SIGNATURE_INVALID /proof"],
    ["a member taken away", { "/validUntil": undefined }, "SIGNATURE_INVALID /proof"],
    ["a member deep inside", { "/credentialSubject/roles/0": "admin" }, "SIGNATURE_INVALID /proof"],
    [
      "an order changed",
      { "/credentialSubject/roles": ["reader", "refund-processor"] },
      "SIGNATURE_INVALID /proof",
    ],
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
    expect(await faults(edit(document, { "/proof/proofValue": altered }))).toEqual([
      "SIGNATURE_INVALID /proof",
    ]);
  });

  it("says which proof of a set failed (row 43)", async () => {
    const good = (await signed())["proof"];
    const bad = (
      await signed({ signer: SERVICE }, edit(AGENT_IDENTITY, { "/validUntil": "2026-12-24T08:00:00Z" }))
    )["proof"];
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [good, bad] }))).toEqual([
      "SIGNATURE_INVALID /proof/1",
    ]);
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [bad, good] }))).toEqual([
      "SIGNATURE_INVALID /proof/0",
    ]);
    expect(await faults(edit(AGENT_IDENTITY, { "/proof": [good, "x"] }))).toEqual([
      "SCHEMA_INVALID /proof/1",
    ]);
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

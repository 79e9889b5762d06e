import { describeVectors, readJsonVector, readVector } from "@writ/testkit";
import { expect, it } from "vitest";

import { sha256 } from "../../src/crypto/sha256.js";
import { createResolver } from "../../src/did/resolver.js";
import { hashUnsecured } from "../../src/documents/digest.js";
import { parseTimestamp } from "../../src/documents/timestamp.js";
import { decodeBase58 } from "../../src/encoding/base58.js";
import { toHex } from "../../src/encoding/bytes.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import { omit, type JsonObject } from "../../src/json/json-value.js";
import { parseStrictJsonObject } from "../../src/json/strict-json.js";
import { createSeedSigner } from "../../src/keys/signer.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import { suiteOf } from "../../src/proofs/suites.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";

const FOLDER = "vc-di-eddsa";
const SUITE = { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022" } as const;

const json = (...path: readonly string[]): JsonObject => parseStrictJsonObject(readVector(FOLDER, ...path));
const text = (name: string): string => readVector(FOLDER, SUITE.cryptosuite, name).toString("utf8").trim();

/** The 32 bytes behind `z3u2…`: the multicodec of an Ed25519 private key takes two. */
const seedOf = (privateKeyMultibase: string): Uint8Array =>
  decodeBase58(privateKeyMultibase.slice(1)).slice(2);

describeVectors("vc-di-eddsa, eddsa-jcs-2022", () => {
  const unsigned = json("unsigned.json");
  const signed = json(SUITE.cryptosuite, "signedJCS.json");
  const proof = signed["proof"] as JsonObject & { readonly created: string; readonly proofValue: string };
  const { privateKeyMultibase } = readJsonVector<{ readonly privateKeyMultibase: string }>(
    FOLDER,
    "keyPair.json",
  );
  const signer = createSeedSigner(seedOf(privateKeyMultibase));

  it("canonicalises the document", () => {
    expect(canonicalize(unsigned)).toBe(text("canonDocJCS.txt"));
  });

  it("hashes the document", () => {
    expect(toHex(hashUnsecured(signed))).toBe(text("docHashJCS.txt"));
  });

  it("makes the proof's options", () => {
    const { "@context": _, ...given } = json(SUITE.cryptosuite, "proofConfigJCS.json");
    const options = suiteOf(SUITE).optionsFor(unsigned, given);
    expect(options).toEqual(omit(proof, "proofValue"));
    expect(canonicalize(options)).toBe(text("proofCanonJCS.txt"));
  });

  it("hashes the proof's options", () => {
    expect(toHex(sha256(canonicalize(omit(proof, "proofValue"))))).toBe(text("proofHashJCS.txt"));
  });

  it("combines the hashes", async () => {
    const combined = await suiteOf(SUITE).hash(unsigned, omit(proof, "proofValue"), []);
    expect(toHex(combined)).toBe(text("combinedHashJCS.txt"));
  });

  it("signs the combined hash", async () => {
    const combined = new Uint8Array(Buffer.from(text("combinedHashJCS.txt"), "hex"));
    expect(toHex(await signer.sign(combined))).toBe(text("sigHexJCS.txt"));
  });

  it("signs the whole document to the published proof", async () => {
    const options = { signer, purpose: "assertionMethod", created: parseTimestamp(proof.created) } as const;
    expect(proof.proofValue).toBe(text("sigBTC58JCS.txt"));
    expect(await signDocument(unsigned, options)).toEqual(signed);
  });

  it("verifies the published document", async () => {
    const result = await verifyProofs(readVector(FOLDER, SUITE.cryptosuite, "signedJCS.json"), {
      resolver: createResolver(),
    });
    expect(result).toMatchObject({
      verified: true,
      document: signed,
      proofs: [{ key: { did: signer.did } }],
    });
  });
});

/** Suites and proof members that this version does not know: refused, never guessed or skipped. */

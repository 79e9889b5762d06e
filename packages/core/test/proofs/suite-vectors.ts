import { describeVectors } from "@writ/testkit";
import { expect, it } from "vitest";

import { sha256 } from "../../src/crypto/sha256.js";
import { parseTimestamp } from "../../src/documents/timestamp.js";
import { toHex } from "../../src/encoding/bytes.js";
import { omit, type JsonObject } from "../../src/json/json-value.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import { SUITE_NAMES, suiteNamed, type SuiteName } from "../../src/proofs/suites.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import { publishedJson, publishedSigner, publishedText } from "./published.js";
import { relabelled } from "./relabelled.js";
import { faults, resolver } from "./signed.js";

/** A suite's folder of the published vectors: every step from the key to the signed document. */
export interface SuiteVectors {
  readonly name: SuiteName;
  /** How the names of the suite's files end. */
  readonly suffix: string;
  readonly canonicalize: (document: JsonObject) => string | Promise<string>;
}

/** The tests of one suite's published vectors. */
export function describeSuiteVectors({ name, suffix, canonicalize }: SuiteVectors): void {
  describeVectors(`vc-di-eddsa, ${name}`, () => {
    const suite = suiteNamed(name);
    const text = (file: string): string => publishedText(name, `${file}${suffix}.txt`);
    const unsigned = publishedJson("unsigned.json");
    const signed = publishedJson(name, `signed${suffix}.json`);
    const { "@context": context = [] } = signed;
    const proof = signed["proof"] as JsonObject & { readonly created: string; readonly proofValue: string };
    const options = omit(proof, "proofValue");
    const signer = publishedSigner(publishedJson("keyPair.json"));

    it("canonicalises the document", async () => {
      const canonical = await canonicalize(omit(signed, "proof"));
      expect(canonical).toBe(text("canonDoc"));
      expect(toHex(sha256(canonical))).toBe(text("docHash"));
    });

    it("canonicalises the proof's options", async () => {
      const canonical = await canonicalize({ ...options, "@context": context });
      expect(canonical).toBe(text("proofCanon"));
      expect(toHex(sha256(canonical))).toBe(text("proofHash"));
    });

    it("makes the proof's options", () => {
      const config = publishedJson(name, `proofConfig${suffix}.json`);
      expect({ ...options, "@context": context }).toEqual(config);
      expect(suite.optionsFor(signed, omit(config, "@context"))).toEqual(options);
    });

    it("combines the hashes", async () => {
      const combined = await suite.hash(omit(signed, "proof"), options, []);
      expect(toHex(combined)).toBe(text("combinedHash"));
      expect(toHex(combined)).toBe(text("proofHash") + text("docHash"));
    });

    it("signs the combined hash", async () => {
      const combined = new Uint8Array(Buffer.from(text("combinedHash"), "hex"));
      expect(toHex(await signer.sign(combined))).toBe(text("sigHex"));
    });

    it("signs the whole document to the published proof", async () => {
      const created = parseTimestamp(proof.created);
      expect(proof.proofValue).toBe(text("sigBTC58"));
      expect(
        await signDocument(unsigned, { signer, purpose: "assertionMethod", created, suite: name }),
      ).toEqual(signed);
    });

    it("verifies the published document", async () => {
      const published = publishedText(name, `signed${suffix}.json`);
      expect(await verifyProofs(published, { resolver })).toMatchObject({
        verified: true,
        document: signed,
        proofs: [{ key: { did: signer.did } }],
      });
    });

    it.each(SUITE_NAMES.filter((other) => other !== name))(
      "refuses row 56: the same, called %s",
      async (other) => {
        expect(await faults(relabelled(signed, other))).toEqual(["SIGNATURE_INVALID /proof"]);
      },
    );
  });
}

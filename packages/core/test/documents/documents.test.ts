import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { WRIT_V1_SHA256 } from "../../src/jsonld/pinned-contexts.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { createResolver } from "../../src/did/resolver.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import * as fixtures from "../fixtures.js";
import { VALID } from "./valid.js";

const { edit, NOW } = fixtures;

describe("the context", () => {
  it("has the pinned hash (row 27)", () => {
    const file = readFileSync(new URL("../../contexts/writ-v1.jsonld", import.meta.url));
    expect(createHash("sha256").update(file).digest("hex")).toBe(WRIT_V1_SHA256);
  });
});

describe.each(VALID)("a valid document: $name", ({ document, shape }) => {
  it("is accepted as it is", () => {
    expect(parseDocument(document, shape)).toBe(document);
  });

  it("is accepted when it is signed, by one and by two", async () => {
    const signing = { purpose: "assertionMethod", created: NOW } as const;
    const signed = await signDocument(document, { ...signing, signer: fixtures.ORGANISATION });
    const other = await signDocument(document, { ...signing, signer: fixtures.SERVICE });
    expect(parseDocument(signed, shape)).toBe(signed);
    const set = edit(document, { "/proof": [signed.proof, other.proof] });
    expect(parseDocument(set, shape)).toBe(set);
  });

  it("is refused as another type", () => {
    for (const other of VALID.filter((entry) => entry.shape !== shape)) {
      expect(refusalOf(() => parseDocument(document, other.shape)).code).toMatch(
        /^(SCHEMA_INVALID|CONTEXT_NOT_ALLOWED)$/,
      );
    }
  });
});

describe.each(VALID.filter(({ name }) => name !== "status list"))(
  "a valid document: $name",
  ({ document, shape }) => {
    // The signature stays good, because it covers the contexts that the proof repeats (row 62).
    it("is refused where it was signed without its last context", async () => {
      const contexts = document["@context"] as readonly string[];
      const signing = { signer: fixtures.ORGANISATION, purpose: "assertionMethod", created: NOW } as const;
      const signed = await signDocument(edit(document, { "/@context": contexts.slice(0, -1) }), signing);
      const injected = edit(signed, { "/@context": contexts });
      expect(await verifyProofs(JSON.stringify(injected), { resolver: createResolver() })).toMatchObject({
        verified: true,
      });
      expect(refusalOf(() => parseDocument(injected, shape))).toEqual({
        code: "CONTEXT_NOT_ALLOWED",
        pointer: "/proof/@context",
      });
    });
  },
);

import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createResolver } from "../../src/did/resolver.js";
import { defaultEngine, type Ed25519Engine } from "../../src/keys/ed25519-engine.js";
import { createSignatureCache } from "../../src/keys/signature-cache.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import { ORGANISATION } from "../fixtures.js";

const NOW = Date.parse("2026-11-23T08:00:00Z");

/** The default engine, which counts what it is asked. */
function countingEngine(): Ed25519Engine & { asked: number } {
  const engine = {
    ...defaultEngine,
    asked: 0,
    verify(...args: Parameters<Ed25519Engine["verify"]>) {
      engine.asked++;
      return defaultEngine.verify(...args);
    },
  };
  return engine;
}

const signed = async (n: number): Promise<string> =>
  JSON.stringify(
    await signDocument({ n }, { signer: ORGANISATION, purpose: "assertionMethod", created: NOW }),
  );

describe("remembered signatures", () => {
  it("are not verified again, and say nothing of another document", async () => {
    const engine = countingEngine();
    const options = { resolver: createResolver(), engine, signatures: createSignatureCache() };
    const document = await signed(1);
    for (let time = 0; time < 3; time++) {
      expect(await verifyProofs(document, options)).toMatchObject({ verified: true });
    }
    expect(engine.asked).toBe(1);
    const altered = document.replace('"n":1', '"n":2');
    expect(await verifyProofs(altered, options)).toMatchObject({ problems: [{ code: "SIGNATURE_INVALID" }] });
    expect(engine.asked).toBe(2);
  });

  it("do not include those that failed", async () => {
    const engine = countingEngine();
    const options = { resolver: createResolver(), engine, signatures: createSignatureCache() };
    const altered = (await signed(1)).replace('"n":1', '"n":2');
    for (let time = 0; time < 2; time++) {
      expect(await verifyProofs(altered, options)).toMatchObject({ verified: false });
    }
    expect(engine.asked).toBe(2);
  });

  it("do not spare the question whether the key may sign", async () => {
    const signatures = createSignatureCache();
    const document = await signed(1);
    await verifyProofs(document, { resolver: createResolver(), signatures });
    const withdrawn = createResolver({
      key: (did) =>
        Promise.resolve({
          didResolutionMetadata: {},
          didDocumentMetadata: {},
          didDocument: { id: did, verificationMethod: [], assertionMethod: [] },
        }),
    });
    expect(await verifyProofs(document, { resolver: withdrawn, signatures })).toMatchObject({
      problems: [{ code: "METHOD_NOT_AUTHORIZED" }],
    });
  });

  it.each([0, -1, 1.5, Number.NaN])("are not kept in a cache of %j entries", (entries) => {
    expect(codeOf(() => createSignatureCache(entries))).toBe("ARGUMENT_INVALID");
  });

  it("are forgotten, the one used longest ago first", () => {
    const cache = createSignatureCache(2);
    cache.add("a");
    cache.add("b");
    expect(cache.has("a")).toBe(true);
    cache.add("c");
    expect([cache.has("a"), cache.has("b"), cache.has("c")]).toEqual([true, false, true]);
  });
});

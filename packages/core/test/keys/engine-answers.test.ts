import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { nobleEngine, type Ed25519Engine } from "../../src/keys/ed25519-engine.js";
import { parsePublicKey } from "../../src/keys/public-key.js";
import { verifyEd25519 } from "../../src/keys/verify-ed25519.js";

const seed = new Uint8Array(32).fill(7);
const message = Uint8Array.of(1, 2, 3);
const signature = nobleEngine.sign(message, seed);
const publicKey = parsePublicKey(nobleEngine.publicKeyOf(seed));

describe("an engine of somebody's own", () => {
  it.each([Promise.resolve(true), 1, "true", {}, undefined])(
    "has verified nothing by answering %s",
    (answer) => {
      const engine: Ed25519Engine = { ...nobleEngine, verify: () => answer as unknown as boolean };
      expect(codeOf(() => verifyEd25519(signature, message, publicKey, engine))).toBe("SIGNATURE_INVALID");
    },
  );

  it("verifies by answering true", () => {
    const engine: Ed25519Engine = { ...nobleEngine, verify: () => true };
    expect(() => {
      verifyEd25519(signature, message, publicKey, engine);
    }).not.toThrow();
  });
});

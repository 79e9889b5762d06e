import { describeVectors, readJsonVector } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { problemOf } from "../../src/errors/writ-error.js";
import type { Ed25519Engine } from "../../src/keys/ed25519-engine.js";
import { parsePublicKey } from "../../src/keys/public-key.js";
import { verifyEd25519 } from "../../src/keys/verify-ed25519.js";
import { ENGINES } from "./engines.js";

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: "valid" | "invalid";
    }[];
  }[];
}

type SpecCheck = readonly {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}[];

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

function verdict(engine: Ed25519Engine, publicKey: string, message: string, signature: string): string {
  const problem = problemOf(() => {
    verifyEd25519(bytes(signature), bytes(message), parsePublicKey(bytes(publicKey)), engine);
  });
  return problem?.code ?? "valid";
}

describe("the engines under test", () => {
  it("are all there", () => {
    expect(ENGINES.map(({ name }) => name)).toEqual(["native", "noble", "sodium"]);
  });
});

/**
 * Valid by Wycheproof, outside Writ's accept set, by tcId with the reason. There is none: Wycheproof
 * has no valid signature with a key or an R that Writ refuses.
 */
const STRICTER: ReadonlyMap<number, string> = new Map();

/** The vectors of ed25519-speccheck in order, as "Taming the many EdDSAs" (table 5) describes them. */
const SPEC_CHECK: readonly (readonly [what: string, verdict: string])[] = [
  ["S = 0, small A and R", "KEY_INVALID"],
  ["0 < S < L, small A, mixed R", "KEY_INVALID"],
  ["0 < S < L, mixed A, small R", "KEY_INVALID"],
  ["0 < S < L, mixed A and R, verifies without the cofactor too", "KEY_INVALID"],
  ["0 < S < L, mixed A and R, verifies with the cofactor only", "KEY_INVALID"],
  ["0 < S < L, mixed A, R in the group, verifies with the cofactor only", "KEY_INVALID"],
  ["S > L", "SIGNATURE_MALLEABLE"],
  ["S much greater than L", "SIGNATURE_MALLEABLE"],
  ["mixed A, non-canonical small R, reduced for the hash", "KEY_INVALID"],
  ["mixed A, non-canonical small R, not reduced for the hash", "KEY_INVALID"],
  ["non-canonical small A, reduced for the hash", "KEY_INVALID"],
  ["non-canonical small A, not reduced for the hash", "KEY_INVALID"],
];

describeVectors("Ed25519, published vectors", () => {
  describe.each(ENGINES)("$name", (engine) => {
    const { testGroups } = readJsonVector<Wycheproof>("wycheproof", "ed25519_test.json");
    const tests = testGroups.flatMap(({ publicKey, tests }) =>
      tests.map((test) => ({ ...test, ...publicKey })),
    );

    it("has all of Wycheproof", () => {
      expect(tests).toHaveLength(151);
    });

    it.each(tests)("Wycheproof $tcId $comment", ({ tcId, pk, msg, sig, result }) => {
      const expected = STRICTER.has(tcId) ? "invalid" : result;
      expect(verdict(engine, pk, msg, sig) === "valid" ? "valid" : "invalid").toBe(expected);
    });

    const cases = readJsonVector<SpecCheck>("ed25519-speccheck", "cases.json");

    it("has all of ed25519-speccheck", () => {
      expect(cases).toHaveLength(SPEC_CHECK.length);
    });

    it.each(SPEC_CHECK.map(([what, expected], index) => ({ index, what, expected })))(
      "speccheck $index: $what",
      ({ index, expected }) => {
        const { pub_key, message, signature } = cases[index] as SpecCheck[number];
        expect(verdict(engine, pub_key, message, signature)).toBe(expected);
      },
    );
  });

  it("gets the same code from every engine, for each Wycheproof vector", () => {
    const { testGroups } = readJsonVector<Wycheproof>("wycheproof", "ed25519_test.json");
    const codes = ENGINES.map((engine) =>
      testGroups.flatMap(({ publicKey, tests }) =>
        tests.map(({ tcId, msg, sig }) => `${String(tcId)} ${verdict(engine, publicKey.pk, msg, sig)}`),
      ),
    );
    expect(codes.slice(1)).toEqual([codes[0], codes[0]]);
  });
});

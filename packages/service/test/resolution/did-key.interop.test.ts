import { decodeBase58, decodeBase64url, encodeBase58 } from "@writ/core";
import { Resolver, type VerificationMethod } from "did-resolver";
import { getResolver } from "key-did-resolver";
import { describe, expect, it } from "vitest";

import { resolveDid } from "../../src/index.js";
import { didKeyOf, PREFIX } from "./keys.js";

const theirs = new Resolver(getResolver());

describe("key-did-resolver", () => {
  it.each(["Ed25519", "secp256k1", "P-256", "P-384"] as const)("finds the same key of %s", async (curve) => {
    const did = didKeyOf(curve);
    const { didDocument: their } = await theirs.resolve(did);
    const { didDocument: our } = await resolveDid(did);
    const [method] = our?.["verificationMethod"] as unknown as [VerificationMethod];
    const ourKey = decodeBase58(method.publicKeyMultibase?.slice(1) ?? "").subarray(PREFIX[curve].length);
    const [theirMethod] = their?.verificationMethod ?? [];
    expect(encodeBase58(keyOf(theirMethod))).toBe(encodeBase58(ourKey));
    expect(method.id).toBe(theirMethod?.id);
  });
});

/** Their key, compressed if it has two coordinates. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- what they answer
function keyOf({ publicKeyBase58, publicKeyJwk }: Partial<VerificationMethod> = {}): Uint8Array {
  if (publicKeyBase58 !== undefined) return decodeBase58(publicKeyBase58);
  const { x = "", y } = publicKeyJwk ?? {};
  const coordinate = decodeBase64url(x);
  if (y === undefined) return coordinate;
  return Uint8Array.of(2 + ((decodeBase64url(y).at(-1) ?? 0) & 1), ...coordinate);
}

import type { Ed25519Engine } from "./ed25519-engine.js";

/** What Writ uses of libsodium, by the names and in the order of `sodium-native`: results go into the first. */
export interface Sodium {
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
}

/** Ed25519 by libsodium. It compares R with what it computes, as the native engine does: no cofactor. */
export function createSodiumEngine(sodium: Sodium): Ed25519Engine {
  function keyPairOf(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array } {
    const [publicKey, secretKey] = [new Uint8Array(32), new Uint8Array(64)];
    sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
    return { publicKey, secretKey };
  }

  return {
    name: "sodium",
    verify: (signature, message, publicKey) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey.bytes),
    sign(message, seed) {
      const { secretKey } = keyPairOf(seed);
      const signature = new Uint8Array(64);
      try {
        sodium.crypto_sign_detached(signature, message, secretKey);
        return signature;
      } finally {
        secretKey.fill(0);
      }
    },
    publicKeyOf(seed) {
      const { publicKey, secretKey } = keyPairOf(seed);
      secretKey.fill(0);
      return publicKey;
    },
  };
}

/**
 * The engine of the optional package `sodium-native`; `undefined` where the package is not installed or
 * has no binary for this machine. It is loaded when this is called, and by nothing else.
 *
 * @param load imports a package by its name; the runtime's own import unless given
 */
export async function loadSodiumEngine(
  load: (name: string) => Promise<unknown> = importPackage,
): Promise<Ed25519Engine | undefined> {
  try {
    const { default: sodium } = (await load("sodium-native")) as { readonly default: Sodium };
    const engine = createSodiumEngine(sodium);
    // A package of this name that cannot even make a key is none.
    engine.publicKeyOf(new Uint8Array(32));
    return engine;
  } catch {
    return undefined;
  }
}

/** The name is a variable, so that bundlers and compilers do not demand the package. */
async function importPackage(name: string): Promise<unknown> {
  return (await import(name)) as unknown;
}

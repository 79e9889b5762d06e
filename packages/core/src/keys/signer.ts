import { didKeyMethodId, encodeDidKey } from "../did/did-key.js";
import { WritError } from "../errors/writ-error.js";
import { defaultEngine, type Ed25519Engine } from "./ed25519-engine.js";
import { parsePublicKey } from "./public-key.js";

/**
 * Port: something that signs with one key. It may be a key in memory, a wallet, or a service that
 * keeps the key to itself.
 */
export interface Signer {
  /** The DID in whose name it signs. */
  readonly did: string;
  /** The DID URL of the verification method. */
  readonly verificationMethod: string;
  /** The 64 bytes of an Ed25519 signature. Throws where the key cannot be used now. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A signer whose seed is in memory until it is closed. */
export interface SeedSigner extends Signer {
  /** Overwrites the seed as far as JavaScript allows. Signing fails from then on. */
  close(): void;
}

/**
 * A signer for the did:key of an Ed25519 seed. It keeps a copy of the seed where neither
 * inspection nor serialisation shows it.
 *
 * @param seed 32 secret bytes
 * @throws WritError `ARGUMENT_INVALID` where the seed is not 32 bytes.
 */
export function createSeedSigner(seed: Uint8Array, engine: Ed25519Engine = defaultEngine): SeedSigner {
  if (seed.length !== 32) throw new WritError("ARGUMENT_INVALID", "an Ed25519 seed has 32 bytes");
  const secret = Uint8Array.from(seed);
  let open = true;
  /** Made with the first signature, so that a key that signs but once is imported but once. */
  let signHeld: ((message: Uint8Array) => Uint8Array) | undefined;
  const did = encodeDidKey(parsePublicKey(engine.publicKeyOf(secret)));
  return {
    did,
    verificationMethod: didKeyMethodId(did),
    sign(data) {
      if (!open) return Promise.reject(new WritError("ARGUMENT_INVALID", "the signer is closed"));
      signHeld ??= engine.signWith?.(secret) ?? ((message) => engine.sign(message, secret));
      return Promise.resolve(signHeld(data));
    },
    close() {
      open = false;
      signHeld = undefined;
      secret.fill(0);
    },
  };
}

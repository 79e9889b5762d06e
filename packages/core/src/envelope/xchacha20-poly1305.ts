import { hchacha, xchacha20poly1305 } from "@noble/ciphers/chacha.js";

import { concatBytes, utf8 } from "../encoding/bytes.js";
import { nodeModule } from "../runtime/node.js";

/** XChaCha20-Poly1305 by one implementation. */
export interface AeadEngine {
  readonly name: "native" | "noble";
  /** The ciphertext, followed by the tag of 16 bytes. */
  encrypt(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Throws where the tag does not match. */
  decrypt(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array;
}

const TAG_LENGTH = 16;
const ALGORITHM = "chacha20-poly1305";

const nobleEngine: AeadEngine = {
  name: "noble",
  encrypt: (key, nonce, associatedData, plaintext) =>
    xchacha20poly1305(key, nonce, associatedData).encrypt(plaintext),
  decrypt: (key, nonce, associatedData, sealed) =>
    xchacha20poly1305(key, nonce, associatedData).decrypt(sealed),
};

/** ChaCha20-Poly1305 of the runtime, under the key that HChaCha20 makes (draft-irtf-cfrg-xchacha, section 2). */
function createNativeEngine(crypto: typeof import("node:crypto")): AeadEngine {
  return {
    name: "native",
    encrypt(key, nonce, associatedData, plaintext) {
      const subkey = deriveSubkey(key, nonce);
      const cipher = crypto.createCipheriv(ALGORITHM, subkey, shortNonce(nonce), {
        authTagLength: TAG_LENGTH,
      });
      subkey.fill(0);
      cipher.setAAD(associatedData, { plaintextLength: plaintext.length });
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return concatBytes(ciphertext, cipher.getAuthTag());
    },
    decrypt(key, nonce, associatedData, sealed) {
      const end = sealed.length - TAG_LENGTH;
      const subkey = deriveSubkey(key, nonce);
      const decipher = crypto.createDecipheriv(ALGORITHM, subkey, shortNonce(nonce), {
        authTagLength: TAG_LENGTH,
      });
      subkey.fill(0);
      decipher.setAAD(associatedData, { plaintextLength: end });
      decipher.setAuthTag(sealed.subarray(end));
      const plaintext = new Uint8Array(decipher.update(sealed.subarray(0, end)));
      // Nothing has left before this has checked the tag.
      decipher.final();
      return plaintext;
    },
  };
}

const SIGMA = words(utf8("expand 32-byte k"));

function deriveSubkey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const subkey = new Uint32Array(8);
  hchacha(SIGMA, words(key), words(nonce.subarray(0, 16)), subkey);
  return new Uint8Array(subkey.buffer);
}

/** Little-endian words, as every machine has them that this runs on; copied, for their alignment. */
function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function shortNonce(nonce: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(4), nonce.subarray(16));
}

/** Not every runtime's library has the cipher; what it makes must be what the other one makes. */
function findNativeEngine(): AeadEngine | undefined {
  const crypto = nodeModule("node:crypto");
  if (crypto === undefined) return undefined;
  const [key, nonce, text] = [new Uint8Array(32), new Uint8Array(24), Uint8Array.of(1)];
  try {
    const engine = createNativeEngine(crypto);
    return engine.decrypt(key, nonce, text, nobleEngine.encrypt(key, nonce, text, text))[0] === 1
      ? engine
      : undefined;
  } catch {
    return undefined;
  }
}

const nativeEngine = findNativeEngine();

/** The engines that this runtime has, the fastest first. */
export const AEAD_ENGINES: readonly AeadEngine[] =
  nativeEngine === undefined ? [nobleEngine] : [nativeEngine, nobleEngine];

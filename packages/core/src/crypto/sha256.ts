import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

import { utf8 } from "../encoding/bytes.js";
import { nodeModule } from "../runtime/node.js";

const nodeCrypto = nodeModule("node:crypto");

/** SHA-256 of what comes in parts. */
export interface RunningSha256 {
  update(part: Uint8Array): void;
  /** Of all parts; nothing may follow. */
  digest(): Uint8Array;
}

/** SHA-256 of parts that are not held together. */
export function createSha256(): RunningSha256 {
  const hash = nodeCrypto?.createHash("sha256") ?? nobleSha256.create();
  return {
    update(part) {
      hash.update(part);
    },
    digest: () => new Uint8Array(hash.digest()),
  };
}

/** SHA-256 of bytes, or of a text's UTF-8 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  if (nodeCrypto === undefined) return nobleSha256(typeof data === "string" ? utf8(data) : data);
  return nodeCrypto.createHash("sha256").update(data).digest();
}

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

import { nodeModule } from "../runtime/node.js";

const nodeCrypto = nodeModule("node:crypto");

/** HMAC-SHA-256 (RFC 2104). */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  if (nodeCrypto === undefined) return hmac(nobleSha256, key, data);
  return new Uint8Array(nodeCrypto.createHmac("sha256", key).update(data).digest());
}

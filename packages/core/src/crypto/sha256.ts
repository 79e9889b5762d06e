import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

import { utf8 } from "../encoding/bytes.js";
import { nodeModule } from "../runtime/node.js";

const nodeCrypto = nodeModule("node:crypto");

/** SHA-256 of bytes, or of a text's UTF-8 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  if (nodeCrypto === undefined) return nobleSha256(typeof data === "string" ? utf8(data) : data);
  return nodeCrypto.createHash("sha256").update(data).digest();
}

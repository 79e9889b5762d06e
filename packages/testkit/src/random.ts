import { createHash } from "node:crypto";

/** The bytes that a seed leads to: SHA-256 of the seed and a counter. The same on every run. */
export function seededRandom(seed: string): (length: number) => Uint8Array {
  let block = 0;
  let pending = Buffer.alloc(0);
  return (length) => {
    while (pending.length < length) {
      const next = createHash("sha256")
        .update(`${seed}/${String(block++)}`)
        .digest();
      pending = Buffer.concat([pending, next]);
    }
    const bytes = Uint8Array.from(pending.subarray(0, length));
    pending = pending.subarray(length);
    return bytes;
  };
}

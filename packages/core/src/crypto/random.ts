import { toHex } from "../encoding/bytes.js";

/** A source of random bytes that nobody can predict. Tests pass one that they can. */
export type RandomSource = (length: number) => Uint8Array;

/** The runtime's cryptographic source. */
export const systemRandom: RandomSource = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A random `urn:uuid:`, version 4 (RFC 9562, section 5.4). */
export function randomUuidUrn(random: RandomSource): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${groups.join("-")}`;
}

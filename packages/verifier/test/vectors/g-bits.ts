import { gzipSync } from "node:zlib";

import { encodeBase64url, MIN_STATUS_ENTRIES } from "@writ/core";

import { resign, type Documents } from "./documents.js";
import { BITS, entriesOf, listed, REVOCATION } from "./status-lists.js";
import { refused, under, type Given, type Vector } from "./vector.js";

/** Section G of HOSTILE.md: the bits of a status list, and how they are packed. */
export async function bits(documents: Documents): Promise<readonly Vector[]> {
  const { identity, story } = documents;
  const [revocation] = entriesOf(story);
  const list = story.statusLists[revocation.statusListCredential] ?? {};
  const packed = (bytes: Uint8Array): Promise<Given> =>
    listed(documents, { [BITS]: `u${encodeBase64url(bytes)}` });
  const zeros = new Uint8Array(MIN_STATUS_ENTRIES / 8);
  const good = gzipSync(zeros);
  const badSum = Uint8Array.from(good, (byte, at) => (at === good.length - 8 ? byte ^ 1 : byte));
  const malformed = `STATUS_LIST_MALFORMED ${REVOCATION}`;
  const short = `STATUS_LIST_TOO_SHORT ${REVOCATION}`;
  /** A list whose first byte is set, and an identity with an entry in it. */
  const bitOf = async (index: string, byte: number): Promise<Given> => {
    const set = Uint8Array.from(zeros, (_, at) => (at === 0 ? byte : 0));
    const changed = await resign(list, story.organisation, { [BITS]: `u${encodeBase64url(gzipSync(set))}` });
    const statusLists = { [revocation.statusListCredential]: changed };
    return under({ statusLists }, identity({ [`${REVOCATION}/statusListIndex`]: index }));
  };

  return Promise.all([
    refused("112-short", "a list of 131,064 entries", packed(gzipSync(zeros.subarray(1))), short),
    refused(
      "113-bomb",
      "a list of 17 MiB, in a few bytes",
      packed(gzipSync(new Uint8Array(17 * 1024 * 1024))),
      malformed,
    ),
    refused("114-gzip-in-gzip", "a list that was packed twice", packed(gzipSync(good)), short),
    refused("115-two-members", "two gzip members", packed(Buffer.concat([good, good])), malformed),
    refused("115-not-packed", "a list that is not packed", packed(zeros.subarray(0, 64)), malformed),
    refused("116-truncated", "a gzip member without its end", packed(good.subarray(0, -9)), malformed),
    refused("116-checksum", "a gzip member with another checksum", packed(badSum), malformed),
    refused(
      "116-trailing",
      "a byte after the gzip member",
      packed(Buffer.concat([good, Uint8Array.of(0)])),
      malformed,
    ),
    refused(
      "080-padded",
      "a list in padded base64",
      listed(documents, { [BITS]: `u${good.toString("base64")}` }),
      malformed,
    ),
    refused(
      "081-list-tail-bits",
      "a list with bits in its tail that are no part of it",
      listed(documents, { [BITS]: withTailBits() }),
      malformed,
    ),
    refused(
      "117-first-bit",
      "the first entry is the left-most bit",
      bitOf("0", 0x80),
      `REVOKED ${REVOCATION}`,
    ),
    refused(
      "117-last-bit",
      "the eighth entry is the right-most bit of the first byte",
      bitOf("7", 0x01),
      `REVOKED ${REVOCATION}`,
    ),
  ]);
}

/** An empty list that leaves bits over in its last letter, of which one is set. */
function withTailBits(): string {
  for (let length = MIN_STATUS_ENTRIES / 8; ; length++) {
    const packed = gzipSync(new Uint8Array(length));
    const text = encodeBase64url(packed);
    if (packed.length % 3 === 0) continue;
    return `u${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`;
  }
}

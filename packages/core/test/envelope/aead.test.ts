import { seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { utf8 } from "../../src/encoding/bytes.js";
import { seal, unseal } from "../../src/envelope/aead.js";

const random = seededRandom("aead");
const KEY = random(32);
const AAD = utf8("associated");
const BOX = seal(KEY, utf8("plaintext"), AAD, random);

describe("unseal", () => {
  it("opens what seal made", () => {
    expect(unseal(KEY, BOX, AAD)).toEqual(utf8("plaintext"));
  });

  it("opens an empty plaintext", () => {
    const box = seal(KEY, new Uint8Array(0), AAD, random);
    expect([box.length, unseal(KEY, box, AAD)]).toEqual([40, new Uint8Array(0)]);
  });

  it("refuses each flipped bit", () => {
    const opened = Array.from({ length: BOX.length * 8 }, (_, bit) => {
      const flipped = Uint8Array.from(BOX);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      return unseal(KEY, flipped, AAD);
    });
    expect(opened.filter((plaintext) => plaintext !== undefined)).toEqual([]);
  });

  it("refuses each length but its own", () => {
    const cut = Array.from({ length: BOX.length }, (_, length) => unseal(KEY, BOX.subarray(0, length), AAD));
    expect(cut.filter((plaintext) => plaintext !== undefined)).toEqual([]);
    expect(unseal(KEY, Uint8Array.of(...BOX, 0), AAD)).toBeUndefined();
  });

  it("refuses other associated data and another key", () => {
    expect(unseal(KEY, BOX, utf8("Associated"))).toBeUndefined();
    expect(unseal(KEY, BOX, new Uint8Array(0))).toBeUndefined();
    expect(unseal(random(32), BOX, AAD)).toBeUndefined();
  });
});

describe("seal", () => {
  it("takes a fresh nonce of 24 bytes each time", () => {
    const lengths: number[] = [];
    const source = seededRandom("nonces");
    const boxes = Array.from({ length: 3 }, () =>
      seal(KEY, utf8("same"), AAD, (length) => {
        lengths.push(length);
        return source(length);
      }),
    );
    expect(lengths).toEqual([24, 24, 24]);
    expect(new Set(boxes.map((box) => Buffer.from(box).toString("hex"))).size).toBe(3);
  });

  it("row 179: takes another nonce for other contents, even of the same random bytes", () => {
    const nonces = [
      seal(KEY, utf8("one"), AAD, seededRandom("clone")),
      seal(KEY, utf8("two"), AAD, seededRandom("clone")),
      seal(KEY, utf8("one"), utf8("elsewhere"), seededRandom("clone")),
      seal(random(32), utf8("one"), AAD, seededRandom("clone")),
      seal(KEY, utf8("one"), AAD, seededRandom("other")),
    ].map((box) => Buffer.from(box.subarray(0, 24)).toString("hex"));
    expect(new Set(nonces).size).toBe(nonces.length);
  });
});

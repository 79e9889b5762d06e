import { gzipSync, deflateRawSync, deflateSync } from "node:zlib";

import { BitstringStatusList } from "@digitalbazaar/vc-bitstring-status-list";
import { codeOf } from "@writ/testkit";
import { fc } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { encodeBase64url } from "../../src/encoding/base64url.js";
import { concatBytes } from "../../src/encoding/bytes.js";
import { decodeStatusList, encodeStatusList, MIN_STATUS_ENTRIES } from "../../src/status/status-list.js";

const MIB = 1024 * 1024;
const SMALLEST = MIN_STATUS_ENTRIES / 8;

/** By Python's gzip, from bytes 0x80 0x40 … 0x01: entries 0, 9 and 131,071. */
const FIXED = "uH4sIAAAAAAACA-3BMQEAAAgDINfMaEY3xh7gdgAAAAAAAAAAAAAAAAAAAICuPKgSuh0AQAAA";

const pack = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));
const text = (packed: Uint8Array): string => `u${encodeBase64url(packed)}`;

function altered(at: number, change: (byte: number) => number): Uint8Array {
  const packed = pack(new Uint8Array(SMALLEST));
  const index = at < 0 ? packed.length + at : at;
  packed[index] = change(packed[index] as number) & 0xff;
  return packed;
}

describe("decodeStatusList", () => {
  it("counts bit 0 from the left (row 117)", () => {
    const list = decodeStatusList(FIXED);
    const set = [0, 1, 7, 8, 9, 10, 14, 131_064, 131_070, 131_071].filter(
      (index) => list.valueAt(index) === 1,
    );
    expect([list.length, set]).toEqual([131_072, [0, 9, 131_071]]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])("finds bit %i of a byte", (bit) => {
    const bytes = new Uint8Array(SMALLEST);
    bytes[5] = 0x80 >> bit;
    const list = decodeStatusList(text(pack(bytes)));
    const set = Array.from({ length: 64 }, (_, index) => index).filter((index) => list.valueAt(index) === 1);
    expect(set).toEqual([40 + bit]);
  });

  it.each([-1, 131_072, 2 ** 53, 0.5, NaN, Infinity])("refuses index %d (rows 110 and 111)", (index) => {
    expect(codeOf(() => decodeStatusList(FIXED).valueAt(index))).toBe("STATUS_INDEX_RANGE");
  });

  it("refuses an index that is a text (row 110)", () => {
    expect(codeOf(() => decodeStatusList(FIXED).valueAt("5" as unknown as number))).toBe(
      "STATUS_INDEX_RANGE",
    );
  });

  it("takes 131,072 entries and refuses fewer (row 112)", () => {
    expect(decodeStatusList(text(pack(new Uint8Array(SMALLEST)))).length).toBe(131_072);
    expect(codeOf(() => decodeStatusList(text(pack(new Uint8Array(SMALLEST - 1)))))).toBe(
      "STATUS_LIST_TOO_SHORT",
    );
    expect(codeOf(() => decodeStatusList(text(pack(new Uint8Array(0)))))).toBe("STATUS_LIST_TOO_SHORT");
  });

  it("unpacks no list in a list (row 114)", () => {
    expect(codeOf(() => decodeStatusList(text(pack(pack(new Uint8Array(SMALLEST))))))).toBe(
      "STATUS_LIST_TOO_SHORT",
    );
  });

  it("takes 16 MiB and refuses a byte more (row 113)", () => {
    expect(decodeStatusList(text(pack(new Uint8Array(16 * MIB)))).length).toBe(16 * MIB * 8);
    expect(codeOf(() => decodeStatusList(text(pack(new Uint8Array(16 * MIB + 1)))))).toBe(
      "STATUS_LIST_MALFORMED",
    );
  });

  it.each<readonly [string, () => Uint8Array]>([
    ["113 a bomb", () => pack(new Uint8Array(64 * MIB))],
    [
      "113 a bomb whose trailer lies",
      () => {
        const packed = pack(new Uint8Array(64 * MIB));
        new DataView(packed.buffer).setUint32(packed.length - 4, SMALLEST, true);
        return packed;
      },
    ],
    ["115 two members", () => concatBytes(pack(new Uint8Array(SMALLEST)), pack(new Uint8Array(8)))],
    [
      "115 an empty second member",
      () => concatBytes(pack(new Uint8Array(SMALLEST)), pack(new Uint8Array(0))),
    ],
    ["116 a trailing byte", () => concatBytes(pack(new Uint8Array(SMALLEST)), Uint8Array.of(0))],
    ["116 trailing zeros", () => concatBytes(pack(new Uint8Array(SMALLEST)), new Uint8Array(512))],
    ["116 a byte cut off", () => pack(new Uint8Array(SMALLEST)).subarray(0, -1)],
    ["116 the trailer cut off", () => pack(new Uint8Array(SMALLEST)).subarray(0, -8)],
    ["116 the body cut in half", () => pack(new Uint8Array(SMALLEST)).subarray(0, 25)],
    ["116 a bad CRC", () => altered(-8, (byte) => byte ^ 1)],
    ["116 a bad length", () => altered(-4, (byte) => byte ^ 1)],
    ["116 a bad body", () => altered(12, (byte) => byte ^ 0xff)],
    ["bad magic", () => altered(0, () => 0x1e)],
    ["bad magic, second byte", () => altered(1, () => 0)],
    ["another method", () => altered(2, () => 7)],
    ["a flag for a name", () => altered(3, () => 8)],
    ["a reserved flag", () => altered(3, () => 0x80)],
    ["zlib instead of gzip", () => new Uint8Array(deflateSync(new Uint8Array(SMALLEST)))],
    ["raw deflate", () => new Uint8Array(deflateRawSync(new Uint8Array(SMALLEST)))],
    ["a header alone", () => pack(new Uint8Array(SMALLEST)).subarray(0, 10)],
    ["nothing", () => new Uint8Array(0)],
    ["bits that are not packed", () => new Uint8Array(SMALLEST)],
  ])("refuses row %s", (_, packed) => {
    expect(codeOf(() => decodeStatusList(text(packed())))).toBe("STATUS_LIST_MALFORMED");
  });

  it.each([
    ["no multibase", FIXED.slice(1), "STATUS_LIST_MALFORMED"],
    ["another base", `z${FIXED.slice(1)}`, "STATUS_LIST_MALFORMED"],
    ["padding", `${FIXED}=`, "ENCODING_INVALID"],
    ["a line feed", `${FIXED}\n`, "ENCODING_INVALID"],
    ["base64", FIXED.replaceAll("-", "+"), "ENCODING_INVALID"],
    ["nothing", "", "STATUS_LIST_MALFORMED"],
  ])("refuses a text of %s", (_, encoded, code) => {
    expect(codeOf(() => decodeStatusList(encoded))).toBe(code);
  });
});

describe("entries of several bits", () => {
  /** The least number of bytes that hold 131,072 entries of a size. */
  const smallest = (size: number): number => (MIN_STATUS_ENTRIES * size) / 8;

  it("begin at the left, with the bit that counts most (row 117)", () => {
    const bytes = new Uint8Array(smallest(3));
    // 101 011 10|0 001 111 0|00…: entries 0 to 5 in groups of three.
    bytes.set([0b1010_1110, 0b0001_1110]);
    const list = decodeStatusList(text(pack(bytes)));
    expect([0, 1, 2, 3, 4, 5, 131_071].map((index) => list.valueAt(index, 3))).toEqual([5, 3, 4, 1, 7, 0, 0]);
    bytes[bytes.length - 1] = 0b0000_0110;
    expect(decodeStatusList(text(pack(bytes))).valueAt(131_071, 3)).toBe(6);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of %i give back what was put in", (size) => {
    const entries = fc.uniqueArray(
      fc.record({ index: fc.nat(MIN_STATUS_ENTRIES - 1), value: fc.integer({ min: 1, max: 2 ** size - 1 }) }),
      { maxLength: 20, selector: ({ index }) => index },
    );
    fc.assert(
      fc.property(entries, (set) => {
        // As a text of bits, which knows nothing of bytes.
        const indexes = set.flatMap(({ index, value }) =>
          [...value.toString(2).padStart(size, "0")].flatMap((bit, at) =>
            bit === "1" ? [index * size + at] : [],
          ),
        );
        const list = decodeStatusList(encodeStatusList(MIN_STATUS_ENTRIES * size, indexes));
        const others = set.map(({ index }) => (index + 1) % MIN_STATUS_ENTRIES);
        const expected = new Map(set.map(({ index, value }) => [index, value]));
        for (const index of [...expected.keys(), ...others]) {
          expect(list.valueAt(index, size)).toBe(expected.get(index) ?? 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of %i are 131,072 at least (row 112)", (size) => {
    const list = decodeStatusList(text(pack(new Uint8Array(smallest(size)))));
    expect(list.valueAt(131_071, size)).toBe(0);
    expect(codeOf(() => list.valueAt(131_072, size))).toBe("STATUS_INDEX_RANGE");
    if (size === 1) return;
    const short = decodeStatusList(text(pack(new Uint8Array(smallest(size) - 1))));
    expect(codeOf(() => short.valueAt(0, size))).toBe("STATUS_LIST_TOO_SHORT");
  });

  it.each([0, -1, 9, 1.5, NaN, "1"])("are not of %j bits (row 125)", (size) => {
    expect(codeOf(() => decodeStatusList(FIXED).valueAt(0, size as number))).toBe("ARGUMENT_INVALID");
  });
});

describe("encodeStatusList", () => {
  it("writes the bits that the decoder finds", () => {
    const indexes = fc.uniqueArray(fc.nat(MIN_STATUS_ENTRIES - 1), { maxLength: 40 });
    fc.assert(
      fc.property(indexes, (set) => {
        const list = decodeStatusList(encodeStatusList(MIN_STATUS_ENTRIES, set));
        const asked = [...set, ...set.map((index) => (index + 1) % MIN_STATUS_ENTRIES)];
        expect(asked.map((index) => list.valueAt(index))).toEqual(
          asked.map((index) => Number(set.includes(index))),
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["a short list", MIN_STATUS_ENTRIES - 8, []],
    ["a length between bytes", MIN_STATUS_ENTRIES + 1, []],
    ["an index at the end", MIN_STATUS_ENTRIES, [MIN_STATUS_ENTRIES]],
    ["an index below 0", MIN_STATUS_ENTRIES, [-1]],
    ["a fraction", MIN_STATUS_ENTRIES, [0.5]],
  ])("refuses %s", (_, length, set) => {
    expect(codeOf(() => encodeStatusList(length, set))).toBe("ARGUMENT_INVALID");
  });

  it("writes nothing but the bits asked for", () => {
    const list = decodeStatusList(encodeStatusList(MIN_STATUS_ENTRIES, [0, 77_777, 131_071]));
    const set = Array.from({ length: list.length }, (_, index) => index).filter(
      (index) => list.valueAt(index) === 1,
    );
    expect(set).toEqual([0, 77_777, 131_071]);
  });
});

describe("interoperation with @digitalbazaar/vc-bitstring-status-list", () => {
  const set = [0, 1, 9, 4127, 131_071];

  it("decodes what they encode", async () => {
    const theirs = new BitstringStatusList({ length: MIN_STATUS_ENTRIES });
    for (const index of set) theirs.setStatus(index, true);
    const list = decodeStatusList(await theirs.encode());
    const probes = [...set, 2, 8, 10, 4126, 4128, 131_070];
    expect(probes.map((index) => list.valueAt(index) === 1)).toEqual(
      probes.map((index) => theirs.getStatus(index)),
    );
  });

  it("is decoded by them alike", async () => {
    const { BitstringStatusList: Theirs } =
      (await import("@digitalbazaar/vc-bitstring-status-list")) as unknown as {
        BitstringStatusList: { decode(options: object): Promise<BitstringStatusList> };
      };
    const theirs = await Theirs.decode({ encodedList: encodeStatusList(MIN_STATUS_ENTRIES, set) });
    const probes = [...set, 2, 8, 131_070];
    expect(probes.map((index) => theirs.getStatus(index))).toEqual(
      probes.map((index) => set.includes(index)),
    );
  });
});

import { codeOf, refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { utf8 } from "../../src/encoding/bytes.js";
import type { JsonText } from "../../src/json/decode-text.js";
import {
  DOCUMENT_LIMITS,
  parseStrictJson,
  parseStrictJsonObject,
  snapshot,
  STATUS_LIST_LIMITS,
} from "../../src/json/strict-json.js";

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const items = (count: number): string => `[${Array.from({ length: count }, (_, index) => index).join(",")}]`;

/** By row of HOSTILE A. */
const REFUSED: readonly (readonly [row: string, input: JsonText, code: string, pointer: string])[] = [
  ["1 duplicate key", '{"a":{"b":1,"b":1}}', "JSON_DUPLICATE_KEY", "/a/b"],
  ["1 duplicate key, one escaped", '{"a":1,"\\u0061":2}', "JSON_DUPLICATE_KEY", "/a"],
  ["1 duplicate key in an item", '[0,{"a":1,"a":2}]', "JSON_DUPLICATE_KEY", "/1/a"],
  ["2 __proto__", '{"a":[{"__proto__":{}}]}', "JSON_FORBIDDEN_KEY", "/a/0/__proto__"],
  ["2 __proto__, escaped", '{"\\u005f_proto__":{}}', "JSON_FORBIDDEN_KEY", "/__proto__"],
  ["2 constructor", '{"constructor":1}', "JSON_FORBIDDEN_KEY", "/constructor"],
  ["2 prototype", '{"prototype":1}', "JSON_FORBIDDEN_KEY", "/prototype"],
  ["3 depth 3,000", nested(3000), "JSON_TOO_DEEP", "/0".repeat(32)],
  ["3 depth 33 of objects", '{"a":'.repeat(33) + "1" + "}".repeat(33), "JSON_TOO_DEEP", "/a".repeat(32)],
  ["5 20,000 items", `{"a":${items(20_000)}}`, "TOO_MANY_ITEMS", "/a"],
  ["6 invalid UTF-8", latin1('{"a":"\xff"}'), "JSON_ENCODING", ""],
  ["6 overlong UTF-8", latin1('{"a":"\xc0\xaf"}'), "JSON_ENCODING", ""],
  ["6 surrogate in UTF-8", latin1('{"a":"\xed\xa0\x80"}'), "JSON_ENCODING", ""],
  ["6 byte order mark", latin1("\xef\xbb\xbf{}"), "JSON_ENCODING", ""],
  ["6 byte order mark in text", "\uFEFF{}", "JSON_ENCODING", ""],
  ["6 UTF-16", new Uint8Array(Buffer.from("{}", "utf16le")), "JSON_SYNTAX", ""],
  ["7 lone high surrogate", '{"a":"\\ud800"}', "JSON_SURROGATE", "/a"],
  ["7 lone low surrogate", '["\\udc00"]', "JSON_SURROGATE", "/0"],
  ["7 surrogates in the wrong order", '["\\udc00\\ud800"]', "JSON_SURROGATE", "/0"],
  ["7 lone surrogate in a name", '{"\\ud800":1}', "JSON_SURROGATE", ""],
  ["7 lone surrogate, unescaped", '{"a":"\ud800"}', "JSON_SURROGATE", ""],
  ["8 2^53", '{"a":9007199254740992}', "NUMBER_UNSAFE", "/a"],
  ["8 -2^53", '{"a":-9007199254740992}', "NUMBER_UNSAFE", "/a"],
  ["8 rounds to 2^53", "[9007199254740991.9]", "NUMBER_UNSAFE", "/0"],
  ["9 1e400", '{"a":1e400}', "NUMBER_UNSAFE", "/a"],
  ["9 -1e400", '{"a":-1e400}', "NUMBER_UNSAFE", "/a"],
  ["9 NaN", '{"a":NaN}', "JSON_SYNTAX", "/a"],
  ["9 Infinity", '{"a":Infinity}', "JSON_SYNTAX", "/a"],
  ["9 -Infinity", '{"a":-Infinity}', "JSON_SYNTAX", "/a"],
  ["11 -0", '{"a":-0}', "NUMBER_UNSAFE", "/a"],
  ["11 -0.0", '{"a":-0.0}', "NUMBER_UNSAFE", "/a"],
  ["11 -0e5", '{"a":-0e5}', "NUMBER_UNSAFE", "/a"],
  ["11 rounds to -0", '{"a":-1e-400}', "NUMBER_UNSAFE", "/a"],
  ["14 trailing data", "{}{}", "JSON_SYNTAX", ""],
  ["14 trailing NUL", "{}\u0000", "JSON_SYNTAX", ""],
  ["14 trailing comma", '{"a":1,}', "JSON_SYNTAX", ""],
  ["14 trailing comma in an array", '{"a":[1,]}', "JSON_SYNTAX", "/a/1"],
  ["14 comment", "{/* */}", "JSON_SYNTAX", ""],
  ["14 a name without its first quote", '{a":1}', "JSON_SYNTAX", ""],
  ["14 single quotes", "{'a':1}", "JSON_SYNTAX", ""],
  ["14 no-break space", "{\u00a0}", "JSON_SYNTAX", ""],
  ["14 leading zero", '{"a":01}', "JSON_SYNTAX", ""],
  ["14 leading plus", '{"a":+1}', "JSON_SYNTAX", "/a"],
  ["14 hexadecimal", '{"a":0x1}', "JSON_SYNTAX", ""],
  ["14 unescaped line feed", '{"a":"\n"}', "JSON_SYNTAX", "/a"],
  ["14 unescaped NUL", '{"a":"\u0000"}', "JSON_SYNTAX", "/a"],
  ["14 bad escape", '{"a":"\\x41"}', "JSON_SYNTAX", "/a"],
  ["14 short escape", '{"a":"\\u00"}', "JSON_SYNTAX", "/a"],
  ["14 string without end", '{"a":"\\"', "JSON_SYNTAX", "/a"],
  ["14 object without end", '{"a":1', "JSON_SYNTAX", ""],
  ["14 array without end", "[1", "JSON_SYNTAX", ""],
  ["14 member without value", '{"a"}', "JSON_SYNTAX", "/a"],
  ["14 word cut short", "[tru]", "JSON_SYNTAX", "/0"],
  ["14 nothing", "", "JSON_SYNTAX", ""],
  ["14 white space alone", " \n", "JSON_SYNTAX", ""],
];

describe("parseStrictJson refuses", () => {
  it.each(REFUSED)("%s", (_, input, code, pointer) => {
    expect(refusalOf(() => parseStrictJson(input))).toEqual({ code, pointer });
  });

  it.each(REFUSED.filter((row) => typeof row[1] === "string" && row[1].isWellFormed()))(
    "%s, as bytes alike",
    (_, input, code, pointer) => {
      expect(refusalOf(() => parseStrictJson(utf8(input as string)))).toEqual({ code, pointer });
    },
  );

  it.each([
    ["an array", "[]"],
    ["a string", '"a"'],
    ["a number", "1"],
    ["null", "null"],
    ["true", "true"],
  ])("17 %s as a document", (_, input) => {
    expect(refusalOf(() => parseStrictJsonObject(input))).toEqual({ code: "JSON_NOT_OBJECT", pointer: "" });
  });

  it.each(["1e-400", "5.00000000000000000001", "9007199254740990.6", "0.1e-1000", "12.50e-400"])(
    "16 %s, which would be rounded to an integer",
    (text) => {
      expect(codeOf(() => parseStrictJson(text))).toBe("NUMBER_UNSAFE");
    },
  );

  it.each([
    ["1.0", 1],
    ["1e3", 1000],
    ["1.5e1", 15],
    ["120e-1", 12],
    ["0e-9", 0],
    ["0.0", 0],
    ["-1.50", -1.5],
  ])("not %s, which names what it becomes", (text, value) => {
    expect(parseStrictJson(text)).toBe(value);
  });

  it("a length that lies, and what only pretends to be bytes", () => {
    const long = Object.defineProperty(new Uint8Array(300 * 1024).fill(0x20), "length", { value: 2 });
    expect(codeOf(() => parseStrictJson(long))).toBe("TOO_LARGE");
    for (const fake of [
      new Proxy(new Uint8Array(2), {}),
      Object.create(Uint8Array.prototype) as Uint8Array,
    ]) {
      expect(codeOf(() => parseStrictJson(fake))).toBe("ARGUMENT_INVALID");
    }
  });

  it.each([[{}], [[1]], [new Uint16Array(2)], [null], [undefined], [1]])(
    "what is neither bytes nor text: %j",
    (input) => {
      expect(codeOf(() => parseStrictJson(input as unknown as string))).toBe("ARGUMENT_INVALID");
    },
  );
});

describe("the limits of parseStrictJson", () => {
  it("3 takes depth 32 and refuses 33", () => {
    expect(parseStrictJson(nested(32))).toEqual(JSON.parse(nested(32)));
    expect(codeOf(() => parseStrictJson(nested(33)))).toBe("JSON_TOO_DEEP");
  });

  it("5 takes 256 items and refuses 257", () => {
    expect(parseStrictJson(items(256))).toHaveLength(256);
    expect(codeOf(() => parseStrictJson(items(257)))).toBe("TOO_MANY_ITEMS");
  });

  it.each([
    ["documents", DOCUMENT_LIMITS, 256 * 1024],
    ["status lists", STATUS_LIST_LIMITS, 1024 * 1024],
  ])("4 takes %s up to their size and refuses a byte more", (_, limits, size) => {
    const ofSize = (bytes: number): string => `{"a":"${"x".repeat(bytes - 8)}"}`;
    for (const input of [ofSize(size), utf8(ofSize(size))]) {
      expect(parseStrictJson(input, limits)).toHaveProperty("a");
    }
    for (const input of [ofSize(size + 1), utf8(ofSize(size + 1))]) {
      expect(codeOf(() => parseStrictJson(input, limits))).toBe("TOO_LARGE");
    }
  });

  it("4 counts bytes, not characters", () => {
    const text = `{"a":"${"é".repeat(131_068)}"}`;
    expect(utf8(text)).toHaveLength(256 * 1024);
    expect(parseStrictJson(text)).toHaveProperty("a");
    expect(codeOf(() => parseStrictJson(text.replace('"a"', '"ab"')))).toBe("TOO_LARGE");
  });

  it("8 takes the safe integers", () => {
    const text = "[9007199254740991,-9007199254740991,0,1e2,0.5,-0.5]";
    expect(parseStrictJson(text)).toEqual([
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      0,
      100,
      0.5,
      -0.5,
    ]);
  });
});

describe("the result of parseStrictJson", () => {
  it("is frozen throughout", () => {
    const value = parseStrictJsonObject('{"a":[{"b":{}},[]]}');
    const [object, array] = value["a"] as readonly [{ readonly b: object }, readonly []];
    const places = [value, value["a"], object, object.b, array];
    expect(places.map((place) => Object.isFrozen(place))).toEqual(places.map(() => true));
  });

  it("keeps pairs of surrogates, escapes and the empty name", () => {
    expect(parseStrictJson('{"":"\\ud834\\udd1e\\n\\u0000","b":"𝄞"}')).toEqual({ "": "𝄞\n\u0000", b: "𝄞" });
  });

  it("does not change when the bytes do", () => {
    const bytes = utf8('{"a":"b"}');
    const value = parseStrictJson(bytes);
    bytes.fill(0x20);
    expect(value).toEqual({ a: "b" });
  });
});

describe("the pointer of a refusal", () => {
  it("escapes names and cuts long ones", () => {
    expect(refusalOf(() => parseStrictJson('{"a/b~c":-0}')).pointer).toBe("/a~1b~0c");
    expect(refusalOf(() => parseStrictJson(`{"${"k".repeat(1000)}":-0}`)).pointer).toBe(
      `/${"k".repeat(128)}…`,
    );
  });
});

describe("snapshot", () => {
  it("runs getters and toJSON once, and drops what is undefined", () => {
    let runs = 0;
    const value = {
      get a() {
        runs++;
        return runs;
      },
      b: undefined,
      c: { toJSON: () => "c" },
    };
    const copy = snapshot(value);
    expect([copy, copy.a, runs]).toEqual([{ a: 1, c: "c" }, 1, 1]);
  });

  it("holds the caller's own value to the limits", () => {
    expect(codeOf(() => snapshot({ a: Array.from({ length: 257 }, () => 0) }))).toBe("TOO_MANY_ITEMS");
    expect(codeOf(() => snapshot({ a: 2 ** 53 }))).toBe("NUMBER_UNSAFE");
    // JSON would make null of these.
    for (const a of [NaN, Infinity, [-Infinity], { b: NaN }]) {
      expect(codeOf(() => snapshot({ a }))).toBe("NUMBER_UNSAFE");
    }
    expect(codeOf(() => snapshot({ a: "\ud800" }))).toBe("JSON_SURROGATE");
    expect(codeOf(() => snapshot({ toJSON: () => [] }))).toBe("JSON_NOT_OBJECT");
  });
});

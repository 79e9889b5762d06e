import { createHash, hkdfSync } from "node:crypto";

import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { toHex } from "../../src/encoding/bytes.js";
import { deriveKey } from "../../src/envelope/derive-key.js";
import { createEnvelope, openEnvelope, type EnvelopeKind } from "../../src/envelope/key-envelope.js";
import type { KeySource } from "../../src/envelope/key-source.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import { omit, type JsonObject } from "../../src/json/json-value.js";
import { parseStrictJsonObject } from "../../src/json/strict-json.js";
import { edit, idOf } from "../fixtures.js";

/** The least that is allowed, so that the tests are quick. */
const FLOOR = { memoryKib: 19_456, passes: 2, lanes: 1 };
const ID = idOf("store");
const PASSPHRASE: KeySource = { type: "passphrase", passphrase: "correct horse" };
const RAW: KeySource = { type: "raw", key: seededRandom("raw key")(32) };

const create = (source: KeySource, kind: EnvelopeKind = "wallet"): ReturnType<typeof createEnvelope> =>
  createEnvelope(kind, ID, source, seededRandom("envelope"), FLOOR);

const passphraseHeader = parseStrictJsonObject((await create(PASSPHRASE)).header);
const rawHeader = parseStrictJsonObject((await create(RAW)).header);

/** A header with changes; `checked` gives it a checksum that fits. */
function changed(header: JsonObject, changes: Readonly<Record<string, unknown>>, checked = true): string {
  const altered = edit(header, changes);
  if (!checked) return JSON.stringify(altered);
  const checksum = createHash("sha256")
    .update(canonicalize(omit(altered, "checksum")))
    .digest("base64url");
  return JSON.stringify({ ...altered, checksum });
}

const opening = (header: string, source: KeySource, kind: EnvelopeKind = "wallet"): Promise<string> =>
  codeOfAsync(() => openEnvelope(kind, header, source));

describe.each([
  ["a passphrase", PASSPHRASE],
  ["a raw key", RAW],
])("an envelope under %s", (_, source) => {
  it("opens to what it was made with", async () => {
    const { header, envelope } = await create(source);
    expect(await openEnvelope("wallet", header, source)).toEqual(envelope);
    expect(envelope).toEqual({ id: ID, generation: 1, rootKey: expect.any(Uint8Array) as unknown });
    expect(envelope.rootKey).toHaveLength(32);
  });

  it("holds no secret", async () => {
    const { header, envelope } = await create(source);
    for (const secret of [
      envelope.rootKey,
      source.type === "raw" ? source.key : Buffer.from(source.passphrase),
    ]) {
      expect(header).not.toContain(Buffer.from(secret).toString("base64url"));
      expect(header).not.toContain(toHex(secret));
    }
    expect(header).not.toContain("correct horse");
  });

  it("is not the same twice", async () => {
    const random = seededRandom("one stream");
    const make = (): ReturnType<typeof createEnvelope> => createEnvelope("wallet", ID, source, random, FLOOR);
    const [one, two] = [await make(), await make()];
    expect(one.envelope.rootKey).not.toEqual(two.envelope.rootKey);
    expect(one.header).not.toBe(two.header);
  });

  it("does not open as another kind, whatever its header says", async () => {
    const { header } = await create(source, "organisation");
    expect(await opening(header, source)).toBe("HEADER_CORRUPT");
    expect(await opening(changed(parseStrictJsonObject(header), { "/kind": "wallet" }), source)).toBe(
      "UNLOCK_FAILED",
    );
  });
});

it("leaves no root key in memory where none can be wrapped", async () => {
  const drawn: Uint8Array[] = [];
  const source = seededRandom("envelope");
  const random = (length: number): Uint8Array => {
    const bytes = source(length);
    drawn.push(bytes);
    return bytes;
  };
  const empty = { type: "passphrase", passphrase: "" } as const;
  expect(await codeOfAsync(() => createEnvelope("wallet", ID, empty, random, FLOOR))).toBe(
    "ARGUMENT_INVALID",
  );
  expect(drawn[0]).toEqual(new Uint8Array(32));
});

describe("a wrong secret (row 177)", () => {
  it.each<readonly [string, JsonObject, KeySource]>([
    ["another passphrase", passphraseHeader, { type: "passphrase", passphrase: "correct horse " }],
    ["another raw key", rawHeader, { type: "raw", key: seededRandom("other")(32) }],
    ["a raw key for a passphrase", passphraseHeader, RAW],
    ["a passphrase for a raw key", rawHeader, PASSPHRASE],
  ])("of %s does not open", async (_, header, source) => {
    expect(await opening(JSON.stringify(header), source)).toBe("UNLOCK_FAILED");
  });

  it.each([0, 31, 33])("of a raw key of %i bytes is a mistake", async (length) => {
    const source: KeySource = { type: "raw", key: new Uint8Array(length) };
    expect(await opening(JSON.stringify(rawHeader), source)).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => create(source))).toBe("ARGUMENT_INVALID");
  });
});

const salt = (passphraseHeader["source"] as { readonly salt: string }).salt;
const wrapped = passphraseHeader["wrappedKey"] as string;
const flipped = (text: string, at = 0): string =>
  `${text.slice(0, at)}${text[at] === "A" ? "Q" : "A"}${text.slice(at + 1)}`;

/** Each member, another value, and what that value gives when the checksum fits it. */
const CHANGES: readonly (readonly [
  name: string,
  changes: Readonly<Record<string, unknown>>,
  code: string,
])[] = [
  ["magic", { "/magic": "other-envelope" }, "HEADER_CORRUPT"],
  ["format, newer", { "/format": 2 }, "FORMAT_TOO_NEW"],
  ["format, older", { "/format": 0 }, "HEADER_CORRUPT"],
  ["format, a text", { "/format": "1" }, "HEADER_CORRUPT"],
  ["kind", { "/kind": "organisation" }, "HEADER_CORRUPT"],
  ["id", { "/id": idOf("another store") }, "UNLOCK_FAILED"],
  ["id, malformed", { "/id": "store" }, "HEADER_CORRUPT"],
  ["wrappedKey", { "/wrappedKey": flipped(wrapped) }, "UNLOCK_FAILED"],
  ["wrappedKey, its ciphertext", { "/wrappedKey": flipped(wrapped, 40) }, "UNLOCK_FAILED"],
  ["wrappedKey, cut short", { "/wrappedKey": wrapped.slice(0, 92) }, "UNLOCK_FAILED"],
  ["wrappedKey, nearly nothing", { "/wrappedKey": "AAAA" }, "UNLOCK_FAILED"],
  ["wrappedKey, not canonical", { "/wrappedKey": "AB" }, "HEADER_CORRUPT"],
  ["salt", { "/source/salt": flipped(salt) }, "UNLOCK_FAILED"],
  ["salt, too short", { "/source/salt": "AA" }, "HEADER_CORRUPT"],
  ["salt, not canonical", { "/source/salt": `${salt.slice(0, -1)}B` }, "HEADER_CORRUPT"],
  ["salt, missing", { "/source/salt": undefined }, "HEADER_CORRUPT"],
  ["memory, a KiB more", { "/source/memoryKib": 19_457 }, "UNLOCK_FAILED"],
  ["memory below the floor", { "/source/memoryKib": 19_455 }, "KDF_LIMIT"],
  ["memory above the ceiling", { "/source/memoryKib": 1_048_577 }, "KDF_LIMIT"],
  ["memory of 4 TiB (row 176)", { "/source/memoryKib": 4 * 1024 ** 3 }, "KDF_LIMIT"],
  ["memory, negative", { "/source/memoryKib": -1 }, "HEADER_CORRUPT"],
  ["passes, one more", { "/source/passes": 3 }, "UNLOCK_FAILED"],
  ["passes below the floor", { "/source/passes": 1 }, "KDF_LIMIT"],
  ["passes above the ceiling", { "/source/passes": 11 }, "KDF_LIMIT"],
  ["lanes, one more", { "/source/lanes": 2 }, "UNLOCK_FAILED"],
  ["lanes, none", { "/source/lanes": 0 }, "KDF_LIMIT"],
  ["lanes above the ceiling", { "/source/lanes": 17 }, "KDF_LIMIT"],
  ["source of another type", { "/source": { type: "raw" } }, "UNLOCK_FAILED"],
  ["source of an unknown type", { "/source": { type: "scrypt" } }, "HEADER_CORRUPT"],
  ["source, another member", { "/source/note": "x" }, "HEADER_CORRUPT"],
  ["another member", { "/note": "x" }, "HEADER_CORRUPT"],
  ["a member missing", { "/wrappedKey": undefined }, "HEADER_CORRUPT"],
];

describe("a changed header", () => {
  it.each(CHANGES)("is damage: %s", async (_, changes) => {
    expect(await opening(changed(passphraseHeader, changes, false), PASSPHRASE)).toBe("HEADER_CORRUPT");
  });

  it.each(CHANGES)("with a checksum that fits does not open: %s", async (_, changes, code) => {
    expect(await opening(changed(passphraseHeader, changes), PASSPHRASE)).toBe(code);
  });

  it.each([
    ["another checksum", JSON.stringify({ ...passphraseHeader, checksum: "A".repeat(43) })],
    ["no checksum", JSON.stringify(omit(passphraseHeader, "checksum"))],
    ["nothing", ""],
    ["a list", "[]"],
    ["half of it", JSON.stringify(passphraseHeader).slice(0, 100)],
    ["a member twice", JSON.stringify(passphraseHeader).replace("{", '{"format":1,')],
  ])("is damage: %s", async (_, header) => {
    expect(await opening(header, PASSPHRASE)).toBe("HEADER_CORRUPT");
  });

  it("opens when only its white space is another", async () => {
    const { envelope } = await create(PASSPHRASE);
    expect(await openEnvelope("wallet", JSON.stringify(passphraseHeader, undefined, 2), PASSPHRASE)).toEqual(
      envelope,
    );
  });
});

describe("deriveKey", () => {
  const rootKey = seededRandom("root")(32);

  it("is HKDF-SHA-256 with the store's id as salt", () => {
    const expected = new Uint8Array(hkdfSync("sha256", rootKey, ID, "writ/v1/records", 32));
    expect(deriveKey(rootKey, ID, "records")).toEqual(expected);
  });

  it("gives another key for each root, store and purpose", () => {
    const keys = [
      deriveKey(rootKey, ID, "records"),
      deriveKey(rootKey, ID, "index"),
      deriveKey(rootKey, idOf("another store"), "records"),
      deriveKey(seededRandom("other root")(32), ID, "records"),
    ];
    expect(new Set(keys.map(toHex)).size).toBe(4);
  });
});

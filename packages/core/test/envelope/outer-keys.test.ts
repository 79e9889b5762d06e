import { createHash } from "node:crypto";
import { inspect } from "node:util";

import { codeOf, codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { decodeBase64url } from "../../src/encoding/base64url.js";
import {
  createEnvelope,
  discardKey,
  openEnvelope,
  requiredKeySource,
  type EnvelopeKind,
} from "../../src/envelope/key-envelope.js";
import type { KeySource } from "../../src/envelope/key-source.js";
import { keySourceParameters } from "../../src/envelope/key-source-parameters.js";
import type { Keyring } from "../../src/envelope/keyring.js";
import type { Kms } from "../../src/envelope/kms.js";
import { WritError } from "../../src/errors/writ-error.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import { omit, type JsonObject } from "../../src/json/json-value.js";
import { parseStrictJsonObject } from "../../src/json/strict-json.js";
import { parseShape } from "../../src/schema/shape.js";
import { edit, idOf } from "../fixtures.js";
import { memoryKeyring, memoryKms } from "./key-ports.js";

const FLOOR = { memoryKib: 19_456, passes: 2, lanes: 1 };
const ID = idOf("store");
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

const create = (
  source: KeySource,
  kind: EnvelopeKind = "wallet",
  id = ID,
): ReturnType<typeof createEnvelope> =>
  createEnvelope(kind, id, source, seededRandom(`${kind} ${id}`), FLOOR);
const opening = (header: string, source: KeySource, kind: EnvelopeKind = "wallet"): Promise<string> =>
  codeOfAsync(() => openEnvelope(kind, header, source));

/** A header with changes, and a checksum that fits. */
function changed(header: string, changes: Readonly<Record<string, unknown>>): string {
  const altered = edit(parseStrictJsonObject(header), changes);
  const checksum = createHash("sha256")
    .update(canonicalize(omit(altered, "checksum")))
    .digest("base64url");
  return JSON.stringify({ ...altered, checksum });
}
const flipped = (text: string): string => `${text.startsWith("A") ? "Q" : "A"}${text.slice(1)}`;
const sourceIn = (header: string): JsonObject => parseStrictJsonObject(header)["source"] as JsonObject;
const textAt = (header: string, member: string): string => sourceIn(header)[member] as string;

const KMS: KeySource = { type: "kms", kms: memoryKms() };
const KEYRING: KeySource = { type: "keyring", keyring: memoryKeyring() };
const PASSPHRASE: KeySource = { type: "passphrase", passphrase: "correct horse" };
const RAW: KeySource = { type: "raw", key: seededRandom("raw key")(32) };

describe.each([
  ["a KMS", KMS],
  ["a keyring", KEYRING],
])("an envelope under %s", (_, source) => {
  it("opens to what it was made with", async () => {
    const { header, envelope } = await create(source);
    expect(await openEnvelope("wallet", header, source)).toEqual(envelope);
    expect(envelope.rootKey).toHaveLength(32);
  });

  it("holds no secret", async () => {
    const { header, envelope } = await create(source);
    const { rootKey } = envelope;
    const kept = source === KEYRING ? [...memoryOf(KEYRING).entries.values()] : [];
    for (const secret of [rootKey, ...kept]) {
      expect(header).not.toContain(Buffer.from(secret).toString("base64url"));
    }
  });

  it("does not open as another kind, whatever its header says", async () => {
    const { header } = await create(source, "organisation");
    expect(await opening(header, source)).toBe("HEADER_CORRUPT");
    expect(await opening(changed(header, { "/kind": "wallet" }), source)).toBe("UNLOCK_FAILED");
  });

  it("does not open as another store, whatever its header says", async () => {
    const { header } = await create(source);
    expect(await opening(changed(header, { "/id": idOf("another") }), source)).toBe("UNLOCK_FAILED");
  });
});

function memoryOf(source: KeySource): ReturnType<typeof memoryKeyring> {
  if (source.type !== "keyring") throw new Error("not a keyring");
  return source.keyring as ReturnType<typeof memoryKeyring>;
}

describe("another kind of source than the header says (row 187)", () => {
  const kinds = { passphrase: PASSPHRASE, raw: RAW, keyring: KEYRING, kms: KMS } as const;
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const pairs = names.flatMap((made) =>
    names.filter((given) => given !== made).map((given) => ({ made, given })),
  );

  it.each(pairs)("does not open: $given for $made", async ({ made, given }) => {
    const { header } = await create(kinds[made]);
    await expect(openEnvelope("wallet", header, kinds[given])).rejects.toMatchObject({
      code: "UNLOCK_FAILED",
      problem: { asked: given, allowed: made },
    });
  });

  it.each(names)("is said beforehand: %s", async (made) => {
    const { header } = await create(kinds[made]);
    const named = made === "kms" ? { kms: "test", key: "key-1" } : {};
    expect(requiredKeySource("wallet", header)).toEqual({ type: made, ...named });
    expect(codeOf(() => requiredKeySource("organisation", header))).toBe("HEADER_CORRUPT");
  });
});

describe("a changed header of a KMS", () => {
  const kms = memoryKms();
  const source: KeySource = { type: "kms", kms };

  it.each<readonly [string, (header: string) => Readonly<Record<string, unknown>>, string]>([
    ["kind of KMS", () => ({ "/source/kms": "other" }), "UNLOCK_FAILED"],
    ["kind of KMS, malformed", () => ({ "/source/kms": "Other KMS" }), "HEADER_CORRUPT"],
    ["key", () => ({ "/source/key": "key-2" }), "UNLOCK_FAILED"],
    ["key, with a space", () => ({ "/source/key": "key 1" }), "HEADER_CORRUPT"],
    ["key, too long", () => ({ "/source/key": "x".repeat(2049) }), "HEADER_CORRUPT"],
    ["wrapped", (header) => ({ "/source/wrapped": flipped(textAt(header, "wrapped")) }), "UNLOCK_FAILED"],
    ["wrapped, nothing", () => ({ "/source/wrapped": "" }), "HEADER_CORRUPT"],
    ["wrapped, too long", () => ({ "/source/wrapped": "A".repeat(2732) }), "HEADER_CORRUPT"],
    ["another member", () => ({ "/source/note": "x" }), "HEADER_CORRUPT"],
    ["type", () => ({ "/source/type": "keyring" }), "HEADER_CORRUPT"],
    ["type, of no own", () => ({ "/source/type": "toString" }), "HEADER_CORRUPT"],
    ["the whole source", () => ({ "/source": { type: "raw" } }), "UNLOCK_FAILED"],
  ])("does not open: %s", async (_, changes, code) => {
    const { header } = await create(source);
    expect(await opening(changed(header, changes(header)), source)).toBe(code);
  });

  it("does not open where the KMS goes along with it: kind and key are bound by the envelope itself", async () => {
    const { header } = await create(source);
    const other = memoryKms({ type: "other", key: "key-2" });
    const altered = changed(header, { "/source/kms": "other", "/source/key": "key-2" });
    expect(await opening(altered, { type: "kms", kms: other })).toBe("UNLOCK_FAILED");
    expect(other.asked).toEqual(["unwrap"]);
  });

  it.each([{ "/id": idOf("another") }, { "/kind": "organisation" }])(
    "does not open where the KMS ignores its context: %j",
    async (changes) => {
      const lax: KeySource = { type: "kms", kms: memoryKms({}, "ignored") };
      const { header } = await create(lax);
      const kind = "/kind" in changes ? "organisation" : "wallet";
      expect(await opening(changed(header, changes), lax, kind)).toBe("UNLOCK_FAILED");
    },
  );

  it("does not open with what was wrapped for another store, put in its place", async () => {
    const [one, two] = [await create(source), await create(source, "wallet", idOf("two"))];
    const swapped = changed(one.header, { "/source/wrapped": textAt(two.header, "wrapped") });
    expect(await opening(swapped, source)).toBe("UNLOCK_FAILED");
  });

  it.each([
    ["key", "key-2", "test:key-2"],
    ["kms", "other", "other:key-1"],
  ])("is refused before the KMS is asked, where it names another %s", async (member, value, allowed) => {
    const { header } = await create(source);
    const before = kms.asked.length;
    await expect(
      openEnvelope("wallet", changed(header, { [`/source/${member}`]: value }), source),
    ).rejects.toMatchObject({ code: "UNLOCK_FAILED", problem: { asked: "test:key-1", allowed } });
    expect(kms.asked).toHaveLength(before);
  });

  it.each([{ type: "toString" }, { type: "scrypt" }, { type: 1 }, "raw", null])(
    "has no source of the form %j",
    (value) => {
      expect(codeOf(() => parseShape(keySourceParameters, value))).toBe("SCHEMA_INVALID");
    },
  );
});

describe("a KMS that is wrong, absent, slow or denies (row 187)", () => {
  const SECRET = "AKIA-secret-in-a-message";
  const port = (unwrap: () => Promise<unknown>): Kms => ({
    ...memoryKms(),
    unwrap: unwrap as Kms["unwrap"],
  });

  it.each<readonly [string, () => Promise<unknown>, string]>([
    ["throws", () => Promise.reject(new Error(SECRET)), "KEY_SOURCE_UNAVAILABLE"],
    [
      "throws at once",
      () => {
        throw new TypeError(SECRET);
      },
      "KEY_SOURCE_UNAVAILABLE",
    ],
    ["denies", () => Promise.reject(new WritError("KEY_SOURCE_DENIED", "no")), "KEY_SOURCE_DENIED"],
    ["has another key", () => Promise.reject(new WritError("UNLOCK_FAILED", "no")), "UNLOCK_FAILED"],
    ["never answers", never, "KEY_SOURCE_UNAVAILABLE"],
    ["answers nothing", () => Promise.resolve(undefined), "KEY_SOURCE_UNAVAILABLE"],
    ["answers a text", () => Promise.resolve("x".repeat(32)), "KEY_SOURCE_UNAVAILABLE"],
    ["answers no bytes", () => Promise.resolve(new Uint8Array()), "KEY_SOURCE_UNAVAILABLE"],
    ["answers 31 bytes", () => Promise.resolve(new Uint8Array(31)), "KEY_SOURCE_UNAVAILABLE"],
    ["answers 33 bytes", () => Promise.resolve(new Uint8Array(33)), "KEY_SOURCE_UNAVAILABLE"],
    ["answers another key", () => Promise.resolve(new Uint8Array(32)), "UNLOCK_FAILED"],
  ])("that %s does not open", async (_, unwrap, code) => {
    const { header } = await create(KMS);
    const source: KeySource = { type: "kms", kms: port(unwrap), timeoutMs: 20 };
    const error: unknown = await openEnvelope("wallet", header, source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(SECRET);
  });

  it.each<readonly [string, Partial<Kms>, string]>([
    ["does not wrap", { wrap: () => Promise.reject(new Error(SECRET)) }, "KEY_SOURCE_UNAVAILABLE"],
    ["never answers", { wrap: never }, "KEY_SOURCE_UNAVAILABLE"],
    ["wraps to nothing", { wrap: () => Promise.resolve(new Uint8Array()) }, "KEY_SOURCE_UNAVAILABLE"],
    ["wraps to too much", { wrap: () => Promise.resolve(new Uint8Array(2049)) }, "KEY_SOURCE_UNAVAILABLE"],
    ["unwraps another key", { unwrap: () => Promise.resolve(new Uint8Array(32)) }, "KEY_SOURCE_UNAVAILABLE"],
    [
      "may wrap and not unwrap",
      { unwrap: () => Promise.reject(new WritError("KEY_SOURCE_DENIED", "no")) },
      "KEY_SOURCE_DENIED",
    ],
    ["is of a malformed kind", { type: "Test KMS" }, "ARGUMENT_INVALID"],
    ["has a key without a name", { key: "" }, "ARGUMENT_INVALID"],
    ["has a key with a name of several lines", { key: "a\nb" }, "ARGUMENT_INVALID"],
  ])("that %s makes no envelope", async (_, members, code) => {
    const kms: Kms = { ...memoryKms(), ...members };
    expect(await codeOfAsync(() => create({ type: "kms", kms, timeoutMs: 20 }))).toBe(code);
  });

  it("may wrap to 2,048 bytes", async () => {
    let kept = new Uint8Array();
    const kms: Kms = {
      ...memoryKms(),
      wrap(key) {
        kept = new Uint8Array(key);
        return Promise.resolve(new Uint8Array(2048));
      },
      unwrap: () => Promise.resolve(kept.slice()),
    };
    const { header, envelope } = await create({ type: "kms", kms });
    expect(decodeBase64url(textAt(header, "wrapped"))).toHaveLength(2048);
    expect(await openEnvelope("wallet", header, { type: "kms", kms })).toEqual(envelope);
  });

  it("is told when nobody waits any more", async () => {
    const { header } = await create(KMS);
    let stopped: AbortSignal | undefined;
    const slow: Kms = {
      ...memoryKms(),
      unwrap(_wrapped, _context, signal) {
        stopped = signal;
        return never();
      },
    };
    await expect(
      openEnvelope("wallet", header, { type: "kms", kms: slow, timeoutMs: 20 }),
    ).rejects.toMatchObject({ message: "the KMS did not answer within 20 ms" });
    expect(stopped?.aborted).toBe(true);
  });

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 31])("is not given %d ms", async (timeoutMs) => {
    const { header } = await create(KMS);
    expect(await opening(header, { type: "kms", kms: memoryKms(), timeoutMs })).toBe("ARGUMENT_INVALID");
  });

  it("gives a key that is overwritten after use", async () => {
    const { header } = await create(KMS);
    const kms = memoryKms();
    let given = new Uint8Array();
    const watched: Kms = {
      ...kms,
      async unwrap(...args) {
        given = new Uint8Array(await kms.unwrap(...args));
        return given;
      },
    };
    await openEnvelope("wallet", header, { type: "kms", kms: watched });
    expect(given).toEqual(new Uint8Array(32));
  });
});

describe("a keyring", () => {
  it("has a key for each envelope, under the store and its kind", async () => {
    const keyring = memoryKeyring();
    const source: KeySource = { type: "keyring", keyring };
    const headers = [
      (await createEnvelope("wallet", ID, source, seededRandom("one"))).header,
      (await createEnvelope("wallet", ID, source, seededRandom("two"))).header,
      (await createEnvelope("organisation", ID, source, seededRandom("three"))).header,
    ];
    expect([...keyring.entries.keys()]).toEqual(
      headers.map((header, index) => {
        const kind = index === 2 ? "organisation" : "wallet";
        return `writ/${kind} ${ID} ${textAt(header, "entry")}`;
      }),
    );
    expect(new Set([...keyring.entries.values()].map(String)).size).toBe(3);
    expect([...keyring.entries.values()].map(({ length }) => length)).toEqual([32, 32, 32]);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["entry", { "/source/entry": "A".repeat(22) }, "UNLOCK_FAILED"],
    ["entry, too short", { "/source/entry": "AAAA" }, "HEADER_CORRUPT"],
    ["entry, missing", { "/source/entry": undefined }, "HEADER_CORRUPT"],
    ["type", { "/source/type": "kms" }, "HEADER_CORRUPT"],
    ["another member", { "/source/service": "login" }, "HEADER_CORRUPT"],
  ])("does not open what was changed: %s", async (_, changes, code) => {
    const { header } = await create(KEYRING);
    expect(await opening(changed(header, changes), KEYRING)).toBe(code);
  });

  it("does not open under an entry that holds the same key: the entry is bound", async () => {
    const keyring = memoryKeyring();
    const { header } = await create({ type: "keyring", keyring });
    const [[account = "", key = new Uint8Array()] = []] = keyring.entries;
    const other = "A".repeat(22);
    keyring.entries.set(account.replace(/ [^ ]+$/, ` ${other}`), key);
    const altered = changed(header, { "/source/entry": other });
    expect(await opening(altered, { type: "keyring", keyring })).toBe("UNLOCK_FAILED");
  });

  const port = (members: Partial<Record<keyof Keyring, () => Promise<unknown>>>): KeySource => ({
    type: "keyring",
    keyring: { ...memoryKeyring(), ...members } as Keyring,
    timeoutMs: 20,
  });

  it.each<readonly [string, () => Promise<unknown>, string]>([
    ["holds another key (row 187)", () => Promise.resolve(new Uint8Array(32)), "UNLOCK_FAILED"],
    ["is absent (row 187)", () => Promise.reject(new Error("no bus")), "KEY_SOURCE_UNAVAILABLE"],
    ["denies (row 187)", () => Promise.reject(new WritError("KEY_SOURCE_DENIED", "no")), "KEY_SOURCE_DENIED"],
    ["is slow (row 187)", never, "KEY_SOURCE_UNAVAILABLE"],
  ])("that %s does not open", async (_, get, code) => {
    const { header } = await create(KEYRING);
    expect(await opening(header, port({ get }))).toBe(code);
  });

  it.each<readonly [string, unknown, string]>([
    ["nothing (row 187)", null, "the keyring holds no key for this"],
    ["31 bytes", new Uint8Array(31), "what the keyring holds for this is no key"],
    ["33 bytes", new Uint8Array(33), "what the keyring holds for this is no key"],
    ["a text", "x".repeat(32), "what the keyring holds for this is no key"],
  ])("that holds %s says so", async (_, held, message) => {
    const { header } = await create(KEYRING);
    const source = port({ get: () => Promise.resolve(held) });
    await expect(openEnvelope("wallet", header, source)).rejects.toMatchObject({
      code: "UNLOCK_FAILED",
      message,
    });
  });

  it.each<readonly [string, Partial<Record<keyof Keyring, () => Promise<unknown>>>]>([
    ["keeps nothing", { set: () => Promise.resolve() }],
    ["is absent", { set: () => Promise.reject(new Error("no bus")) }],
    ["is slow", { set: never }],
    ["gives back a text", { get: () => Promise.resolve("x".repeat(32)) }],
    ["keeps something else", { get: () => Promise.resolve(new Uint8Array(32)) }],
    ["cannot be read", { get: () => Promise.reject(new Error("locked")) }],
  ])("that %s makes no envelope", async (_, members) => {
    expect(await codeOfAsync(() => create(port(members)))).toBe("KEY_SOURCE_UNAVAILABLE");
  });

  it("forgets the key of a header that is not in use any more, and no other", async () => {
    const keyring = memoryKeyring();
    const source: KeySource = { type: "keyring", keyring };
    const one = await create(source);
    const two = await create(source, "wallet", idOf("two"));
    expect(await discardKey("wallet", one.header, source)).toBe(true);
    expect(await discardKey("wallet", one.header, source)).toBe(false);
    expect(await opening(one.header, source)).toBe("UNLOCK_FAILED");
    expect(await openEnvelope("wallet", two.header, source)).toEqual(two.envelope);
  });

  it("forgets nothing for a header of another source", async () => {
    const { header } = await create(KMS);
    expect(await discardKey("wallet", header, KEYRING)).toBe(false);
  });
});

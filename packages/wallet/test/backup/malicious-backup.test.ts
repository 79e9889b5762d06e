import { createCipheriv, hkdfSync } from "node:crypto";

import { canonicalize, encodeBase64url, WritError, type JsonObject } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";

import {
  createKey,
  createMemoryWalletStore,
  openWallet,
  restoreWallet,
  type RestoreOptions,
  type WalletStore,
} from "../../src/index.js";
import { openWorld, rawKey, signerOf, STORES } from "../world.js";
import {
  backup,
  collect,
  encrypted,
  linesOf,
  NEW_SECRET,
  openFilled,
  opening,
  PASSPHRASE,
  restore,
  SECRET,
  strangerOf,
  withEnd,
} from "./backups.js";

/** What comes of a restoration over a wallet that is there; the wallet stays what it was. */
async function refused(bytes: Uint8Array, options: Partial<RestoreOptions> = {}): Promise<string> {
  const { store, wallet } = await openWorld("there");
  const before = await store.state();
  const code = await codeOfAsync(() => restore(store, bytes, { replace: "existing", ...options }));
  expect(await store.state()).toEqual(before);
  expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
  expect(await codeOfAsync(() => store.successor().state())).toBe("NOT_FOUND");
  return code;
}

const filled = openFilled().then(({ wallet }) => backup(wallet));
const lines = filled.then(linesOf).then((all) => all.slice(0, -1));
type Line = Record<string, unknown>;
const IDENTITY = await generateX25519Identity();

/** The lines, with one of a kind changed. */
async function withLine(kind: string, change: (line: Line) => object | string): Promise<(object | string)[]> {
  const all = await lines;
  const index = all.findIndex((line) => line["collection"] === kind);
  return all.map((line, at) => (at === index ? change(structuredClone(line)) : line));
}

/** Without one of a kind, and counted. */
async function withoutLine(kind: string): Promise<object[]> {
  const [header, ...records] = (await lines) as [JsonObject, ...JsonObject[]];
  const counts = header["records"] as Record<string, number>;
  const counted = { ...header, records: { ...counts, [kind]: (counts[kind] ?? 0) - 1 } };
  const gone = records.findIndex((line) => line["collection"] === kind);
  return [counted, ...records.toSpliced(gone, 1)];
}

/** A file of age with the header of another, as whoever made that could make it (age-encryption.org/v1). */
async function underKeyOf(file: Uint8Array, plaintext: string): Promise<Uint8Array> {
  const macLine = /\n---[^\n]*\n/.exec(Buffer.from(file).toString("latin1"));
  const header = file.slice(0, (macLine?.index ?? 0) + (macLine?.[0].length ?? 0));
  const decrypter = new Decrypter();
  decrypter.addPassphrase(PASSPHRASE);
  const nonce = Buffer.alloc(16, 7);
  const key = hkdfSync("sha256", await decrypter.decryptHeader(header), nonce, "payload", 32);
  // One chunk, which is the last.
  const chunkNonce = Buffer.from([...new Uint8Array(11), 1]);
  const cipher = createCipheriv("chacha20-poly1305", new Uint8Array(key), chunkNonce, { authTagLength: 16 });
  const sealed = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([header, nonce, ...sealed]);
}

/** With a record more, and counted. */
async function withMore(record: object): Promise<object[]> {
  const [header, ...records] = (await lines) as [JsonObject, ...JsonObject[]];
  const counts = header["records"] as Record<string, number>;
  const kind = String((record as Line)["collection"]);
  const counted = { ...header, records: { ...counts, [kind]: (counts[kind] ?? 0) + 1 } };
  return [counted, ...records, record];
}

const header = (change: object) => async () => [
  { ...(await lines)[0], ...change },
  ...(await lines).slice(1),
];
const value = (line: Line) => line["value"] as Line;
const document = (line: Line) => value(line)["document"] as Line;
const within = (name: string, change: object) => (line: Line) => ({
  ...line,
  value: { document: { ...document(line), [name]: change } },
});

const CONTENTS: readonly (readonly [
  name: string,
  code: string,
  () => Promise<readonly (object | string)[]>,
])[] = [
  ["a newer format", "FORMAT_TOO_NEW", header({ format: 2, hence: "more" })],
  ["another magic", "BACKUP_INVALID", header({ magic: "writ-wallet-record" })],
  ["an unknown member in the header", "BACKUP_INVALID", header({ more: 1 })],
  ["a secret in the header", "BACKUP_INVALID", header({ secret: "A".repeat(43) })],
  ["a date that is none", "BACKUP_INVALID", header({ createdAt: "2026-02-30T00:00:00Z" })],
  ["fewer records than it says", "BACKUP_INVALID", async () => (await lines).slice(0, -1)],
  [
    "more records than it says",
    "BACKUP_INVALID",
    async () => [...(await lines), ...(await lines).slice(1, 2)],
  ],
  ["no records at all", "BACKUP_INVALID", async () => [{ ...(await lines)[0], records: {} }]],
  ["nothing", "BACKUP_INVALID", () => Promise.resolve([])],
  [
    "records of an unknown kind",
    "BACKUP_INVALID",
    () => withLine("generic", (line) => ({ ...line, collection: "x" })),
  ],
  ["a member beside a record", "BACKUP_INVALID", () => withLine("generic", (line) => ({ ...line, more: 1 }))],
  [
    "labels that are none",
    "BACKUP_INVALID",
    () => withLine("generic", (line) => ({ ...line, labels: ["a"] })),
  ],
  ["a value that is none", "BACKUP_INVALID", () => withLine("generic", (line) => ({ ...line, value: [] }))],
  [
    "a document that is none",
    "BACKUP_INVALID",
    () => withLine("generic", (line) => ({ ...line, value: {} })),
  ],
  [
    "a member beside a document",
    "BACKUP_INVALID",
    () => withLine("generic", (line) => ({ ...line, value: { ...value(line), more: 1 } })),
  ],
  [
    "`__proto__`",
    "BACKUP_INVALID",
    () =>
      withLine("credential", (line) =>
        canonicalize(line as JsonObject).replace(`"value":{`, `"value":{"__proto__":{},`),
      ),
  ],
  [
    "a member twice",
    "BACKUP_INVALID",
    () => withLine("key", (line) => canonicalize(line as JsonObject).replace("{", `{"collection":"key",`)),
  ],
  ["a line that is no object", "BACKUP_INVALID", () => withLine("key", () => "[1]")],
  ["an empty line", "BACKUP_INVALID", () => withLine("key", () => "")],
  [
    "a credential that keeps no profile",
    "BACKUP_INVALID",
    () => withLine("credential", within("@context", ["https://example.org"])),
  ],
  ["a credential of another shape", "BACKUP_INVALID", () => withLine("credential", within("more", {}))],
  [
    "a credential of others as Writ's",
    "BACKUP_INVALID",
    async () =>
      withMore({
        collection: "credential",
        labels: [],
        value: { document: await strangerOf(signerOf("x").did, "x") },
      }),
  ],
  [
    "Writ's credential as one of others",
    "BACKUP_INVALID",
    () => withLine("credential", (line) => ({ ...line, collection: "generic" })),
  ],
  [
    "an identity as what was handed on",
    "BACKUP_INVALID",
    async () => {
      const identity = (await lines).find((line) =>
        JSON.stringify(line).includes(`"AgentIdentityCredential"`),
      );
      return withMore({ ...identity, collection: "delegation" });
    },
  ],
  [
    "a secret beside a credential",
    "BACKUP_INVALID",
    () => withLine("credential", (line) => ({ ...line, secret: "A".repeat(43) })),
  ],
  [
    "a secret in no canonical form beside a credential",
    "BACKUP_INVALID",
    () => withLine("credential", (line) => ({ ...line, secret: `${"A".repeat(42)}B` })),
  ],
  ["a key without its secret", "BACKUP_INVALID", () => withLine("key", ({ secret: _, ...line }) => line)],
  [
    "a shorter secret",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, secret: "A".repeat(42) })),
  ],
  [
    "a secret in no canonical form",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, secret: `${"A".repeat(42)}B` })),
  ],
  [
    "a secret in another alphabet",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, secret: `${"A".repeat(41)}+A` })),
  ],
  [
    "a key of another DID",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, value: { ...value(line), did: signerOf("x").did } })),
  ],
  [
    "a key of another seed",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, secret: encodeBase64url(new Uint8Array(32)) })),
  ],
  [
    "a key for something unknown",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, value: { ...value(line), purposes: ["keyAgreement"] } })),
  ],
  [
    "a key of no time",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, value: { ...value(line), created: "yesterday" } })),
  ],
  [
    "a key without a name that has one",
    "BACKUP_INVALID",
    () => withLine("key", (line) => ({ ...line, value: { ...value(line), name: "" } })),
  ],
  [
    "two primary keys",
    "BACKUP_INVALID",
    async () =>
      (await lines).map((line) =>
        line["collection"] === "key" ? { ...line, labels: [["primary", ""]] } : line,
      ),
  ],
  [
    "no primary key",
    "BACKUP_INVALID",
    async () => (await lines).map((line) => (line["collection"] === "key" ? { ...line, labels: [] } : line)),
  ],
  ...["key", "credential", "generic", "delegation"].map(
    (kind) =>
      [
        `the same ${kind} twice`,
        "BACKUP_INVALID",
        async () => withMore((await lines).find((line) => line["collection"] === kind) ?? {}),
      ] as const,
  ),
  ["more records than are taken", "TOO_LARGE", header({ records: { credential: 1_000_001 } })],
  [
    "a line of 600 KB",
    "TOO_LARGE",
    () => withLine("generic", (line) => ({ ...line, more: "x".repeat(600_000) })),
  ],
];

describe("row 186: a malicious backup changes nothing", () => {
  it.each(CONTENTS)("where it holds %s: %s", async (_, code, content) => {
    expect(await refused(await encrypted(withEnd(await content())))).toBe(code);
  });

  it("but is taken where it holds what a backup holds, with its labels made anew", async () => {
    const relabelled = (await lines).map((line) =>
      line["collection"] === "credential" ? { ...line, labels: [["subject", "did:key:zSomebody"]] } : line,
    );
    const store = createMemoryWalletStore();
    await restore(store, await encrypted(withEnd(relabelled)));
    const again = await linesOf(await backup(await openWallet(store, NEW_SECRET)));
    const sorted = (all: readonly JsonObject[]) =>
      all
        .slice(1)
        .map((line) => canonicalize(line))
        .sort();
    expect(sorted(again.slice(0, -1))).toEqual(sorted(await lines));
  });

  it.each([
    ["without an end", (text: string) => text.replace(/[^\n]+\n$/, "")],
    ["whose end has no line feed", (text: string) => text.slice(0, -1)],
    ["that goes on after its end", (text: string) => `${text}{}\n`],
    ["that goes on with an empty line", (text: string) => `${text}\n`],
    [
      "with another digest",
      (text: string) =>
        text.replace(/"sha256":"./, (found) => `${found.slice(0, -1)}${found.endsWith("A") ? "B" : "A"}`),
    ],
    ["with a digest that is none", (text: string) => text.replace(/"sha256":"[^"]*"/, `"sha256":"AAAA"`)],
    ["with another number of lines", (text: string) => text.replace(/"lines":\d+/, `"lines":7`)],
    ["with a byte that was changed", (text: string) => text.replace("canary-agent", "canary-ageny")],
    ["that begins with a byte order mark", (text: string) => `\uFEFF${text}`],
    ["in UTF-16", (text: string) => Buffer.from(text, "utf16le")],
    [
      "that is not in UTF-8",
      (text: string) => Buffer.from(text.replace("canary-agent", "canary-\u00e9gent"), "latin1"),
    ],
    ["of zeros", () => new Uint8Array(1000)],
  ] as const)("%s: BACKUP_INVALID", async (_, change) => {
    expect(await refused(await encrypted(change(withEnd(await lines))))).toBe("BACKUP_INVALID");
  });

  it("where it is cut short, anywhere", async () => {
    const whole = await filled;
    const random = seededRandom("cuts");
    const cuts = Array.from({ length: 20 }, () => {
      const [a = 0, b = 0] = random(2);
      return ((a << 8) | b) % whole.length;
    });
    for (const length of [0, 1, 21, 22, 23, 150, whole.length - 17, whole.length - 1, ...cuts]) {
      expect([length, await refused(whole.slice(0, length))]).toEqual([length, "BACKUP_INVALID"]);
    }
  });

  it("where a bit of it is flipped, anywhere", async () => {
    const whole = await filled;
    const random = seededRandom("flips");
    const places = Array.from({ length: 40 }, () => {
      const [a = 0, b = 0] = random(2);
      return ((a << 8) | b) % whole.length;
    });
    for (const at of [...Array.from({ length: 22 }, (_, index) => index), 40, 80, 130, ...places]) {
      const flipped = whole.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect([at, await refused(flipped)]).toEqual([
        at,
        expect.stringMatching(/^(BACKUP_INVALID|UNLOCK_FAILED)$/),
      ]);
    }
  });

  it("where something follows it", async () => {
    const whole = await filled;
    for (const more of [new Uint8Array(1), new Uint8Array(70_000), whole]) {
      expect(await refused(Buffer.concat([whole, more]))).toBe("BACKUP_INVALID");
    }
  });

  const stanza = `-> X25519 ${"A".repeat(43)}\n${"A".repeat(43)}\n`;
  const age = (stanzas: string) =>
    Buffer.from(`age-encryption.org/v1\n${stanzas}--- ${"A".repeat(43)}\nxxxx`);
  const scrypt = (workFactor: string) =>
    age(`-> scrypt ${"A".repeat(22)} ${workFactor}\n${"A".repeat(43)}\n`);

  it.each([
    ["no file of age", "BACKUP_INVALID", Buffer.from("SQLite format 3\0")],
    ["a newer age", "BACKUP_INVALID", Buffer.from("age-encryption.org/v2\n")],
    ["text that only begins like it", "BACKUP_INVALID", Buffer.from("age-encryption.org/v1 \n")],
    ["a work factor of 21", "KDF_LIMIT", scrypt("21")],
    ["a work factor of 2^63", "KDF_LIMIT", scrypt("9223372036854775808")],
    ["a work factor of 0", "BACKUP_INVALID", scrypt("0")],
    ["a work factor of 018", "BACKUP_INVALID", scrypt("018")],
    [
      "two passphrases",
      "BACKUP_INVALID",
      age(`-> scrypt ${"A".repeat(22)} 10\n${"A".repeat(43)}\n`.repeat(2)),
    ],
    ["others' recipients", "UNLOCK_FAILED", age(stanza.repeat(64))],
    ["65 recipients", "TOO_LARGE", age(stanza.repeat(65))],
    ["5,000 recipients", "TOO_LARGE", age(stanza.repeat(5000))],
    ["a header without end", "TOO_LARGE", age(`-> X25519 ${"A".repeat(80_000)}`)],
    ["a header that is cut short", "BACKUP_INVALID", age(stanza).subarray(0, 60)],
  ] as const)("where it is %s: %s", async (_, code, bytes) => {
    expect(await refused(bytes)).toBe(code);
  });

  it("with a wrong passphrase: UNLOCK_FAILED", async () => {
    const secret = { type: "passphrase", passphrase: "another" } as const;
    expect(await refused(await filled, { secret })).toBe("UNLOCK_FAILED");
  });

  it("where it holds more than is read: it is not read any further", async () => {
    expect(await refused(await filled, { limits: { maxBytes: 5_000 } })).toBe("TOO_LARGE");
    expect(await refused(await filled, { limits: { maxRecords: 6 } })).toBe("TOO_LARGE");
  });

  it("where it is a line of 10 GB: it is left after little more than a line may have", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(IDENTITY));
    const spaces = new Uint8Array(65_536).fill(0x20);
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(spaces) });
    const bomb = (await encrypter.encrypt(endless)).getReader();
    const given: Uint8Array[] = [];
    // It goes on for 10 MB, and would for ever; it says the same each time.
    const open = async function* () {
      for (let at = 0; at < 160; at++) {
        if (given.length === at) given.push((await bomb.read()).value ?? new Uint8Array());
        yield (given[at] ?? new Uint8Array()).slice();
      }
    };
    const options = {
      secret: { type: "identities", identities: [IDENTITY] },
      newSecret: NEW_SECRET,
    } as const;
    expect(await codeOfAsync(() => restoreWallet(createMemoryWalletStore(), open, options))).toBe(
      "TOO_LARGE",
    );
    expect(given.length).toBeLessThan(16);
  });

  it("where it is another backup than the one that is expected", async () => {
    expect(await refused(await filled, { expectedDid: signerOf("x").did })).toBe("BACKUP_MISMATCH");
    const { wallet } = await openFilled();
    const { did } = await restore(createMemoryWalletStore(), await filled, { expectedDid: wallet.did });
    expect(did).toBe(wallet.did);
  });

  it("where it goes on after as many records as it says: it is not read to its end", async () => {
    const more = [...(await lines), ...(await lines).slice(1)];
    const reading = async () => restore(createMemoryWalletStore(), await encrypted(withEnd(more)));
    await expect(reading).rejects.toThrow("line 9: there are more records than it says");
  });

  it("where another is there when it is read again, under the same key", async () => {
    const first = await filled;
    const other = await underKeyOf(first, withEnd(await withoutLine("generic")));
    // It is a backup by itself.
    await restore(createMemoryWalletStore(), other);
    const { store, wallet } = await openWorld("there");
    let times = 0;
    const open = () => opening(++times <= 2 ? first : other)();
    const options = { secret: SECRET, newSecret: NEW_SECRET, replace: "existing" } as const;
    expect(await codeOfAsync(() => restoreWallet(store, open, options))).toBe("BACKUP_INVALID");
    expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
  });

  it("where it is another one when it is read again", async () => {
    const first = await filled;
    const other = await encrypted(withEnd(await withLine("generic", (line) => line)));
    for (const [again, code] of [
      [other, "BACKUP_INVALID"],
      [first.slice(0, -1), "BACKUP_INVALID"],
      [new Uint8Array(), "BACKUP_INVALID"],
    ] as const) {
      const { store, wallet } = await openWorld("there");
      let times = 0;
      // Once for its header, once to be checked, once to be written.
      const open = () => opening(++times <= 2 ? first : again)();
      const options = { secret: SECRET, newSecret: NEW_SECRET, replace: "existing" } as const;
      expect(await codeOfAsync(() => restoreWallet(store, open, options))).toBe(code);
      expect(times).toBe(3);
      expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
    }
  });
});

describe("a restoration", () => {
  it.each(STORES)("refuses to replace a wallet unless that is said (%s)", async (_, open) => {
    const { store, wallet } = await openWorld("there", await open());
    expect(await codeOfAsync(async () => restore(store, await filled))).toBe("ALREADY_EXISTS");
    await restore(store, await filled, { replace: "existing" });
    expect((await openWallet(store, NEW_SECRET)).did).not.toBe(wallet.did);
    // Whoever had the other open learns it.
    expect(await codeOfAsync(async () => collect(opening(await backup(wallet))()))).toBe("WALLET_REKEYED");
  });

  it("is not done over a wallet that is changed meanwhile, nor where it is not confirmed", async () => {
    const { store, wallet } = await openWorld("there");
    const confirm = async () => {
      await createKey(wallet);
    };
    expect(await refusedIn(store, { confirm })).toBe("WALLET_CONFLICT");
    expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
    const decline = () => Promise.reject(new WritError("DECLINED", "no"));
    expect(await refusedIn(store, { confirm: decline })).toBe("DECLINED");
    expect(await refusedIn(store, { newSecret: { type: "passphrase", passphrase: "" } })).toBe(
      "ARGUMENT_INVALID",
    );
    expect((await openWallet(store, rawKey(1))).did).toBe(wallet.did);
  });

  it("goes on its way with what the source and the store throw", async () => {
    const failing = async function* () {
      yield (await filled).slice(0, 3_000);
      throw new RangeError("the disk is gone");
    };
    const options = { secret: SECRET, newSecret: NEW_SECRET };
    await expect(restoreWallet(createMemoryWalletStore(), failing, options)).rejects.toThrow(RangeError);
    const store = createMemoryWalletStore();
    const full: WalletStore = {
      ...store,
      successor: () => ({ ...store.successor(), commit: () => Promise.reject(new RangeError("no room")) }),
    };
    await expect(restoreWallet(full, opening(await filled), options)).rejects.toThrow("no room");
    expect(await codeOfAsync(() => store.successor().state())).toBe("NOT_FOUND");
    // What holds the place opens for nobody; the next attempt takes it.
    expect(await codeOfAsync(() => openWallet(store, NEW_SECRET))).toBe("UNLOCK_FAILED");
    await restore(store, await filled, { replace: "existing" });
    expect((await openWallet(store, NEW_SECRET)).did).toMatch(/^did:key:/);
  });
});

async function refusedIn(store: WalletStore, options: Partial<RestoreOptions>): Promise<string> {
  const bytes = await filled;
  return await codeOfAsync(() => restore(store, bytes, { replace: "existing", ...options }));
}

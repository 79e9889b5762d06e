import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";

import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, createKey, openWallet } from "@writ/wallet";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

const { path, json, text } = createWorkplace();
const WALLET = ["--wallet", "bot.wallet"] as const;
const OLD = ["--wallet-passphrase-file", "old.pass"] as const;
const NEW = ["--wallet-passphrase-file", "new.pass"] as const;

const show = async (...secret: readonly string[]): Promise<unknown> =>
  (await json("wallet", "show", ...WALLET, ...secret)).json;

beforeAll(async () => {
  writeFileSync(path("old.pass"), "old passphrase\n", { mode: 0o600 });
  writeFileSync(path("new.pass"), "new passphrase\n", { mode: 0o600 });
  writeFileSync(path("raw.key"), Buffer.alloc(32, 7), { mode: 0o600 });
  await json("wallet", "create", ...WALLET, ...OLD);
});

describe("writ wallet rekey", () => {
  it("gives a wallet another secret, and says what that means", async () => {
    const before = await show(...OLD);
    const rewrapped = await text("wallet", "rekey", ...WALLET, ...OLD, "--new-passphrase-file", "new.pass");
    expect([rewrapped.code, rewrapped.stdout]).toEqual([0, expect.stringContaining("same root key")]);
    expect(await show(...OLD)).toMatchObject({ error: { code: "UNLOCK_FAILED" } });
    expect(await show(...NEW)).toEqual(before);
    const full = await json("wallet", "rekey", "--full", ...WALLET, ...NEW, "--new-key-file", "raw.key");
    expect([full.code, full.json]).toEqual([0, { mode: "full", generation: 2 }]);
    expect(await show("--wallet-key-file", "raw.key")).toEqual(before);
    const back = ["--wallet-key-file", "raw.key", "--new-passphrase-file", "old.pass"];
    expect((await json("wallet", "rekey", ...WALLET, ...back)).json).toEqual({
      mode: "rewrap",
      generation: 2,
    });
    expect(await show(...OLD)).toEqual(before);
  });

  it.each([
    ["a wrong secret", [...NEW, "--new-key-file", "raw.key"], 3, "UNLOCK_FAILED"],
    ["no new secret", [...OLD], 3, "SECRET_MISSING"],
    ["two new secrets", [...OLD, "--new-key-file", "raw.key", "--new-keyring"], 2, "USAGE"],
    ["a secret as an argument", [...OLD, "--new-passphrase", "x"], 2, "USAGE"],
  ] as const)("refuses %s", async (_, options, exit, code) => {
    const refused = await json("wallet", "rekey", ...WALLET, ...options);
    expect([refused.code, refused.json]).toMatchObject([exit, { error: { code } }]);
    expect(await show(...OLD)).toMatchObject({ credentials: 0 });
  });
});

describe("writ wallet doctor", () => {
  it("finds nothing wrong with a whole wallet", async () => {
    const { code, json: answer } = await json("wallet", "doctor", ...WALLET, ...OLD);
    expect([code, answer]).toMatchObject([
      0,
      { healthy: true, whole: { key: 1, credential: 0 }, findings: [] },
    ]);
  });

  it("says what is wrong, saves the rest, and leaves the damaged wallet as it was", async () => {
    copyFileSync(path("bot.wallet"), path("damaged.wallet"));
    const database = await openSqliteDatabase({ path: path("damaged.wallet"), mode: "open" });
    await database.query("DELETE FROM wallet_pages");
    await database.close();
    const before = readFileSync(path("damaged.wallet"));
    const options = ["--wallet", "damaged.wallet", ...OLD];
    const told = await text("wallet", "doctor", ...options);
    expect([told.code, told.stdout]).toEqual([1, expect.stringContaining("damaged")]);
    expect(told.stdout).toContain("RECORD_TAMPERED manifest: page");
    const saved = await json(
      "wallet",
      "doctor",
      ...options,
      "--save-into",
      "saved.wallet",
      "--new-key-file",
      "raw.key",
    );
    expect([saved.code, saved.json]).toMatchObject([
      1,
      { healthy: false, savedInto: expect.stringContaining("saved.wallet") as string },
    ]);
    expect(readFileSync(path("damaged.wallet")).equals(before)).toBe(true);
    expect(existsSync(path("damaged.wallet-wal"))).toBe(false);
    expect(statSync(path("saved.wallet")).mode & 0o777).toBe(0o600);
    const opened = await json("wallet", "show", "--wallet", "saved.wallet", "--wallet-key-file", "raw.key");
    expect(opened.json).toEqual(await show(...OLD));
    const again = await json(
      "wallet",
      "doctor",
      ...options,
      "--save-into",
      "saved.wallet",
      "--new-key-file",
      "raw.key",
    );
    expect([again.code, again.json]).toMatchObject([3, { error: { code: "FILE_EXISTS" } }]);
  });

  it("finds damage of the file that no record shows", async () => {
    const bytes = readFileSync(path("bot.wallet"));
    // How many pages are free (sqlite.org/fileformat, 1.3.11): more than there are.
    bytes.writeUInt32BE(1_000_000, 36);
    writeFileSync(path("structure.wallet"), bytes, { mode: 0o600 });
    const { code, json: answer } = await json("wallet", "doctor", "--wallet", "structure.wallet", ...OLD);
    expect([code, answer]).toMatchObject([
      1,
      { whole: { key: 1 }, findings: [{ code: "DATABASE_INVALID", of: "file" }] },
    ]);
  });

  it("row 180: says so of what is no wallet", async () => {
    writeFileSync(path("no.wallet"), "x".repeat(4096), { mode: 0o600 });
    const { code, json: answer } = await json("wallet", "doctor", "--wallet", "no.wallet", ...OLD);
    expect([code, answer]).toMatchObject([3, { error: { code: "DATABASE_INVALID" } }]);
    expect(readFileSync(path("no.wallet"), "utf8")).toBe("x".repeat(4096));
  });
});

describe("a wallet of several keys", () => {
  it("acts as the one that --as names", async () => {
    const file = ["--wallet", "keys.wallet", "--wallet-key-file", "raw.key"] as const;
    await json("wallet", "create", ...file);
    const database = await openSqliteDatabase({ path: path("keys.wallet"), mode: "open" });
    const secret = { type: "raw", key: new Uint8Array(32).fill(7) } as const;
    const wallet = await openWallet(createDatabaseWalletStore(database), secret);
    const { did } = await createKey(wallet, { name: "second" });
    await database.close();
    const request = async (...more: readonly string[]) =>
      json("wallet", "request", ...file, "--out", "request.json", "--force", ...more);
    expect((await request()).json).toMatchObject({ did: wallet.did });
    expect((await request("--as", did)).json).toMatchObject({ did });
    const stranger = await request("--as", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    expect([stranger.code, stranger.json]).toMatchObject([1, { error: { code: "NOT_FOUND" } }]);
    expect((await request("--as", "second")).json).toMatchObject({ error: { code: "USAGE" } });
  });
});

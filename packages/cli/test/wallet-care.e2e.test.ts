import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";

import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, createKey, destroyKey, openWallet } from "@writ/wallet";
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
    expect(rewrapped.stdout).toContain("A copy from before still opens with what opened it then");
    expect(rewrapped.stdout).toContain(
      "Who has an older copy and what opened it can also read what is written from now on; --full ends that.",
    );
    expect(await show(...OLD)).toMatchObject({ error: { code: "UNLOCK_FAILED" } });
    expect(await show(...NEW)).toEqual(before);
    const full = await json("wallet", "rekey", "--full", ...WALLET, ...NEW, "--new-key-file", "raw.key");
    const wallet = path("bot.wallet");
    expect([full.code, full.json]).toEqual([0, { wallet, mode: "full", generation: 2 }]);
    expect(await show("--wallet-key-file", "raw.key")).toEqual(before);
    const back = ["--wallet-key-file", "raw.key", "--new-passphrase-file", "old.pass"];
    expect((await json("wallet", "rekey", ...WALLET, ...back)).json).toEqual({
      wallet,
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
  const DAMAGED = { code: "DATABASE_INVALID", of: "file", detail: "its structure is damaged" };

  /** A copy of the wallet, open, with another key in it. */
  async function withSecondKey(file: string) {
    copyFileSync(path("bot.wallet"), path(file));
    const database = await openSqliteDatabase({ path: path(file), mode: "open" });
    const secret = { type: "passphrase", passphrase: "old passphrase" } as const;
    const wallet = await openWallet(createDatabaseWalletStore(database), secret);
    const { did } = await createKey(wallet, { name: "second" });
    return { database, wallet, did };
  }

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
    expect(told.stdout).toContain("RECORD_TAMPERED manifest: 3 pages are missing or were changed\n");
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
    const advice = await text(
      "wallet",
      "doctor",
      ...options,
      "--save-into",
      "told.wallet",
      "--new-key-file",
      "raw.key",
    );
    // A log that is left beside the file would be written into the one that takes its place.
    expect(advice.stdout).toContain(`move ${path("damaged.wallet")}, ${path("damaged.wallet")}-wal`);
  });

  it("names each key that saving leaves out", async () => {
    const file = "left-out.wallet";
    const { database, wallet, did } = await withSecondKey(file);
    const [record] = await database.query("SELECT * FROM wallet_records ORDER BY id DESC LIMIT 1");
    await destroyKey(wallet, did);
    wallet.close();
    const row = ["generation", "id", "revision", "sealed", "tags"].map((column) => record?.[column] ?? null);
    await database.query("INSERT INTO wallet_records VALUES ($1, $2, $3, $4, $5)", row);
    await database.close();
    const doctor = ["wallet", "doctor", "--wallet", file, ...OLD] as const;
    const { code, json: answer } = await json(...doctor);
    const left = { did, name: "second", isPrimary: false, isSaved: false, code: "RECORD_TAMPERED" };
    expect([code, answer]).toMatchObject([1, { healthy: false, keys: [{ isSaved: true }, left] }]);
    const line = `not saved key ${did} (named "second"): it is from another time. --keep saves it all the same.`;
    expect((await text(...doctor)).stdout).toContain(line.replace("not saved", "would not be saved"));
    const into = ["--save-into", "without.wallet", "--new-key-file", "raw.key"] as const;
    expect((await text(...doctor, ...into)).stdout).toContain(`  ${line}`);
    const kept = await json(
      ...doctor,
      "--save-into",
      "with.wallet",
      "--new-key-file",
      "raw.key",
      "--keep",
      did,
    );
    expect(kept.json).toMatchObject({ keys: [{ isSaved: true }, { did, isSaved: true }] });
  });

  it("asks with which key the new wallet opens where the damaged one does not tell, and says with which it does", async () => {
    const file = "nameless.wallet";
    const { database, wallet, did } = await withSecondKey(file);
    wallet.close();
    await database.query("DELETE FROM wallet_records WHERE id = (SELECT MIN(id) FROM wallet_records)");
    await database.close();
    const doctor = ["wallet", "doctor", "--wallet", file, ...OLD] as const;
    const into = ["--save-into", "named.wallet", "--new-key-file", "raw.key"] as const;
    const mark = "says of itself that another does";
    const advice = `name another with --save-into FILE --primary DID.\n    ${did} (named "second"): ${mark}\n`;
    for (const more of [[], into]) expect((await text(...doctor, ...more)).stdout).toContain(advice);
    const unsaved = await json(...doctor, ...into);
    expect([unsaved.code, unsaved.json]).toMatchObject([
      1,
      { whole: { key: 1 }, keys: [{ did, isSaved: true }] },
    ]);
    expect(unsaved.json).not.toHaveProperty("primary");
    expect(unsaved.json).not.toHaveProperty("savedInto");
    expect(existsSync(path("named.wallet"))).toBe(false);
    const refused = await json(...doctor, ...into, "--primary", wallet.did);
    expect([refused.code, refused.json]).toMatchObject([1, { error: { code: "NOT_FOUND" } }]);
    const named = await text(...doctor, ...into, "--primary", did);
    expect([named.code, named.stdout]).toEqual([
      1,
      expect.stringContaining(
        `It opens with key ${did} (named "second"), and not as before: that key is lost.`,
      ),
    ]);
    const opened = await json("wallet", "show", "--wallet", "named.wallet", "--wallet-key-file", "raw.key");
    expect(opened.json).toMatchObject({ did });
    for (const option of ["--primary", "--keep"]) {
      const usage = await json(...doctor, option, did);
      expect([usage.code, usage.json]).toMatchObject([2, { error: { code: "USAGE" } }]);
    }
  });

  it("says that the new wallet opens with another key, and ends with 1 where it saved nothing", async () => {
    const file = "two.wallet";
    const { database, wallet, did } = await withSecondKey(file);
    wallet.close();
    await database.close();
    const doctor = ["wallet", "doctor", "--wallet", file, ...OLD] as const;
    const into = ["--save-into", "another.wallet", "--new-key-file", "raw.key"] as const;
    const { code, stdout } = await text(...doctor, ...into, "--primary", did);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`  It opens with key ${did} (named "second"), and not as before.\n`),
    ]);
  });

  it("says where it saved a wallet that is whole, too", async () => {
    const into = ["--save-into", "whole.wallet", "--new-key-file", "raw.key"] as const;
    const { code, stdout } = await text("wallet", "doctor", ...WALLET, ...OLD, ...into);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^whole .*bot\.wallet\n/)]);
    expect(stdout).toContain(`Saved what is whole into ${path("whole.wallet")}`);
    expect(stdout).toMatch(/^ {2}It opens with key did:key:\w+\.$/m);
    expect(stdout).not.toContain("restore");
    const help = (await text("wallet", "doctor", "--help")).stdout.replaceAll(/\s+/g, " ");
    expect(help).toContain("that of a damaged one ends with 1 as well");
    expect(help).toContain("file with the passphrase of the wallet that --save-into makes");
  });

  it("promises no wallet where no key is whole, and says what is wrong all the same", async () => {
    copyFileSync(path("bot.wallet"), path("keyless.wallet"));
    const database = await openSqliteDatabase({ path: path("keyless.wallet"), mode: "open" });
    await database.query("DELETE FROM wallet_records");
    await database.close();
    const doctor = ["wallet", "doctor", "--wallet", "keyless.wallet", ...OLD] as const;
    const into = ["--save-into", "none.wallet", "--new-key-file", "raw.key"] as const;
    for (const more of [[], into]) {
      const { code, stdout, stderr } = await text(...doctor, ...more);
      expect([code, stderr]).toEqual([1, ""]);
      expect(stdout).toContain("RECORD_MISSING record key: 1 of the collection are missing or damaged");
      expect(stdout).toContain("No key is whole, so no wallet can be made of it: restore a backup.");
      expect(stdout).not.toMatch(/--save-into|Saved/);
    }
    const { json: answer } = await json(...doctor, ...into);
    expect(answer).toMatchObject({ healthy: false, whole: { key: 0 } });
    expect(answer).not.toHaveProperty("savedInto");
    expect(existsSync(path("none.wallet"))).toBe(false);
  });

  it("asks what the new secret is for where nothing is saved", async () => {
    const { code, json: answer } = await json(
      "wallet",
      "doctor",
      ...WALLET,
      ...OLD,
      "--new-key-file",
      "raw.key",
    );
    expect([code, answer]).toMatchObject([2, { error: { code: "USAGE" } }]);
  });

  const astray = {
    code: "RECORD_MISSING",
    of: "index",
    detail: "3 labels do not lead to the records that bear them",
  };

  it.each([
    ["wallet", []],
    ["wallet_pages", []],
    ["wallet_records", [astray]],
    ["wallet_tags", [astray]],
    ["writ_schema", []],
  ] as const)(
    "reads what the index of %s does not lead to any more, and saves all of it",
    async (table, more) => {
      const file = `${table}.wallet`;
      copyFileSync(path("bot.wallet"), path(file));
      const database = await openSqliteDatabase({ path: path(file), mode: "open" });
      const sql = "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = $1";
      const indexes = await database.query(sql, [table]);
      const [size] = await database.query("PRAGMA page_size");
      await database.close();
      const bytes = readFileSync(path(file));
      const pageSize = Number(size?.["page_size"]);
      for (const { rootpage } of indexes) {
        const from = (Number(rootpage) - 1) * pageSize;
        bytes.fill(0, from, from + pageSize);
      }
      writeFileSync(path(file), bytes);
      await expectAllSaved(file, more);
      expect(readFileSync(path(file)).equals(bytes)).toBe(true);
    },
  );

  it("reads what is there of a file whose end is cut off", async () => {
    copyFileSync(path("bot.wallet"), path("cut.wallet"));
    const database = await openSqliteDatabase({ path: path("cut.wallet"), mode: "open" });
    await database.query("VACUUM");
    await database.close();
    const bytes = readFileSync(path("cut.wallet"));
    writeFileSync(path("cut.wallet"), bytes.subarray(0, -4096), { mode: 0o600 });
    // Which part is the last, SQLite chooses: here a page of the manifest.
    const detail: unknown = expect.stringMatching(/^page \d+ is missing or was changed$/);
    const page: unknown = expect.any(Number);
    await expectAllSaved("cut.wallet", [{ code: "RECORD_TAMPERED", of: "manifest", page, detail }]);
  });

  it("reads each record in the way that still leads to it, by an index or by its page", async () => {
    const file = "flipped.wallet";
    const { database, wallet, did } = await withSecondKey(file);
    wallet.close();
    const rows = await database.query("SELECT id FROM wallet_records ORDER BY id");
    const roots = await database.query(
      "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'wallet_records' ORDER BY type DESC",
    );
    await database.close();
    const bytes = readFileSync(path(file));
    // Of the one key the table has another id, of the other its index.
    roots.forEach(({ rootpage }, index) => {
      const at = bytes.indexOf(rows[index]?.["id"] as Uint8Array, (Number(rootpage) - 1) * 4096);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    });
    writeFileSync(path(file), bytes);
    const into = ["--save-into", "both.wallet", "--new-key-file", "raw.key"] as const;
    const { code, json: answer } = await json("wallet", "doctor", "--wallet", file, ...OLD, ...into);
    expect([code, answer]).toMatchObject([1, { whole: { key: 2 }, keys: [{ isPrimary: true }, { did }] }]);
    expect(answer["findings"]).toEqual(expect.arrayContaining([DAMAGED]));
    expect(readFileSync(path(file)).equals(bytes)).toBe(true);
    const saved = ["--wallet", "both.wallet", "--wallet-key-file", "raw.key"] as const;
    for (const key of [answer["primary"] as string, did]) {
      const shown = await json("wallet", "request", ...saved, "--as", key, "--out", "asked.json", "--force");
      expect([shown.code, shown.json]).toMatchObject([0, { did: key }]);
    }
  });

  /** The doctor finds the file damaged, and every record of it whole. */
  async function expectAllSaved(file: string, more: readonly object[] = []): Promise<void> {
    const into = ["--save-into", `saved-${file}`, "--new-key-file", "raw.key"] as const;
    const doctored = await json("wallet", "doctor", "--wallet", file, ...OLD, ...into);
    expect([doctored.code, doctored.json]).toMatchObject([1, { whole: { key: 1 } }]);
    expect(doctored.json["findings"]).toEqual([DAMAGED, ...more]);
    const opened = await json("wallet", "show", "--wallet", `saved-${file}`, "--wallet-key-file", "raw.key");
    expect(opened).toMatchObject({ code: 0, json: { did: doctored.json["primary"] } });
  }

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
    expect([code, answer]).toMatchObject([
      3,
      {
        error: {
          code: "DATABASE_INVALID",
          message: `${path("no.wallet")}: the file is not a database`,
          hint: "Nothing can be saved from it. `writ wallet restore` makes a wallet of a backup.",
        },
      },
    ]);
    expect(readFileSync(path("no.wallet"), "utf8")).toBe("x".repeat(4096));
  });
});

describe("a wallet's file that cannot be used is named, with what to do", () => {
  const nothing = "Nothing can be saved from it. `writ wallet restore` makes a wallet of a backup.";
  const damaged = async (name: string, statement: string): Promise<void> => {
    copyFileSync(path("bot.wallet"), path(name));
    const database = await openSqliteDatabase({ path: path(name), mode: "open" });
    await database.query(statement);
    await database.close();
  };

  it.each([
    ["whose header is damaged", "UPDATE wallet SET header = 'x'", "HEADER_CORRUPT", nothing],
    ["without its header", "DELETE FROM wallet", "HEADER_CORRUPT", nothing],
  ])("one %s", async (_, statement, code, hint) => {
    const name = "unusable.wallet";
    await damaged(name, statement);
    const message: unknown = expect.stringContaining(`${path(name)}: `);
    const { code: exit, json: answer } = await json("wallet", "list", "--wallet", name, ...OLD);
    expect({ exit, ...answer }).toMatchObject({ exit: 3, error: { code, message, hint } });
    const doctor = await json("wallet", "doctor", "--wallet", name, ...OLD);
    expect(doctor.json).toMatchObject({ error: { code, message, hint: nothing } });
  });

  it.each([
    ["wallet_records", 0],
    ["wallet_pages", 1],
  ])("one without its table %s", async (table, keys) => {
    const name = "unusable.wallet";
    await damaged(name, `DROP TABLE ${table}`);
    const { code, json: answer } = await json("wallet", "list", "--wallet", name, ...OLD);
    expect({ exit: code, ...answer }).toMatchObject({ exit: 3, error: { code: "DATABASE_SCHEMA" } });
    const doctor = await json("wallet", "doctor", "--wallet", name, ...OLD);
    expect([doctor.code, doctor.json]).toMatchObject([1, { healthy: false, whole: { key: keys } }]);
    expect(doctor.json["keys"]).toMatchObject(keys === 0 ? [] : [{ isSaved: true }]);
  });

  it.each([
    ['the view "planted"', "CREATE VIEW planted AS SELECT 1"],
    ['the index "planted"', "CREATE INDEX planted ON wallet (abs(generation))"],
  ])("one with %s, which somebody added", async (name, statement) => {
    await damaged("added.wallet", statement);
    for (const does of ["list", "doctor"]) {
      const { code, json: answer } = await json("wallet", does, "--wallet", "added.wallet", ...OLD);
      expect([code, answer]).toMatchObject([
        3,
        {
          error: {
            code: "DATABASE_INVALID",
            message: `${path("added.wallet")}: ${name} in the database's schema is not of Writ`,
            hint: "Remove it with SQLite's own tool, or restore a backup.",
          },
        },
      ]);
    }
  });

  it("one that is no database", async () => {
    writeFileSync(path("text.wallet"), "x".repeat(4096), { mode: 0o600 });
    const { json: answer } = await json("wallet", "list", "--wallet", "text.wallet", ...OLD);
    expect(answer["error"]).toMatchObject({
      code: "DATABASE_INVALID",
      message: `${path("text.wallet")}: the file is not a database`,
      hint: expect.stringContaining("writ wallet doctor") as string,
    });
  });

  it("a database of something else, and no name at all", async () => {
    await json("init", "--home", "acme", "--name", "ACME");
    const file = path("acme/writ.db");
    const other = await json("wallet", "list", "--wallet", file, ...OLD);
    expect(other).toMatchObject({
      code: 1,
      json: {
        error: { code: "NOT_FOUND", message: `${file} holds no wallet; it is a database of something else` },
      },
    });
    const unnamed = await json("wallet", "list", "--wallet", "", ...OLD);
    expect(unnamed).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
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

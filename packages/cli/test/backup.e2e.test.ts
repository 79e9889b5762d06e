import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { openSqliteDatabase } from "@writ/database";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** As `age-keygen` made it, for this test alone. */
const IDENTITY = "AGE-SECRET-KEY-1X67JTY3G5JK743Y3ZG2FFFE6Y7X2XWVAE5PKAXWLCTY6XRV8U8HQ4TZ2CN";
const RECIPIENT = "age1g2zj0zf4sxmvvclxxwrd23n7shjll7nurzpasw63xm2mz9a3r4eq2htlfr";
const HAS_AGE = spawnSync("age", ["--version"]).status === 0;

describe("backing up and restoring a wallet", () => {
  const { json, text, path, write, environment, folder } = createWorkplace();
  const bot = ["--wallet", path("bot.wallet")] as const;
  const pass = ["--backup-passphrase-file", write("backup.pass", "the backup's own\n")] as const;
  /** Scrypt is slow on purpose, so that a passphrase is used only where it matters. */
  const key = ["--identity-file", path("identity.txt")] as const;
  const newPass = ["--wallet-passphrase-file", write("new.pass", "another passphrase")] as const;
  const to = ["--recipient", RECIPIENT] as const;
  let did = "";

  const backup = (out: string, ...more: readonly string[]) =>
    json("wallet", "backup", ...bot, "--out", path(out), ...more);
  const restore = (wallet: string, from: string, ...more: readonly string[]) =>
    json("wallet", "restore", "--wallet", path(wallet), "--from", path(from), ...newPass, ...more);
  const didOf = async (wallet: string, ...secret: readonly string[]) =>
    (await json("wallet", "show", "--wallet", path(wallet), ...secret)).json["did"];
  /** What lies in the folder, but for what was there before. */
  const temporary = () => readdirSync(folder).filter((name) => name.startsWith("."));

  beforeAll(async () => {
    mkdirSync(path("tmp"));
    environment["TMPDIR"] = path("tmp");
    await json("init", "--home", path("home"), "--name", "Acme");
    await json("agent", "create", "canary-bot", "--home", path("home"), ...bot);
    did = String(await didOf("bot.wallet"));
    write("identity.txt", `# created: today\n# public key: ${RECIPIENT}\n${IDENTITY}\n`);
    await backup("bot.age", ...to);
  }, 60_000);

  it("moves a wallet into another file, with another passphrase", async () => {
    expect(statSync(path("bot.age")).mode & 0o777).toBe(0o600);
    await backup("passphrase.age", ...pass);
    const { code, json: restored } = await restore("moved.wallet", "passphrase.age", ...pass);
    expect({ code, restored }).toMatchObject({
      code: 0,
      restored: { did, replaced: false, records: { key: 1, credential: 1, generic: 0, delegation: 0 } },
    });
    expect(statSync(path("moved.wallet")).mode & 0o777).toBe(0o600);
    expect(await didOf("moved.wallet", ...newPass)).toBe(did);
    expect((await json("wallet", "show", "--wallet", path("moved.wallet"))).json["error"]).toMatchObject({
      code: "UNLOCK_FAILED",
    });
    const listed = async (wallet: string, ...secret: readonly string[]) =>
      (await json("wallet", "list", "--wallet", path(wallet), ...secret)).json;
    expect(await listed("moved.wallet", ...newPass)).toEqual(await listed("bot.wallet"));
    expect(temporary()).toEqual([]);
  });

  it("goes to recipients of age, and opens with their identity", async () => {
    const made = await backup("recipient.age", ...to);
    expect({ code: made.code, ...made.json }).toEqual({
      code: 0,
      did,
      out: path("recipient.age"),
      records: 2,
    });
    const { code, stdout } = await text(
      ...["wallet", "restore", "--wallet", path("opened.wallet"), "--from", path("recipient.age")],
      ...["--identity-file", path("identity.txt"), "--expected-did", did, ...newPass],
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining("1 credential, 1 key") as string,
    });
    expect(await didOf("opened.wallet", ...newPass)).toBe(did);
    const stranger = await restore("none.wallet", "recipient.age", ...pass);
    expect({ code: stranger.code, ...stranger.json }).toMatchObject({
      code: 3,
      error: { code: "UNLOCK_FAILED" },
    });
  });

  it.skipIf(!HAS_AGE)("is opened by age itself, with the file of the identity", async () => {
    await backup("for-age.age", ...to);
    const { status, stdout } = spawnSync("age", ["-d", "-i", path("identity.txt"), path("for-age.age")]);
    expect(status).toBe(0);
    expect(stdout.toString()).toContain(did);
  });

  it("replaces a wallet that is there only where that is said, whatever its passphrase is", async () => {
    await json("wallet", "create", "--wallet", path("other.wallet"));
    const other = await didOf("other.wallet");
    const refused = await restore("other.wallet", "bot.age", ...key);
    expect({ code: refused.code, ...refused.json }).toMatchObject({
      code: 3,
      error: { code: "FILE_EXISTS" },
    });
    const stranger = await restore(
      "other.wallet",
      "bot.age",
      ...key,
      "--replace",
      "--expected-did",
      String(other),
    );
    expect({ code: stranger.code, ...stranger.json }).toMatchObject({
      code: 1,
      error: { code: "BACKUP_MISMATCH" },
    });
    const wrong = await restore(
      "other.wallet",
      "bot.age",
      "--backup-passphrase-file",
      path("new.pass"),
      "--replace",
    );
    expect(wrong.json["error"]).toMatchObject({
      code: "UNLOCK_FAILED",
      hint: "An identity of age opens it, no passphrase.",
    });
    // Nobody sits here who could be asked.
    const unsaid = await restore("other.wallet", "bot.age", ...key, "--replace");
    expect({ code: unsaid.code, ...unsaid.json }).toMatchObject({ code: 2, error: { code: "USAGE" } });
    expect(await didOf("other.wallet")).toBe(other);
    const replaced = await restore("other.wallet", "bot.age", ...key, "--replace", "--yes");
    expect(replaced.json).toMatchObject({ did, replaced: true });
    expect(await didOf("other.wallet", ...newPass)).toBe(did);
  });

  it("replaces a wallet that has lost its header, and says what to do about what is no database", async () => {
    await json("wallet", "create", "--wallet", path("damaged.wallet"));
    const database = await openSqliteDatabase({ path: path("damaged.wallet"), mode: "open" });
    await database.query("UPDATE wallet SET header = 'x'");
    await database.close();
    const over = () => restore("damaged.wallet", "bot.age", ...key, "--replace", "--yes");
    expect((await over()).json).toMatchObject({ did, replaced: true });
    write("damaged.wallet", "no database at all");
    const { code, json: answer } = await over();
    expect({ code, ...answer }).toMatchObject({
      code: 3,
      error: { code: "DATABASE_INVALID", hint: expect.stringContaining("move it away") as string },
    });
  });

  it.each([
    ["RECORD_TAMPERED", "UPDATE wallet SET counter = 'x'"],
    ["RECORD_TAMPERED", "UPDATE wallet SET root = 'x'"],
    ["RECORD_TAMPERED", "UPDATE wallet SET generation = 9007199254740991"],
    ["HEADER_CORRUPT", "DELETE FROM wallet"],
  ])(
    "says with %s what to do about a wallet that nothing can take the place of: %s",
    async (code, damage) => {
      await json("wallet", "create", "--wallet", path("row.wallet"));
      const database = await openSqliteDatabase({ path: path("row.wallet"), mode: "open" });
      await database.query(damage);
      await database.close();
      const { json: answer } = await restore("row.wallet", "bot.age", ...key, "--replace", "--yes");
      const message: unknown = expect.stringContaining(`${path("row.wallet")}: `);
      const hint: unknown = expect.stringContaining("-wal or -shm, and restore without --replace");
      expect(answer).toMatchObject({ error: { code, message, hint } });
      // As the hint says.
      renameSync(path("row.wallet"), path("away.wallet"));
      const restored = await restore("row.wallet", "bot.age", ...key);
      expect(restored.json).toMatchObject({ did, replaced: false });
      rmSync(path("row.wallet"));
    },
  );

  it("row 186: leaves no wallet where the backup is damaged", async () => {
    const bytes = readFileSync(path("bot.age"));
    for (const [name, damaged] of [
      ["cut.age", bytes.subarray(0, -1)],
      ["more.age", Buffer.concat([bytes, bytes])],
      ["empty.age", Buffer.alloc(0)],
      ["none.age", readFileSync(path("bot.wallet"))],
    ] as const) {
      writeFileSync(path(name), damaged);
      const { code, json: answer } = await restore("none.wallet", name, ...key);
      expect([name, code, answer["error"]]).toEqual([
        name,
        3,
        expect.objectContaining({ code: "BACKUP_INVALID" }),
      ]);
    }
    expect(readdirSync(folder)).not.toContain("none.wallet");
    expect(temporary()).toEqual([]);
  });

  it("row 194: replaces no file unless that is said, and never the wallet", async () => {
    const again = await backup("bot.age", ...to);
    expect({ code: again.code, ...again.json }).toMatchObject({ code: 3, error: { code: "FILE_EXISTS" } });
    expect((await backup("bot.age", ...to, "--force")).code).toBe(0);
    symlinkSync(path("bot.wallet"), path("link"));
    for (const name of ["bot.wallet", "link"]) {
      const { code, json: answer } = await backup(name, ...to, "--force");
      expect({ name, code, ...answer }).toMatchObject({ code: 2, error: { code: "USAGE" } });
    }
    expect(await didOf("bot.wallet")).toBe(did);
    write("taken.wallet-wal", "a journal of something else");
    const taken = await restore("taken.wallet", "bot.age", ...key);
    expect({ code: taken.code, ...taken.json }).toMatchObject({ code: 3, error: { code: "FILE_EXISTS" } });
    expect(readdirSync(folder)).not.toContain("taken.wallet");
    expect(temporary()).toEqual([]);
  });

  it.each([
    ["both secrets of a backup", 2, "USAGE", ["backup", "--out", "x", "--recipient", "age1x", ...pass]],
    ["a recipient that is none", 2, "ARGUMENT_INVALID", ["backup", "--out", "x", "--recipient", "age1x"]],
    ["no secret of a backup", 3, "SECRET_MISSING", ["backup", "--out", "x"]],
    [
      "both secrets to open it",
      2,
      "USAGE",
      ["restore", "--from", "bot.age", "--identity-file", "identity.txt", ...pass],
    ],
    ["no secret to open it", 3, "SECRET_MISSING", ["restore", "--from", "bot.age"]],
    [
      "an identity file without one",
      3,
      "SECRET_MISSING",
      ["restore", "--from", "bot.age", "--identity-file", "empty"],
    ],
    [
      "an identity file of something else",
      2,
      "ARGUMENT_INVALID",
      ["restore", "--from", "bot.age", "--identity-file", "new.pass"],
    ],
    ["--yes without --replace", 2, "USAGE", ["restore", "--from", "bot.age", ...key, "--yes"]],
    ["no backup", 3, "FILE_UNREADABLE", ["restore", "--from", "nothing", ...key]],
    ["a folder", 3, "FILE_UNREADABLE", ["restore", "--from", "home", ...key]],
    ["standard output", 2, "USAGE", ["backup", "--out", "-", ...pass]],
    ["no file to write", 2, "USAGE", ["backup", ...pass]],
    ["no backup to read", 2, "USAGE", ["restore", ...pass]],
  ])("ends with a code where there is %s", async (_, code, error, [command = "", ...more]) => {
    write("empty", "# nothing\n");
    const wallet = command === "backup" ? bot : ["--wallet", path("none.wallet")];
    const ended = await json("wallet", command, ...wallet, ...more);
    expect({ code: ended.code, ...ended.json }).toMatchObject({ code, error: { code: error } });
    expect(readdirSync(folder)).not.toContain("x");
  });

  it("row 190: takes no passphrase as an argument, and repeats none", async () => {
    for (const command of ["backup", "restore"]) {
      const { stdout } = await text("wallet", command, "--help");
      expect(stdout).toContain("Example:");
      expect(stdout).not.toMatch(/--[a-z-]*passphrase <(?!file)/);
    }
    const named = await backup("x", "--backup-passphrase-file", "canary passphrase");
    expect(`${named.stdout}${named.stderr}`).not.toContain("canary");
  });

  it("row 184: leaves nothing in clear beside it, nor in temporary places", () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    const searched = files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => !file.startsWith(path("home")) && !file.endsWith(".json"));
    expect(searched).toContain(path("moved.wallet"));
    for (const file of searched) {
      const content = readFileSync(file);
      const found = ["canary", "credentialSubject", did.slice(8), "writ-wallet-backup"].filter((needle) =>
        content.includes(needle),
      );
      expect([file, found]).toEqual([file, []]);
    }
  });
});

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { codeOfAsync } from "@writ/testkit";
import { beforeAll, describe, expect, it } from "vitest";

import { withPrivateCopy, type CopyBytes } from "../src/environment/private-copy.js";
import { withPublishedDatabase } from "../src/environment/published-database.js";
import { createWorkplace, ROOT } from "./writ.js";

const { folder, path, json, environment } = createWorkplace();
const BOT = ["--wallet", "bot.wallet", "--wallet-passphrase-file", "bot.pass"] as const;

beforeAll(async () => {
  writeFileSync(path("bot.pass"), "bot's passphrase\n", { mode: 0o600 });
  writeFileSync(path("raw.key"), Buffer.alloc(32, 7), { mode: 0o600 });
  await json("wallet", "create", ...BOT);
});

/** What a copy holds. */
const contentOf = (copy: string): Promise<unknown> =>
  Promise.resolve([readFileSync(copy, "utf8"), existsSync(`${copy}-wal`)]);

describe("a copy of a database that is in use", () => {
  it("is made again where its log is taken in meanwhile", async () => {
    writeFileSync(path("a.db"), "old");
    writeFileSync(path("a.db-wal"), "new");
    const asItCloses: CopyBytes = (from, to) => {
      copyFileSync(from, to);
      writeFileSync(path("a.db"), "old and new");
      rmSync(path("a.db-wal"), { force: true });
      return Promise.resolve();
    };
    let copies = 0;
    const once: CopyBytes = (from, to) => {
      if (copies++ === 0) return asItCloses(from, to);
      copyFileSync(from, to);
      return Promise.resolve();
    };
    expect(await withPrivateCopy(path("a.db"), contentOf, once)).toEqual(["old and new", false]);
  });

  it("is not made where others keep writing", async () => {
    writeFileSync(path("b.db"), "1");
    let writes = 0;
    const written: CopyBytes = (from, to) => {
      copyFileSync(from, to);
      writeFileSync(path("b.db"), "1".repeat(++writes + 1));
      return Promise.resolve();
    };
    expect(await codeOfAsync(() => withPrivateCopy(path("b.db"), contentOf, written))).toBe("DATABASE_BUSY");
  });

  it("goes when the doctor is interrupted", async () => {
    mkdirSync(path("tmp"));
    execFileSync("mkfifo", ["-m", "600", path("pipe.pass")]);
    const doctor = spawn(
      process.execPath,
      [
        join(ROOT, "packages/cli/bin/writ.js"),
        "wallet",
        "doctor",
        "--wallet",
        "bot.wallet",
        "--wallet-passphrase-file",
        "pipe.pass",
      ],
      { cwd: folder, env: { ...environment, TMPDIR: path("tmp") }, stdio: "ignore" },
    );
    // It waits for a passphrase that nobody writes.
    while (!readdirSync(path("tmp"), { recursive: true }).some((name) => String(name).endsWith("-shm")))
      await sleep(20);
    doctor.kill("SIGINT");
    expect(await once(doctor, "exit")).toEqual([null, "SIGINT"]);
    expect(readdirSync(path("tmp"))).toEqual([]);
  });
});

describe("a wallet that the doctor saves", () => {
  it("gets its name when it is whole", async () => {
    const names = new Set<string | null>();
    const watcher = watch(folder, (_, name) => names.add(name));
    const saved = await json(
      "wallet",
      "doctor",
      ...BOT,
      "--save-into",
      "saved.wallet",
      "--new-key-file",
      "raw.key",
    );
    await sleep(20);
    watcher.close();
    expect(saved.code).toBe(0);
    expect(existsSync(path("saved.wallet"))).toBe(true);
    expect([...names].filter((name) => name?.startsWith("saved.wallet-"))).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("leaves nothing where it comes to nothing, and nothing is done where the name is taken", async () => {
    const file = path("none.wallet");
    const before = readdirSync(folder);
    let isThere = true;
    const failing = withPublishedDatabase(file, () => {
      isThere = existsSync(file);
      return Promise.reject(new RangeError("no room"));
    });
    await expect(failing).rejects.toThrow("no room");
    expect(isThere).toBe(false);
    expect(readdirSync(folder)).toEqual(before);
    const again = () => withPublishedDatabase(path("bot.wallet"), () => Promise.reject(new Error("begun")));
    expect(await codeOfAsync(again)).toBe("FILE_EXISTS");
  });
});

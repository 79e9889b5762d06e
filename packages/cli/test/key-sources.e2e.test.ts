import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { seededRandom, startKmsServer, withoutPackage, type KmsServer } from "@writ/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { createWorkplace, ROOT, run, type Run } from "./writ.js";

const { path, environment, json, text, folder } = createWorkplace();
const KEY = seededRandom("key file")(32);

/** A file for its user alone. */
function privateFile(name: string, content: string | Uint8Array): string {
  writeFileSync(path(name), content, { mode: 0o600 });
  return path(name);
}

/** What of a refusal counts: exit code, code and message. */
function refusal({ code: exit, json: answer }: Run): object {
  return { exit, ...(answer["error"] as object) };
}

/** Runs with other variables; `undefined` takes one away. */
async function withVariables<T>(
  variables: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...environment };
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(environment, name);
    else environment[name] = value;
  }
  try {
    return await work();
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(environment, name);
    Object.assign(environment, before);
  }
}

describe("a key file", () => {
  const open = ["wallet", "show", "--wallet", "key.wallet"];
  const asFile = (file: string): readonly string[] => [...open, "--wallet-key-file", file];
  beforeAll(async () => {
    const create = ["wallet", "create", "--wallet", "key.wallet", "--wallet-key-file"];
    await json(...create, privateFile("raw.key", KEY));
  });

  it.each<readonly [string, string | Uint8Array]>([
    ["32 bytes", KEY],
    ["hexadecimal digits", Buffer.from(KEY).toString("hex")],
    ["hexadecimal digits in a line", `${Buffer.from(KEY).toString("hex").toUpperCase()}\n`],
    ["base64url digits", Buffer.from(KEY).toString("base64url")],
    ["base64url digits with their padding", `${Buffer.from(KEY).toString("base64url")}=\n`],
    ["base64url digits in a line", `${Buffer.from(KEY).toString("base64url")}\r\n`],
  ])("may hold %s", async (_, content) => {
    expect((await json(...asFile(privateFile("some.key", content)))).json).toEqual({
      did: expect.stringMatching(/^did:key:/) as string,
      credentials: 0,
    });
  });

  it("may come through a pipe", async () => {
    const script = `node "$0" wallet show --json --wallet key.wallet --wallet-key-file /dev/fd/3 3< <(cat raw.key)`;
    const { code } = await run(
      "bash",
      ["-ec", script, join(ROOT, "packages/cli/bin/writ.js")],
      folder,
      environment,
    );
    expect(code).toBe(0);
  });

  it.each<readonly [string, string | Uint8Array]>([
    ["nothing", ""],
    ["31 bytes", KEY.subarray(1)],
    ["33 bytes", Buffer.concat([KEY, Buffer.from([0])])],
    ["the digits of 16 bytes", "0123456789abcdef0123456789abcdef"],
    ["63 hexadecimal digits", "a".repeat(63)],
    ["two lines", `${"a".repeat(64)}\n\n`],
    ["a digit that is none", `${"a".repeat(63)}g`],
    ["base64url that is not canonical", `${"A".repeat(42)}B`],
    ["base64url that is not canonical, with its padding", `${"A".repeat(42)}B=`],
    ["base64url with more padding than it has", `${"A".repeat(43)}==`],
    ["hexadecimal digits with padding", `${"a".repeat(64)}=`],
  ])("is none if it holds %s", async (_, content) => {
    const refused = refusal(await json(...asFile(privateFile("none.key", content))));
    expect(refused).toMatchObject({ exit: 3, code: "SECRET_MISSING" });
  });

  it("of another key does not open", async () => {
    const other = privateFile("other.key", new Uint8Array(32));
    expect(refusal(await json(...asFile(other)))).toMatchObject({ exit: 3, code: "UNLOCK_FAILED" });
  });

  it.each([0o640, 0o604, 0o620, 0o644])("of mode %o is refused (rows 182, 183)", async (mode) => {
    const file = privateFile(`mode-${String(mode)}.key`, KEY);
    chmodSync(file, mode);
    expect(refusal(await json(...asFile(file)))).toMatchObject({ exit: 3, code: "FILE_UNSAFE" });
  });

  it("is no folder (rows 182, 183)", async () => {
    expect(refusal(await json(...asFile(folder)))).toMatchObject({ exit: 3, code: "FILE_UNSAFE" });
  });

  it.runIf(process.getuid?.() === 0)("of another user is refused (rows 182, 183)", async () => {
    const file = privateFile("foreign.key", KEY);
    chownSync(file, 12_345, 12_345);
    expect(refusal(await json(...asFile(file)))).toMatchObject({ exit: 3, code: "FILE_UNSAFE" });
  });

  it("that is not there is not named: it may be the key itself", async () => {
    const secret = Buffer.from(KEY).toString("hex");
    const { stdout, stderr, code } = await json(...asFile(secret));
    expect({ code, shown: `${stdout}${stderr}`.includes(secret) }).toEqual({ code: 3, shown: false });
  });
});

describe("one source of keys, and the one that is needed", () => {
  const ways = {
    passphrase: ["--wallet-passphrase-file", "wallet.pass"],
    raw: ["--wallet-key-file", "raw.key"],
    keyring: ["--wallet-keyring"],
    kms: ["--wallet-kms", "aws:alias/writ"],
  } as const;
  const names = Object.keys(ways) as (keyof typeof ways)[];
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => ({ one, other })));

  it.each(pairs)("$one and $other are not named together", async ({ one, other }) => {
    const create = ["wallet", "create", "--wallet", "both.wallet", ...ways[one], ...ways[other]];
    expect(refusal(await json(...create))).toMatchObject({ exit: 2, code: "USAGE" });
    const home = [...ways[one], ...ways[other]].map((part) => part.replace("--wallet-", "--"));
    const init = ["init", "--home", "both", "--name", "Both", ...home];
    expect(refusal(await json(...init))).toMatchObject({ exit: 2, code: "USAGE" });
    expect(existsSync(path("both.wallet")) || existsSync(path("both"))).toBe(false);
  });

  it("two variables are not taken together, and an option goes before them", async () => {
    await withVariables({ WRIT_WALLET_KEY_FILE: path("raw.key") }, async () => {
      const show = ["wallet", "show", "--wallet", "key.wallet"];
      expect(refusal(await json(...show))).toMatchObject({ exit: 2, code: "USAGE" });
      expect((await json(...show, ...ways.raw)).code).toBe(0);
    });
  });

  it.each(["passphrase", "keyring", "kms"] as const)(
    "a wallet that opens with a key file says so when it is given %s",
    async (given) => {
      const refused = refusal(await json("wallet", "list", "--wallet", "key.wallet", ...ways[given]));
      expect(refused).toMatchObject({
        exit: 3,
        code: "UNLOCK_FAILED",
        message: expect.stringContaining("the wallet opens with a key from a file, not with a") as string,
        hint: "Pass --wallet-key-file FILE.",
      });
    },
  );

  it("a home and a wallet say it when nothing is given", async () => {
    await json("init", "--home", "by-key", "--name", "ACME", "--key-file", "raw.key");
    const variables = { WRIT_PASSPHRASE_FILE: undefined, WRIT_WALLET_PASSPHRASE_FILE: undefined };
    await withVariables(variables, async () => {
      const publish = await json("status", "publish", "--home", "by-key", "--out", "lists");
      expect(refusal(publish)).toMatchObject({
        exit: 3,
        code: "SECRET_MISSING",
        hint: "Pass --key-file FILE, or set WRIT_KEY_FILE.",
      });
      const list = await json("wallet", "list", "--wallet", "key.wallet");
      expect(refusal(list)).toMatchObject({
        code: "SECRET_MISSING",
        hint: "Pass --wallet-key-file FILE, or set WRIT_WALLET_KEY_FILE.",
      });
      // Where one is made, there are all ways; only a passphrase is asked for.
      const create = refusal(await json("wallet", "create", "--wallet", "new.wallet"));
      expect(create).toMatchObject({
        code: "SECRET_MISSING",
        hint: "Pass --wallet-passphrase-file FILE, --wallet-key-file FILE, --wallet-keyring or --wallet-kms KEY, or set WRIT_WALLET_PASSPHRASE_FILE. On a terminal you are asked for a passphrase.",
      });
    });
    const published = await json(
      "status",
      "publish",
      "--home",
      "by-key",
      "--out",
      "lists",
      "--key-file",
      "raw.key",
    );
    expect(published.code).toBe(0);
  });

  it("a wallet with a passphrase says so too", async () => {
    await json("wallet", "create", "--wallet", "pass.wallet");
    expect(refusal(await json("wallet", "list", "--wallet", "pass.wallet", ...ways.raw))).toMatchObject({
      code: "UNLOCK_FAILED",
      hint: "Pass --wallet-passphrase-file FILE.",
    });
  });
});

/** The block of the documentation for a source that a test has to provide. */
function commandsFor(source: "aws" | "keyring"): string {
  const page = readFileSync(join(ROOT, "docs/key-sources.md"), "utf8");
  const block = new RegExp(`^\`\`\`sh ${source}\\n([^]*?)^\`\`\`$`, "m").exec(page)?.[1] ?? "";
  return `alias writ="'${process.execPath}' '${join(ROOT, "packages/cli/bin/writ.js")}'"\ncd "$(mktemp -d)"\n${block}`;
}
const bash = (script: string): readonly string[] => ["-O", "expand_aliases", "-ec", script];

describe("a key of AWS KMS", () => {
  let server: KmsServer;
  let arn: string;
  const before = { ...environment };
  beforeAll(async () => {
    server = await startKmsServer();
    arn = server.createKey();
    server.setAlias("alias/writ", arn);
    Object.assign(environment, {
      AWS_REGION: server.region,
      AWS_ENDPOINT_URL_KMS: server.url,
      AWS_ACCESS_KEY_ID: server.account.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.account.secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });
  afterEach(() => server.breakWith(undefined));
  afterAll(async () => {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(environment, name);
    Object.assign(environment, before);
    await server.close();
  });

  const show = (name: string, key: string): Promise<Run> =>
    json("wallet", "show", "--wallet", name, "--wallet-kms", key);

  it("opens a wallet and an organisation: the documentation's commands run", async () => {
    const { code, stdout, stderr } = await run("bash", bash(commandsFor("aws")), folder, environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/Enrolled refund-bot/);
    const kinds = server.requests.map(({ input }) => input["EncryptionContext"] as Record<string, string>);
    expect(new Set(kinds.map((context) => context["writ:kind"]))).toEqual(
      new Set(["wallet", "organisation"]),
    );
  });

  it("may be named by a variable", async () => {
    const variables = { WRIT_WALLET_KMS: `aws:${arn}`, WRIT_WALLET_PASSPHRASE_FILE: undefined };
    await withVariables(variables, async () => {
      expect((await json("wallet", "create", "--wallet", "kms.wallet")).code).toBe(0);
      expect((await json("wallet", "show", "--wallet", "kms.wallet")).code).toBe(0);
    });
  });

  it("is told where nothing, or another, is named", async () => {
    await withVariables({ WRIT_WALLET_PASSPHRASE_FILE: undefined }, async () => {
      expect(refusal(await json("wallet", "show", "--wallet", "kms.wallet"))).toMatchObject({
        code: "SECRET_MISSING",
        message: "the wallet opens with a key management service",
        hint: `Pass --wallet-kms aws:${arn}, or set WRIT_WALLET_KMS.`,
      });
    });
    expect(refusal(await show("kms.wallet", "aws:alias/writ"))).toMatchObject({
      exit: 3,
      code: "UNLOCK_FAILED",
      message: `the key aws:${arn} of a KMS opens this, not aws:alias/writ`,
    });
  });

  it.each(["alias/writ", "gcp:key", "aws:", "aws:a key"])("is not named %j", async (key) => {
    expect(refusal(await show("kms.wallet", key))).toMatchObject({ exit: 2, code: "USAGE" });
  });

  it.each<readonly [string, string, string]>([
    ["denies", "AccessDeniedException", "KEY_SOURCE_DENIED"],
    ["is throttled", "ThrottlingException", "KEY_SOURCE_UNAVAILABLE"],
    ["has another key", "IncorrectKeyException", "UNLOCK_FAILED"],
  ])("that %s does not open, and nothing else is tried (row 187)", async (_, type, code) => {
    const message = "secret words of the service";
    server.breakWith(() => ({ status: 400, body: JSON.stringify({ __type: type, message }) }));
    const refused = await show("kms.wallet", `aws:${arn}`);
    expect(refusal(refused)).toMatchObject({ exit: 3, code });
    for (const secret of [message, server.account.accessKeyId, server.account.secretAccessKey]) {
      expect(`${refused.stdout}${refused.stderr}`).not.toContain(secret);
    }
  });

  it("that denies makes no wallet (row 187)", async () => {
    server.breakWith(() => ({ status: 400, body: '{"__type":"AccessDeniedException"}' }));
    const create = ["wallet", "create", "--wallet", "denied.wallet", "--wallet-kms", `aws:${arn}`];
    expect(refusal(await json(...create))).toMatchObject({ exit: 3, code: "KEY_SOURCE_DENIED" });
    expect(existsSync(path("denied.wallet"))).toBe(false);
  });

  it("needs its package, which is said", async () => {
    await withVariables({ NODE_OPTIONS: withoutPackage("@writ/aws-kms") }, async () => {
      expect(refusal(await show("kms.wallet", `aws:${arn}`))).toMatchObject({
        exit: 3,
        code: "KEY_SOURCE_UNAVAILABLE",
        hint: "Install it where writ is: npm install @writ/aws-kms",
      });
    });
  });
});

describe("the keyring", () => {
  const isThere = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;
  const hasSecretService =
    process.platform === "linux" && isThere("dbus-run-session") && isThere("gnome-keyring-daemon");

  it.runIf(process.platform === "linux")("that is not there makes no wallet (row 187)", async () => {
    const create = await text("wallet", "create", "--wallet", "ring.wallet", "--wallet-keyring");
    expect(create).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/KEY_SOURCE_UNAVAILABLE/) as string,
    });
    expect(existsSync(path("ring.wallet"))).toBe(false);
  });

  it("needs its package, which is said", async () => {
    await withVariables({ NODE_OPTIONS: withoutPackage("@writ/keyring") }, async () => {
      const create = await json("wallet", "create", "--wallet", "ring.wallet", "--wallet-keyring");
      expect(refusal(create)).toMatchObject({
        exit: 3,
        code: "KEY_SOURCE_UNAVAILABLE",
        hint: "Install it where writ is: npm install @writ/keyring",
      });
    });
  });

  it.runIf(hasSecretService)(
    "opens a wallet: the documentation's commands run (skipped without dbus-run-session and gnome-keyring-daemon)",
    async () => {
      const unlock = "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
      const args = ["--", "bash", ...bash(`${unlock}\n${commandsFor("keyring")}`)];
      const session = { ...environment, XDG_RUNTIME_DIR: folder };
      const { code, stdout } = await run("dbus-run-session", args, folder, session);
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/did:key:\S+, 0 credentials/) as string,
      });
    },
  );
});

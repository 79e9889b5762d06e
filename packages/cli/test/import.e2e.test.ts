import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { createWorkplace } from "./writ.js";

/** Many agents are enrolled from a file; told in order. */
describe("writ agent import", () => {
  const { json, text, path } = createWorkplace();
  const home = ["--home", path("home")];
  const items = (answer: { readonly json: Record<string, unknown> }) =>
    answer.json["items"] as readonly {
      readonly name?: string;
      readonly outcome: string;
      readonly error?: { readonly code: string };
    }[];
  const outcomes = (answer: { readonly json: Record<string, unknown> }): readonly string[] =>
    items(answer).map(({ name = "", outcome, error }) => `${name} ${error?.code ?? outcome}`);
  const identityOf = (name: string) =>
    (JSON.parse(readFileSync(path(`made/${name}.json`), "utf8")) as readonly { readonly id: string }[])[0];

  beforeAll(async () => {
    await json("init", ...home, "--name", "ACME");
    await json("role", "set", "reader", ...home);
    await json("role", "set", "clerk", ...home);
    await json(
      "principal",
      "create",
      "alice",
      ...home,
      "--type",
      "person",
      "--did",
      "did:web:people.example:alice",
    );
    for (const name of ["a", "b", "c"]) {
      await json("wallet", "create", "--wallet", path(`${name}.wallet`));
      await json("wallet", "request", "--wallet", path(`${name}.wallet`), "--out", path(`${name}.request`));
    }
  }, 60_000);

  it("enrols each row of CSV, and says which it refuses and why", async () => {
    execFileSync("mkfifo", [path("pipe")]);
    writeFileSync(
      path("fleet.csv"),
      `\uFEFFname,request,roles,owner,environment,ttl
a,a.request,reader;clerk,alice,prod,12h
b,b.request,,,,
"c",nowhere.request,,,,
d,c.request,king,,,
../e,c.request,,,,
f,c.request,,nobody,,
a,c.request,,,,
g,a.request,,,,
h,../outside,,,,
i,pipe,,,,
`,
    );
    const imported = await json("agent", "import", path("fleet.csv"), ...home, "--out", path("made"));
    expect(imported.code).toBe(1);
    expect(outcomes(imported)).toEqual([
      "a enrolled",
      "b enrolled",
      "c FILE_UNREADABLE",
      "d NOT_FOUND",
      "../e USAGE",
      "f NOT_FOUND",
      "a ALREADY_EXISTS",
      "g ALREADY_EXISTS",
      "h USAGE",
      "i FILE_UNREADABLE",
    ]);
    expect(identityOf("a")).toMatchObject({
      credentialSubject: {
        ...{ name: "a", roles: ["reader", "clerk"], environment: "prod" },
        owner: "did:web:people.example:alice",
      },
    });
    expect(existsSync(path("e.json"))).toBe(false);
    const added = await json("wallet", "add", path("made/a.json"), "--wallet", path("a.wallet"));
    expect(added.code).toBe(0);
  });

  it("takes no CSV that could be read in more than one way, and enrols nobody of it", async () => {
    const code = async (bytes: string | Uint8Array) => {
      writeFileSync(path("odd.csv"), bytes);
      const answer = await json("agent", "import", path("odd.csv"), ...home, "--out", path("odd"));
      expect(existsSync(path("odd"))).toBe(false);
      return (answer.json["error"] as { readonly code: string }).code;
    };
    expect(await code("name,request,owner,owner\nc,c.request,alice,\n")).toBe("USAGE");
    expect(await code("c,c.request\n")).toBe("USAGE");
    expect(await code(Buffer.from("name,request\nc\xff,c.request\n", "latin1"))).toBe("ENCODING_INVALID");
    expect(await code(`name\n${"c\n".repeat(100_001)}`)).toBe("TOO_LARGE");
  });

  it("judges each row by itself, says where it is wrong, and what is not as asked for", async () => {
    const importing = async (rows: string) => {
      writeFileSync(path("some.csv"), rows);
      return json("agent", "import", path("some.csv"), ...home, "--out", path("made"));
    };
    const short = await importing("name,request,roles\na,a.request\nb\n");
    expect(outcomes(short)).toEqual(["a registered", "b USAGE"]);
    const misspelt = await importing("name,request,role\na,a.request,reader\n");
    expect(items(misspelt)).toMatchObject([{ error: { code: "SCHEMA_INVALID", pointer: "/role" } }]);
    for (const other of ["roles\na,a.request,reader", "environment\na,a.request,test"]) {
      expect(outcomes(await importing(`name,request,${other}\n`))).toEqual(["a ALREADY_EXISTS"]);
    }
    const same = "a,a.request,clerk;reader\n";
    expect(outcomes(await importing(`name,request,roles\n${same}${same}`))).toEqual([
      "a registered",
      "a registered",
    ]);
    const delivered = readFileSync(path("made/b.json"));
    writeFileSync(path("made/b.json"), readFileSync(path("made/a.json")));
    expect(outcomes(await importing("name,request\nb,b.request\n"))).toEqual(["b FILE_EXISTS"]);
    writeFileSync(path("made/b.json"), delivered);
    await json("agent", "suspend", "b", ...home);
    expect(outcomes(await importing("name,request\nb,b.request\n"))).toEqual(["b AGENT_INACTIVE"]);
    await json("agent", "resume", "b", ...home);
  });

  it("goes on where it was broken off: what is there stays, and what did not arrive comes", async () => {
    writeFileSync(path("fleet.csv"), "name,request\na,a.request\nb,b.request\nc,c.request\n");
    const first = identityOf("b");
    rmSync(path("made/b.json"));
    const again = await json("agent", "import", path("fleet.csv"), ...home, "--out", path("made"));
    expect(again.code).toBe(0);
    expect(outcomes(again)).toEqual(["a registered", "b registered", "c enrolled"]);
    expect(identityOf("b")?.id).not.toBe(first?.id);
    expect((await text("agent", "import", path("fleet.csv"), ...home, "--out", path("made"))).stdout).toBe(
      "Enrolled 0 agents; 3 were before, 0 are refused\n",
    );
    expect((await json("agent", "list", ...home)).json["items"]).toHaveLength(3);
  });

  it("makes a wallet for each row of JSON lines without a request", async () => {
    const rows = [{ name: "m", roles: ["reader"] }, { name: "n" }, { nome: "o" }, { name: "p", ttl: "soon" }];
    writeFileSync(path("fleet.jsonl"), `${rows.map((row) => JSON.stringify(row)).join("\n")}\n{`);
    const importing = () =>
      json("agent", "import", path("fleet.jsonl"), ...home, "--wallets", path("wallets"));
    expect(outcomes(await importing())).toEqual([
      ...["m enrolled", "n enrolled", " SCHEMA_INVALID", "p USAGE", " JSON_SYNTAX"],
    ]);
    const held = await json("wallet", "list", "--wallet", path("wallets/m.wallet"));
    expect(held.json["items"]).toMatchObject([{ type: "AgentIdentityCredential", own: true }]);
    expect(outcomes(await importing()).slice(0, 2)).toEqual(["m registered", "n registered"]);
    expect((await json("wallet", "list", "--wallet", path("wallets/m.wallet"))).json["items"]).toHaveLength(
      1,
    );
  });

  it.each([
    ["a file of no known format", ["fleet.txt", "--out", "made"], 2, "USAGE"],
    ["nowhere to put what is made", ["fleet.csv"], 2, "USAGE"],
    ["a file that is not there", ["none.csv", "--out", "made"], 3, "FILE_UNREADABLE"],
    ["what is no CSV", ["broken.csv", "--out", "made"], 2, "USAGE"],
    ["what is no text", ["bytes.jsonl", "--out", "made"], 1, "ENCODING_INVALID"],
  ])("refuses %s", async (_, [file = "", ...args], code, error) => {
    writeFileSync(path("fleet.txt"), "");
    writeFileSync(path("broken.csv"), 'name\n"a\n');
    writeFileSync(path("bytes.jsonl"), new Uint8Array([0xff, 0x0a]));
    const refused = await json("agent", "import", path(file), ...home, ...args);
    expect(refused).toMatchObject({ code, json: { error: { code: error } } });
  });

  it("refuses a row whose wallet does not open, and goes on with the others", async () => {
    writeFileSync(path("wallets/r.wallet"), "x".repeat(8192));
    await json("wallet", "create", "--wallet", path("wallets/s.wallet"));
    const pass = path("other.pass");
    writeFileSync(pass, "another passphrase\n", { mode: 0o600 });
    writeFileSync(
      path("more.jsonl"),
      ["q", "r", "s", "t"].map((name) => JSON.stringify({ name })).join("\n"),
    );
    const wallets = ["--wallets", path("wallets")];
    const imported = await json("agent", "import", path("more.jsonl"), ...home, ...wallets);
    expect([imported.code, outcomes(imported)]).toEqual([
      1,
      ["q enrolled", "r FILE_UNREADABLE", "s enrolled", "t enrolled"],
    ]);
    const [, refused] = items(imported);
    expect(refused?.error).toMatchObject({ message: expect.stringContaining("wallets/r.wallet") as string });
    const locked = ["--wallet-passphrase-file", pass];
    const again = await json("agent", "import", path("more.jsonl"), ...home, ...wallets, ...locked);
    expect(outcomes(again)).toEqual(Array.from("qrst", (name) => `${name} FILE_UNREADABLE`));
  });

  it("ends where what was issued cannot be kept, and delivers it when it is run again", async ({ skip }) => {
    const room = path("room");
    mkdirSync(room);
    // One page: room for one credential.
    const mount = (...options: readonly string[]) => spawnSync("mount", [...options, room]).status === 0;
    if (!mount("-t", "tmpfs", "-o", "size=4k", "tmpfs")) return skip("no file system can be mounted here");
    onTestFinished(() => {
      spawnSync("umount", ["-l", room]);
    });
    for (const name of ["x", "y"]) {
      await json("wallet", "create", "--wallet", path(`${name}.wallet`));
      await json("wallet", "request", "--wallet", path(`${name}.wallet`), "--out", path(`${name}.request`));
    }
    writeFileSync(path("xy.csv"), "name,request\nx,x.request\ny,y.request\n");
    const importing = () => json("agent", "import", path("xy.csv"), ...home, "--out", room);
    expect(await importing()).toMatchObject({
      code: 3,
      json: {
        error: {
          code: "FILE_UNREADABLE",
          message: expect.stringMatching(
            /^an agent is enrolled, and did not get its identity: .*ENOSPC/,
          ) as string,
          hint: "The same import again delivers what is missing.",
        },
      },
    });
    expect(mount("-o", "remount,size=64k")).toBe(true);
    const again = await importing();
    expect([again.code, outcomes(again)]).toEqual([0, ["x registered", "y registered"]]);
    expect(readdirSync(room).sort()).toEqual(["x.json", "y.json"]);
  });
});

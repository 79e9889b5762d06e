import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { codeOfAsync } from "@writ/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { createFolderStatusSource, verifyCredential, type ObtainedList } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { openWorld, type World } from "./world.js";

let world: World;
let folder: string;
let lists: readonly (readonly [address: string, text: string])[];

beforeAll(async () => {
  world = await openWorld();
  lists = [...(await world.source()).lists].map(([id, text]) => [id, text as string] as const);
});
afterAll(() => world.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-lists-"));
  const made = folder;
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true });
  });
});

const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
};

/** Writes both lists, under names that say nothing. */
function publish(): void {
  lists.forEach(([, text], index) => {
    put(`${String(index)}.json`, text);
  });
}

async function judged(): Promise<Outcome> {
  const status = createFolderStatusSource(folder);
  return outcomeOf(await verifyCredential(JSON.stringify(world.root), { ...world.expectations, status }));
}

const UNAVAILABLE = refused(
  "status",
  "STATUS_UNAVAILABLE /credentialStatus/0",
  "STATUS_UNAVAILABLE /credentialStatus/1",
);

describe("createFolderStatusSource", () => {
  it("finds each list by the id inside it, whatever its file is called", async () => {
    publish();
    const source = createFolderStatusSource(folder);
    for (const [address, text] of lists) {
      const list = (await source.get(address)) as ObtainedList;
      expect(Buffer.from(list.text as Uint8Array).toString()).toBe(text);
    }
    expect(await judged()).toEqual(VERIFIED);
  });

  it("answers the same list as long as its file is as it was, and another once it has changed", async () => {
    publish();
    const source = createFolderStatusSource(folder);
    const [address, text] = lists[0] as readonly [string, string];
    const [first, together] = await Promise.all([source.get(address), source.get(address)]);
    expect(together).toBe(first);
    expect(await source.get(address)).toBe(first);
    put("0.json", `${text} `);
    const second = (await source.get(address)) as ObtainedList;
    expect(Buffer.from(second.text as Uint8Array).toString()).toBe(`${text} `);
  });

  it("finds a list again after its folder was away", async () => {
    publish();
    const source = createFolderStatusSource(join(folder, "inner"));
    const address = lists[0]?.[0] ?? "";
    await expect(source.get(address)).rejects.toThrow();
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "inner", "list.json"), lists[0]?.[1] ?? "");
    expect(await source.get(address)).toMatchObject({ text: expect.anything() as unknown });
  });

  it("has none for another address, nor in an empty folder", async () => {
    expect(await createFolderStatusSource(folder).get(lists[0]?.[0] ?? "")).toBeNull();
    expect(await judged()).toEqual(UNAVAILABLE);
    publish();
    expect(await createFolderStatusSource(folder).get("https://elsewhere.example/r1")).toBeNull();
  });

  it("cannot tell where there is no folder", async () => {
    rmSync(folder, { recursive: true });
    expect(await judged()).toEqual(UNAVAILABLE);
  });

  it("cannot tell where two files bear one id, even if they are alike", async () => {
    publish();
    put("copy.json", lists[0]?.[1] ?? "");
    const source = createFolderStatusSource(folder);
    expect(await codeOfAsync(() => source.get(lists[0]?.[0] ?? ""))).toBe("STATUS_UNAVAILABLE");
    expect(await source.get(lists[1]?.[0] ?? "")).not.toBeNull();
    const { failed, problems } = await judged();
    expect([failed, problems.length]).toEqual(["status", 1]);
  });

  it("passes over what is no list", async () => {
    publish();
    put("empty.json", "");
    put("junk.json", "not JSON");
    put("bytes.json", Uint8Array.of(0xff, 0xfe));
    put("null.json", "null");
    put("list.json", "[]");
    put("object.json", "{}");
    put("number.json", '{"id": 7}');
    put("deep.json", `${"[".repeat(100)}${"]".repeat(100)}`);
    put("large.json", `{"id":"${lists[0]?.[0] ?? ""}","x":"${"x".repeat(1024 * 1024)}"}`);
    put("twice.json", `{"id":"${lists[0]?.[0] ?? ""}","id":"${lists[0]?.[0] ?? ""}"}`);
    put("README.md", "about these lists");
    put("list.json.tmp", lists[0]?.[1] ?? "");
    put("list.JSON~", lists[0]?.[1] ?? "");
    mkdirSync(join(folder, "folder.json"));
    expect(await judged()).toEqual(VERIFIED);
  });

  it("does not read what is larger than a list may be", async () => {
    publish();
    // Three GiB of nothing: reading it would fail, and cost a lot before.
    put("sparse.json", "{");
    truncateSync(join(folder, "sparse.json"), 3 * 1024 ** 3);
    expect(await judged()).toEqual(VERIFIED);
  });

  it.skipIf(process.platform === "win32")(
    "passes over symbolic links and pipes, without waiting for them",
    async () => {
      publish();
      symlinkSync(join(folder, "0.json"), join(folder, "link.json"));
      symlinkSync(join(folder, "nowhere"), join(folder, "dangling.json"));
      execFileSync("mkfifo", [join(folder, "pipe.json")]);
      expect(await judged()).toEqual(VERIFIED);
    },
  );

  it.skipIf(process.platform === "win32")("does not follow a link to a list that is not there", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "writ-elsewhere-"));
    onTestFinished(() => {
      rmSync(elsewhere, { recursive: true, force: true });
    });
    lists.forEach(([, text], index) => {
      const path = join(elsewhere, String(index));
      writeFileSync(path, text);
      symlinkSync(path, join(folder, `${String(index)}.json`));
    });
    expect(await judged()).toEqual(UNAVAILABLE);
  });

  it.skipIf(process.getuid === undefined || process.getuid() === 0)(
    "cannot tell where a file cannot be read",
    async () => {
      publish();
      chmodSync(join(folder, "0.json"), 0);
      expect(await judged()).toEqual(UNAVAILABLE);
    },
  );

  it("trusts no file: what it finds is verified", async () => {
    publish();
    put("0.json", (lists[0]?.[1] ?? "").replace('"ttl":86400000', '"ttl":99999999'));
    const { failed, problems } = await judged();
    expect(failed).toBe("status");
    expect(problems[0]).toMatch(/^STATUS_LIST_INVALID /);
  });
});

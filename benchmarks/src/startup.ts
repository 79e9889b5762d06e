import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { report, type Measurement } from "./measure.js";

/** Whole processes of the command line, as ratios to bare node. `startup.js [runs of each]`. */
const RUNS = Number(process.argv[2] ?? 25);
const WRIT = fileURLToPath(new URL("../../packages/cli/bin/writ.js", import.meta.url));
const CHALLENGE = ["--challenge", "7Yq", "--domain", "https://shop.example"];

const folder = await mkdtemp(join(tmpdir(), "writ-startup-"));
try {
  await benchmark();
} finally {
  await rm(folder, { recursive: true });
}

async function benchmark(): Promise<void> {
  const verify = await prepare();
  const processes: Readonly<Record<string, readonly string[]>> = {
    "node -e 0": ["-e", "0"],
    "writ --help": [WRIT, "--help"],
    "writ verify": [WRIT, "verify", ...verify],
    "writ inspect": [WRIT, "inspect", "shown.json"],
  };
  const samples = new Map(Object.keys(processes).map((name) => [name, [] as number[]]));
  // One of each in turn, so that what else the machine does falls on all alike.
  for (let run = 0; run <= RUNS; run++) {
    for (const [name, args] of Object.entries(processes)) {
      const begun = performance.now();
      node(args);
      // The first of each fills the caches of the file system.
      if (run > 0) samples.get(name)?.push(performance.now() - begun);
    }
  }
  report([...samples].map(([name, each]) => medianOf(name, each)));
}

function medianOf(name: string, samples: readonly number[]): Measurement {
  const sorted = samples.toSorted((a, b) => a - b);
  return { name, micros: (sorted[sorted.length >> 1] ?? 0) * 1000 };
}

/** A presentation of an identity and a chain of one link, and how it is verified. */
async function prepare(): Promise<readonly string[]> {
  await writeFile(join(folder, "pass"), "a passphrase\n");
  await writeFile(join(folder, "grants.json"), '[{ "id": "orders", "actions": ["order.create"] }]');
  await writeFile(join(folder, "asked.json"), '{ "action": "order.create" }');
  const home = ["--home", "acme"];
  const { did } = JSON.parse(node([WRIT, "init", ...home, "--name", "ACME", "--json"])) as { did: string };
  const wallet = ["--wallet", "bot.wallet"];
  node([WRIT, "agent", "create", "bot", ...home, ...wallet]);
  node([WRIT, "grant", "bot", ...home, "--grants", "grants.json"]);
  node([WRIT, "status", "publish", ...home, "--out", "status"]);
  const asked = ["--invocation", "asked.json", "--out", "shown.json"];
  node([WRIT, "wallet", "present", ...wallet, ...CHALLENGE, ...asked]);
  const now = new Date().toISOString();
  return ["shown.json", "--trust", did, "--status", "status", "--now", now, ...CHALLENGE];
}

function node(args: readonly string[]): string {
  const secrets = { WRIT_PASSPHRASE_FILE: "pass", WRIT_WALLET_PASSPHRASE_FILE: "pass" };
  const environment = { PATH: process.env["PATH"], HOME: folder, ...secrets };
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  assert.equal(status, 0);
  return stdout;
}

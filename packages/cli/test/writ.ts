import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll } from "vitest";

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));

const BIN = join(ROOT, "packages/cli/bin/writ.js");

/** How one run of the command line ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output, parsed; `--json` prints one object. */
  readonly json: Record<string, unknown>;
}

/** A process that goes on until it is told to stop. */
export interface Started {
  /** What matched. */
  readonly match: RegExpExecArray;
  /** What it has written to standard error so far. */
  readonly stderr: () => string;
  /** Tells it to stop, and waits for its end. */
  readonly stop: () => Promise<Pick<Run, "code" | "stdout">>;
}

/** A folder in which processes run that share nothing but its files. */
export interface Workplace {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, content: unknown) => string;
  /** Runs `writ` as a process of its own, with `--json`. */
  readonly json: (...args: readonly string[]) => Promise<Run>;
  /** Runs `writ` as a process of its own. */
  readonly text: (...args: readonly string[]) => Promise<Run>;
  /** Starts `writ`, and waits until it has said something that matches. */
  readonly start: (pattern: RegExp, ...args: readonly string[]) => Promise<Started>;
  /** Environment variables for the next runs. */
  readonly environment: Record<string, string>;
}

export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "writ-cli-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: unknown): string => {
    writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
    return path(name);
  };
  const environment: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    WRIT_PASSPHRASE_FILE: write("org.pass", "the organisation's passphrase\n"),
    WRIT_WALLET_PASSPHRASE_FILE: write("wallet.pass", "the wallet's passphrase"),
  };
  const text = (...args: readonly string[]): Promise<Run> =>
    run(process.execPath, [BIN, ...args], folder, environment);
  const start = (pattern: RegExp, ...args: readonly string[]): Promise<Started> =>
    startProcess(pattern, [BIN, ...args], folder, environment);
  return { folder, path, write, environment, text, json: (...args) => text(...args, "--json"), start };
}

async function startProcess(
  pattern: RegExp,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Started> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      const found = pattern.exec(stderr);
      if (found !== null) resolve(found);
    });
    void ended.then(() => {
      reject(new Error(`ended: ${stderr}`));
    });
  });
  const stop = async () => {
    child.kill("SIGTERM");
    return { code: await ended, stdout };
  };
  return { match, stderr: () => stderr, stop };
}

/** Runs a program without standard input, and waits for its end. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Run> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return {
    code,
    stdout,
    stderr,
    get json() {
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
}

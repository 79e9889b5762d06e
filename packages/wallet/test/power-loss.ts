import { readFileSync } from "node:fs";

/** One thing that a process did to a file. */
type Change =
  | { readonly kind: "write"; readonly path: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly path: string; readonly length: number }
  | { readonly kind: "unlink"; readonly path: string };

/** The same, or that it synchronised a file, or said something. */
type Step =
  | Change
  | { readonly kind: "sync"; readonly path: string }
  | { readonly kind: "said"; readonly text: string };

const CALL = /^(\w+)\((.*)\) += (-?\d+)/s;
const FD = /^(\d+)<([^>]*)>/;

/** What a process did, by the log that strace made of it with `-y -xx`. */
export function readSteps(log: string): readonly Step[] {
  return readFileSync(log, "latin1").split("\n").flatMap(stepOf);
}

function stepOf(line: string): readonly Step[] {
  const [, name, parameters = "", result] = CALL.exec(line) ?? [];
  if (name === undefined || Number(result) < 0) return [];
  const [, fd, hexPath = ""] = FD.exec(parameters) ?? [];
  const path = unescape(hexPath).toString();
  const strings = [...parameters.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = ""]) => unescape(hex));
  const last = Number(parameters.split(", ").at(-1));
  switch (name) {
    case "pwrite64":
      return [{ kind: "write", path, at: last, bytes: strings[0] ?? Buffer.alloc(0) }];
    case "write":
      return fd === "1" ? [{ kind: "said", text: String(strings[0]).trim() }] : [];
    case "ftruncate":
      return [{ kind: "truncate", path, length: last }];
    case "fsync":
    case "fdatasync":
      return [{ kind: "sync", path }];
    case "unlink":
      return [{ kind: "unlink", path: String(strings[0]) }];
    default:
      return [];
  }
}

function unescape(hex: string): Buffer {
  return Buffer.from(hex.replaceAll("\\x", ""), "hex");
}

/** A disk that keeps what was synchronised; of the rest, what somebody chooses. */
export class Disk {
  readonly #files = new Map<string, Buffer>();
  readonly #pending: Change[] = [];

  constructor(files: ReadonlyMap<string, Buffer>) {
    for (const [path, content] of files) this.#files.set(path, content);
  }

  /** Does one more step. What a synchronisation covers is durable from then on. */
  do(step: Step): void {
    if (step.kind === "said") return;
    if (step.kind !== "sync") return void this.#pending.push(step);
    const durable = this.#pending.filter(({ path }) => path === step.path);
    const rest = this.#pending.filter(({ path }) => path !== step.path);
    this.#pending.splice(0, Infinity, ...rest);
    for (const each of durable) apply(this.#files, each);
  }

  /** The files after a loss of power: with those steps that were not synchronised that `survives` says. */
  afterPowerLoss(survives: (index: number) => boolean): ReadonlyMap<string, Buffer> {
    const files = new Map(this.#files);
    this.#pending.forEach((step, index) => {
      if (survives(index)) apply(files, step);
    });
    return files;
  }
}

function apply(files: Map<string, Buffer>, step: Change): void {
  const before = files.get(step.path) ?? Buffer.alloc(0);
  if (step.kind === "unlink") {
    files.delete(step.path);
  } else if (step.kind === "truncate") {
    files.set(
      step.path,
      Buffer.concat([before, Buffer.alloc(Math.max(0, step.length - before.length))]).subarray(
        0,
        step.length,
      ),
    );
  } else {
    const after = Buffer.alloc(Math.max(before.length, step.at + step.bytes.length));
    before.copy(after);
    step.bytes.copy(after, step.at);
    files.set(step.path, after);
  }
}

import { asProblem, WritError, type ErrorCode, type Problem } from "@writ/core";

import type { StatusTime } from "./status/verify-list.js";

/** What became of one check. `not_established` is neither a yes nor a no. */
export interface Check {
  readonly name: string;
  readonly outcome: "established" | "failed" | "not_established";
  /** The time that it speaks of, in milliseconds since 1970. */
  readonly asOf: number;
}

/** A negative result, with at least one problem. */
export interface Refusal {
  readonly verified: false;
  readonly problems: readonly Problem[];
  readonly checks: readonly Check[];
  /** The one time at which everything was judged, in milliseconds since 1970. */
  readonly asOf: number;
}

/** What a check came to: the problems that it found. */
export type Finding = readonly Problem[] | "not_established";

/**
 * One run through a list of checks, in order. A check that fails ends it: what follows stays
 * unestablished, because it would rest on what failed.
 */
export class Verification<Name extends string> implements StatusTime {
  readonly #names: readonly Name[];
  readonly #outcomes = new Map<Name, Check["outcome"]>();
  readonly #problems: Problem[] = [];
  readonly asOf: number;
  #lastBegin = -Infinity;

  constructor(names: readonly Name[], asOf: number) {
    // Any other value would make every comparison with it come out the same.
    if (!Number.isSafeInteger(asOf)) {
      throw new WritError("ARGUMENT_INVALID", "the clock must tell milliseconds since 1970");
    }
    this.#names = names;
    this.asOf = asOf;
  }

  noteBegin(validFrom: number): void {
    this.#lastBegin = Math.max(this.#lastBegin, validFrom);
  }

  /** The latest begin that was noted, in milliseconds since 1970. */
  get lastBegin(): number {
    return this.#lastBegin;
  }

  /** Whether a check has failed. */
  get failed(): boolean {
    return this.#problems.length > 0;
  }

  /**
   * Runs a check that reports every problem it finds; a refusal that it throws counts as one. A check that
   * could look at some things only says that it is not established.
   */
  async check(name: Name, run: () => Finding | Promise<Finding>): Promise<void> {
    if (this.failed) return;
    let finding: Finding;
    try {
      finding = await run();
    } catch (error) {
      finding = [asProblem(error)];
    }
    if (finding === "not_established") return;
    this.#problems.push(...finding);
    this.#outcomes.set(name, finding.length > 0 ? "failed" : "established");
  }

  /** Runs a check that yields what the following ones need. */
  async obtain<T>(name: Name, run: () => T | Promise<T>): Promise<T | undefined> {
    let value: T | undefined;
    await this.check(name, async () => {
      value = await run();
      return [];
    });
    return value;
  }

  /** Every check with its outcome, in order. */
  get checks(): readonly Check[] {
    return this.#names.map((name) => ({
      name,
      outcome: this.#outcomes.get(name) ?? "not_established",
      asOf: this.asOf,
    }));
  }

  /** The negative result. */
  refusal(): Refusal {
    return { verified: false, problems: this.#problems, checks: this.checks, asOf: this.asOf };
  }
}

/** A problem at a place. */
export function problem(code: ErrorCode, pointer: string, detail: string): Problem {
  return { code, pointer, detail };
}

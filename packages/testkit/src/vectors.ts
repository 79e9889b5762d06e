import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, it } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** Where the published vectors are: `$WRIT_VECTORS`, or `../shared/vectors` beside the repository. */
export function vectorsPath(...segments: readonly string[]): string {
  return join(resolve(REPOSITORY, process.env["WRIT_VECTORS"] ?? "../shared/vectors"), ...segments);
}

/** The bytes of a vector. */
export function readVector(...segments: readonly string[]): Buffer {
  return readFileSync(vectorsPath(...segments));
}

/** A vector that is JSON; its publisher's form is the caller's to know. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast with a name
export function readJsonVector<T>(...segments: readonly string[]): T {
  return JSON.parse(readVector(...segments).toString("utf8")) as T;
}

/** The names of a folder's vectors, sorted. */
export function listVectors(...segments: readonly string[]): readonly string[] {
  return readdirSync(vectorsPath(...segments)).sort();
}

/**
 * A suite over published vectors. Where they are absent it is skipped, and its name says so; with
 * `WRIT_REQUIRE_VECTORS` set it fails instead.
 *
 * @param suite runs only where the vectors are there, so that it may read them while tests are collected
 */
export function describeVectors(name: string, suite: () => void): void {
  if (existsSync(vectorsPath())) {
    describe(name, suite);
  } else if (process.env["WRIT_REQUIRE_VECTORS"] !== undefined) {
    throw new Error(`the published vectors are absent, and WRIT_REQUIRE_VECTORS is set: ${name}`);
  } else {
    console.warn(`skipped: ${name}: there are no published vectors in ../shared/vectors or $WRIT_VECTORS`);
    describe.skip(`${name} (skipped: published vectors absent, see WRIT_VECTORS)`, () => {
      it.todo("needs the published vectors");
    });
  }
}

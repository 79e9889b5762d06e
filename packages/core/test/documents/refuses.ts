import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { parseDocument } from "../../src/documents/parse-document.js";
import type { JsonObject } from "../../src/json/json-value.js";
import type { Shape } from "../../src/schema/shape.js";
import { edit } from "../fixtures.js";

/** Changes to a valid document, and what they must be refused with; the row is that of the list of hostile inputs. */
export type Case = readonly [
  row: string,
  changes: Readonly<Record<string, unknown>>,
  code: string,
  pointer: string,
];

/** A suite with one test for each change. */
export function refuses(
  name: string,
  document: JsonObject,
  shape: Shape<unknown>,
  cases: readonly Case[],
): void {
  describe(`${name} is refused`, () => {
    it.each(cases)("row %s", (_, changes, code, pointer) => {
      expect(refusalOf(() => parseDocument(edit(document, changes), shape))).toEqual({ code, pointer });
    });
  });
}

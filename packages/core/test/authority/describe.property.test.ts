import { grants as grantsShape, parseShape, type JsonValue } from "@writ/core";
import { fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import type { Constraint } from "../../src/authority/constraint.js";
import { describeGrant } from "../../src/authority/describe.js";
import { ALL_DIMENSIONS, DIMENSIONS } from "../../src/authority/dimensions.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import { foldModel } from "./model.js";
import { parameters } from "./properties.js";
import { asGrants, drawChain, draws } from "./world.js";

/** Texts that could pass for parts of a sentence. */
const text = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    '"',
    '", "',
    ", and ",
    "an integer",
    '1, "a"',
    "\\",
    "\\u0020",
    " ",
    "  ",
    "ü",
    "u\u0308",
    "\n",
  ),
  fc.string({ maxLength: 4 }),
);
const integer = fc.integer({ min: -2, max: 12 });
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.oneof(text, integer, fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(text, tie("value"), { maxKeys: 2 }),
  ),
})).value;
const scalars = fc.array(fc.oneof(text, integer, fc.boolean()), { minLength: 1, maxLength: 3 });

const constraint: fc.Arbitrary<Constraint> = fc.record(
  {
    equals: json,
    oneOf: scalars,
    range: fc
      .record({ min: integer, max: integer }, { requiredKeys: [] })
      .filter((range) => Object.keys(range).length > 0),
    prefix: text,
    under: fc.constantFrom("a", "a/", "a/b", "/", "a,/"),
    maxLength: integer,
    any: fc.constant(true as const),
  },
  { requiredKeys: [] },
);

const args = fc.dictionary(
  text.map((name) => `/${name}`),
  fc
    .tuple(constraint, fc.boolean())
    .map(([bound, optional]) => (optional ? { ...bound, optional: true as const } : bound)),
  { minKeys: 1, maxKeys: 2 },
);

/** Grants of the finite world, effective, in which each dimension lies close to others. */
const effectiveGrants = draws.map((draw) => {
  const chain = drawChain(draw);
  for (const grant of asGrants(chain)) parseShape(grantsShape, [grant] as unknown as JsonValue);
  return foldModel(chain);
});

/** Remembers by its lines which value was described, and tells of a second one with the same. */
class Described {
  readonly #values = new Map<string, string>();

  collision(name: string, value: unknown, lines: readonly string[]): readonly string[] {
    const form = canonicalize(value as JsonValue);
    const key = `${name}\n${lines.join("\n")}`;
    const known = this.#values.get(key) ?? form;
    this.#values.set(key, known);
    return known === form ? [] : [known, form];
  }

  get size(): number {
    return this.#values.size;
  }
}

/** The same value, with the members of its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe("authority in words", () => {
  it(
    "is never empty, the same for the same value, and another for another (2,000)",
    () => {
      const described = new Described();
      fc.assert(
        fc.property(effectiveGrants, (chain) => {
          for (const grant of chain) {
            for (const [name, dimension] of ALL_DIMENSIONS) {
              const value = grant[name];
              if (value === undefined) continue;
              const lines = dimension.describe(value);
              expect(lines.filter((line) => !/^[ -~]+$/.test(line))).toEqual([]);
              expect(lines.length).toBeGreaterThan(0);
              expect(dimension.describe(reversed(value))).toEqual(lines);
              expect(described.collision(name, value, lines)).toEqual([]);
            }
            expect(described.collision("", grant, describeGrant(grant))).toEqual([]);
          }
        }),
        parameters(2_000),
      );
      expect(described.size).toBeGreaterThan(500);
    },
    PROPERTY_TIMEOUT_MS,
  );

  it(
    "tells constraints apart, whatever texts they hold (20,000)",
    () => {
      const described = new Described();
      fc.assert(
        fc.property(args, (value) => {
          const lines = DIMENSIONS.args.describe(value);
          expect(lines.filter((line) => !/^(?:[!-~]| (?! ))+$/.test(line))).toEqual([]);
          expect(DIMENSIONS.args.describe(reversed(value) as never)).toEqual(lines);
          expect(described.collision("args", value, lines)).toEqual([]);
        }),
        parameters(20_000),
      );
      expect(described.size).toBeGreaterThan(5_000);
    },
    PROPERTY_TIMEOUT_MS,
  );
});

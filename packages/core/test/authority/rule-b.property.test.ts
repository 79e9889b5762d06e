import { grants as grantsShape, parseShape, type JsonValue } from "@writ/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ALL_DIMENSIONS } from "../../src/authority/dimensions.js";
import { foldModel, type ModelGrant } from "./model.js";
import { accept, allowed, parameters, Tally, TIMEOUT } from "./properties.js";
import { asGrants, chains, drawChain, draws } from "./world.js";

/**
 * Three effective grants, each often inside the one before. Their constraints have no member that says
 * nothing beside another, as `any` does beside `prefix`: Rule B is sound with these, but not transitive.
 */
const triples = draws.map((draw) =>
  foldModel([...drawChain(draw), ...drawChain(draw)])
    .slice(0, 3)
    .map((grant) => (grant.args === undefined ? grant : { ...grant, args: withoutIdle(grant.args) })),
);

function withoutIdle(args: NonNullable<ModelGrant["args"]>): NonNullable<ModelGrant["args"]> {
  return Object.fromEntries(
    Object.entries(args).map(([pointer, bound]) => {
      const alone = (["equals", "oneOf", "any"] as const).find((name) => bound[name] !== undefined);
      const optional = bound.optional === undefined ? {} : { optional: bound.optional };
      return [pointer, alone === undefined ? bound : { [alone]: bound[alone], ...optional }];
    }),
  );
}

/** What the last grant of a chain allows in the finite world and an ancestor does not, by dimension. */
function beyond(chain: readonly ModelGrant[]): readonly string[] {
  const [last, ...ancestors] = foldModel(chain).map(allowed).reverse();
  return ancestors.flatMap((ancestor) =>
    ALL_DIMENSIONS.flatMap(([name]) => {
      const may = new Set(ancestor[name]);
      return last?.[name].some((place) => !may.has(place)) === true ? [name] : [];
    }),
  );
}

describe("Rule B", () => {
  it(
    "accepts no chain whose last grant allows what an ancestor does not (10,000)",
    () => {
      const accepted = new Tally();
      fc.assert(
        fc.property(chains, (chain) => {
          for (const grant of asGrants(chain)) parseShape(grantsShape, [grant] as unknown as JsonValue);
          expect(accepted.add(accept(chain) !== undefined) ? beyond(chain) : []).toEqual([]);
        }),
        parameters(10_000),
      );
      expect(accepted.rarer).toBeGreaterThan(0.1);
    },
    TIMEOUT,
  );

  it(
    "is reflexive and transitive in each dimension (5,000)",
    () => {
      const related = new Map(ALL_DIMENSIONS.map(([name]) => [name, new Tally()]));
      fc.assert(
        fc.property(triples, (triple) => {
          for (const [name, dimension] of ALL_DIMENSIONS) {
            const inside = (value: unknown, folded: unknown): boolean =>
              dimension.wider(value, folded) === undefined;
            const values = triple.map((grant) => grant[name]).filter((value) => value !== undefined);
            expect(values.filter((value) => !inside(value, value))).toEqual([]);
            const [outer, middle, inner] = values;
            if (inner === undefined) continue;
            const both = related.get(name)?.add(inside(middle, outer) && inside(inner, middle));
            expect([name, both === true && !inside(inner, outer)]).toEqual([name, false]);
          }
        }),
        parameters(5_000),
      );
      for (const [name, { rarer }] of related) expect([name, rarer > 0.1]).toEqual([name, true]);
    },
    TIMEOUT,
  );
});

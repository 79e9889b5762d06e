import { grants as grantsShape, parseShape, type JsonValue } from "@writ/core";
import { fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { ALL_DIMENSIONS } from "../../src/authority/dimensions.js";
import { foldModel, type ModelGrant, type ModelMeter } from "./model.js";
import { accept, allowed, isWithin, parameters, Tally } from "./properties.js";
import { asGrants, chains, drawChain, draws } from "./world.js";

/** Three effective grants, each often inside the one before. */
const triples = draws.map((draw) => foldModel([...drawChain(draw), ...drawChain(draw)]).slice(0, 3));

/** An account is never that of a grant above, so that only the rest of a meter is ordered. */
function withOwnAccount(meter: unknown): unknown {
  return { ...(meter as ModelMeter), account: "urn:uuid:ffffffff-ffff-4fff-8fff-ffffffffffff" };
}

/** What the last grant of a chain allows in the finite world and an ancestor does not, by dimension. */
function beyond(chain: readonly ModelGrant[]): readonly string[] {
  const [last, ...ancestors] = foldModel(chain).map(allowed).reverse();
  return ancestors.flatMap((ancestor) =>
    ALL_DIMENSIONS.flatMap(([name]) =>
      last !== undefined && isWithin(last[name], ancestor[name]) ? [] : [name],
    ),
  );
}

describe("Rule B", () => {
  it(
    "accepts no chain whose last grant allows what an ancestor does not (8,000)",
    () => {
      const accepted = new Tally();
      fc.assert(
        fc.property(chains, (chain) => {
          for (const grant of asGrants(chain)) parseShape(grantsShape, [grant] as unknown as JsonValue);
          expect(accepted.add(accept(chain) !== undefined) ? beyond(chain) : []).toEqual([]);
        }),
        parameters(8_000),
      );
      expect(accepted.rarer).toBeGreaterThan(0.1);
    },
    PROPERTY_TIMEOUT_MS,
  );

  it(
    "is reflexive and transitive in each dimension (4,000)",
    () => {
      const related = new Map(ALL_DIMENSIONS.map(([name]) => [name, new Tally()]));
      fc.assert(
        fc.property(triples, (triple) => {
          for (const [name, dimension] of ALL_DIMENSIONS) {
            const inside = (value: unknown, folded: unknown): boolean =>
              dimension.wider(name === "meter" ? withOwnAccount(value) : value, folded) === undefined;
            const values = triple.map((grant) => grant[name]).filter((value) => value !== undefined);
            expect([name, values.filter((value) => !inside(value, value))]).toEqual([name, []]);
            const [outer, middle, inner] = values;
            if (inner === undefined) continue;
            const both = related.get(name)?.add(inside(middle, outer) && inside(inner, middle));
            expect([name, both === true && !inside(inner, outer)]).toEqual([name, false]);
          }
        }),
        parameters(4_000),
      );
      for (const [name, { rarer }] of related) expect([name, rarer > 0.1]).toEqual([name, true]);
    },
    PROPERTY_TIMEOUT_MS,
  );
});

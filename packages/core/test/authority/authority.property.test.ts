import {
  evaluate,
  foldGrants,
  grants as grantsShape,
  parseShape,
  type ActionRequest,
  type FoldedGrant,
  type JsonValue,
} from "@writ/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ALL_DIMENSIONS, type DimensionName } from "../../src/authority/dimensions.js";
import { problemOf } from "../../src/errors/writ-error.js";
import {
  allowsAction,
  allowsArgs,
  allowsAudience,
  allowsResource,
  allowsSpend,
  foldModel,
  withLeaves,
  type ModelGrant,
  type ModelSpending,
} from "./model.js";
import {
  ACTIONS,
  ARGS,
  asGrants,
  AUDIENCES,
  chains,
  draws,
  drawChain,
  RESOURCES,
  SPENDING,
} from "./world.js";

const DEEP = process.env["WRIT_DEEP"] !== undefined;
const SEED = process.env["WRIT_SEED"];

/** Cases of the ordinary run, 20,000 in all; fifty times as many in the deep one. */
function parameters(cases: number): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = DEEP ? cases * 50 : cases;
  if (SEED !== undefined) return { numRuns, seed: Number(SEED) };
  return DEEP ? { numRuns } : { numRuns, seed: 20261123 };
}

const TIMEOUT = DEEP ? 3_600_000 : 30_000;

/** Counts how often something was so. */
class Tally {
  readonly #counts = { yes: 0, no: 0 };

  add(answer: boolean): boolean {
    this.#counts[answer ? "yes" : "no"] += 1;
    return answer;
  }

  /** The share of the rarer answer. */
  get rarer(): number {
    const { yes, no } = this.#counts;
    return Math.min(yes, no) / (yes + no);
  }
}

/** What Rule B says of a chain: the last grant, folded, or nothing. */
function accept(chain: readonly ModelGrant[]): FoldedGrant | undefined {
  let folded: readonly FoldedGrant[] = [];
  const links = asGrants(chain).map((grant, index) => ({ grants: [grant], pointer: `/${String(index)}` }));
  const problem = problemOf(() => {
    folded = foldGrants(links);
  });
  if (problem !== undefined && problem.code !== "ATTENUATION_VIOLATED") throw new Error(problem.detail);
  return folded[0];
}

/** All that a grant allows taken alone, as places in the finite world, dimension by dimension. */
function allowed(grant: ModelGrant): Readonly<Record<DimensionName, readonly number[]>> {
  return {
    actions: places(ACTIONS, (action) => allowsAction(grant.actions, action)),
    resources: places(RESOURCES, (resource) => allowsResource(grant.resources, resource)),
    audience: places(AUDIENCES, (audience) => allowsAudience(grant.audience, audience)),
    args: places(ARGS, (args) => allowsArgs(grant.args, args)),
    spend: places(SPENDING, (spending) => allowsSpend(grant.spend, spending)),
  };
}

function places<T>(world: readonly T[], allows: (each: T) => boolean): readonly number[] {
  return world.flatMap((each, place) => (allows(each) ? [place] : []));
}

/** The chain as Rule A sees it, without Rule B in the way. */
function unchecked(chain: readonly ModelGrant[]): FoldedGrant {
  const written = asGrants(chain);
  const folded = foldModel(chain).reduce<FoldedGrant | undefined>((outer, effective, link) => {
    const grant = {
      link,
      written: written[link] as FoldedGrant["written"],
      effective: effective as FoldedGrant["effective"],
    };
    return { ...grant, ...(outer === undefined ? {} : { outer }) };
  }, undefined);
  return folded as FoldedGrant;
}

interface Asked {
  readonly chain: readonly ModelGrant[];
  readonly request: ActionRequest;
  readonly spending: ModelSpending;
}

/** A chain, and a request that its last grant mostly allows. */
const askings: fc.Arbitrary<Asked> = draws.map((draw) => {
  const chain = drawChain(draw);
  const grant = foldModel(chain).at(-1) as ModelGrant;
  const may = allowed(grant);
  const drawFrom = <T>(world: readonly T[], some: readonly number[]): T =>
    some.length > 0 && draw.percent(92) ? (world[draw.of(some)] as T) : draw.of(world);
  let spending: ModelSpending = { args: {} };
  for (let tries = 0; tries < 8; tries += 1) {
    const { args, stated } = drawFrom(SPENDING, may.spend);
    const both = grant.args === undefined && draw.percent(80) ? args : drawFrom(ARGS, may.args).value;
    spending = { args: both, ...(stated === undefined ? {} : { stated }) };
    if (allowsArgs(grant.args, withLeaves(both)) && allowsSpend(grant.spend, spending)) break;
  }
  const [resource, audience] = [drawFrom(RESOURCES, may.resources), drawFrom(AUDIENCES, may.audience)];
  const request: ActionRequest = {
    action: drawFrom(ACTIONS, may.actions),
    ...(resource === undefined ? {} : { resource }),
    ...(audience === undefined ? {} : { audience }),
    ...(Object.keys(spending.args).length === 0 && draw.percent(50) ? {} : { args: spending.args }),
    ...(spending.stated === undefined ? {} : { spend: spending.stated }),
    perspective: "service",
  };
  return { chain, request, spending };
});

/** Three effective grants, each often inside the one before. */
const triples = draws.map((draw) => foldModel([...drawChain(draw), ...drawChain(draw)]).slice(0, 3));

/** The dimensions by which the model denies, for a grant as written and as effective. */
function modelDenies(
  written: ModelGrant,
  effective: ModelGrant,
  request: ActionRequest,
  spending: ModelSpending,
): readonly DimensionName[] {
  const allows: Readonly<Record<DimensionName, boolean>> = {
    actions: allowsAction(written.actions, request.action),
    resources: allowsResource(written.resources, request.resource),
    audience: allowsAudience(written.audience, request.audience),
    args: allowsArgs(written.args, withLeaves(spending.args)),
    spend: written.spend === undefined || allowsSpend(effective.spend, spending),
  };
  return (Object.keys(allows) as DimensionName[]).filter((name) => !allows[name]);
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

/** By which links and dimensions Rule A denies. */
function deniedBy(grant: FoldedGrant, request: ActionRequest): readonly string[] {
  return evaluate(grant, request).map(({ link, dimension }) => `${String(link)} ${String(dimension)}`);
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

describe("Rule A", () => {
  it(
    "denies what the model denies, at the same links and dimensions; a link more never allows more (5,000)",
    () => {
      const allows = new Tally();
      fc.assert(
        fc.property(askings, ({ chain, request, spending }) => {
          const effective = foldModel(chain);
          const denials = deniedBy(unchecked(chain), request);
          allows.add(denials.length === 0);
          const expected = chain.map((written, link) =>
            modelDenies(written, effective[link] as ModelGrant, request, spending).map(
              (name) => `${String(link)} ${name}`,
            ),
          );
          expect(denials).toEqual(expected.flat());
          expect(deniedBy(unchecked(chain.slice(0, -1)), request)).toEqual(expected.slice(0, -1).flat());
          // Where Rule B accepts, the kernel's own fold answers alike.
          expect(deniedBy(accept(chain) ?? unchecked(chain), request)).toEqual(denials);
          // A holder who looks ahead is denied nothing that the service would allow.
          const ahead = deniedBy(unchecked(chain), { ...request, perspective: "holder" });
          expect(ahead.filter((denial) => !denials.includes(denial))).toEqual([]);
        }),
        parameters(5_000),
      );
      expect(allows.rarer).toBeGreaterThan(0.1);
    },
    TIMEOUT,
  );
});

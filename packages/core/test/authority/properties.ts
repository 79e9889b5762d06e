import { foldGrants, type FoldedGrant } from "@writ/core";

import type { DimensionName } from "../../src/authority/dimensions.js";
import { problemOf } from "../../src/errors/writ-error.js";
import {
  allowsAction,
  allowsArgs,
  allowsAudience,
  allowsResource,
  allowsSpend,
  type ModelGrant,
} from "./model.js";
import { ACTIONS, ARGS, asGrants, AUDIENCES, RESOURCES, SPENDING } from "./world.js";

const DEEP = process.env["WRIT_DEEP"] !== undefined;
const SEED = process.env["WRIT_SEED"];

/** Cases of the ordinary run, 20,000 in all; fifty times as many in the deep one. */
export function parameters(cases: number): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = DEEP ? cases * 50 : cases;
  if (SEED !== undefined) return { numRuns, seed: Number(SEED) };
  return DEEP ? { numRuns } : { numRuns, seed: 20261123 };
}

/** Milliseconds for one property. */
export const TIMEOUT = DEEP ? 3_600_000 : 30_000;

/** Counts how often something was so. */
export class Tally {
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
export function accept(chain: readonly ModelGrant[]): FoldedGrant | undefined {
  let folded: readonly FoldedGrant[] = [];
  const links = asGrants(chain).map((grant, index) => ({ grants: [grant], pointer: `/${String(index)}` }));
  const problem = problemOf(() => {
    folded = foldGrants(links);
  });
  if (problem !== undefined && problem.code !== "ATTENUATION_VIOLATED") throw new Error(problem.detail);
  return folded[0];
}

/** All that a grant allows taken alone, as places in the finite world, dimension by dimension. */
export function allowed(grant: ModelGrant): Readonly<Record<DimensionName, readonly number[]>> {
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

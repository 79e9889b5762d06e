import { ALL_DIMENSIONS, type DimensionName, type DimensionValues } from "./dimensions.js";
import type { FoldedGrant } from "./fold.js";
import type { Grant } from "./grant.js";

/**
 * What of a grant is still free to be handed on, dimension by dimension: the effective value, less what
 * was handed on within it. Handing on more is no violation, since the ledger charges every grant on the
 * way; but then not everybody can use all that they were given. A budget of 0 is one that is spent.
 *
 * @param handedOn grants that name this one in `within` and have not ended
 */
export function freeOf({ effective }: FoldedGrant, handedOn: readonly Grant[]): Partial<DimensionValues> {
  const free: { -readonly [Name in DimensionName]?: unknown } = { ...effective };
  for (const [name, dimension] of ALL_DIMENSIONS) {
    const values = handedOn.map((grant) => grant[name]).filter((value) => value !== undefined);
    if (effective[name] === undefined || dimension.free === undefined) continue;
    const left = dimension.free(effective[name], values);
    if (left === undefined) Reflect.deleteProperty(free, name);
    else free[name] = left;
  }
  return free as Partial<DimensionValues>;
}

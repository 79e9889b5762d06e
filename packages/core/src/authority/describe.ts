import { ALL_DIMENSIONS, type DimensionValues } from "./dimensions.js";

/**
 * What a grant allows, in English: the lines of each dimension in a fixed order, and last the dimensions
 * that set no limit. The same grant has the same lines everywhere: no locale, clock or table of the
 * machine's has a part in it. Amounts, times, days and zones stand as they were written; free texts stand
 * as JSON in printable ASCII. Different grants have different lines.
 *
 * Some lines may be long: nothing is cut.
 *
 * @param effective the folded values of a grant (DESIGN 3, Rule B)
 */
export function describeGrant(effective: DimensionValues): readonly string[] {
  const unlimited = ALL_DIMENSIONS.flatMap(([name]) => (effective[name] === undefined ? [name] : []));
  return [
    ...ALL_DIMENSIONS.flatMap(([name, dimension]) => {
      const value = effective[name];
      return value === undefined ? [] : dimension.describe(value);
    }),
    ...(unlimited.length === 0 ? [] : [`Sets no limit by: ${unlimited.join(", ")}`]),
  ];
}

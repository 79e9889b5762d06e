import { joinPointer } from "../json/pointer.js";
import { list, object, refined, refuse, type Shape } from "../schema/shape.js";
import { ALL_DIMENSIONS, type DimensionName, type DimensionValues } from "./dimensions.js";
import { grantId } from "./grant-id.js";

/** One box of authority inside an authority credential (DESIGN 3). */
export interface Grant extends DimensionValues {
  /** Unique in the credential. */
  readonly id: string;
  /** The grant of the parent in which this one lies; absent at a root, required below it. */
  readonly within?: string;
}

const dimensionShapes = Object.fromEntries(
  ALL_DIMENSIONS.map(([name, dimension]) => [name, dimension.shape]),
) as { readonly [Name in DimensionName]-?: Shape<NonNullable<DimensionValues[Name]>> };

type OptionalDimension = {
  [Name in DimensionName]-?: object extends Pick<DimensionValues, Name> ? Name : never;
}[DimensionName];

const optionalDimensions = ALL_DIMENSIONS.flatMap(([name, { required }]) =>
  required === true ? [] : [name as OptionalDimension],
);

const grant: Shape<Grant> = refined(
  object<Grant>({ id: grantId, within: grantId, ...dimensionShapes }, ["within", ...optionalDimensions]),
  assertComplete,
);

/** A limit that nobody keeps would be no limit: each dimension has beside it what it needs. */
function assertComplete(value: Grant, pointer: string): void {
  for (const [name, dimension] of ALL_DIMENSIONS) {
    const need = value[name] === undefined ? undefined : dimension.needs?.(value[name]);
    if (need === undefined || value[need.dimension] !== undefined) continue;
    if (need.where === "beside-or-above" && value.within !== undefined) continue;
    refuse(joinPointer(pointer, need.dimension), `missing: what \`${name}\` says needs it`);
  }
}

/** The grants of one credential. */
export const grants: Shape<readonly Grant[]> = refined(list(grant, 64), (value, pointer) => {
  const seen = new Set<string>();
  value.forEach(({ id }, index) => {
    if (seen.has(id)) {
      refuse(joinPointer(joinPointer(pointer, index), "id"), "the id occurs twice", "GRANT_DUPLICATE");
    }
    seen.add(id);
  });
});

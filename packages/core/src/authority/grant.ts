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

const optionalDimensions = ALL_DIMENSIONS.map(([name]) => name).filter(
  (name): name is Exclude<DimensionName, "actions"> => name !== "actions",
);

const grant: Shape<Grant> = object<Grant>({ id: grantId, within: grantId, ...dimensionShapes }, [
  "within",
  ...optionalDimensions,
]);

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

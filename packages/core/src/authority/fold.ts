import { WritError } from "../errors/writ-error.js";
import { ALL_DIMENSIONS, type DimensionName, type DimensionValues } from "./dimensions.js";
import type { Grant } from "./grant.js";

/** A grant in its place: as written, as it is effective, and the one that it lies within. */
export interface FoldedGrant {
  /** Position of its credential in the chain, 0 at the root. */
  readonly link: number;
  readonly written: Grant;
  /** Folded from the root: what the grant says, else what it inherits. */
  readonly effective: DimensionValues;
  readonly outer?: FoldedGrant;
}

/** The grants of one credential, and where they lie in the document that was given. */
export interface LinkGrants {
  readonly grants: readonly Grant[];
  /** JSON Pointer to the list. */
  readonly pointer: string;
}

/**
 * Folds the grants of a chain from its root, and holds each to Rule B: it must lie inside the folded
 * grant that its `within` names, dimension by dimension (DESIGN 3).
 *
 * @param links root first
 * @returns the folded grants of the last link
 * @throws WritError `GRANT_WITHIN`, or `ATTENUATION_VIOLATED` with link, grant, dimension, asked and
 *   allowed.
 */
export function foldGrants(links: readonly LinkGrants[]): readonly FoldedGrant[] {
  return links.reduce<readonly FoldedGrant[]>(
    (above, { grants, pointer }, link) =>
      grants.map((grant, index) => foldGrant(grant, `${pointer}/${String(index)}`, link, above)),
    [],
  );
}

function foldGrant(
  written: Grant,
  pointer: string,
  link: number,
  above: readonly FoldedGrant[],
): FoldedGrant {
  const outer = above.find((grant) => grant.written.id === written.within);
  if ((link > 0 || written.within !== undefined) && outer === undefined) {
    throw new WritError("GRANT_WITHIN", "names no grant of the parent", {
      pointer: `${pointer}/within`,
      link,
      grant: written.id,
    });
  }
  const effective: { -readonly [Name in DimensionName]?: unknown } = { ...outer?.effective };
  for (const [name, dimension] of ALL_DIMENSIONS) {
    const own = written[name];
    const folded = outer?.effective[name];
    if (own === undefined) continue;
    effective[name] = dimension.fold(folded, own);
    const excess = folded === undefined ? undefined : dimension.wider(effective[name], folded);
    if (excess !== undefined) {
      const { pointer: place, detail, ...values } = excess;
      throw new WritError("ATTENUATION_VIOLATED", `${name}: ${detail}`, {
        pointer: pointer + place,
        link,
        grant: written.id,
        dimension: name,
        ...values,
      });
    }
  }
  return {
    link,
    written,
    effective: effective as DimensionValues,
    ...(outer === undefined ? {} : { outer }),
  };
}

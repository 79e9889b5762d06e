import { refusal, type Problem } from "../errors/writ-error.js";
import { excess, problemIn } from "./dimension.js";
import { ALL_DIMENSIONS, type DimensionName, type DimensionValues } from "./dimensions.js";
import type { Grant } from "./grant.js";

/** A grant in its place: as written, as it is effective, and the one that it lies within. */
export interface FoldedGrant {
  /** Position of its credential in the chain, 0 at the root. */
  readonly link: number;
  /** DID of the issuer of its credential. */
  readonly issuer: string;
  readonly written: Grant;
  /** Folded from the root: what the grant says, else what it inherits. */
  readonly effective: DimensionValues;
  readonly outer?: FoldedGrant;
}

/** The grants of one credential, whose they are, and where they lie in the document that was given. */
export interface LinkGrants {
  readonly issuer: string;
  readonly subject: string;
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
 * @throws WritError `GRANT_WITHIN`, `APPROVER_IN_CHAIN`, `SCHEMA_INVALID` where a grant lacks what it
 *   needs, or `ATTENUATION_VIOLATED` with link, grant, dimension, asked and allowed: the first, and in
 *   `problems` every one of the same link.
 */
export function foldGrants(links: readonly LinkGrants[]): readonly FoldedGrant[] {
  const subjects = links.map(({ subject }) => subject);
  let folded: readonly FoldedGrant[] = [];
  for (const [link, { issuer, grants, pointer }] of links.entries()) {
    const above = folded;
    const problems: Problem[] = [];
    folded = grants.map((written, index) => {
      const outer = above.find((grant) => grant.written.id === written.within);
      const { grant, faults } = foldGrant(written, { link, issuer, outer }, subjects);
      for (const fault of faults) {
        problems.push({ ...fault, pointer: `${pointer}/${String(index)}${fault.pointer}` });
      }
      return grant;
    });
    const [first] = problems;
    if (first !== undefined) throw refusal(first, { problems });
  }
  return folded;
}

/** Where a grant stands. */
export interface Place {
  readonly link: number;
  readonly issuer: string;
  readonly outer: FoldedGrant | undefined;
}

/** A grant in a place, folded, and why it may not stand there. Pointers are into the grant. */
export function foldGrant(
  written: Grant,
  { link, issuer, outer }: Place,
  subjects: readonly string[],
): { readonly grant: FoldedGrant; readonly faults: readonly Problem[] } {
  const effective: { -readonly [Name in DimensionName]?: unknown } = { ...outer?.effective };
  const faults: Problem[] = [];
  if (outer === undefined && (link > 0 || written.within !== undefined)) {
    const detail = "names no grant of the parent";
    faults.push({ code: "GRANT_WITHIN", detail, pointer: "/within", link, grant: written.id });
  }
  for (const [name, dimension] of ALL_DIMENSIONS) {
    const own = written[name];
    if (own === undefined) continue;
    const folded = effective[name];
    const value = folded === undefined ? own : (dimension.fold?.(folded, own) ?? own);
    effective[name] = value;
    const found =
      (folded === undefined ? undefined : dimension.wider(value, folded)) ??
      dimension.conflicts?.(own, subjects);
    if (found !== undefined) faults.push(problemIn(found, name, { link, written }, "ATTENUATION_VIOLATED"));
  }
  const grant = { link, issuer, written, effective: effective as unknown as DimensionValues };
  faults.push(...lacking(grant));
  return { grant: outer === undefined ? grant : { ...grant, outer }, faults };
}

const NEEDY = ALL_DIMENSIONS.filter(([, dimension]) => dimension.needs !== undefined);

/** What a grant needs, and neither it nor one above has. */
function lacking(grant: FoldedGrant): readonly Problem[] {
  const { written, effective } = grant;
  return NEEDY.flatMap(([name, dimension]) => {
    const need = written[name] === undefined ? undefined : dimension.needs?.(written[name]);
    if (need === undefined || effective[need.dimension] !== undefined) return [];
    const missing = excess(`/${need.dimension}`, "missing, here and above", undefined, undefined);
    return [problemIn(missing, name, grant, "SCHEMA_INVALID")];
  });
}

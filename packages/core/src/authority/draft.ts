import { problemOf, WritError } from "../errors/writ-error.js";
import { asJson } from "../json/json-value.js";
import { parseShape } from "../schema/shape.js";
import type { ActionRequest } from "./action-request.js";
import { ALL_DIMENSIONS, type DimensionName } from "./dimensions.js";
import { evaluate, fromRoot } from "./evaluate.js";
import { foldGrant, type FoldedGrant, type Place } from "./fold.js";
import { grants, type Grant } from "./grant.js";

/** What would have to be granted for a denied request to be allowed. Nobody has signed it. */
export interface GrantDraft {
  readonly grant: Grant;
  /** The grant within which it lies, whose subject could hand it on; absent where only the root's issuer could. */
  readonly outer?: FoldedGrant;
}

/**
 * The smallest additional grant that allows a request: exactly this action, resource and arguments,
 * under the conditions of the grant that was named where they do not stand in the way (DESIGN 3).
 *
 * @param grant the grant under which the request was denied
 * @param deniedLink the first link of the chain that denied it; the draft stands below those before
 * @param account a meter account that is used nowhere
 * @throws WritError `AUTHORITY_NO_REMEDY` where no grant would change the denial: what was asked is
 *   malformed, or something could not be told.
 */
export function draftGrant(
  grant: FoldedGrant,
  request: ActionRequest,
  deniedLink: number,
  account: string,
): GrantDraft {
  const outer = fromRoot(grant).find(({ link }) => link === deniedLink - 1);
  const draft: { -readonly [Name in DimensionName | "id" | "within"]?: unknown } = {
    id: "draft",
    ...(outer === undefined ? {} : { within: outer.written.id }),
  };
  for (const [name, dimension] of ALL_DIMENSIONS) {
    const value = dimension.draft({
      request,
      value: grant.effective[name],
      outer: outer?.effective[name],
      account,
    });
    if (value !== undefined) draft[name] = value;
  }
  const written = draft as unknown as Grant;
  assertHelps(written, { link: deniedLink, issuer: "", outer }, request);
  return { grant: written, ...(outer === undefined ? {} : { outer }) };
}

/** The draft keeps the rules that any grant keeps, and allows the request. */
function assertHelps(written: Grant, place: Place, request: ActionRequest): void {
  const malformed = problemOf(() => {
    parseShape(grants, [asJson(written)]);
  });
  const { grant, faults } = foldGrant(written, place, []);
  const [remaining] = [malformed, ...faults, ...evaluate(grant, request).denials].filter(
    (problem) => problem !== undefined,
  );
  if (remaining === undefined) return;
  throw new WritError("AUTHORITY_NO_REMEDY", `no grant would change it: ${remaining.detail}`);
}

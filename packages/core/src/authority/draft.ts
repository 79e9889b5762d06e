import { randomUuidUrn, type RandomSource } from "../crypto/random.js";
import { problemOf, WritError, type Problem } from "../errors/writ-error.js";
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

/** A denial, as {@link evaluate} or a decision tells it. */
export interface Denied {
  readonly grant: FoldedGrant;
  readonly request: ActionRequest;
  readonly problems: readonly Problem[];
}

/**
 * The smallest additional grant that allows a request: exactly this action, resource and arguments,
 * under the conditions of the grant that was named where they do not stand in the way (DESIGN 3). It
 * stands below the links before the first that denied.
 *
 * @param random for the account of its meter, which is used nowhere else
 * @throws WritError `AUTHORITY_NO_REMEDY` where no grant would change the denial: what was asked is
 *   malformed, something could not be told, or there is no denial by a grant of the path.
 */
export function draftGrant({ grant, request, problems }: Denied, random: RandomSource): GrantDraft {
  const deniedLink = firstLink(problems);
  const account = randomUuidUrn(random);
  const path = fromRoot(grant);
  if (path[deniedLink] === undefined) throw noRemedy("no grant of the path has denied it");
  const outer = path[deniedLink - 1];
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

function firstLink(problems: readonly Problem[]): number {
  const beyond = problems.find(({ link }) => link === undefined);
  if (beyond !== undefined) throw noRemedy(beyond.detail);
  return Math.min(...problems.map(({ link = NaN }) => link));
}

function noRemedy(why: string): WritError {
  return new WritError("AUTHORITY_NO_REMEDY", `no grant would change it: ${why}`);
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
  if (remaining !== undefined) throw noRemedy(remaining.detail);
}

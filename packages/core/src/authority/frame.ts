import { randomUuidUrn, type RandomSource } from "../crypto/random.js";
import type { Problem } from "../errors/writ-error.js";
import { sameJson } from "../json/canonicalize.js";
import { asJson } from "../json/json-value.js";
import { foldGrant } from "./fold.js";
import type { Grant } from "./grant.js";

/** A grant in a frame, and where it goes beyond that. */
export interface FramedGrant {
  /** The grant as it stands by itself: what it leaves open is as the frame says. */
  readonly grant: Grant;
  /** None where it lies inside; their pointers are into the grant. */
  readonly problems: readonly Problem[];
}

/**
 * Holds a grant to a frame, such as a role's, by Rule B (DESIGN 3), as if the frame stood above it in a chain. Since
 * it does not, the grant must say itself what it would inherit; a meter that it lacks gets an account of its own.
 */
export function frameGrant(written: Grant, frame: Grant, random: RandomSource): FramedGrant {
  const { grant, problems } = foldInto(written, frame);
  const { meter } = grant;
  if (meter === undefined || written.meter !== undefined) return { grant, problems };
  return { grant: { ...grant, meter: { ...meter, account: randomUuidUrn(random) } }, problems };
}

/** Whether a grant lies inside a frame as it is, and says all that the frame does. */
export function isFramed(written: Grant, frame: Grant): boolean {
  const { grant, problems } = foldInto(written, frame);
  return problems.length === 0 && sameJson(asJson(grant), asJson(written));
}

function foldInto(written: Grant, frame: Grant): FramedGrant {
  const nowhere = { link: 0, issuer: "", outer: undefined };
  const { grant: outer } = foldGrant(frame, nowhere, []);
  const inside = { ...written, within: frame.id };
  const { grant, faults } = foldGrant(inside, { ...nowhere, outer }, []);
  return {
    grant: { id: written.id, ...grant.effective },
    problems: faults.map(({ link: _, ...problem }) => problem),
  };
}

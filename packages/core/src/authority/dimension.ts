import type { JsonObject, JsonValue } from "../json/json-value.js";
import type { Shape } from "../schema/shape.js";

/** An amount in whole minor units of one unit. */
export interface Spend {
  readonly unit: string;
  readonly amount: number;
}

/** What is asked, and what the asker's counterpart knows of it. */
export interface ActionRequest {
  readonly action: string;
  readonly resource?: string;
  readonly args?: JsonObject;
  /** DID that the service states as its own; without one, a grant with an audience does not hold. */
  readonly audience?: string;
  /** What the service says that the action costs. */
  readonly spend?: Spend;
  /**
   * `service` decides. `holder` looks ahead before asking: what only the service can know (its DID,
   * the spend) is left open where it is not stated.
   */
  readonly perspective: "service" | "holder";
}

/** Where and how something goes beyond what is allowed. */
export interface Excess {
  /** Relative: into the invocation for a denial, into the grant for a grant that is too wide. */
  readonly pointer: string;
  readonly detail: string;
  readonly asked?: JsonValue;
  readonly allowed?: JsonValue;
}

/**
 * One dimension of a grant. Its value at a link is what the grant says; where it says nothing, it
 * is as folded so far (DESIGN 3).
 */
export interface Dimension<T> {
  readonly shape: Shape<T>;
  /** The effective value below `folded` where a grant writes `written`. */
  fold(folded: T | undefined, written: T): T;
  /** How `value` is wider than `folded`; `undefined` if it lies inside (Rule B). */
  wider(value: T, folded: T): Excess | undefined;
  /** Why `value` does not allow the request; `undefined` if it does (Rule A). */
  denies(value: T, request: ActionRequest): Excess | undefined;
}

/** The fold of dimensions that a link states as a whole or not at all. */
export function replace<T>(_folded: T | undefined, written: T): T {
  return written;
}

/** {@link Dimension.wider} for lists in which each item must be covered by one of the folded. */
export function uncovered(
  name: string,
  items: readonly string[],
  folded: readonly string[],
  covers: (granted: string, asked: string) => boolean,
): Excess | undefined {
  const index = items.findIndex((item) => !folded.some((granted) => covers(granted, item)));
  if (index < 0) return undefined;
  const detail = `${name} that are not granted above`;
  return { pointer: `/${name}/${String(index)}`, detail, asked: items[index] as string, allowed: folded };
}

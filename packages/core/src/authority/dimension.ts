import type { ErrorCode } from "../errors/codes.js";
import type { Problem } from "../errors/writ-error.js";
import type { JsonValue } from "../json/json-value.js";
import type { Shape } from "../schema/shape.js";
import type { ActionRequest, Spend } from "./action-request.js";
import type { DimensionName, DimensionValues } from "./dimensions.js";
import type { FoldedGrant } from "./fold.js";

/** Where and how something goes beyond what is allowed. */
export interface Excess {
  /** Relative: into the invocation for a denial, into the grant for a grant that is too wide. */
  readonly pointer: string;
  readonly detail: string;
  readonly asked?: JsonValue;
  readonly allowed?: JsonValue;
  /** Where it is not what the rule usually answers. */
  readonly code?: ErrorCode;
}

/** What the ledger must bear for an action, on one account (DESIGN 3, the ledger). */
export interface Charge {
  /** The grant that is metered. */
  readonly link: number;
  readonly grant: string;
  /** An account is that of the issuer who named it. */
  readonly issuer: string;
  readonly account: string;
  /** What the action costs, where its grant limits that. */
  readonly spend?: Spend;
  readonly limits: readonly Limit[];
}

/** The most that an account may bear: in all, or over a window of time. */
export type Limit =
  | { readonly dimension: DimensionName; readonly budget: number }
  | { readonly dimension: DimensionName; readonly max: number; readonly seconds: number };

/** A dimension without which a value says nothing: written beside it, or else above it. */
export interface Need {
  readonly dimension: DimensionName;
  readonly where: "beside" | "beside-or-above";
}

/** What a draft is made of. */
export interface DraftMaterial<T> {
  readonly request: ActionRequest;
  /** The effective value under which the request was denied. */
  readonly value: T | undefined;
  /** The effective value within which the draft must lie. */
  readonly outer: T | undefined;
  /** A meter account that is used nowhere. */
  readonly account: string;
}

/**
 * One dimension of a grant. Its value at a link is what the grant says; where it says nothing, it
 * is as folded so far (DESIGN 3).
 */
export interface Dimension<T> {
  readonly shape: Shape<T>;
  /** Where every grant must say it. */
  readonly required?: true;
  /** The effective value below `folded` where a grant writes `written`: that one, unless given here. */
  fold?(folded: T, written: T): T;
  /** How `value` is wider than `folded`; `undefined` if it lies inside (Rule B). */
  wider(value: T, folded: T): Excess | undefined;
  /** Why `value` does not allow the request; `undefined` if it does (Rule A). */
  denies(value: T, request: ActionRequest, effective: DimensionValues): Excess | undefined;
  /**
   * What `value` says, in English: one line at least, in printable ASCII. A pure function, and different
   * values of one dimension have different lines; the order of an object's members makes no difference.
   */
  describe(value: T): readonly string[];
  /**
   * The narrowest value that allows the request and lies inside `outer`. Of the conditions in
   * `value` it keeps those that do not stand in the way.
   */
  draft(material: DraftMaterial<T>): T | undefined;
  /** What is left of `value` when these were handed on within it; `undefined` where it cannot be handed on. */
  free?(value: T, handedOn: readonly T[]): T | undefined;
  /** What a grant must say as well for `value` to mean anything. */
  needs?(value: T): Need | undefined;
  /** How `value` may not stand in a chain with these subjects. */
  conflicts?(value: T, subjects: readonly string[]): Excess | undefined;
  /** The approval that is missing, where the request is allowed otherwise. */
  awaits?(value: T, request: ActionRequest, effective: DimensionValues): Excess | undefined;
  /** What the request is charged to the account that `value` names. */
  charge?(value: T, request: ActionRequest, grant: FoldedGrant): Charge | undefined;
}

/** An {@link Excess}, of values that came from JSON; what was asked or is allowed may be unknown. */
export function excess(
  pointer: string,
  detail: string,
  asked: JsonValue | object | undefined,
  allowed: JsonValue | object | undefined,
  code?: ErrorCode,
): Excess {
  return {
    pointer,
    detail,
    ...(asked === undefined ? {} : { asked: asked as JsonValue }),
    ...(allowed === undefined ? {} : { allowed: allowed as JsonValue }),
    ...(code === undefined ? {} : { code }),
  };
}

/** An excess of a grant in a dimension, as a problem; its pointer stays relative. */
export function problemIn(
  { detail, code, ...place }: Excess,
  dimension: DimensionName,
  { link, written }: Pick<FoldedGrant, "link" | "written">,
  usual: ErrorCode,
): Problem {
  return {
    code: code ?? usual,
    detail: `${dimension}: ${detail}`,
    link,
    grant: written.id,
    dimension,
    ...place,
  };
}

/** {@link Dimension.wider} for lists in which each item must be covered by one of the folded. */
export function uncovered(
  pointer: string,
  items: readonly string[],
  folded: readonly string[],
  covers: (granted: string, asked: string) => boolean = (granted, asked) => granted === asked,
): Excess | undefined {
  const index = items.findIndex((item) => !folded.some((granted) => covers(granted, item)));
  if (index < 0) return undefined;
  return excess(`${pointer}/${String(index)}`, "an item that is not granted above", items[index], folded);
}

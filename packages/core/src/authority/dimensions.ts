import type { Dimension } from "./dimension.js";
import { actions, type Actions } from "./dimensions/actions.js";
import { approval, type ApprovalRule } from "./dimensions/approval.js";
import { args, type Args } from "./dimensions/args.js";
import { audience, type Audience } from "./dimensions/audience.js";
import { meter, type Meter } from "./dimensions/meter.js";
import { rate, type Rates } from "./dimensions/rate.js";
import { resources, type Resources } from "./dimensions/resources.js";
import { spend, type SpendLimit } from "./dimensions/spend.js";
import { statusMaxAgeSeconds } from "./dimensions/status-max-age.js";
import { when, type Conditions } from "./dimensions/when.js";

/** What a grant may say, by dimension. */
export interface DimensionValues {
  readonly actions: Actions;
  readonly resources?: Resources;
  readonly audience?: Audience;
  readonly args?: Args;
  readonly spend?: SpendLimit;
  readonly rate?: Rates;
  readonly meter?: Meter;
  readonly when?: Conditions;
  readonly approval?: ApprovalRule;
  readonly statusMaxAgeSeconds?: number;
}

/** The name of a dimension, as grants write it. */
export type DimensionName = keyof DimensionValues;

/** The closed vocabulary: a dimension is a file and a row here, and nothing else knows it by name. */
export const DIMENSIONS: {
  readonly [Name in DimensionName]-?: Dimension<NonNullable<DimensionValues[Name]>>;
} = { actions, resources, audience, args, spend, rate, meter, when, approval, statusMaxAgeSeconds };

/** The dimensions with their names, for code that treats all alike. */
export const ALL_DIMENSIONS: readonly (readonly [DimensionName, Dimension<unknown>])[] = Object.entries(
  DIMENSIONS,
) as [DimensionName, Dimension<unknown>][];

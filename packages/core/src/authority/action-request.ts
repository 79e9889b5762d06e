import type { Asking } from "../documents/invocation.js";
import type { JsonObject } from "../json/json-value.js";
import { integer, object, text, type Shape } from "../schema/shape.js";

/** The name of a unit. */
export const unitName: Shape<string> = text({ pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, what: "a unit" });

/** An amount in whole minor units of one unit. */
export interface Spend {
  readonly unit: string;
  readonly amount: number;
}

/** The shape of a {@link Spend}: more than nothing. */
export const spendShape: Shape<Spend> = object<Spend>({ unit: unitName, amount: integer(1) });

/** What whoever decides knows of an action, beside what its asker signed. */
export interface Facts {
  /** The time of the decision, in milliseconds since 1970. */
  readonly now: number;
  /** DID that the service states as its own; without one, a grant with an audience does not hold. */
  readonly audience?: string | undefined;
  /** What the service says that the action costs. */
  readonly spend?: Spend | undefined;
  /** Attributes for the conditions of grants. */
  readonly context?: JsonObject | undefined;
  /** DID of the service whose ledger is at hand. */
  readonly ledger?: string | undefined;
  /** When the oldest status list that was relied on was signed, in milliseconds since 1970. */
  readonly statusAsOf?: number | undefined;
  /** DIDs of those who approved this invocation. */
  readonly approvedBy?: readonly string[] | undefined;
}

/** What is asked, and what is known of it. */
export interface ActionRequest {
  readonly invocation: Asking;
  readonly facts: Facts;
  /**
   * `service` decides. `holder` looks ahead before asking: what only the service can know (its DID,
   * the spend, its context and ledger) is left open where it is not stated.
   */
  readonly perspective: "service" | "holder";
}

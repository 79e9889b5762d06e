import type { JsonValue } from "../../json/json-value.js";
import { parsePointer, valueAt } from "../../json/pointer.js";
import { integer, object } from "../../schema/shape.js";
import { unitName, type ActionRequest } from "../action-request.js";
import { shown } from "../constraint.js";
import { excess, type Dimension, type DraftMaterial, type Excess } from "../dimension.js";
import { quoted } from "../quoted.js";
import { argsPointer } from "./args.js";

/** What actions may cost, in whole minor units of one unit. */
export interface SpendLimit {
  /** An ISO 4217 code, or the name of another unit. */
  readonly unit: string;
  /** Where the arguments say the amount; the service may state it instead. */
  readonly amountAt?: string;
  /** Where the arguments say the unit. */
  readonly unitAt?: string;
  /** The most that one action may cost. */
  readonly perAction?: number;
  /** The most that all may cost together, on the account of the grant's meter. */
  readonly budget?: number;
}

/** Members that a child may not change, because they say what is measured. */
const SAME_MEMBERS = ["unit", "amountAt", "unitAt"] as const;

const LIMITS = ["perAction", "budget"] as const;

export const spend: Dimension<SpendLimit> = {
  shape: object<SpendLimit>(
    {
      unit: unitName,
      amountAt: argsPointer,
      unitAt: argsPointer,
      perAction: integer(1),
      budget: integer(1),
    },
    ["amountAt", "unitAt", "perAction", "budget"],
  ),
  fold: (folded, written) => ({ ...folded, ...written }),
  wider(value, folded) {
    for (const member of SAME_MEMBERS) {
      if (value[member] !== folded[member]) {
        return excess(`/spend/${member}`, "must be the same as above", value[member], folded[member]);
      }
    }
    for (const member of LIMITS) {
      if ((value[member] ?? Infinity) > (folded[member] ?? Infinity)) {
        return excess(`/spend/${member}`, "more than is granted above", value[member], folded[member]);
      }
    }
    return undefined;
  },
  denies(value, request) {
    const cost = costOf(value, request);
    if (typeof cost === "object") return cost;
    if (cost === undefined || cost <= (value.perAction ?? Infinity)) return undefined;
    return excess(`/args${value.amountAt ?? ""}`, "costs more than one action may", cost, value.perAction);
  },
  describe: ({ unit, amountAt, unitAt, perAction, budget }) => [
    `Cost: ${upTo(perAction)} for one action, ${upTo(budget)} for all together, in whole minor units of ${unit}`,
    ...(amountAt === undefined ? [] : [`Cost: its amount is argument ${quoted(amountAt)}`]),
    ...(unitAt === undefined ? [] : [`Cost: its unit is argument ${quoted(unitAt)}`]),
  ],
  draft: draftOf,
  free(value, handedOn) {
    if (value.budget === undefined) return value;
    const gone = handedOn.reduce((sum, { budget = 0 }) => sum + budget, 0);
    return { ...value, budget: Math.max(0, value.budget - gone) };
  },
  needs: ({ budget }) => (budget === undefined ? undefined : { dimension: "meter", where: "beside" }),
};

function upTo(limit: number | undefined): string {
  return limit === undefined ? "no limit" : `at most ${String(limit)}`;
}

/**
 * What an action costs in the unit of a limit, or why that cannot be accepted; `undefined` where a
 * holder cannot know it yet.
 */
export function costOf(limit: SpendLimit, request: ActionRequest): number | Excess | undefined {
  return wrongUnit(limit, request) ?? amountOf(limit, request);
}

function argumentAt(pointer: string | undefined, { invocation }: ActionRequest): JsonValue | undefined {
  return pointer === undefined ? undefined : valueAt(invocation.args ?? {}, parsePointer(pointer));
}

/** The unit is stated, or in the arguments, or the grant's own; all that say one say the same. */
function wrongUnit(limit: SpendLimit, request: ActionRequest): Excess | undefined {
  const pointer = `/args${limit.unitAt ?? ""}`;
  const named = argumentAt(limit.unitAt, request);
  const { facts, perspective } = request;
  for (const unit of [facts.spend?.unit, named]) {
    if (unit !== undefined && unit !== limit.unit) {
      return excess(pointer, "the spend is in another unit", shown(unit), limit.unit);
    }
  }
  if (limit.unitAt === undefined || named !== undefined || facts.spend !== undefined) return undefined;
  if (perspective === "holder") return undefined;
  return excess(pointer, "the spend names no unit", undefined, limit.unit);
}

/** The amount is stated, or in the arguments; where it is both, it is the same (DESIGN 3, spend). */
function amountOf(limit: SpendLimit, request: ActionRequest): number | Excess | undefined {
  const pointer = `/args${limit.amountAt ?? ""}`;
  const named = argumentAt(limit.amountAt, request);
  const stated = request.facts.spend?.amount;
  const amount = stated ?? named;
  if (amount === undefined) {
    if (request.perspective === "holder") return undefined;
    return excess(pointer, "the spend is not known", undefined, limit.perAction);
  }
  if (stated !== undefined && named !== undefined && stated !== named) {
    return excess(pointer, "the service states another spend than the arguments", shown(named), stated);
  }
  if (typeof amount !== "number" || !Number.isSafeInteger(amount) || amount < 1) {
    return excess(pointer, "a spend is a positive integer of minor units", shown(amount), undefined);
  }
  return amount;
}

/** Exactly what the action costs, once where a budget is kept. A cost that is not known is no remedy. */
function draftOf({ request, value, outer }: DraftMaterial<SpendLimit>): SpendLimit | undefined {
  const { unit: granted, amountAt, unitAt }: Partial<SpendLimit> = outer ?? value ?? {};
  const unit = request.facts.spend?.unit ?? argumentAt(unitAt, request) ?? granted;
  if (typeof unit !== "string") return value;
  const measured: SpendLimit = {
    unit,
    ...(amountAt === undefined ? {} : { amountAt }),
    ...(unitAt === undefined ? {} : { unitAt }),
  };
  const cost = costOf(measured, request);
  if (typeof cost !== "number") return value;
  return { ...measured, perAction: cost, ...(value?.budget === undefined ? {} : { budget: cost }) };
}

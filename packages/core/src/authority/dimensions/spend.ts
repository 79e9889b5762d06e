import type { JsonValue } from "../../json/json-value.js";
import { parsePointer, valueAt } from "../../json/pointer.js";
import { integer, object, text, type Shape } from "../../schema/shape.js";
import { shown } from "../constraint.js";
import type { ActionRequest, Dimension, Excess } from "../dimension.js";
import { argsPointer } from "./args.js";

/** What an action may cost, in whole minor units of one unit. */
export interface SpendLimit {
  /** An ISO 4217 code, or the name of another unit. */
  readonly unit: string;
  /** Where the arguments say the amount; the service may state it instead. */
  readonly amountAt?: string;
  /** Where the arguments say the unit. */
  readonly unitAt?: string;
  /** The most that one action may cost. */
  readonly perAction?: number;
}

/** The name of a unit. */
export const unitName: Shape<string> = text({ pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, what: "a unit" });

/** Members that a child may not change, because they say what is measured. */
const SAME_MEMBERS = ["unit", "amountAt", "unitAt"] as const;

export const spend: Dimension<SpendLimit> = {
  shape: object<SpendLimit>(
    { unit: unitName, amountAt: argsPointer, unitAt: argsPointer, perAction: integer(1) },
    ["amountAt", "unitAt", "perAction"],
  ),
  fold: (folded, written) => ({ ...folded, ...written }),
  wider(value, folded) {
    for (const member of SAME_MEMBERS) {
      if (value[member] !== folded[member]) {
        return excess(`/spend/${member}`, "must be the same as above", value[member], folded[member]);
      }
    }
    if ((value.perAction ?? Infinity) > (folded.perAction ?? Infinity)) {
      return excess("/spend/perAction", "more than is granted above", value.perAction, folded.perAction);
    }
    return undefined;
  },
  denies(value, request) {
    return wrongUnit(value, request) ?? wrongAmount(value, request);
  },
};

function excess(
  pointer: string,
  detail: string,
  asked: JsonValue | undefined,
  allowed: JsonValue | undefined,
): Excess {
  return {
    pointer,
    detail,
    ...(asked === undefined ? {} : { asked }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function argumentAt(pointer: string | undefined, { args = {} }: ActionRequest): JsonValue | undefined {
  return pointer === undefined ? undefined : valueAt(args, parsePointer(pointer));
}

/** The unit is stated, or in the arguments, or the grant's own; all that say one say the same. */
function wrongUnit(limit: SpendLimit, request: ActionRequest): Excess | undefined {
  const pointer = `/args${limit.unitAt ?? ""}`;
  const named = argumentAt(limit.unitAt, request);
  for (const unit of [request.spend?.unit, named]) {
    if (unit !== undefined && unit !== limit.unit) {
      return excess(pointer, "the spend is in another unit", shown(unit), limit.unit);
    }
  }
  if (limit.unitAt === undefined || named !== undefined || request.spend !== undefined) return undefined;
  if (request.perspective === "holder") return undefined;
  return excess(pointer, "the spend names no unit", undefined, limit.unit);
}

/** The amount is stated, or in the arguments; where it is both, it is the same (DESIGN 3, spend). */
function wrongAmount(limit: SpendLimit, request: ActionRequest): Excess | undefined {
  const pointer = `/args${limit.amountAt ?? ""}`;
  const named = argumentAt(limit.amountAt, request);
  const stated = request.spend?.amount;
  const amount = stated ?? named;
  if (amount === undefined) {
    if (request.perspective === "holder") return undefined;
    return excess(pointer, "the spend is not known", undefined, limit.perAction);
  }
  if (stated !== undefined && named !== undefined && stated !== named) {
    return excess(pointer, "the service states another spend than the arguments", shown(named), stated);
  }
  if (!Number.isSafeInteger(amount) || (amount as number) < 1) {
    return excess(pointer, "a spend is a positive integer of minor units", shown(amount), undefined);
  }
  if ((amount as number) > (limit.perAction ?? Infinity)) {
    return excess(pointer, "costs more than one action may", amount, limit.perAction);
  }
  return undefined;
}

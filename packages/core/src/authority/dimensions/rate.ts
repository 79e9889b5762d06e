import { integer, list, object } from "../../schema/shape.js";
import { excess, type Dimension } from "../dimension.js";

/** At most `max` actions in any `seconds` on end: the window (t−s, t] slides and is half open. */
export interface Rate {
  readonly max: number;
  readonly seconds: number;
}

/** Rates that all hold. */
export type Rates = readonly Rate[];

const MAX_RATES = 16;

/**
 * Whether one rate keeps another. In any S seconds there are at most ⌈S/s⌉ windows of s seconds, so
 * that a burst at their border counts; an average would let it through.
 */
function keeps({ max, seconds }: Rate, outer: Rate): boolean {
  return Math.ceil(outer.seconds / seconds) * max <= outer.max;
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** The ledger counts (see `meter`); a request alone is within every rate. */
export const rate: Dimension<Rates> = {
  shape: list(object<Rate>({ max: integer(1), seconds: integer(1) }), MAX_RATES),
  wider(value, folded) {
    const broken = folded.find((outer) => !value.some((inner) => keeps(inner, outer)));
    if (broken === undefined) return undefined;
    return excess("/rate", "may go beyond a rate that is granted above", value, broken);
  },
  denies: () => undefined,
  describe: (value) =>
    value.map(({ max, seconds }) => `At most ${count(max, "action")} in any ${count(seconds, "second")}`),
  draft: ({ value, outer = [] }) =>
    value && [{ max: 1, seconds: Math.max(...[...value, ...outer].map(({ seconds }) => seconds)) }],
  needs: () => ({ dimension: "meter", where: "beside" }),
};

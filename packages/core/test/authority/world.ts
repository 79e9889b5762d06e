import type { Grant } from "@writ/core";
import fc from "fast-check";

import type { JsonMap, ModelConstraint, ModelGrant, ModelSpend, ModelSpending } from "./model.js";
import { withLeaves, type ModelArgs } from "./model.js";

/** The finite world: all that can be asked in the tests of properties. */
export const ACTIONS: readonly string[] = ["a", "a.b", "a.b.c", "b", "ab"];
const HOST = "https://r.example/";
export const RESOURCES: readonly (string | undefined)[] = [
  undefined,
  ...["", "a", "a/", "a/b", "a/b/", "a/b/c", "ab", "ab/c", "c"].map((path) => HOST + path),
];
export const AUDIENCES: readonly (string | undefined)[] = [
  undefined,
  "did:web:s1",
  "did:web:s2",
  "did:web:s3",
];

const X = [0, 1, 2, 3, "1", "p", "pq", "p/", "p/q", "p/../q", "", true, null, {}, [], [1]];
const BELOW_X = [
  { z: 1 },
  { z: 2 },
  { z: "p" },
  { z: {} },
  { z: [1] },
  { z: null },
  { z: { w: 1 } },
  { z: 1, w: 1 },
  { w: 1 },
];
const OTHERS: readonly JsonMap[] = [{}, { y: 1 }, { y: "pq" }, { y: {} }, { "x/z": 1 }, { "x/z": "p", y: 2 }];

export const ARGS: readonly ModelArgs[] = [undefined, ...X, ...BELOW_X].flatMap((x) =>
  OTHERS.map((others) => withLeaves({ ...(x === undefined ? {} : { x }), ...others })),
);

export const SPENDING: readonly ModelSpending[] = [undefined, -1, 0, 1, 2, 3, 5, "3", "E"].flatMap((x) =>
  [undefined, "E", "F", 1].flatMap((y) =>
    [undefined, "E 1", "E 2", "E 3", "E 4", "E 5", "E 0", "E -1", "F 3"].map((statement) => {
      const [unit = "", amount] = statement?.split(" ") ?? [];
      return {
        args: { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) },
        ...(statement === undefined ? {} : { stated: { unit, amount: Number(amount) } }),
      };
    }),
  ),
);

/** What can be granted. */
const GRANTED_ACTIONS = [...ACTIONS, "*", "a.*", "a.b.*", "b.*"];
const GRANTED_RESOURCES = RESOURCES.filter((resource) => resource !== undefined).concat(`${HOST}ab/`);
const GRANTED_AUDIENCES = AUDIENCES.filter((audience) => audience !== undefined);
const POINTERS = ["/x", "/x/z", "/y", "/x~1z", "/x/z/w"];
const BOUNDS: readonly ModelConstraint[] = [
  ...[1, 2, "p", null, {}, [], [1], { z: 1 }, { z: "p" }, { z: {} }, { z: { w: 1 } }, { w: 1 }].map(
    (equals) => ({ equals }),
  ),
  ...[[1], [1, 2], [1, "1"], ["p", "pq"], ["p/", "p/q"], [true, 3]].map((oneOf) => ({ oneOf })),
  ...[{ min: 1 }, { max: 2 }, { min: 1, max: 3 }, { min: 2, max: 2 }, { min: 0, max: 9 }].map((range) => ({
    range,
  })),
  ...["p", "pq"].map((prefix) => ({ prefix })),
  ...["p/", "p/q", "p"].map((under) => ({ under })),
  ...[0, 1, 2, 9].map((maxLength) => ({ maxLength })),
];
const KINDS = [...new Set(BOUNDS.map(kindOf))].map((kind) =>
  BOUNDS.filter((bound) => kindOf(bound) === kind),
);
const ANY: ModelConstraint = { any: true };

/** Draws from lists by numbers that fast-check makes and shrinks. */
export class Draw {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(count: number): number {
    return (this.#numbers[this.#at++] ?? 0) % count;
  }

  /** Whether one of so many in a hundred. */
  percent(chance: number): boolean {
    return this.below(100) >= 100 - chance;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  some<T>(items: readonly T[], most: number): readonly T[] {
    return [...new Set(Array.from({ length: 1 + this.below(most) }, () => this.of(items)))];
  }
}

export const draws: fc.Arbitrary<Draw> = fc
  .array(fc.noBias(fc.nat(0xffff)), { minLength: 160, maxLength: 160 })
  .map((numbers) => new Draw(numbers));

function kindOf(bound: ModelConstraint): string {
  return Object.keys(bound)[0] ?? "";
}

function drawBound(draw: Draw): ModelConstraint {
  const bound = draw.percent(30) ? ANY : draw.of(draw.of(KINDS));
  const both = draw.percent(15) ? { ...bound, ...draw.of(BOUNDS) } : bound;
  return draw.percent(50) ? { ...both, optional: true } : both;
}

function drawArgs(draw: Draw): Record<string, ModelConstraint> {
  return Object.fromEntries(draw.some(POINTERS, 3).map((pointer) => [pointer, drawBound(draw)]));
}

/** Another bound of the same kind, which may be wider or narrower. */
function neighbour(draw: Draw, bound: ModelConstraint): ModelConstraint {
  return draw.of(KINDS.find(([first]) => first !== undefined && kindOf(first) === kindOf(bound)) ?? BOUNDS);
}

/** Near to what is above: mostly the same, some pointers changed, one dropped or added. */
function nearArgs(
  draw: Draw,
  above: Readonly<Record<string, ModelConstraint>>,
): Record<string, ModelConstraint> {
  const near: Record<string, ModelConstraint> = {};
  for (const [pointer, { optional, ...rest }] of Object.entries(above)) {
    if (draw.percent(optional === true ? 50 : 5)) continue;
    const change = draw.below(10);
    const own = change < 4 ? rest : change < 8 ? neighbour(draw, rest) : change < 9 ? draw.of(BOUNDS) : ANY;
    const joined = change >= 8 && draw.percent(50) ? { ...own, ...rest } : own;
    near[pointer] = draw.percent(optional === true ? 70 : 5) ? { ...joined, optional: true } : joined;
  }
  if (draw.percent(30) || Object.keys(near).length === 0) near[draw.of(POINTERS)] = drawBound(draw);
  return near;
}

function drawSpend(draw: Draw, above: ModelSpend | undefined): ModelSpend {
  const [amountAt, unitAt] = [{ amountAt: "/x" }, { unitAt: draw.of(["/y", "/y", "/x"]) }];
  const fresh = draw.percent(above === undefined ? 100 : 25);
  return {
    unit: draw.percent(95) ? "E" : "F",
    ...(fresh && draw.percent(60) ? amountAt : {}),
    ...(fresh && draw.percent(40) ? unitAt : {}),
    ...(draw.percent(70)
      ? { perAction: 1 + draw.below(above?.perAction ?? 5) + (draw.percent(10) ? 1 : 0) }
      : {}),
  };
}

function nearList(
  draw: Draw,
  items: readonly string[],
  above: readonly string[] | undefined,
): readonly string[] {
  if (above === undefined || draw.percent(12)) return draw.some(items, 3);
  const kept = draw.some(above, 2);
  const [one = ""] = kept;
  const below = items.filter((item) => item.startsWith(one.replace(/\*$/, "")));
  return draw.percent(40) && below.length > 0 ? [...new Set([...kept.slice(1), draw.of(below)])] : kept;
}

/** A grant that often lies inside the one above, and often only nearly; half of them differ in one dimension. */
export function drawGrant(draw: Draw, above?: ModelGrant): ModelGrant {
  const only = above !== undefined && draw.percent(60) ? draw.below(6) : undefined;
  const states = (dimension: number): boolean =>
    only === undefined ? draw.percent(above === undefined ? 70 : 40) : only === dimension;
  const same = above !== undefined && only !== undefined && only !== 0;
  return {
    actions: same ? above.actions : nearList(draw, GRANTED_ACTIONS, above?.actions),
    ...(states(2) ? { resources: nearList(draw, GRANTED_RESOURCES, above?.resources) } : {}),
    ...(states(3) ? { audience: nearList(draw, GRANTED_AUDIENCES, above?.audience) } : {}),
    // Arguments have the most to say, and are drawn twice as often.
    ...(states(1) || only === 5
      ? { args: above?.args === undefined ? drawArgs(draw) : nearArgs(draw, above.args) }
      : {}),
    ...(states(4) ? { spend: drawSpend(draw, above?.spend) } : {}),
  };
}

/** A chain of two or three grants, as written, root first. */
export const chains: fc.Arbitrary<readonly ModelGrant[]> = draws.map(drawChain);

export function drawChain(draw: Draw): readonly ModelGrant[] {
  const chain = [drawGrant(draw)];
  const effective: ModelGrant[] = [...chain];
  for (const length = 2 + draw.below(2); chain.length < length;) {
    const above = effective.at(-1) as ModelGrant;
    const grant = drawGrant(draw, above);
    chain.push(grant);
    effective.push({ ...above, ...grant });
  }
  return chain;
}

/** The chain as grants of credentials, each within the one before. */
export function asGrants(chain: readonly ModelGrant[]): readonly Grant[] {
  return chain.map((grant, index) => ({
    id: `g${String(index)}`,
    ...(index === 0 ? {} : { within: `g${String(index - 1)}` }),
    ...grant,
  }));
}

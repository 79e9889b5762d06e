import type { ActionRequest, Grant } from "@writ/core";
import { fc } from "@writ/testkit/properties";

import type {
  JsonMap,
  ModelApproval,
  ModelConstraint,
  ModelDay,
  ModelGrant,
  ModelMeter,
  ModelRate,
  ModelRequest,
  ModelSpend,
  ModelSpending,
  ModelWhen,
  ModelWindow,
} from "./model.js";
import {
  allowsAction,
  allowsAge,
  allowsArgs,
  allowsAudience,
  allowsContext,
  allowsInstant,
  allowsMeter,
  allowsResource,
  allowsSpend,
  foldModel,
  withLeaves,
  type ModelArgs,
} from "./model.js";

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

export const LEDGERS: readonly (string | undefined)[] = [undefined, "did:web:s1", "did:web:s2"];

/** Around midnight, the borders of windows and the changes of clocks, a Sunday and a Monday in each case. */
export const INSTANTS: readonly number[] = [
  ...["2026-03-28T22:59:59.999Z", "2026-03-28T23:00Z", "2026-03-28T23:59:59.999Z", "2026-03-29T00:00Z"],
  ...["2026-03-29T00:59:59.999Z", "2026-03-29T01:00Z", "2026-03-29T07:00Z", "2026-03-29T21:59:59.999Z"],
  ...["2026-03-29T22:00Z", "2026-03-29T23:59:59.999Z", "2026-03-30T00:00Z", "2026-03-30T06:59:59.999Z"],
  ...["2026-03-30T07:00Z", "2026-03-30T09:00Z", "2026-10-24T22:00Z", "2026-10-25T00:00Z"],
  ...["2026-10-25T00:59:59.999Z", "2026-10-25T01:00Z", "2026-10-25T01:59:59.999Z", "2026-10-25T02:00Z"],
  ...["2026-10-25T23:00Z", "2026-10-26T07:59:59.999Z", "2026-10-26T08:00Z", "2026-10-26T23:00Z"],
].map((instant) => Date.parse(instant));

const ATTRIBUTES = ["env", "env", "tier", "tier", "toString"];
const SUPPLIED = [undefined, 1, 2, "1", "p", "pq", null, {}];
export const CONTEXTS: readonly (JsonMap | undefined)[] = [
  undefined,
  ...SUPPLIED.flatMap((env) =>
    SUPPLIED.map((tier) => ({
      ...(env === undefined ? {} : { env }),
      ...(tier === undefined ? {} : { tier }),
    })),
  ),
  { toString: "p" },
  { toString: 1, env: "p", tier: 2 },
];

const APPROVERS = ["did:web:ann", "did:web:ben", "did:web:cy"];
/** Who has approved: each set of three, and a stranger. */
export const APPROVALS: readonly (readonly string[] | undefined)[] = [
  undefined,
  ["did:web:stranger"],
  ...Array.from({ length: 8 }, (_, mask) => APPROVERS.filter((__, bit) => (mask >> bit) % 2 === 1)),
];
export const COSTS: readonly number[] = [1, 2, 3, 4, 5];

/** How many milliseconds ago the oldest status list was signed. */
export const AGES: readonly (number | undefined)[] = [
  undefined,
  -1,
  0,
  999,
  1000,
  1001,
  2000,
  2001,
  3000,
  3001,
];

/** What a ledger may have counted: no action, one or two at each of seven half seconds. */
export const HISTORIES: readonly (readonly number[])[] = Array.from({ length: 3 ** 7 }, (_, code) =>
  Array.from({ length: 7 }, (__, place) => Math.floor(code / 3 ** place) % 3),
);

/** What can be granted. */
const RATES: readonly ModelRate[] = [1, 2, 3].flatMap((seconds) =>
  [1, 2, 3, 4, 5, 6].map((max) => ({ max, seconds })),
);
const TIMES = ["00:00", "01:00", "02:00", "03:00", "09:00", "23:59", "24:00"];
const WEEKDAYS: readonly ModelDay[] = ["sa", "su", "su", "mo", "mo", "tu"];
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

/** Those of the kinds that a condition may say: no null, and no empty list. */
const CONDITIONS = KINDS.map((kind) => kind.filter((bound) => !/null|\[\]/.test(JSON.stringify(bound))));

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
  .array(fc.noBias(fc.nat(0xffff)), { minLength: 240, maxLength: 240 })
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
function neighbour(draw: Draw, bound: ModelConstraint, kinds = KINDS): ModelConstraint {
  return draw.of(
    kinds.find(([first]) => first !== undefined && kindOf(first) === kindOf(bound)) ?? kinds.flat(),
  );
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
  const atMost = (limit: number | undefined): number =>
    1 + draw.below(limit ?? 5) + (draw.percent(10) ? 1 : 0);
  return {
    unit: draw.percent(95) ? "E" : "F",
    ...(fresh && draw.percent(60) ? amountAt : {}),
    ...(fresh && draw.percent(40) ? unitAt : {}),
    ...(draw.percent(70) ? { perAction: atMost(above?.perAction) } : {}),
    ...(draw.percent(30) ? { budget: atMost(above?.budget) } : {}),
  };
}

function drawRates(draw: Draw, above: readonly ModelRate[] | undefined): readonly ModelRate[] {
  if (above === undefined || draw.percent(15)) return draw.some(RATES, 2);
  const near = above.map(({ max, seconds }) => {
    const change = draw.below(6);
    if (change === 0) return { max: 1 + draw.below(max), seconds };
    if (change === 1) return { max, seconds: seconds + draw.below(2) };
    if (change === 2) return { max: Math.max(1, Math.floor(max / 2)), seconds: Math.max(1, seconds - 1) };
    return change === 3 ? draw.of(RATES) : { max, seconds };
  });
  const kept = draw.percent(10) ? near.slice(1) : near;
  const more = draw.percent(20) || kept.length === 0 ? [draw.of(RATES)] : [];
  return distinct([...kept, ...more]);
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** Each draw names an account of its own, but for a few that take the one above. */
function drawMeter(draw: Draw, above: ModelMeter | undefined): ModelMeter {
  const ledgers = LEDGERS.filter((ledger) => ledger !== undefined);
  const account = (number: number): string =>
    `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  return {
    ledger: above === undefined || draw.percent(8) ? draw.of(ledgers) : above.ledger,
    account: above !== undefined && draw.percent(5) ? above.account : account(draw.below(0xffff)),
  };
}

function drawWindow(draw: Draw): ModelWindow {
  const from = draw.below(TIMES.length - 1);
  const to = from + 1 + draw.below(TIMES.length - 1 - from);
  return {
    days: draw.some(WEEKDAYS, 3),
    from: TIMES[from] as string,
    to: (draw.percent(50) ? TIMES[to] : "24:00") as string,
    timeZone: draw.of(["UTC", "Europe/Berlin", "Europe/Berlin"]),
  };
}

function nearWindow(draw: Draw, window: ModelWindow): ModelWindow {
  const other = drawWindow(draw);
  const change = draw.below(10);
  if (change === 0) return other;
  if (change === 1) return { ...window, timeZone: other.timeZone };
  const days = change < 5 ? draw.some(window.days, 2) : change === 5 ? other.days : window.days;
  const from = change > 6 && other.from < window.to ? other.from : window.from;
  const to = change > 7 && other.to > from ? other.to : window.to;
  return { ...window, days, from, to };
}

function drawWhen(draw: Draw, above: ModelWhen | undefined): ModelWhen {
  const fresh = above?.windows === undefined || draw.percent(10);
  const windows = fresh
    ? Array.from({ length: 1 + draw.below(2) }, () => drawWindow(draw))
    : above.windows.map((window) => nearWindow(draw, window));
  const conditions = Object.entries(above?.context ?? {}).flatMap(([name, bound]) => {
    if (draw.percent(5)) return [];
    return [[name, draw.percent(60) ? bound : neighbour(draw, bound, CONDITIONS)] as const];
  });
  if (conditions.length === 0 || draw.percent(25)) {
    conditions.push([draw.of(ATTRIBUTES), draw.percent(15) ? ANY : draw.of(draw.of(CONDITIONS))]);
  }
  const says = draw.below(3);
  return {
    ...(says === 1 ? {} : { windows: distinct(windows) }),
    ...(says === 0 ? {} : { context: Object.fromEntries(conditions) }),
  };
}

function drawApproval(draw: Draw, above: ModelApproval | undefined): ModelApproval {
  const near = above !== undefined && draw.percent(85);
  const approvers =
    near && draw.percent(70) ? above.approvers : draw.some(near ? above.approvers : APPROVERS, 3);
  const least = near ? Math.min(above.quorum, approvers.length) : 1;
  return {
    over: near ? draw.below(above.over + (draw.percent(20) ? 2 : 1)) : draw.below(5),
    approvers,
    quorum: least + draw.below(approvers.length - least + 1),
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
  const only = above !== undefined && draw.percent(60) ? draw.below(11) : undefined;
  const states = (dimension: number): boolean =>
    only === undefined ? draw.percent(above === undefined ? 60 : 30) : only === dimension;
  const same = above !== undefined && only !== undefined && only !== 0;
  const grant: ModelGrant = {
    actions: same ? above.actions : nearList(draw, GRANTED_ACTIONS, above?.actions),
    ...(states(2) ? { resources: nearList(draw, GRANTED_RESOURCES, above?.resources) } : {}),
    ...(states(3) ? { audience: nearList(draw, GRANTED_AUDIENCES, above?.audience) } : {}),
    // Arguments have the most to say, and are drawn twice as often.
    ...(states(1) || only === 10
      ? { args: above?.args === undefined ? drawArgs(draw) : nearArgs(draw, above.args) }
      : {}),
    ...(states(4) ? { spend: drawSpend(draw, above?.spend) } : {}),
    ...(states(5) ? { rate: drawRates(draw, above?.rate) } : {}),
    ...(states(6) ? { meter: drawMeter(draw, above?.meter) } : {}),
    ...(states(7) ? { when: drawWhen(draw, above?.when) } : {}),
    ...(states(8) ? { approval: drawApproval(draw, above?.approval) } : {}),
    ...(states(9)
      ? {
          statusMaxAgeSeconds: 1 + draw.below((above?.statusMaxAgeSeconds ?? 3) + (draw.percent(20) ? 1 : 0)),
        }
      : {}),
  };
  return complete(draw, grant, above);
}

/** With what its limits need: a meter beside a rate or a budget, a spend beside an approval at the root. */
function complete(draw: Draw, grant: ModelGrant, above: ModelGrant | undefined): ModelGrant {
  const spend =
    grant.spend ??
    (grant.approval === undefined || above !== undefined ? undefined : drawSpend(draw, undefined));
  const metered = grant.rate !== undefined || spend?.budget !== undefined;
  const meter = grant.meter ?? (metered ? drawMeter(draw, above?.meter) : undefined);
  return { ...grant, ...(spend === undefined ? {} : { spend }), ...(meter === undefined ? {} : { meter }) };
}

/** A chain of two or three grants, as written, root first. */
export const chains: fc.Arbitrary<readonly ModelGrant[]> = draws.map(drawChain);

export function drawChain(draw: Draw): readonly ModelGrant[] {
  const chain = [drawGrant(draw)];
  for (const length = 2 + draw.below(2); chain.length < length;) {
    chain.push(drawGrant(draw, foldModel(chain).at(-1)));
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

/** A request in the small world that a grant mostly allows. */
export function drawRequest(draw: Draw, grant: ModelGrant): ModelRequest {
  const drawFrom = <T>(world: readonly T[], allows: (each: T) => boolean): T => {
    const allowed = draw.percent(95) ? world.filter(allows) : [];
    return draw.of(allowed.length > 0 ? allowed : world);
  };
  let spending: ModelSpending = { args: {} };
  for (let tries = 0; tries < 8; tries += 1) {
    const { args, stated } = drawFrom(SPENDING, (each) => allowsSpend(grant.spend, each));
    const own = grant.args === undefined && draw.percent(80);
    const both = own ? args : drawFrom(ARGS, (each) => allowsArgs(grant.args, each)).value;
    spending = { args: both, ...(stated === undefined ? {} : { stated }) };
    if (allowsArgs(grant.args, withLeaves(both)) && allowsSpend(grant.spend, spending)) break;
  }
  const { when, statusMaxAgeSeconds } = grant;
  const now = drawFrom(INSTANTS, (instant) => allowsInstant(when?.windows, instant));
  const asOf = (age: number | undefined): number | undefined => (age === undefined ? undefined : now - age);
  const members = {
    resource: drawFrom(RESOURCES, (resource) => allowsResource(grant.resources, resource)),
    audience: drawFrom(AUDIENCES, (audience) => allowsAudience(grant.audience, audience)),
    ledger: drawFrom(LEDGERS, (ledger) => allowsMeter(grant.meter, ledger)),
    context: drawFrom(CONTEXTS, (context) => allowsContext(when?.context, context)),
    approvedBy: draw.of(APPROVALS),
    statusAsOf: asOf(drawFrom(AGES, (age) => allowsAge(statusMaxAgeSeconds, now, asOf(age)))),
  };
  const stated = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return {
    action: drawFrom(ACTIONS, (action) => allowsAction(grant.actions, action)),
    spending,
    now,
    ...stated,
  };
}

/** The request as the kernel takes it. */
export function asRequest(
  { action, resource, spending: { args, stated: spend }, ...facts }: ModelRequest,
  perspective: ActionRequest["perspective"],
): ActionRequest {
  const invocation = {
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(Object.keys(args).length === 0 ? {} : { args }),
  };
  return { invocation, facts: { ...facts, ...(spend === undefined ? {} : { spend }) }, perspective };
}

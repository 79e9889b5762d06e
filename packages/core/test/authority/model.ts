/**
 * Rule A once more, from DESIGN 3 and by brute force, for tests to compare the kernel with. It shares no
 * code with the kernel, and works on segments and leaves where the kernel works on texts and pointers.
 */
import { isDeepStrictEqual } from "node:util";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonMap = Readonly<Record<string, Json>>;

export interface ModelConstraint {
  readonly equals?: Json;
  readonly oneOf?: readonly (string | number | boolean)[];
  readonly range?: { readonly min?: number; readonly max?: number };
  readonly prefix?: string;
  readonly under?: string;
  readonly maxLength?: number;
  readonly any?: true;
  readonly optional?: true;
}

export interface ModelSpend {
  readonly unit: string;
  readonly amountAt?: string;
  readonly unitAt?: string;
  readonly perAction?: number;
  readonly budget?: number;
}

export interface ModelRate {
  readonly max: number;
  readonly seconds: number;
}

export interface ModelMeter {
  readonly ledger: string;
  readonly account: string;
}

export type ModelDay = "mo" | "tu" | "we" | "th" | "fr" | "sa" | "su";

export interface ModelWindow {
  readonly days: readonly ModelDay[];
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

export interface ModelWhen {
  readonly windows?: readonly ModelWindow[];
  readonly context?: Readonly<Record<string, ModelConstraint>>;
}

export interface ModelApproval {
  readonly over: number;
  readonly approvers: readonly string[];
  readonly quorum: number;
}

/** What one grant says, or what is effective of it. */
export interface ModelGrant {
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly audience?: readonly string[];
  readonly args?: Readonly<Record<string, ModelConstraint>>;
  readonly spend?: ModelSpend;
  readonly rate?: readonly ModelRate[];
  readonly meter?: ModelMeter;
  readonly when?: ModelWhen;
  readonly approval?: ModelApproval;
  readonly statusMaxAgeSeconds?: number;
}

/** Arguments with their leaves: paths of names to scalars, arrays and empty objects. */
export interface ModelArgs {
  readonly value: JsonMap;
  readonly leaves: readonly (readonly string[])[];
}

export interface ModelSpending {
  readonly args: JsonMap;
  readonly stated?: { readonly unit: string; readonly amount: number };
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function withLeaves(value: JsonMap): ModelArgs {
  const leaves: string[][] = [];
  const visit = (node: Json, path: string[]): void => {
    if (!isMap(node) || (Object.keys(node).length === 0 && path.length > 0)) leaves.push(path);
    else for (const name of Object.keys(node)) visit(node[name] as Json, [...path, name]);
  };
  if (Object.keys(value).length > 0) visit(value, []);
  return { value, leaves };
}

const paths = new Map<string, readonly string[]>();

/** The names in a pointer of the tests' small world. */
function pathOf(pointer: string): readonly string[] {
  const known = paths.get(pointer);
  if (known !== undefined) return known;
  const names = pointer.split("/").slice(1);
  const path = names.map((name) => name.split("~1").join("/"));
  paths.set(pointer, path);
  return path;
}

function beginsWith(path: readonly string[], beginning: readonly string[]): boolean {
  return path.length >= beginning.length && beginning.every((name, index) => path[index] === name);
}

function lookUp(value: JsonMap, path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const name of path) found = isMap(found) ? found[name] : undefined;
  return found;
}

export function allowsAction(granted: readonly string[], asked: string): boolean {
  const names = asked.split(".");
  return granted.some((pattern) => {
    const wanted = pattern.split(".");
    if (wanted.at(-1) !== "*") return isDeepStrictEqual(wanted, names);
    return names.length >= wanted.length && beginsWith(names, wanted.slice(0, -1));
  });
}

function coversPath(granted: string, asked: string): boolean {
  const wanted = granted.split("/");
  const names = asked.split("/");
  if (wanted.at(-1) !== "") return isDeepStrictEqual(wanted, names);
  return names.length >= wanted.length && beginsWith(names, wanted.slice(0, -1));
}

export function allowsResource(granted: readonly string[] | undefined, asked: string | undefined): boolean {
  if (granted === undefined) return true;
  return asked !== undefined && granted.some((pattern) => coversPath(pattern, asked));
}

export function allowsAudience(granted: readonly string[] | undefined, stated: string | undefined): boolean {
  return granted === undefined || (stated !== undefined && new Set(granted).has(stated));
}

export function meets(bound: ModelConstraint, value: Json): boolean {
  const { equals, oneOf, range, prefix, under, maxLength } = bound;
  if (equals !== undefined && !isDeepStrictEqual(equals, value)) return false;
  if (oneOf !== undefined && !oneOf.some((item) => isDeepStrictEqual(item, value))) return false;
  if (range !== undefined) {
    if (typeof value !== "number") return false;
    if (range.min !== undefined && value < range.min) return false;
    if (range.max !== undefined && value > range.max) return false;
  }
  if (prefix !== undefined) {
    if (typeof value !== "string" || value.slice(0, prefix.length) !== prefix) return false;
    if (["/", "\\", "%"].some((character) => value.includes(character))) return false;
  }
  if (under !== undefined) {
    if (typeof value !== "string" || !coversPath(under, value)) return false;
    if (
      value.split("/").some((name, index, all) => name === ".." || (name === "" && index < all.length - 1))
    ) {
      return false;
    }
  }
  return maxLength === undefined || (typeof value === "string" && Array.from(value).length <= maxLength);
}

export function allowsArgs(granted: ModelGrant["args"], { value, leaves }: ModelArgs): boolean {
  if (granted === undefined) return true;
  const named = Object.entries(granted).map(([pointer, bound]) => ({ path: pathOf(pointer), bound }));
  return (
    leaves.every((leaf) =>
      named.some(({ path, bound: { any, equals } }) =>
        any === true || equals !== undefined ? beginsWith(leaf, path) : isDeepStrictEqual(leaf, path),
      ),
    ) &&
    named.every(({ path, bound }) => {
      const found = lookUp(value, path);
      return found === undefined ? bound.optional === true : meets(bound, found);
    })
  );
}

/** What an action costs, or nothing where that is unknown, contradictory or no cost. */
function costOf(limit: ModelSpend, { args, stated }: ModelSpending): number | undefined {
  const amount = limit.amountAt === undefined ? undefined : lookUp(args, pathOf(limit.amountAt));
  const unit = limit.unitAt === undefined ? undefined : lookUp(args, pathOf(limit.unitAt));
  const amounts = [stated?.amount, amount].filter((each) => each !== undefined);
  const units = [stated?.unit, unit].filter((each) => each !== undefined);
  if (amounts.length === 0 || amounts.some((each) => each !== amounts[0])) return undefined;
  if (units.some((each) => each !== limit.unit)) return undefined;
  if (units.length === 0 && limit.unitAt !== undefined) return undefined;
  const [spent] = amounts;
  return typeof spent === "number" && spent > 0 && spent % 1 === 0 ? spent : undefined;
}

export function allowsSpend(limit: ModelSpend | undefined, spending: ModelSpending): boolean {
  if (limit === undefined) return true;
  const cost = costOf(limit, spending);
  return cost !== undefined && !(cost > (limit.perAction ?? cost));
}

/** Whether a budget that nothing was spent of bears a cost. */
export function bears(limit: ModelSpend | undefined, cost: number): boolean {
  return !(cost > (limit?.budget ?? cost));
}

/** A ledger's history, in half seconds: how many actions at each. Every window that ends at one of them counts. */
export function keepsRates(rates: readonly ModelRate[], history: readonly number[]): boolean {
  return rates.every(({ max, seconds }) =>
    history.every((_, end) => {
      const window = history.filter((__, time) => time > end - 2 * seconds && time <= end);
      return window.reduce((sum, count) => sum + count, 0) <= max;
    }),
  );
}

export function allowsMeter(meter: ModelMeter | undefined, atHand: string | undefined): boolean {
  return meter === undefined || atHand === meter.ledger;
}

const DAY = 86_400_000;
const DAYS: readonly ModelDay[] = ["th", "fr", "sa", "su", "mo", "tu", "we"];

/** When the clocks of Berlin showed summer time in 2026: from 01:00 UTC to 01:00 UTC, on Sundays. */
const SUMMER = { from: Date.UTC(2026, 2, 29, 1), to: Date.UTC(2026, 9, 25, 1) };

/** Milliseconds since 1970-01-01, a Thursday, by the clocks of one of the two zones of the small world. */
function onClocks(zone: string, instant: number): number {
  if (zone === "UTC") return instant;
  if (zone !== "Europe/Berlin") throw new Error(`no clocks in ${zone}`);
  const summer = instant >= SUMMER.from && instant < SUMMER.to;
  return instant + (summer ? 7_200_000 : 3_600_000);
}

function sinceMidnight(time: string): number {
  const [hours = NaN, minutes = NaN] = time.split(":").map(Number);
  return (60 * hours + minutes) * 60_000;
}

export function allowsInstant(windows: readonly ModelWindow[] | undefined, instant: number): boolean {
  if (windows === undefined) return true;
  return windows.some(({ days, from, to, timeZone }) => {
    const shown = onClocks(timeZone, instant);
    const time = shown % DAY;
    const day = DAYS[Math.floor(shown / DAY) % 7] as ModelDay;
    return new Set(days).has(day) && time >= sinceMidnight(from) && time < sinceMidnight(to);
  });
}

export function allowsContext(conditions: ModelWhen["context"], supplied: JsonMap | undefined): boolean {
  return Object.entries(conditions ?? {}).every(([name, bound]) => {
    const value = supplied !== undefined && Object.hasOwn(supplied, name) ? supplied[name] : undefined;
    return value !== undefined && meets(bound, value);
  });
}

/** Whether a cost needs an approval that these have not given. */
export function awaitsApproval(
  { over, approvers, quorum }: ModelApproval,
  cost: number,
  approvedBy: readonly string[],
): boolean {
  const counted = new Set(approvedBy.filter((each) => approvers.some((approver) => approver === each)));
  return cost > over && counted.size < quorum;
}

export function allowsAge(most: number | undefined, now: number, asOf: number | undefined): boolean {
  return most === undefined || (asOf !== undefined && now - asOf <= most * 1000);
}

/** What is asked in the small world, and what is known of it. */
export interface ModelRequest {
  readonly action: string;
  readonly resource?: string;
  readonly audience?: string;
  readonly spending: ModelSpending;
  readonly ledger?: string;
  readonly now: number;
  readonly context?: JsonMap;
  readonly approvedBy?: readonly string[];
  readonly statusAsOf?: number;
}

export type ModelDimension = keyof ModelGrant;

/** The dimensions in which a grant denies, by what is written in it and what is effective there. */
export function denies(
  written: ModelGrant,
  effective: ModelGrant,
  request: ModelRequest,
): readonly ModelDimension[] {
  const { spending } = request;
  const costKnown = effective.spend !== undefined && costOf(effective.spend, spending) !== undefined;
  const allows: Readonly<Record<ModelDimension, boolean>> = {
    actions: allowsAction(written.actions, request.action),
    resources: allowsResource(written.resources, request.resource),
    audience: allowsAudience(written.audience, request.audience),
    args: allowsArgs(written.args, withLeaves(spending.args)),
    spend: written.spend === undefined || allowsSpend(effective.spend, spending),
    rate: true,
    meter: allowsMeter(written.meter, request.ledger),
    when:
      written.when === undefined ||
      (allowsInstant(effective.when?.windows, request.now) &&
        allowsContext(effective.when?.context, request.context)),
    approval: written.approval === undefined || costKnown,
    statusMaxAgeSeconds: allowsAge(written.statusMaxAgeSeconds, request.now, request.statusAsOf),
  };
  return (Object.keys(allows) as ModelDimension[]).filter((name) => !allows[name]);
}

/** Whether a grant awaits an approval, by what is written in it and what is effective there. */
export function awaits(
  written: ModelGrant,
  effective: ModelGrant,
  { spending, approvedBy = [] }: ModelRequest,
): boolean {
  if (written.approval === undefined || effective.spend === undefined) return false;
  const cost = costOf(effective.spend, spending);
  return cost !== undefined && awaitsApproval(written.approval, cost, approvedBy);
}

/** What a grant's account is charged: its cost, and the limits that the grant itself writes. */
export function charged(
  written: ModelGrant,
  effective: ModelGrant,
  { spending }: ModelRequest,
): { readonly account: string; readonly cost: number | undefined; readonly limits: number } | undefined {
  if (written.meter === undefined) return undefined;
  const cost = effective.spend === undefined ? undefined : costOf(effective.spend, spending);
  const limits = (written.rate?.length ?? 0) + (written.spend?.budget === undefined ? 0 : 1);
  return { account: written.meter.account, cost, limits };
}

/** Effective authority, root first: the child's value where present; spend and when member by member. */
export function foldModel(chain: readonly ModelGrant[]): readonly ModelGrant[] {
  let above: Partial<ModelGrant> = {};
  return chain.map((written) => {
    const spend = written.spend === undefined ? above.spend : { ...above.spend, ...written.spend };
    const when = written.when === undefined ? above.when : { ...above.when, ...written.when };
    const folded = {
      ...above,
      ...written,
      ...(spend === undefined ? {} : { spend }),
      ...(when === undefined ? {} : { when }),
    };
    above = folded;
    return folded;
  });
}

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
}

/** What one grant says, or what is effective of it. */
export interface ModelGrant {
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly audience?: readonly string[];
  readonly args?: Readonly<Record<string, ModelConstraint>>;
  readonly spend?: ModelSpend;
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

function meets(bound: ModelConstraint, value: Json): boolean {
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

export function allowsSpend(limit: ModelSpend | undefined, { args, stated }: ModelSpending): boolean {
  if (limit === undefined) return true;
  const amount = limit.amountAt === undefined ? undefined : lookUp(args, pathOf(limit.amountAt));
  const unit = limit.unitAt === undefined ? undefined : lookUp(args, pathOf(limit.unitAt));
  const amounts = [stated?.amount, amount].filter((each) => each !== undefined);
  const units = [stated?.unit, unit].filter((each) => each !== undefined);
  if (amounts.length === 0 || amounts.some((each) => each !== amounts[0])) return false;
  if (units.some((each) => each !== limit.unit) || (units.length === 0 && limit.unitAt !== undefined))
    return false;
  const [spent] = amounts;
  return typeof spent === "number" && spent > 0 && spent % 1 === 0 && !(spent > (limit.perAction ?? spent));
}

/** Effective authority, root first: the child's value where present; spend member by member. */
export function foldModel(chain: readonly ModelGrant[]): readonly ModelGrant[] {
  let above: Partial<ModelGrant> = {};
  return chain.map((written) => {
    const spend = written.spend === undefined ? above.spend : { ...above.spend, ...written.spend };
    const folded = { ...above, ...written, ...(spend === undefined ? {} : { spend }) };
    above = folded;
    return folded;
  });
}

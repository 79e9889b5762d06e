import type { JsonObject, JsonValue } from "@writ/core";

/** A number from 0 to below the bound. */
export type Draw = (bound: number) => number;

/** One of several. */
export function pick<T>(items: readonly T[], draw: Draw): T | undefined {
  return items[draw(Math.max(items.length, 1))];
}

/** Numbers that a seed leads to: the same on every run (xorshift on an FNV-1a hash of the seed). */
export function drawing(seed: string): Draw {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** An object or array that can be written to. */
export type Container = Record<string | number, JsonValue>;

/** A value of a document, by what holds it. */
export interface Place {
  readonly container: Container;
  readonly key: string | number;
  readonly pointer: string;
}

export function valueAt({ container, key }: Place): JsonValue {
  return container[key] as JsonValue;
}

/** A copy that can be changed. */
export function editable(document: JsonObject): Container {
  return structuredClone<Container>(document);
}

/** Every place in a document, its top excepted. */
export function placesIn(container: Container, pointer = "", found: Place[] = []): readonly Place[] {
  const keys = Array.isArray(container) ? [...container.keys()] : Object.keys(container);
  for (const key of keys) {
    const place = { container, key, pointer: `${pointer}/${escaped(String(key))}` };
    found.push(place);
    const inside = asContainer(valueAt(place));
    if (inside !== undefined) placesIn(inside, place.pointer, found);
  }
  return found;
}

export function asContainer(value: JsonValue | undefined): Container | undefined {
  return typeof value === "object" && value !== null ? (value as Container) : undefined;
}

export function asObject(value: JsonValue | undefined): Container | undefined {
  return Array.isArray(value) ? undefined : asContainer(value);
}

export function asList(value: JsonValue | undefined): JsonValue[] | undefined {
  return Array.isArray(value) ? (value as JsonValue[]) : undefined;
}

/** Renames a member and leaves it where it stands. */
export function rename(object: Container, from: string | number, to: string): void {
  const entries = Object.entries(object);
  for (const [name] of entries) Reflect.deleteProperty(object, name);
  for (const [name, value] of entries) object[name === String(from) ? to : name] = value;
}

/** Takes a member or an item away. */
export function remove({ container, key }: Place): void {
  const list = asList(container);
  if (list === undefined) Reflect.deleteProperty(container, key);
  else list.splice(Number(key), 1);
}

function escaped(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

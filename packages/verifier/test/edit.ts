import type { JsonObject, JsonValue } from "@writ/core";

type Editable = Record<string, unknown>;

/** A copy of a document with other values at some JSON Pointers; `undefined` removes a member. */
export function edit(document: JsonObject, changes: Readonly<Record<string, unknown>>): JsonObject {
  const copy = structuredClone(document) as Editable;
  for (const [pointer, value] of Object.entries(changes)) {
    const path = pointer
      .split("/")
      .slice(1)
      .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = path.pop() as string;
    const parent = path.reduce<Editable>((place, token) => place[token] as Editable, copy);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return copy as Record<string, JsonValue>;
}

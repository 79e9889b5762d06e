import { isJsonArray, isJsonObject, joinPointer, type JsonObject, type JsonValue } from "@writ/core";

/** A claims path pointer: names of members, indexes, and null for every element (OpenID4VP 1.0, section 7). */
export type ClaimPath = readonly (string | number | null)[];

/** What a path selects of a credential; nothing where it leads nowhere, or into null. */
export function selectClaims(document: JsonObject, path: ClaimPath): readonly JsonValue[] {
  let selected: readonly JsonValue[] = [document];
  for (const component of path) {
    const fits = typeof component === "string" ? isJsonObject : isJsonArray;
    if (!selected.every(fits)) return [];
    selected = selected.flatMap((value) => step(value, component));
  }
  return selected.filter((value) => value !== null);
}

function step(value: JsonValue, component: ClaimPath[number]): readonly JsonValue[] {
  if (component === null) return isJsonArray(value) ? value : [];
  // Only what the document itself says counts, not what every object inherits.
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, component)) return [];
  return [(value as Readonly<Record<string | number, JsonValue>>)[component] ?? null];
}

/** Members of a credential that say what it is, and are no claims of its subject. */
const SUBJECT = "credentialSubject";

/**
 * JSON Pointers to the claims about the subject that were not asked for, although they are shown: a
 * credential without selective disclosure is shown whole. The subject's id and type are no such claims.
 */
export function claimsBeyond(document: JsonObject, asked: "all" | readonly ClaimPath[]): readonly string[] {
  if (asked === "all") return [];
  const below = asked.filter(([first]) => first === SUBJECT).map(([, ...rest]) => rest);
  const pointers = beyond(document[SUBJECT] ?? null, below, `/${SUBJECT}`);
  const ofSubject = new RegExp(`^/${SUBJECT}(?:/\\d+)?/(?:id|type)(?:/|$)`);
  return pointers.filter((pointer) => !ofSubject.test(pointer));
}

function beyond(value: JsonValue, asked: readonly ClaimPath[], pointer: string): readonly string[] {
  if (asked.some((path) => path.length === 0)) return [];
  const isSubject = pointer === `/${SUBJECT}`;
  if (typeof value !== "object" || value === null || (asked.length === 0 && !isSubject)) return [pointer];
  const members: readonly (readonly [string | number, JsonValue])[] = isJsonArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return members.flatMap(([name, member]) => {
    const further = asked.filter(([first]) => first === name || (first === null && isJsonArray(value)));
    return beyond(
      member,
      further.map(([, ...rest]) => rest),
      joinPointer(pointer, name),
    );
  });
}

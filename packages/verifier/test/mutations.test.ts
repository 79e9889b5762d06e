import { canonicalize, type JsonObject, type JsonValue } from "@writ/core";
import { seededRandom } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyCredential, verifyPresentation } from "../src/index.js";
import { outcomeOf, VERIFIED } from "./outcome.js";
import { INVOCATION, openWorld, present, type World } from "./world.js";

let world: World;
let valid: JsonObject;
beforeAll(async () => {
  world = await openWorld();
  valid = JSON.parse(
    await present(world.third, {
      invocation: { ...INVOCATION, args: { amount: 100, note: { a: [1, null, 1], b: {} } } },
    }),
  ) as JsonObject;
});
afterAll(() => world.close());

type Draw = (bound: number) => number;
type Editable = Record<string | number, JsonValue>;

/** Members that the documents know, and some that they do not, for what is added. */
const ADDITIONS: readonly (readonly [string, JsonValue])[] = [
  ["expires", "2027-01-01T00:00:00Z"],
  ["created", "2026-11-23T08:00:00Z"],
  ["id", "urn:uuid:00000000-0000-4000-8000-000000000000"],
  ["redelegation", { maxHops: 9 }],
  ["credentialStatus", []],
  ["roles", ["admin"]],
  ["environment", "prod"],
  ["resource", "https://api.acme.example/v1/orders/eu/78"],
  ["audience", ["did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"]],
  ["args", {}],
  ["invocation", null],
  ["within", "refunds"],
  ["spend", { unit: "EUR" }],
  ["domain", "https://shop.example"],
  ["challenge", "challenge-1"],
  ["proof", {}],
  ["previousProof", "urn:uuid:00000000-0000-4000-8000-000000000000"],
  ["@context", ["https://www.w3.org/ns/credentials/v2"]],
  ["@id", "urn:x"],
  ["https://www.w3.org/2018/credentials#validUntil", "2099-01-01T00:00:00Z"],
  ["termsOfUse", "none"],
  ["optional", true],
  ["any", true],
  ["x", 1],
];

/** Every place in a value, the value itself excepted: its container and its key there. */
function placesIn(
  value: JsonValue,
  found: [Editable, string | number][] = [],
): [Editable, string | number][] {
  if (typeof value !== "object" || value === null) return found;
  const container = value as unknown as Editable;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) {
    found.push([container, key]);
    placesIn(container[key] ?? null, found);
  }
  return found;
}

function otherText(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  const kinds = [
    () => text.slice(0, at) + String.fromCharCode(33 + draw(90)) + text.slice(at + 1),
    () => text.slice(0, at) + String.fromCharCode(33 + draw(90)) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.toUpperCase(),
    () => `${text} `,
    () => text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
    () => "",
  ];
  return (kinds[draw(kinds.length)] as () => string)();
}

function otherLeaf(value: JsonValue, draw: Draw): JsonValue {
  if (draw(6) === 0) return [null, 0, true, "x", {}, [], -1, 1.5][draw(8)] as JsonValue;
  if (typeof value === "string") return otherText(value, draw);
  if (typeof value === "number") return value + (draw(2) === 0 ? 1 : -1);
  if (typeof value === "boolean") return !value;
  return "was null";
}

function renamed(object: Editable, key: string | number, to: string): void {
  const entries = Object.entries(object);
  for (const [name] of entries) Reflect.deleteProperty(object, name);
  for (const [name, value] of entries) object[name === String(key) ? to : name] = value;
}

/** Changes one thing at one place, and says what it was. */
function change(document: JsonObject, draw: Draw): string {
  const places = placesIn(document);
  const [container, key] = places[draw(places.length)] as [Editable, string | number];
  const value = container[key] as JsonValue;
  if (Array.isArray(container)) {
    const list = container as JsonValue[];
    const at = key as number;
    const other = draw(list.length);
    const kinds = [
      () => list.splice(at, 1),
      () => list.splice(other, 0, structuredClone(value)),
      () => ([list[at], list[other]] = [list[other] as JsonValue, list[at] as JsonValue]),
    ];
    if (typeof value === "object" || draw(2) === 0) {
      kinds[draw(kinds.length)]?.();
      return `item ${String(at)}`;
    }
  } else {
    const kind = draw(4);
    if (kind === 0) {
      Reflect.deleteProperty(container, key);
      return `removed ${String(key)}`;
    }
    if (kind === 1) {
      renamed(container, key, otherText(String(key), draw));
      return `renamed ${String(key)}`;
    }
    if (kind === 2) {
      const [name, added] = ADDITIONS[draw(ADDITIONS.length)] as (typeof ADDITIONS)[number];
      container[name] = added;
      return `added ${name} beside ${String(key)}`;
    }
  }
  container[key] = otherLeaf(value, draw);
  return `value of ${String(key)}`;
}

const FAILURES = ["json", "profile", "signature", "issuer", "time", "holder", "chain", "status", "challenge"];

describe("a signed presentation, changed in any one place", () => {
  it("is never verified (2,000 mutations)", async () => {
    const random = seededRandom("mutations");
    const draw: Draw = (bound) => Buffer.from(random(4)).readUInt32BE(0) % bound;
    const original = canonicalize(valid);
    const failed = new Set<string>();
    let changed = 0;
    for (let turn = 0; changed < 2000; turn++) {
      const document = structuredClone(valid);
      const what = change(document, draw);
      // Swapping an item with itself, say, is no change; JSON that means the same is the same.
      if (canonicalize(document) === original) continue;
      changed++;
      const result = await verifyPresentation(JSON.stringify(document), world.expectations);
      expect([turn, what, result.verified]).toEqual([turn, what, false]);
      failed.add(outcomeOf(result).failed ?? "");
    }
    for (const name of failed) expect(FAILURES).toContain(name);
    expect([...failed]).toEqual(expect.arrayContaining(["profile", "signature"]));
  });

  it("is never verified with any one of its leaves changed, or members removed", async () => {
    const count = placesIn(valid).length;
    expect(count).toBeGreaterThan(250);
    const draw: Draw = () => 1;
    for (let at = 0; at < count; at++) {
      for (const remove of [true, false]) {
        const document = structuredClone(valid);
        const [container, key] = placesIn(document)[at] as [Editable, string | number];
        if (remove && !Array.isArray(container)) Reflect.deleteProperty(container, key);
        else if (remove) (container as unknown as JsonValue[]).splice(key as number, 1);
        else container[key] = otherLeaf(container[key] as JsonValue, draw);
        const result = await verifyPresentation(JSON.stringify(document), world.expectations);
        expect([at, key, remove, result.verified]).toEqual([at, key, remove, false]);
      }
    }
  });

  it("is verified when only its writing changes", async () => {
    const reversed = (value: JsonValue): JsonValue => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reversed(member)]),
      );
    };
    const text = JSON.stringify(reversed(valid), null, "\t").replaceAll("did:key", "did\\u003akey");
    expect(outcomeOf(await verifyPresentation(text, world.expectations))).toEqual(VERIFIED);
    // A proof and a set of one proof are the same statement, and the proof is not signed over.
    const inList = JSON.stringify({ ...valid, proof: [valid["proof"]] });
    expect(outcomeOf(await verifyPresentation(inList, world.expectations))).toEqual(VERIFIED);
  });
});

describe("a signed credential, changed in any one place", () => {
  it("is never verified (500 mutations)", async () => {
    const random = seededRandom("credential mutations");
    const draw: Draw = (bound) => Buffer.from(random(4)).readUInt32BE(0) % bound;
    const root = world.root as unknown as JsonObject;
    let changed = 0;
    while (changed < 500) {
      const document = structuredClone(root);
      const what = change(document, draw);
      if (canonicalize(document) === canonicalize(root)) continue;
      changed++;
      const result = await verifyCredential(JSON.stringify(document), world.expectations);
      expect([what, result.verified]).toEqual([what, false]);
    }
  });
});

import { seededRandom } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyCredential, verifyPresentation } from "../src/index.js";
import { outcomeOf, refused } from "./outcome.js";
import { INVOCATION, openWorld, present, type World } from "./world.js";

let world: World;
let valid: Uint8Array;
beforeAll(async () => {
  world = await openWorld();
  valid = new TextEncoder().encode(await present(world.sub, { invocation: INVOCATION }));
});
afterAll(() => world.close());

/** A source of integers below a bound. */
function drawing(seed: string): (bound: number) => number {
  const random = seededRandom(seed);
  return (bound) => Buffer.from(random(4)).readUInt32BE(0) % bound;
}

/** One to four changes: bytes flipped, set, removed, inserted, doubled, or the end cut off. */
function mutate(bytes: Uint8Array, draw: (bound: number) => number): Uint8Array {
  let result = Array.from(bytes);
  for (let left = 1 + draw(4); left > 0; left--) {
    const at = draw(result.length);
    const length = 1 + draw(20);
    const kinds = [
      () => (result[at] = (result[at] ?? 0) ^ (1 << draw(8))),
      () => (result[at] = draw(256)),
      () => result.splice(at, length),
      () => result.splice(at, 0, ...Array.from({ length }, () => draw(256))),
      () => result.splice(at, 0, ...result.slice(at, at + length)),
      () => (result = result.slice(0, Math.max(1, at))),
      () => (result[at] = '"{}[]:,0-9.eE\\/u'.charCodeAt(draw(16))),
    ];
    kinds[draw(kinds.length)]?.();
  }
  return Uint8Array.from(result);
}

describe("hostile bytes", () => {
  it("get a result, whatever they are, and never a yes (300 mutations of a valid presentation)", async () => {
    const draw = drawing("bytes");
    const failed = new Map<string, number>();
    let changed = 0;
    for (let turn = 0; turn < 300; turn++) {
      const bytes = mutate(valid, draw);
      if (Buffer.from(bytes).equals(valid)) continue;
      changed++;
      const outcome = outcomeOf(await verifyPresentation(bytes, world.expectations));
      expect([turn, outcome.failed]).not.toEqual([turn, undefined]);
      failed.set(outcome.failed ?? "", (failed.get(outcome.failed ?? "") ?? 0) + 1);
      expect((await verifyCredential(bytes, world.expectations)).verified).toBe(false);
    }
    expect(changed).toBeGreaterThan(290);
    // The mutations reach past the parser.
    expect([...failed.keys()].sort()).toEqual(expect.arrayContaining(["json", "profile", "signature"]));
    expect((await verifyPresentation(valid, world.expectations)).verified).toBe(true);
  });

  it.each<readonly [string, string | Uint8Array, string]>([
    ["nothing", "", "JSON_SYNTAX"],
    ["white space", " \n", "JSON_SYNTAX"],
    ["null", "null", "JSON_NOT_OBJECT"],
    ["a text", '"x"', "JSON_NOT_OBJECT"],
    ["a list", "[]", "JSON_NOT_OBJECT"],
    ["two documents", "{}{}", "JSON_SYNTAX"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "JSON_ENCODING"],
    ["a byte order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d), "JSON_ENCODING"],
    ["a million brackets", "[".repeat(200_000), "JSON_TOO_DEEP"],
    ["a document that does not end", '{"a":', "JSON_SYNTAX"],
    ["257 items", `[${"0,".repeat(256)}0]`, "TOO_MANY_ITEMS"],
    ["over 256 KiB", `{"a":"${"x".repeat(256 * 1024)}"}`, "TOO_LARGE"],
    ["a prototype", '{"__proto__":{}}', "JSON_FORBIDDEN_KEY"],
    ["half a surrogate", '{"a":"\\ud800"}', "JSON_SURROGATE"],
    ["minus zero", '{"a":-0}', "NUMBER_UNSAFE"],
    ["a number too large", '{"a":9007199254740993}', "NUMBER_UNSAFE"],
  ])("are a problem with a code: %s", async (_, input, code) => {
    for (const verify of [verifyCredential, verifyPresentation]) {
      const { failed, problems } = outcomeOf(await verify(input, world.expectations));
      expect([failed, problems.map((line) => line.split(" ")[0])]).toEqual(["json", [code]]);
    }
  });

  it.each([undefined, null, 7, true, {}, [], new ArrayBuffer(8), [123, 125]])(
    "are a problem also where they are no bytes at all: %s",
    async (input) => {
      const odd = input as string;
      for (const verify of [verifyCredential, verifyPresentation]) {
        expect(outcomeOf(await verify(odd, world.expectations))).toEqual(refused("json", "ARGUMENT_INVALID"));
      }
    },
  );

  it("do not reach a message", async () => {
    const canary = "CANARY-7f3a";
    const text = new TextDecoder().decode(valid);
    for (const input of [
      text.replace('"name":"sub"', `"name":"${canary}"`),
      text.replace('"action":"refund.create"', `"${canary}":"x"`),
      text.replace('"nonce":"', `"nonce":"${canary}`),
      `{"${canary}": ${canary}`,
    ]) {
      expect(input).toContain(canary);
      const result = await verifyPresentation(input, world.expectations);
      const details = result.verified ? [] : result.problems.map(({ detail }) => detail);
      expect(details.join()).not.toContain(canary);
      expect(result.verified).toBe(false);
    }
  });
});

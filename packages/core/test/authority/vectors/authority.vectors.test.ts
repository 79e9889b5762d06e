import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { beforeAll, describe, expect, it } from "vitest";

import { ALL_DIMENSIONS } from "../../../src/authority/dimensions.js";
import { actions } from "./actions.js";
import { answerTo } from "./answer.js";
import { approval } from "./approval.js";
import { args } from "./args.js";
import { audience } from "./audience.js";
import { chains } from "./chains.js";
import { context } from "./context.js";
import { form } from "./form.js";
import { meterVectors } from "./meter.js";
import { rate } from "./rate.js";
import { resources } from "./resources.js";
import { spend } from "./spend.js";
import { statusAge } from "./status-age.js";
import type { Vector } from "./vector.js";
import { windows } from "./windows.js";

const GROUPS: Readonly<Record<string, readonly Vector[]>> = {
  form,
  actions,
  resources,
  audience,
  args,
  spend,
  rate,
  meter: meterVectors,
  windows,
  context,
  approval,
  "status-age": statusAge,
  chains,
};

const folder = fileURLToPath(new URL("../../../../../test-vectors/authority/", import.meta.url));
const fileOf = (group: string): string => `${folder}${group}.json`;

/** In ASCII, since some vectors are about characters that cannot be seen. */
function textOf(vectors: readonly Vector[]): string {
  const text = JSON.stringify(vectors, null, 2).replace(
    /[^\n -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

function published(group: string): readonly Vector[] {
  return JSON.parse(readFileSync(fileOf(group), "utf8")) as readonly Vector[];
}

/** With WRIT_WRITE_VECTORS the files are written; otherwise they must be what the tables say. */
describe("test-vectors/authority/", () => {
  beforeAll(() => {
    if (process.env["WRIT_WRITE_VECTORS"] === undefined) return;
    mkdirSync(folder, { recursive: true });
    for (const [group, vectors] of Object.entries(GROUPS)) writeFileSync(fileOf(group), textOf(vectors));
  });

  it("holds what the tables say, and nothing else", () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(GROUPS)
        .map((group) => `${group}.json`)
        .sort(),
    );
    for (const [group, vectors] of Object.entries(GROUPS)) {
      expect([group, readFileSync(fileOf(group), "utf8")]).toEqual([group, textOf(vectors)]);
    }
  });

  describe.each(Object.keys(GROUPS))("%s", (group) => {
    it.each(GROUPS[group]?.map(({ name }) => name) ?? [])("%s", (name) => {
      const vector = published(group).find((each) => each.name === name) as Vector;
      const { refused, asks } = vector;
      expect(answerTo(vector)).toEqual(
        refused === undefined ? { asks: asks?.map((ask) => ask.expect) } : { refused },
      );
    });
  });
});

describe("the vectors", () => {
  const all = Object.values(GROUPS).flat();

  it("are many, each with a name of its own", () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    const names = all.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it("each state either a refusal or answers", () => {
    expect(all.filter(({ refused, asks }) => (refused === undefined) === (asks === undefined))).toEqual([]);
  });

  it.each(ALL_DIMENSIONS.map(([name]) => name))("%s is allowed, denied and violated", (dimension) => {
    const asks = all.flatMap(({ links, asks: each = [] }) => each.map((ask) => ({ links, ...ask })));
    const allowed = asks.filter(
      ({ links, expect: { outcome } }) =>
        outcome === "allow" && links.some(({ grants }) => grants.some((grant) => dimension in grant)),
    );
    const denied = asks.filter(
      ({ expect: { outcome, problems = [] } }) =>
        outcome === "deny" && problems.some((problem) => problem.dimension === dimension),
    );
    const violated = all.filter(({ refused }) => refused?.dimension === dimension);
    expect([allowed, denied, violated].map(({ length }) => length > 0)).toEqual([true, true, true]);
  });
});

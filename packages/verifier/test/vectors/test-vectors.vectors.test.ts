import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import type { StatusListCredential } from "@writ/core";
import { beforeAll, describe, expect, it } from "vitest";

import {
  createMemoryStatusSource,
  decide,
  trustOrganisations,
  verifyPresentation,
  type Decision,
} from "../../src/index.js";
import { createCases, type Case } from "./cases.js";
import { CHALLENGE, createStory, DOMAIN, NOW, type Story } from "./story.js";

const fileOf = (name: string): string =>
  fileURLToPath(new URL(`../../../../test-vectors/${name}`, import.meta.url));

const pathOf = ({ name, expect: { verified } }: Case): string =>
  verified ? `decisions/${name}.json` : `negative/${name}.json`;

/** What every vector is verified with. */
interface World {
  readonly trust: readonly string[];
  readonly challenge: string;
  readonly domain: string;
  readonly now: string;
  readonly statusLists: Readonly<Record<string, StatusListCredential>>;
}

const worldOf = ({ organisation, statusLists }: Story): World => ({
  trust: [organisation],
  challenge: CHALLENGE,
  domain: DOMAIN,
  now: NOW,
  statusLists,
});

const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** With WRIT_WRITE_VECTORS the files are written; otherwise they must be what the story makes. */
describe("test-vectors/", () => {
  const files = new Map<string, string>();

  beforeAll(async () => {
    const story = await createStory();
    files.set("world.json", pretty(worldOf(story)));
    for (const vector of await createCases(story)) {
      const { name: _, ...content } = vector;
      files.set(pathOf(vector), pretty(content));
    }
    if (process.env["WRIT_WRITE_VECTORS"] === undefined) return;
    for (const [name, content] of files) {
      mkdirSync(dirname(fileOf(name)), { recursive: true });
      writeFileSync(fileOf(name), content);
    }
  });

  it("holds what the story makes, and nothing else", () => {
    const there = ["decisions", "negative"].flatMap((folder) =>
      readdirSync(fileOf(folder)).map((name) => `${folder}/${name}`),
    );
    expect([...files.keys()].filter((name) => name !== "world.json").sort()).toEqual(there.sort());
    for (const [name, content] of files)
      expect([name, readFileSync(fileOf(name), "utf8")]).toEqual([name, content]);
  });

  it.each(["decisions", "negative"])("%s get the answer that they state", async (folder) => {
    const world = JSON.parse(readFileSync(fileOf("world.json"), "utf8")) as World;
    for (const name of readdirSync(fileOf(folder))) {
      const vector = JSON.parse(readFileSync(fileOf(`${folder}/${name}`), "utf8")) as Omit<Case, "name">;
      const result = await verifyPresentation(vector.input, {
        trust: trustOrganisations(world.trust),
        status: createMemoryStatusSource(Object.values(world.statusLists)),
        clock: () => Date.parse(world.now),
        expectedChallenge: world.challenge,
        expectedDomain: world.domain,
      });
      const answer = result.verified
        ? { verified: true, ...answerOf(await decide(result.presentation), vector.expect) }
        : { verified: false, code: result.problems[0]?.code, pointer: result.problems[0]?.pointer };
      expect([name, answer]).toEqual([name, vector.expect]);
    }
  });
});

function answerOf({ outcome, problems }: Decision, expected: object) {
  const dimensions = problems.map(({ dimension }) => dimension);
  return "dimensions" in expected ? { decision: outcome, dimensions } : { decision: outcome };
}

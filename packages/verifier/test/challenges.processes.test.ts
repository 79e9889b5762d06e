import { describe, expect, it } from "vitest";

import { createChallengeStore } from "../src/index.js";
import { startChild } from "./children/child.js";
import { temporaryDatabase } from "./ledgers.js";

/** In full it is eight processes with the same thousand challenges; the ordinary run does with fewer. */
const FULL = process.env["WRIT_FAULTS"] !== undefined;
const [CHALLENGES, PROCESSES] = FULL ? [1000, 8] : [100, 4];

describe(`row 100: ${String(PROCESSES)} processes with the same ${String(CHALLENGES)} challenges`, () => {
  it("use each of them once", async () => {
    const database = await temporaryDatabase();
    const store = await createChallengeStore(database);
    const challenges: string[] = [];
    for (let count = 0; count < CHALLENGES; count++) challenges.push(await store.create());
    const children = Array.from({ length: PROCESSES }, () =>
      startChild("consume.mjs", database.path, JSON.stringify(challenges)),
    );
    for (const { lines } of children) expect((await lines.next()).value).toBe("ready");
    for (const { process } of children) process.stdin?.end("go");
    const said = await Promise.all(
      children.map(async ({ lines }) => {
        const answers: string[] = [];
        for await (const line of lines) answers.push(line);
        return answers;
      }),
    );
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(children.map(() => 0));
    const answers = said.flat();
    expect(answers.filter((line) => line.endsWith(" consumed")).sort()).toEqual(
      challenges.map((challenge) => `${challenge} consumed`).sort(),
    );
    expect(answers.filter((line) => line.endsWith(" used"))).toHaveLength(CHALLENGES * (PROCESSES - 1));
  });
});

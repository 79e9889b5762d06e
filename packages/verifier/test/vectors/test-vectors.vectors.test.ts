import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { ERROR_CODES, nativeEngine, nobleEngine } from "@writ/core";
import { beforeAll, describe, expect, it } from "vitest";

import { bytes } from "./a-bytes.js";
import { graphs } from "./b-graph.js";
import { jsonLd } from "./b-json-ld.js";
import { proofs } from "./c-proof.js";
import { signers } from "./c-signers.js";
import { OTHER_CODES } from "./codes.js";
import { encodings } from "./d-encodings.js";
import { keys } from "./d-keys.js";
import { decisions } from "./decisions.js";
import { createDocuments } from "./documents.js";
import { times } from "./e-time.js";
import { presentations } from "./f-presentation.js";
import { bits } from "./g-bits.js";
import { statuses } from "./g-status.js";
import { network } from "./h-network.js";
import { approvals } from "./i-approvals.js";
import { attenuation } from "./i-attenuation.js";
import { circumstances } from "./i-circumstances.js";
import { delegation } from "./i-delegation.js";
import { invocations } from "./i-invocations.js";
import { resources } from "./i-resources.js";
import { successions } from "./i-succession.js";
import { judge, type World } from "./judge.js";
import { namesRow, OTHER_ROWS, ROWS } from "./rows.js";
import { CHALLENGE, createStory, DOMAIN, NOW, type Story } from "./story.js";
import { rowOf, type Vector } from "./vector.js";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const VECTORS = `${ROOT}test-vectors/`;
const FOLDERS = ["decisions", "negative"] as const;
const NEGATIVE = [
  [bytes, jsonLd, graphs, proofs, signers, keys, encodings, times, presentations],
  [statuses, bits, network, attenuation, delegation, invocations, resources],
  [circumstances, approvals, successions],
].flat();

/** Where there is no engine of the machine's own, there is the other. */
const ENGINES = [
  ["native", nativeEngine ?? nobleEngine],
  ["noble", nobleEngine],
] as const;

const worldOf = ({ organisation, statusLists }: Story): World => ({
  trust: [organisation.did],
  challenge: CHALLENGE,
  domain: DOMAIN,
  now: NOW,
  statusLists,
});

/** Texts outside ASCII are escaped: what deceives an eye shall not do so in these files. */
const pretty = (value: object): string =>
  `${JSON.stringify(value, null, 2)}\n`.replace(
    /[^\n -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const read = (file: string): string => readFileSync(VECTORS + file, "utf8");

function vectorsIn(folder: (typeof FOLDERS)[number]): readonly Vector[] {
  return readdirSync(VECTORS + folder).map((file) => ({
    ...(JSON.parse(read(`${folder}/${file}`)) as Omit<Vector, "name">),
    name: file.replace(/\.json$/, ""),
  }));
}

/** With WRIT_WRITE_VECTORS the files are written; otherwise they must be what the story makes. */
describe("test-vectors/", () => {
  const files = new Map<string, string>();

  beforeAll(async () => {
    const story = await createStory();
    const documents = createDocuments(story);
    files.set("world.json", pretty(worldOf(story)));
    const add = (folder: string, vectors: readonly Vector[]): void => {
      for (const { name, ...content } of vectors) {
        const file = `${folder}/${name}.json`;
        if (files.has(file)) throw new Error(`two vectors are called ${name}`);
        files.set(file, pretty(content));
      }
    };
    add("decisions", await decisions(documents));
    for (const section of NEGATIVE) add("negative", await section(documents));
    if (process.env["WRIT_WRITE_VECTORS"] === undefined) return;
    for (const folder of FOLDERS) {
      rmSync(VECTORS + folder, { recursive: true, force: true });
      mkdirSync(VECTORS + folder, { recursive: true });
    }
    for (const [name, content] of files) writeFileSync(VECTORS + name, content);
  });

  it("holds what the story makes, and nothing else", () => {
    const there = FOLDERS.flatMap((folder) =>
      readdirSync(VECTORS + folder).map((name) => `${folder}/${name}`),
    );
    expect([...files.keys()].sort()).toEqual(["world.json", ...there].sort());
    for (const [name, content] of files) expect([name, read(name)]).toEqual([name, content]);
  });

  it.each(ENGINES)(
    "get the answer that they state (%s)",
    async (_, engine) => {
      const world = JSON.parse(read("world.json")) as World;
      for (const { name, ...vector } of FOLDERS.flatMap(vectorsIn)) {
        expect([name, await judge(vector, world, engine)]).toEqual([name, vector.expect]);
      }
    },
    60_000,
  );

  it("are whole documents, none of which is accepted and allowed in negative/", () => {
    for (const { name, input, inputBase64, expect: answer } of vectorsIn("negative")) {
      expect([name, (input === undefined) !== (inputBase64 === undefined)]).toEqual([name, true]);
      expect([name, answer.verified && ["allow", "none"].includes(answer.decision)]).toEqual([name, false]);
    }
  });

  it("have one for each code that a document can cause", () => {
    const caused = new Set(vectorsIn("negative").map(({ expect: { code = "" } }) => code));
    const others = new Set<string>(Object.values(OTHER_CODES).flat());
    const codes = Object.keys(ERROR_CODES);
    expect(codes.filter((code) => !caused.has(code) && !others.has(code))).toEqual([]);
    // Neither list is longer than it must be.
    expect([...others].filter((code) => caused.has(code) || !codes.includes(code))).toEqual([]);
    expect([...caused].filter((code) => !codes.includes(code))).toEqual([]);
  });

  it("each name a row, and have one for each row or say where it is shown", () => {
    const vectors = vectorsIn("negative");
    const named = new Set(vectors.map(({ name }) => rowOf(name)));
    const astray = vectors.filter(({ name, what }) => {
      const row = rowOf(name);
      return !ROWS.includes(row) || !what.startsWith(`HOSTILE ${String(row)}: `);
    });
    expect(astray.map(({ name }) => name)).toEqual([]);
    expect(ROWS.filter((row) => !named.has(row) && OTHER_ROWS[row] === undefined)).toEqual([]);
  });

  it.each(Object.entries(OTHER_ROWS))(
    "row %s, of which no document shows all, is in a test",
    (row, other) => {
      expect(ROWS).toContain(Number(row));
      expect([other.file, existsSync(ROOT + other.file)]).toEqual([other.file, true]);
      expect([other.file, namesRow(readFileSync(ROOT + other.file, "utf8"), Number(row))]).toEqual([
        other.file,
        true,
      ]);
    },
  );
});

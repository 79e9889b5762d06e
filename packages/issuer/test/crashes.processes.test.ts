import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  createSuccessionStatement,
  digestMultibase,
  parseStrictJsonObject,
  textOf,
  type Grant,
  type JsonObject,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { FULL, report } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createOrganisation,
  enrolAgent,
  grantAuthority,
  openOrganisation,
  renewCredential,
  revokeCredential,
  type Organisation,
} from "../src/index.js";
import { startChild } from "./children/child.js";
import { assertSound, credentialsOnRecord, publishedBits, type OnRecord } from "./on-record.js";
import { NOW, rawKey, requestOf, SECOND, signerOf, temporaryFolder } from "./world.js";

/** What the next one would take for broken off; see issued-credentials.ts. */
const LATER = NOW + 11 * SECOND;
/** From one point to the next, and to the first: before an authority that was signed is noted as issued. */
const STRIDE = FULL ? 1 : 9;

const budget = (most: number) => ({
  id: "refunds",
  actions: ["refund.create"],
  spend: { unit: "EUR", amountAt: "/amount", budget: most },
  meter: { ledger: signerOf("ledger").did, account: "urn:uuid:5be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11" },
});
const READ = { id: "read", actions: ["order.read"] };
const [IDENTITY, REFUNDS, NARROWED, READING] = [
  "identity",
  "refund.create 10000",
  "refund.create 500",
  "order.read ",
];

interface Step {
  readonly step: string;
  readonly name: string;
  readonly given?: JsonObject;
  /** What the agent can use once the step is taken, whatever came in between. */
  readonly usable: readonly string[];
  /** What it is told who takes a step again that was taken to its end. */
  readonly refused?: string;
}

/** An organisation with the agent a, which has an identity and an authority; and the steps to take. */
async function prepare(folder: string): Promise<{ readonly path: string; readonly steps: readonly Step[] }> {
  const path = join(folder, "before.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  const environment = environmentAt(NOW);
  const organisation = await createOrganisation(database, { name: "Acme", secret: rawKey(1) }, environment);
  const old = signerOf("a");
  const { agent, credential } = await enrolAgent(organisation, await requestOf(old), { name: "a" });
  const authority = await grantAuthority(organisation, agent, { grants: [budget(10_000)] });
  const statement = await createSuccessionStatement(
    { predecessor: old, successor: signerOf("next") },
    environment,
  );
  await database.close();
  const narrow = { credentialId: authority.id, grants: [budget(500)] };
  const json = (value: object): JsonObject => parseStrictJsonObject(JSON.stringify(value));
  return {
    path,
    steps: [
      {
        step: "enrol",
        name: "b",
        given: { request: await requestOf(signerOf("b")) },
        usable: [IDENTITY],
        refused: "ALREADY_EXISTS",
      },
      { step: "grant", name: "a", given: json({ grants: [READ] }), usable: [IDENTITY, READING, REFUNDS] },
      { step: "renew", name: "a", given: { credentialId: credential.id }, usable: [IDENTITY, REFUNDS] },
      { step: "supersede", name: "a", given: json(narrow), usable: [IDENTITY, NARROWED], refused: "REVOKED" },
      {
        step: "rotate",
        name: "a",
        given: json({ statement }),
        usable: [IDENTITY, REFUNDS],
        refused: "ALREADY_EXISTS",
      },
    ],
  };
}

function environmentAt(now: number) {
  return { clock: () => now, random: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
}

interface Said {
  readonly credentials?: readonly JsonObject[];
  readonly code?: string;
}

/** What a process said that took a step at a time, killed at a point or not at all; nothing where it was killed. */
async function take(
  { step, name, given }: Step,
  files: readonly [path: string, noted: string],
  now: number,
  at = 0,
) {
  const child = startChild(
    "issue-killed.mjs",
    ...files,
    JSON.stringify({ step, name, now, ...given }),
    String(at),
  );
  const said: Said[] = [];
  for await (const line of child.lines) said.push(parseStrictJsonObject(line));
  const code = await child.ended;
  expect(code).toBe(said.length === 0 ? null : 0);
  return said[0];
}

async function withOrganisation<T>(
  path: string,
  use: (organisation: Organisation) => Promise<T>,
): Promise<T> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  try {
    return await use(await openOrganisation(database, rawKey(1), environmentAt(LATER)));
  } finally {
    await database.close();
  }
}

/** What an agent can use of what was signed: live, noted as issued, of the key that it has. By what it says. */
async function usable({ database }: Organisation, name: string): Promise<readonly string[]> {
  const rows = await database.query(
    `SELECT content FROM credentials WHERE revoked IS NULL AND digest IS NOT NULL AND valid_until > $2
     AND (agent_id, subject) = (SELECT agent_id, did FROM agents WHERE name = $1)`,
    [name, LATER],
  );
  const found = rows.map((row) => {
    const content = JSON.parse(textOf(row, "content")) as { readonly grants?: readonly Grant[] };
    const [grant] = content.grants ?? [];
    return grant === undefined ? IDENTITY : `${grant.actions.join()} ${String(grant.spend?.budget ?? "")}`;
  });
  return [...new Set(found)].sort();
}

interface Outcome {
  readonly isOver: boolean;
  readonly signed: number;
  readonly refused: boolean;
}

/** Kills a process that takes a step at a point, and sees what is left. */
async function killAt(step: Step, before: string, at: number): Promise<Outcome> {
  const folder = temporaryFolder();
  const path = join(folder, "organisation.db");
  const noted = join(folder, "signed");
  copyFileSync(before, path);
  const said = await take(step, [path, noted], NOW, at);
  const left = await withOrganisation(path, async (organisation) => {
    await assertSound(organisation);
    return usable(organisation, step.name);
  });

  const again = await take(step, [path, noted], LATER);
  await withOrganisation(path, async (organisation) => {
    await assertSound(organisation);
    const handedOut = [...(said?.credentials ?? []), ...(again?.credentials ?? [])];
    const expected = [...step.usable].sort();
    expect(await usable(organisation, step.name)).toEqual(expected);
    // It is refused only where nothing is left to issue.
    if (again?.code !== undefined) expect([again.code, left]).toEqual([step.refused, expected]);
    else expect(handedOut).not.toEqual([]);
    await assertRevocable(organisation, handedOut, signedIn(noted));
  });
  return { isOver: said !== undefined, signed: signedIn(noted).length, refused: again?.code !== undefined };
}

/** What is signed is a hash of the proof's options, and one of the document. */
function signedIn(noted: string): readonly string[] {
  if (!existsSync(noted)) return [];
  return readFileSync(noted, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(64));
}

/** Everything that was ever signed is on record as it was signed, is renewed where it is live, revoked, and shown so. */
async function assertRevocable(
  organisation: Organisation,
  handedOut: readonly JsonObject[],
  signed: readonly string[],
): Promise<void> {
  const onRecord = await credentialsOnRecord(organisation);
  const records = signed.map((hash) => onRecord.get(hash));
  expect(records).not.toContain(undefined);
  const byId = new Map<unknown, OnRecord | undefined>(records.map((record) => [record?.id, record]));
  for (const credential of handedOut) {
    expect(byId.get(credential["id"])?.digest).toBe(digestMultibase(credential));
  }
  const rows = await organisation.database.query(
    "SELECT id FROM credentials WHERE revoked IS NULL AND digest IS NOT NULL",
  );
  for (const row of rows) await renewCredential(organisation, textOf(row, "id"));
  for (const record of records) await revokeCredential(organisation, record?.id ?? "");
  const isSet = await publishedBits(organisation);
  for (const record of records) {
    expect(isSet(record?.entries ?? [], "revocation")).toBe(true);
    expect(isSet(record?.entries ?? [], "suspension")).toBe(false);
  }
}

describe("row 166: a process that is killed while it issues", () => {
  it(
    "leaves nothing signed that cannot be revoked, and the same again goes on",
    { timeout: 1_800_000 },
    async () => {
      const { path, steps } = await prepare(temporaryFolder());
      for (const step of steps) {
        let [points, signed, refused] = [0, 0, 0];
        for (let at = STRIDE; ; at += STRIDE) {
          const outcome = await killAt(step, path, at);
          if (outcome.isOver) break;
          points += 1;
          signed += outcome.signed;
          refused += outcome.refused ? 1 : 0;
        }
        expect(points).toBeGreaterThanOrEqual(FULL ? 10 : 1);
        report(
          `${step.step}: killed at ${String(points)} points; of ${String(signed)} documents signed 0 were not on record; ` +
            `the same again went on ${String(points - refused)} times, and was told ${String(refused)} times that all was issued`,
        );
      }
    },
  );
});

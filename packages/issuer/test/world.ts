import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createSeedSigner,
  ENROLMENT_DOMAIN,
  randomUuidUrn,
  signDocument,
  WRIT_CONTEXT,
  type Database,
  type KeySource,
  type Signer,
  type SignOptions,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { fixedClock, seededRandom, type FixedClock } from "@writ/testkit";
import { onTestFinished } from "vitest";

import { createOrganisation, enrolAgent, type Agent, type Organisation } from "../src/index.js";

/** The time at which every test begins. */
export const START = "2026-11-23T08:00:00Z";
export const NOW: number = Date.parse(START);
export const SECOND = 1000;
export const DAY: number = 24 * 60 * 60 * SECOND;

/** A raw key of equal bytes. */
export function rawKey(byte: number): KeySource {
  return { type: "raw", key: new Uint8Array(32).fill(byte) };
}

/** The signer of a name: the same on every run. */
export function signerOf(name: string): Signer {
  return createSeedSigner(seededRandom(`signer ${name}`)(32));
}

/** A folder that goes when the test does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-issuer-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A database in a folder of its own, closed when the test ends. */
export async function temporaryDatabase(): Promise<Database & { readonly path: string }> {
  const path = join(temporaryFolder(), "organisation.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  onTestFinished(() => database.close());
  return { ...database, path };
}

/** A further handle on a database file, closed when the test ends. */
export async function reopen(path: string): Promise<Database> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  onTestFinished(() => database.close());
  return database;
}

/** An organisation in a database of its own, with a clock that stands still. */
export async function openWorld(seed = "organisation"): Promise<{
  readonly organisation: Organisation;
  readonly database: Database;
  readonly path: string;
  readonly clock: FixedClock;
}> {
  const clock = fixedClock(START);
  const { path, ...database } = await temporaryDatabase();
  const organisation = await createOrganisation(
    database,
    { name: "Acme", secret: rawKey(1), statusBase: "https://acme.example/status/" },
    { clock, random: seededRandom(seed) },
  );
  return { organisation, database, path, clock };
}

/** The organisation, in which something else is done before each of its transactions. */
export function changedMeanwhile(
  organisation: Organisation,
  meanwhile: () => Promise<unknown>,
): Organisation {
  const { database } = organisation;
  const transaction: Database["transaction"] = async (work) => {
    await meanwhile();
    return database.transaction(work);
  };
  return { ...organisation, database: { ...database, transaction } };
}

/** The text of an enrolment request as a wallet makes it, but for what the test changes. */
export async function requestOf(
  signer: Signer,
  { members = {}, proof = {} }: { readonly members?: object; readonly proof?: Partial<SignOptions> } = {},
): Promise<string> {
  const id = randomUuidUrn(seededRandom(`request ${signer.did}`));
  const unsigned = {
    "@context": WRIT_CONTEXT,
    id,
    type: ["VerifiablePresentation", "EnrolmentRequest"],
    holder: signer.did,
    ...members,
  };
  const signed = await signDocument(unsigned, {
    signer,
    purpose: "authentication",
    created: NOW,
    challenge: id,
    domain: ENROLMENT_DOMAIN,
    ...proof,
  });
  return JSON.stringify(signed);
}

/** Enrols the agent whose key is that of its name. */
export async function enrol(organisation: Organisation, name: string): Promise<Agent> {
  const request = await requestOf(signerOf(name), { proof: { created: organisation.clock() } });
  return (await enrolAgent(organisation, request, { name })).agent;
}

const TABLES = ["organisation", "agents", "credentials", "status_lists", "status_entries"];

/** How many rows each table has. */
export async function rowCounts(database: Database): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const [row] = await database.query(`SELECT count(*) AS n FROM ${table}`);
    counts[table] = row?.["n"] as number;
  }
  return counts;
}

import type { Charge, Limit } from "@writ/core";
import type { Child } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { startChild } from "./children/child.js";
import { budgetOf, chargeOf, eur, ISSUER, openEmptyLedger, OTHER_ISSUER, rateOf } from "./ledgers.js";
import { NOW } from "./world.js";

/** Everything at once is a thousand charges by eight processes; the ordinary run does with fewer. */
const FULL = process.env["WRIT_FAULTS"] !== undefined;
const [CHARGES, PROCESSES] = FULL ? [1000, 8] : [200, 4];
const EACH = CHARGES / PROCESSES;

interface Work {
  /** Nonces are this name with the numbers up to the count. */
  readonly name: string;
  readonly count: number;
  readonly charges: readonly Charge[];
  /** The time of every charge; that of the clock unless given. */
  readonly at?: number;
}

/** The accounts of a parent and of its child, under these limits of the parent. */
function charged(...limits: readonly Limit[]): readonly Charge[] {
  const child = { link: 1, grant: "child", issuer: OTHER_ISSUER, spend: eur(7) };
  return [chargeOf({ issuer: ISSUER, spend: eur(7), limits }), chargeOf(child)];
}

async function startReady(path: string, work: Work): Promise<Child> {
  const child = startChild("charge.mjs", path, JSON.stringify(work));
  expect((await child.lines.next()).value).toBe("ready");
  return child;
}

/** What a child still says until it ends: nonces with the answers to them. */
async function restOf({ lines }: Child): Promise<readonly string[]> {
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  return said;
}

/** All answers of processes that begin at once; each must come to its end. */
async function answersOf(path: string, works: readonly Work[]): Promise<readonly string[]> {
  const children = await Promise.all(works.map((work) => startReady(path, work)));
  for (const { process } of children) process.stdin?.end("go");
  const said = await Promise.all(children.map(restOf));
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(works.map(() => 0));
  return said.flat();
}

const noncesWith = (outcome: string, answers: readonly string[]): readonly string[] =>
  answers
    .filter((line) => line.endsWith(` ${outcome}`))
    .map((line) => line.split(" ")[0] ?? "")
    .sort();

/** Opens a ledger, with what it holds in the end: the nonces of each table, all in agreement with the sums. */
async function openShared() {
  const { ledger, database } = await openEmptyLedger();
  const select = async (table: string, where = "1 = 1") => {
    const rows = await database.query(`SELECT nonce FROM ${table} WHERE ${where} ORDER BY nonce`);
    return rows.map((row) => row["nonce"] as string);
  };
  const bookedNonces = async (): Promise<readonly string[]> => {
    const booked = await select("ledger_keys");
    expect(await select("ledger_entries", `issuer = '${ISSUER}'`)).toEqual(booked);
    expect(await select("ledger_entries", `issuer = '${OTHER_ISSUER}'`)).toEqual(booked);
    const [count, accounts] = [booked.length, await ledger.accounts()];
    expect(accounts.map(({ totals, actions }) => ({ totals, actions }))).toEqual(
      accounts.map(() => ({ totals: { EUR: 7 * count }, actions: count })),
    );
    expect(accounts).toHaveLength(2);
    expect(await database.query("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    return booked;
  };
  return { path: database.path, bookedNonces };
}

describe(`${String(CHARGES)} charges of ${String(PROCESSES)} processes at once (HOSTILE 155)`, () => {
  const workers = (charges: readonly Charge[]): readonly Work[] =>
    Array.from({ length: PROCESSES }, (_, index) => ({ name: String(index), count: EACH, charges }));

  it.each<readonly [string, readonly Limit[], number]>([
    ["without limits are all booked", [], CHARGES],
    ["never exceed a budget", [budgetOf(7 * 0.4 * CHARGES)], 0.4 * CHARGES],
    ["never exceed a budget that does not come out even", [budgetOf(7 * 0.4 * CHARGES + 6)], 0.4 * CHARGES],
    ["never exceed a rate", [rateOf(CHARGES / 4, 3600)], CHARGES / 4],
  ])("%s", async (_, limits, allowed) => {
    const { path, bookedNonces } = await openShared();
    const answers = await answersOf(path, workers(charged(...limits)));
    expect(answers).toHaveLength(CHARGES);
    const acknowledged = noncesWith("charged", answers);
    expect(acknowledged).toHaveLength(allowed);
    expect(noncesWith("exceeded", answers)).toHaveLength(CHARGES - allowed);
    expect(await bookedNonces()).toEqual(acknowledged);
  });

  it("under the same keys are booked once each", async () => {
    const { path, bookedNonces } = await openShared();
    const work = { name: "same", count: EACH, charges: charged(budgetOf(7 * EACH)), at: NOW };
    const answers = await answersOf(
      path,
      Array.from({ length: PROCESSES }, () => work),
    );
    const acknowledged = noncesWith("charged", answers);
    expect(new Set(acknowledged).size).toBe(EACH);
    expect(noncesWith("already_charged", answers)).toHaveLength(CHARGES - EACH);
    expect(await bookedNonces()).toEqual(acknowledged);
  });
});

describe("kill -9 of one of them", () => {
  it.each([1, 10, FULL ? 100 : 30])("after %i answers leaves no half of a charge", async (answered) => {
    const { path, bookedNonces } = await openShared();
    // The victim would go on for long after the other has come to its end.
    const [victim, other] = await Promise.all([
      startReady(path, { name: "victim", count: 20_000, charges: charged() }),
      startReady(path, { name: "other", count: CHARGES, charges: charged() }),
    ]);
    for (const { process } of [victim, other]) process.stdin?.end("go");
    const answers: string[] = [];
    for (let seen = 0; seen < answered; seen++) answers.push((await victim.lines.next()).value as string);
    victim.process.kill("SIGKILL");
    expect(await victim.ended).toBeNull();
    answers.push(...(await restOf(victim)));
    expect((await restOf(other)).length).toBe(CHARGES);
    expect(await other.ended).toBe(0);

    const booked = await bookedNonces();
    const own = booked.filter((nonce) => nonce.startsWith("victim"));
    expect(booked.length - own.length).toBe(CHARGES);
    expect(own).toEqual(expect.arrayContaining([...noncesWith("charged", answers)]));
    const again = await answersOf(path, [{ name: "victim", count: own.length + 9, charges: charged() }]);
    expect(noncesWith("already_charged", again)).toEqual(own);
    expect(noncesWith("charged", again)).toHaveLength(9);
    expect(await bookedNonces()).toHaveLength(booked.length + 9);
  });
});

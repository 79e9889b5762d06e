import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Charge, Database, Limit, SqlRow } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { onTestFinished } from "vitest";

import { createLedger, type LedgerAccount, type LedgerEntry, type SqlLedger } from "../src/index.js";
import { DAY, NOW, signerOf } from "./world.js";

export const SECOND = 1000;
/** An account is that of the issuer who named it. */
export const ISSUER: string = signerOf("ledger issuer").did;
export const OTHER_ISSUER: string = signerOf("other ledger issuer").did;
export const HOLDER: string = signerOf("ledger holder").did;

/** The `urn:uuid:` of an account. */
export function accountAt(position: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(position).padStart(12, "0")}`;
}

/** A folder that goes when the test does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-ledger-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A database file in a folder of its own, closed when the test ends. */
export async function temporaryDatabase(): Promise<Database & { readonly path: string }> {
  const path = join(temporaryFolder(), "ledger.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  onTestFinished(() => database.close());
  return { ...database, path };
}

export interface OpenLedger {
  readonly ledger: SqlLedger;
  readonly database: Database & { readonly path: string };
  /** Every row of every table. */
  readonly rows: () => Promise<readonly (readonly SqlRow[])[]>;
}

/** An empty ledger in a file. */
export async function openEmptyLedger(): Promise<OpenLedger> {
  const database = await temporaryDatabase();
  const ledger = await createLedger(database);
  const rows = () =>
    Promise.all(
      ["keys", "accounts", "totals", "entries"].map((table) =>
        database.query(`SELECT * FROM ledger_${table} ORDER BY 1, 2, 3`),
      ),
    );
  return { ledger, database, rows };
}

/** Every account, in the order of issuer and account. */
export async function accountsOf(ledger: SqlLedger): Promise<readonly LedgerAccount[]> {
  const keyOf = ({ issuer, account }: LedgerAccount): string => `${issuer} ${account}`;
  return [...(await ledger.accounts())].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

export const eur = (amount: number) => ({ unit: "EUR", amount });
export const budgetOf = (budget: number): Limit => ({ dimension: "spend", budget });
export const rateOf = (max: number, seconds: number): Limit => ({ dimension: "rate", max, seconds });

/** What the first account of the issuer bears: one action, without limits unless they are given. */
export function chargeOf(changes: Partial<Charge> = {}): Charge {
  return { link: 0, grant: "g", issuer: ISSUER, account: accountAt(0), limits: [], ...changes };
}

let serial = 0;

/** An action with a nonce of its own, charged to one account or to what is given. */
export function entryOf(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    holder: HOLDER,
    nonce: `nonce-${String(serial++)}`,
    digestMultibase: "uEiA",
    at: NOW,
    keyUntil: NOW + 1000 * DAY,
    charges: [chargeOf()],
    ...changes,
  };
}

/** An action at a time, on the first account, under these limits. */
export function actionAt(at: number, ...limits: readonly Limit[]): LedgerEntry {
  return entryOf({ at, charges: [chargeOf({ limits })] });
}

/** A spend on the first account, under these limits. */
export function spending(amount: number, ...limits: readonly Limit[]): LedgerEntry {
  return entryOf({ charges: [chargeOf({ spend: eur(amount), limits })] });
}

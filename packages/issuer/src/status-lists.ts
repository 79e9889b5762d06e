import {
  integerOf,
  MIN_STATUS_ENTRIES,
  textOf,
  WritError,
  type RandomSource,
  type SqlExecutor,
  type StatusEntry,
} from "@writ/core";

import { assertCurrentKey, type Registry } from "./organisation.js";

/** What a list says of credentials. */
export type StatusPurpose = StatusEntry["statusPurpose"];

/** Each list has the fewest entries that verifiers accept; a power of two, so that a mask picks one. */
export const LIST_LENGTH: number = MIN_STATUS_ENTRIES;

/** From here on random indexes collide too often, and a list is closed. */
const FULL = Math.floor(LIST_LENGTH * 0.9);

/** With a tenth of a list free, so many draws fail with a chance of 10^-45. */
const MAX_ATTEMPTS = 1000;

/** Every purpose there is: Writ's own credentials get an entry for each. */
export const STATUS_PURPOSES: readonly StatusPurpose[] = ["revocation", "suspension"];

/** The address, and id, of a list. */
export function listAddress({ statusBase }: Registry, listId: string): string {
  return statusBase + listId;
}

/** A status list, as it stands. */
export interface StatusListState {
  readonly listId: string;
  /** Its address, and id. */
  readonly address: string;
  readonly purpose: StatusPurpose;
  /** DID of the key that signs it. */
  readonly issuer: string;
  /** How many of its entries are taken, how many there are, and how many are set. */
  readonly used: number;
  readonly length: number;
  readonly set: number;
}

/** All status lists of the organisation, by name. */
export async function listStatusLists(registry: Registry): Promise<readonly StatusListState[]> {
  const rows = await registry.database.query(
    `SELECT list_id, purpose, issuer, used,
       (SELECT count(*) FROM status_entries
        WHERE status_entries.list_id = status_lists.list_id AND is_set = 1) AS set_count
     FROM status_lists ORDER BY purpose, number`,
  );
  return rows.map((row) => {
    const listId = textOf(row, "list_id");
    return {
      listId,
      address: listAddress(registry, listId),
      purpose: textOf(row, "purpose") as StatusPurpose,
      issuer: textOf(row, "issuer"),
      used: integerOf(row, "used"),
      length: LIST_LENGTH,
      set: integerOf(row, "set_count"),
    };
  });
}

/**
 * Allocates a random unused index for each purpose. Random, so that an index tells neither order nor
 * number of what was issued; never reused.
 */
export async function allocateStatus(
  transaction: SqlExecutor,
  registry: Registry,
  credentialId: string,
  purposes: readonly StatusPurpose[] = STATUS_PURPOSES,
): Promise<readonly StatusEntry[]> {
  // A key that was replaced begins no list any more.
  await assertCurrentKey(transaction, registry);
  const entries: StatusEntry[] = [];
  for (const statusPurpose of purposes) {
    const listId = await openList(transaction, registry, statusPurpose);
    const index = await takeIndex(transaction, listId, credentialId, registry.random);
    entries.push(statusEntry(registry, statusPurpose, listId, index));
  }
  return entries;
}

/**
 * The entries that a credential was allocated, one for each purpose.
 *
 * @throws WritError `RECORD_TAMPERED` where these are others: it could not be revoked.
 */
export async function recordedStatus(
  executor: SqlExecutor,
  registry: Registry,
  credentialId: string,
  purposes: readonly StatusPurpose[] = STATUS_PURPOSES,
): Promise<readonly StatusEntry[]> {
  const rows = await executor.query(
    `SELECT purpose, status_entries.list_id, entry_index FROM status_entries
     JOIN status_lists ON status_lists.list_id = status_entries.list_id WHERE credential_id = $1`,
    [credentialId],
  );
  const entries = purposes.flatMap((purpose) =>
    rows
      .filter((row) => row["purpose"] === purpose)
      .map((row) => statusEntry(registry, purpose, textOf(row, "list_id"), integerOf(row, "entry_index"))),
  );
  const distinct = new Set(entries.map(({ statusPurpose }) => statusPurpose)).size;
  if (rows.length === purposes.length && distinct === purposes.length) return entries;
  throw new WritError(
    "RECORD_TAMPERED",
    "the credential's status entries are not those that it was allocated",
  );
}

function statusEntry(
  registry: Registry,
  statusPurpose: StatusPurpose,
  listId: string,
  index: number,
): StatusEntry {
  return {
    type: "BitstringStatusListEntry",
    statusPurpose,
    statusListIndex: String(index),
    statusListCredential: listAddress(registry, listId),
  };
}

/** The newest list of a purpose while it has room and is the key's own, else a new one. */
async function openList(
  transaction: SqlExecutor,
  { did }: Registry,
  purpose: StatusPurpose,
): Promise<string> {
  const [newest] = await transaction.query(
    "SELECT list_id, number, used, issuer FROM status_lists WHERE purpose = $1 ORDER BY number DESC LIMIT 1",
    [purpose],
  );
  const isOpen = newest?.["issuer"] === did && integerOf(newest, "used") < FULL;
  if (newest !== undefined && isOpen) return textOf(newest, "list_id");
  const number = newest === undefined ? 1 : integerOf(newest, "number") + 1;
  const listId = `${purpose.slice(0, 1)}${String(number)}`;
  await transaction.query(
    "INSERT INTO status_lists (list_id, purpose, number, used, issuer) VALUES ($1, $2, $3, 0, $4)",
    [listId, purpose, number, did],
  );
  return listId;
}

async function takeIndex(
  transaction: SqlExecutor,
  listId: string,
  credentialId: string,
  random: RandomSource,
): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const index = randomIndex(random);
    const taken = await transaction.query(
      `INSERT INTO status_entries (list_id, entry_index, credential_id, is_set) VALUES ($1, $2, $3, 0)
       ON CONFLICT (list_id, entry_index) DO NOTHING RETURNING entry_index`,
      [listId, index, credentialId],
    );
    if (taken.length === 0) continue;
    await transaction.query("UPDATE status_lists SET used = used + 1 WHERE list_id = $1", [listId]);
    return index;
  }
  throw new WritError("STATUS_UNAVAILABLE", "no unused status index was drawn: is the randomness broken?");
}

/** The bytes may be a part of a larger buffer, as Node's often are. */
function randomIndex(random: RandomSource): number {
  const { buffer, byteOffset } = random(4);
  return new DataView(buffer, byteOffset, 4).getUint32(0) & (LIST_LENGTH - 1);
}

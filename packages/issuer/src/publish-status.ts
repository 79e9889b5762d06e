import {
  asJson,
  encodeStatusList,
  formatTimestamp,
  integerOf,
  parseDocument,
  parseTimestamp,
  signDocument,
  snapshot,
  STATUS_LIST_CONTEXT,
  statusListCredential,
  textOf,
  WritError,
  type JsonText,
  type Signer,
  type SqlExecutor,
  type StatusListCredential,
} from "@writ/core";

import { keyRotated, type Organisation } from "./organisation.js";
import { standingList } from "./standing-list.js";
import { tightestStatusAgeMs } from "./status-ages.js";
import { LIST_LENGTH, listAddress, type StatusPurpose } from "./status-lists.js";

/** How long a published list may be relied on. */
export const STATUS_LIST_LIFE_MS: number = 24 * 60 * 60 * 1000;

/** A signed list, and the name under which it is published below the status base. */
export interface PublishedList {
  readonly listId: string;
  readonly credential: StatusListCredential;
}

/** How lists are published. */
export interface PublishOptions {
  /**
   * What is published under a name now, if anything. Where that says what would be signed, and half of its life is
   * left, and of the tightest `statusMaxAgeSeconds` granted, it stays. Nothing is published yet unless given.
   */
  readonly published?: (listId: string) => Promise<JsonText | undefined>;
}

/**
 * Brings every status list of the organisation to where it stands now (Bitstring Status List 1.0).
 *
 * @param publish is given in turn each list that has to be signed. Until it is done nobody else publishes or revokes,
 *   so that a slow publication cannot put an older list in the place of a newer one; from one list to the next
 *   others get their turn
 * @returns all lists, those that stayed included
 * @throws what `publish` and `published` throw, and `DATABASE_BUSY` while somebody else takes long to publish.
 */
export async function publishStatusLists(
  organisation: Organisation,
  publish: (list: PublishedList) => Promise<void> = () => Promise.resolve(),
  { published = () => Promise.resolve(undefined) }: PublishOptions = {},
): Promise<readonly PublishedList[]> {
  const { database } = organisation;
  const rows = await database.query("SELECT list_id, purpose FROM status_lists ORDER BY list_id");
  const lists: PublishedList[] = [];
  for (const row of rows) {
    const listId = textOf(row, "list_id");
    const purpose = textOf(row, "purpose") as StatusPurpose;
    const list = { listId, purpose };
    const credential =
      (await findStanding(organisation, list, await published(listId))) ??
      (await database.transaction(async (transaction) => {
        const signed = await signStatusList(transaction, organisation, list);
        await publish({ listId, credential: signed });
        return signed;
      }));
    lists.push({ listId, credential });
  }
  return lists;
}

/** Nobody has to wait for a list that stays: whatever changes meanwhile is for the next publication. */
async function findStanding(
  organisation: Organisation,
  list: ListName,
  text: JsonText | undefined,
): Promise<StatusListCredential | undefined> {
  if (text === undefined) return undefined;
  const { database } = organisation;
  const draft = await composeStatusList(database, organisation, list);
  return standingList(organisation, text, draft, await tightestStatusAgeMs(database, organisation));
}

/**
 * Signs a status list as it stands now.
 *
 * @param ttlMs how long it may be relied on, in milliseconds; as long as it is valid unless given
 */
export async function signStatusList(
  transaction: SqlExecutor,
  organisation: Organisation,
  list: ListName,
  ttlMs: number = STATUS_LIST_LIFE_MS,
): Promise<StatusListCredential> {
  const draft = await composeStatusList(transaction, organisation, list, ttlMs);
  return signDocument(draft, {
    signer: signerOf(organisation, draft.issuer),
    purpose: "assertionMethod",
    // As of the time from which it is valid.
    created: parseTimestamp(draft.validFrom),
  });
}

interface ListName {
  readonly listId: string;
  readonly purpose: StatusPurpose;
}

async function composeStatusList(
  executor: SqlExecutor,
  organisation: Organisation,
  { listId, purpose: statusPurpose }: ListName,
  ttlMs: number = STATUS_LIST_LIFE_MS,
): Promise<StatusListCredential> {
  const now = organisation.clock();
  const rows = await executor.query(
    "SELECT entry_index FROM status_entries WHERE list_id = $1 AND is_set = 1",
    [listId],
  );
  const setIndexes = rows.map((row) => integerOf(row, "entry_index"));
  const id = listAddress(organisation, listId);
  const issuer = await issuerOf(executor, listId);
  const draft = snapshot<StatusListCredential>({
    "@context": STATUS_LIST_CONTEXT,
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer,
    validFrom: formatTimestamp(now),
    validUntil: formatTimestamp(now + STATUS_LIST_LIFE_MS),
    credentialSubject: {
      id: `${id}#list`,
      type: "BitstringStatusList",
      statusPurpose,
      encodedList: encodeStatusList(LIST_LENGTH, setIndexes),
      ttl: ttlMs,
    },
  });
  return parseDocument(asJson(draft), statusListCredential);
}

/** The key that began a list signs it for good, also when the organisation has another (DESIGN 4.8). */
async function issuerOf(executor: SqlExecutor, listId: string): Promise<string> {
  const [row] = await executor.query("SELECT issuer FROM status_lists WHERE list_id = $1", [listId]);
  if (row === undefined) throw new WritError("NOT_FOUND", "there is no such status list");
  return textOf(row, "issuer");
}

function signerOf({ signer, formerSigners }: Organisation, issuer: string): Signer {
  const found = issuer === signer.did ? signer : formerSigners.get(issuer);
  if (found === undefined) throw keyRotated();
  return found;
}

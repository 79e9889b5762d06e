import {
  encodeStatusList,
  formatTimestamp,
  integerOf,
  parseDocument,
  signDocument,
  snapshot,
  STATUS_LIST_CONTEXT,
  statusListCredential,
  textOf,
  type Signer,
  type SqlExecutor,
  type StatusListCredential,
} from "@writ/core";

import { keyRotated, type Organisation } from "./organisation.js";
import { LIST_LENGTH, listAddress, type StatusPurpose } from "./status-lists.js";

/** How long a published list may be relied on. */
export const STATUS_LIST_LIFE_MS: number = 24 * 60 * 60 * 1000;

/** A signed list, and the name under which it is published below the status base. */
export interface PublishedList {
  readonly listId: string;
  readonly credential: StatusListCredential;
}

/**
 * Signs every status list of the organisation as it stands now (Bitstring Status List 1.0).
 *
 * @param publish is given each list in turn. Until it is done nobody else publishes or revokes, so
 *   that a slow publication cannot put an older list in the place of a newer one
 * @throws what `publish` throws, and `DATABASE_BUSY` while somebody else takes long to publish.
 */
export function publishStatusLists(
  organisation: Organisation,
  publish: (list: PublishedList) => Promise<void> = () => Promise.resolve(),
): Promise<readonly PublishedList[]> {
  return organisation.database.transaction(async (transaction) => {
    const rows = await transaction.query("SELECT list_id, purpose FROM status_lists ORDER BY list_id");
    const published: PublishedList[] = [];
    for (const row of rows) {
      const listId = textOf(row, "list_id");
      const purpose = textOf(row, "purpose") as StatusPurpose;
      const list = {
        listId,
        credential: await signStatusList(transaction, organisation, { listId, purpose }),
      };
      await publish(list);
      published.push(list);
    }
    return published;
  });
}

/**
 * Signs a status list as it stands now.
 *
 * @param ttlMs how long it may be relied on, in milliseconds; as long as it is valid unless given
 */
export async function signStatusList(
  transaction: SqlExecutor,
  organisation: Organisation,
  { listId, purpose: statusPurpose }: { readonly listId: string; readonly purpose: StatusPurpose },
  ttlMs: number = STATUS_LIST_LIFE_MS,
): Promise<StatusListCredential> {
  const now = organisation.clock();
  const rows = await transaction.query(
    "SELECT entry_index FROM status_entries WHERE list_id = $1 AND is_set = 1",
    [listId],
  );
  const setIndexes = rows.map((row) => integerOf(row, "entry_index"));
  const id = listAddress(organisation, listId);
  const signer = await signerOfList(transaction, organisation, listId);
  const credential = snapshot<StatusListCredential>({
    "@context": STATUS_LIST_CONTEXT,
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: signer.did,
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
  return signDocument(parseDocument(credential, statusListCredential), {
    signer,
    purpose: "assertionMethod",
    created: now,
  });
}

/** The key that began a list signs it for good, also when the organisation has another (DESIGN 4.8). */
async function signerOfList(
  transaction: SqlExecutor,
  { signer, formerSigners }: Organisation,
  listId: string,
): Promise<Signer> {
  const [row] = await transaction.query("SELECT issuer FROM status_lists WHERE list_id = $1", [listId]);
  const issuer = row?.["issuer"];
  const found = issuer === signer.did ? signer : formerSigners.get(String(issuer));
  if (found === undefined) throw keyRotated();
  return found;
}

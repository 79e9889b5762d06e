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
  type StatusListCredential,
} from "@writ/core";

import type { Organisation } from "./organisation.js";
import { LIST_LENGTH, listAddress, type StatusPurpose } from "./status-lists.js";

/** How long a published list may be relied on. */
export const STATUS_LIST_LIFE_MS: number = 24 * 60 * 60 * 1000;

/** A signed list, and the name under which it is published below the status base. */
export interface PublishedList {
  readonly listId: string;
  readonly credential: StatusListCredential;
}

/** Signs every status list of the organisation as it stands now (Bitstring Status List 1.0). */
export async function publishStatusLists(organisation: Organisation): Promise<readonly PublishedList[]> {
  const lists = await organisation.database.query(
    "SELECT list_id, purpose FROM status_lists ORDER BY list_id",
  );
  const published: PublishedList[] = [];
  for (const row of lists) {
    const listId = textOf(row, "list_id");
    const credential = await signList(organisation, listId, textOf(row, "purpose") as StatusPurpose);
    published.push({ listId, credential });
  }
  return published;
}

async function signList(
  organisation: Organisation,
  listId: string,
  statusPurpose: StatusPurpose,
): Promise<StatusListCredential> {
  const now = organisation.clock();
  const rows = await organisation.database.query(
    "SELECT entry_index FROM status_entries WHERE list_id = $1 AND is_set = 1",
    [listId],
  );
  const setIndexes = rows.map((row) => integerOf(row, "entry_index"));
  const id = listAddress(organisation, listId);
  const credential = snapshot<StatusListCredential>({
    "@context": STATUS_LIST_CONTEXT,
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: organisation.did,
    validFrom: formatTimestamp(now),
    validUntil: formatTimestamp(now + STATUS_LIST_LIFE_MS),
    credentialSubject: {
      id: `${id}#list`,
      type: "BitstringStatusList",
      statusPurpose,
      encodedList: encodeStatusList(LIST_LENGTH, setIndexes),
      ttl: STATUS_LIST_LIFE_MS,
    },
  });
  return signDocument(parseDocument(credential, statusListCredential), {
    signer: organisation.signer,
    purpose: "assertionMethod",
    created: now,
  });
}

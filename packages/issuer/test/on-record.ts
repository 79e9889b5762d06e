import {
  agentIdentityCredential,
  asJson,
  authorityCredential,
  canonicalize,
  composeCredential,
  decodeStatusList,
  integerOf,
  parseStrictJsonObject,
  sha256,
  textOf,
  toHex,
  type CredentialFrame,
  type SqlRow,
  type StatusEntry,
} from "@writ/core";
import { expect } from "vitest";

import { publishStatusLists, type Organisation } from "../src/index.js";
import { listAddress } from "../src/status-lists.js";

const SHAPES = {
  AgentIdentityCredential: agentIdentityCredential,
  DelegatedAuthorityCredential: authorityCredential,
} as const;

/** A credential as the tables alone tell it. */
export interface OnRecord {
  readonly id: string;
  readonly entries: readonly StatusEntry[];
  readonly digest: string | undefined;
}

/**
 * The credentials of agents, made again from what is on record, by the hash that eddsa-jcs-2022 signs: what has
 * another hash is not what is on record.
 */
export async function credentialsOnRecord(
  organisation: Organisation,
): Promise<ReadonlyMap<string, OnRecord>> {
  const entries = await entriesById(organisation);
  const rows = await organisation.database.query(
    "SELECT id, type, content, issued, valid_until, digest FROM credentials WHERE agent_id IS NOT NULL",
  );
  return new Map(
    rows.map((row) => {
      const id = textOf(row, "id");
      const credentialStatus = entries.get(id) ?? [];
      const document = rebuilt(organisation, row, credentialStatus);
      const digest = row["digest"];
      return [
        toHex(sha256(canonicalize(asJson(document)))),
        { id, entries: credentialStatus, digest: typeof digest === "string" ? digest : undefined },
      ];
    }),
  );
}

function rebuilt(
  { did }: Organisation,
  row: SqlRow,
  credentialStatus: readonly StatusEntry[],
): CredentialFrame<string, unknown> {
  const type = textOf(row, "type") as keyof typeof SHAPES;
  const issued = integerOf(row, "issued");
  return composeCredential<string, unknown>(
    {
      id: textOf(row, "id"),
      type,
      issuer: did,
      credentialSubject: parseStrictJsonObject(textOf(row, "content")),
      from: issued,
      lifeMs: integerOf(row, "valid_until") - issued,
      credentialStatus,
    },
    SHAPES[type],
  );
}

async function entriesById(organisation: Organisation): Promise<ReadonlyMap<string, readonly StatusEntry[]>> {
  const rows = await organisation.database.query(
    `SELECT credential_id, purpose, status_entries.list_id, entry_index FROM status_entries
     JOIN status_lists ON status_lists.list_id = status_entries.list_id ORDER BY purpose`,
  );
  const entries = new Map<string, StatusEntry[]>();
  for (const row of rows) {
    const id = textOf(row, "credential_id");
    const entry: StatusEntry = {
      type: "BitstringStatusListEntry",
      statusPurpose: textOf(row, "purpose") as StatusEntry["statusPurpose"],
      statusListIndex: String(integerOf(row, "entry_index")),
      statusListCredential: listAddress(organisation, textOf(row, "list_id")),
    };
    entries.set(id, [...(entries.get(id) ?? []), entry]);
  }
  return entries;
}

/** Whether one publication of the lists shows an entry as set. */
export async function publishedBits(
  organisation: Organisation,
): Promise<(entries: readonly StatusEntry[], purpose: StatusEntry["statusPurpose"]) => boolean> {
  const lists = new Map(
    (await publishStatusLists(organisation)).map(({ credential }) => [
      credential.id,
      decodeStatusList(credential.credentialSubject.encodedList),
    ]),
  );
  return (entries, purpose) => {
    const entry = entries.find(({ statusPurpose }) => statusPurpose === purpose);
    return lists.get(entry?.statusListCredential ?? "")?.valueAt(Number(entry?.statusListIndex)) === 1;
  };
}

/** That the tables hold together, and the events count from 1 without a gap; how many there are. */
export async function assertSound({ database }: Organisation): Promise<number> {
  expect(await database.query("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  expect(await database.query("PRAGMA foreign_key_check")).toEqual([]);
  const [row] = await database.query(
    "SELECT count(*) AS n, min(number) AS first, max(number) AS last FROM events",
  );
  expect(row).toEqual({ n: row?.["last"], first: 1, last: row?.["last"] });
  return Number(row?.["n"]);
}

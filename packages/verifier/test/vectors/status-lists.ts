import {
  encodeStatusList,
  MIN_STATUS_ENTRIES,
  type Signer,
  type SignOptions,
  type StatusEntry,
} from "@writ/core";

import { resign, type Changes, type Documents } from "./documents.js";
import type { Story } from "./story.js";
import { under, type Given } from "./vector.js";

/** Where a list's bits stand. */
export const BITS = "/credentialSubject/encodedList";

/** Where a credential says by what it is revoked. */
export const REVOCATION = "/credentialStatus/0";

/** The entries of the bot's identity. */
export function entriesOf({
  botIdentity,
}: Story): readonly [revocation: StatusEntry, suspension: StatusEntry] {
  const [revocation, suspension] = botIdentity.credentialStatus ?? [];
  if (revocation === undefined || suspension === undefined) throw new Error("the bot has no status");
  return [revocation, suspension];
}

/** The bot's identity, and what lies at the address of its list of revocations. */
export function lying({ story, identity }: Documents, there: object | string | null): Promise<Given> {
  const [{ statusListCredential }] = entriesOf(story);
  return under({ statusLists: { [statusListCredential]: there } }, identity());
}

/** The bot's identity, and its list of revocations with something changed. */
export async function listed(
  documents: Documents,
  changes: Changes,
  signer: Signer = documents.story.organisation,
  proof: Partial<SignOptions> = {},
): Promise<Given> {
  const [{ statusListCredential }] = entriesOf(documents.story);
  const list = documents.story.statusLists[statusListCredential] ?? {};
  return lying(documents, await resign(list, signer, { "/issuer": signer.did, ...changes }, proof));
}

/** The list of a status entry, by its address, with the bit of that entry set and no other. */
export async function listWithBit(
  { statusLists, organisation }: Story,
  entry: StatusEntry | undefined,
): Promise<Readonly<Record<string, object>>> {
  const { statusListCredential: address = "", statusListIndex } = entry ?? {};
  const encodedList = encodeStatusList(MIN_STATUS_ENTRIES, [Number(statusListIndex)]);
  const list = statusLists[address] ?? {};
  return { [address]: await resign(list, organisation, { [BITS]: encodedList }) };
}

import { MIN_STATUS_ENTRIES } from "@writ/core";

import { resign, type Changes, type Documents } from "./documents.js";
import { entriesOf, listed, listWithBit, lying, REVOCATION } from "./status-lists.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const INDEX = `${REVOCATION}/statusListIndex`;
const OTHER_LIST = "https://issuer.example/status/1";

/** Section G of HOSTILE.md: entries, and the lists that they name. */
export async function statuses(documents: Documents): Promise<readonly Vector[]> {
  const { identity, generic, story } = documents;
  const { organisation, thief } = story;
  const [revocation, suspension] = entriesOf(story);
  const list = story.statusLists[revocation.statusListCredential] ?? {};
  const indexed = (index: unknown): Promise<Given> => identity({ [INDEX]: index });
  const entry = {
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex: "7",
    statusListCredential: OTHER_LIST,
  };
  /** A credential of others with this status, and its list. */
  const genericListed = async (status: object, changes: Changes = {}): Promise<Given> => {
    const base = { ...list, id: OTHER_LIST, issuer: organisation.did };
    const changed = await resign(base, organisation, {
      "/credentialSubject/id": `${OTHER_LIST}#list`,
      ...changes,
    });
    return under({ statusLists: { [OTHER_LIST]: changed } }, generic({ "/credentialStatus": status }));
  };
  const invalid = `STATUS_LIST_INVALID ${REVOCATION}`;
  const malformed = `STATUS_LIST_MALFORMED ${REVOCATION}`;

  return Promise.all([
    refused(
      "108-other-signer",
      "a list by somebody who may not sign it",
      listed(documents, {}, thief),
      invalid,
    ),
    refused(
      "108-in-the-name",
      "a list in the issuer's name, signed by somebody else",
      listed(documents, { "/issuer": organisation.did }, thief),
      invalid,
    ),
    refused(
      "108-altered",
      "a list that was changed after it was signed",
      lying(documents, { ...list, validUntil: "2026-12-01T00:00:00Z" }),
      invalid,
    ),
    refused(
      "109-purpose",
      "a list of suspensions where revocations are asked",
      listed(documents, { "/credentialSubject/statusPurpose": "suspension" }),
      invalid,
    ),
    ...(
      [
        ["negative", "-1"],
        ["exponent", "1e3"],
        ["leading-zeros", "007"],
        ["letters", "5abc"],
        ["hexadecimal", "0x10"],
        ["empty", ""],
        ["number", 5],
      ] as const
    ).map(([name, index]) =>
      refused(
        `110-${name}`,
        `an index that is ${JSON.stringify(index)}`,
        indexed(index),
        `SCHEMA_INVALID ${INDEX}`,
      ),
    ),
    refused(
      "111-at-the-end",
      "an index that is the length of the list",
      indexed(String(MIN_STATUS_ENTRIES)),
      `STATUS_INDEX_RANGE ${REVOCATION}`,
    ),
    refused(
      "118-expired",
      "a list that has ended",
      listed(documents, { "/validFrom": "2026-11-22T09:00:00Z", "/validUntil": "2026-11-23T09:00:00Z" }),
      invalid,
    ),
    refused(
      "118-not-yet",
      "a list that begins in a second",
      listed(documents, { "/validFrom": "2026-11-23T09:00:01Z" }),
      invalid,
    ),
    refused(
      "118-ttl",
      "a list past its time to live",
      listed(documents, { "/validFrom": "2026-11-23T08:59:00Z", "/credentialSubject/ttl": 60_000 }),
      invalid,
    ),
    refused(
      "118-proof",
      "a list whose proof has expired",
      listed(documents, {}, undefined, { expires: Date.parse("2026-11-23T09:00:00Z") }),
      invalid,
    ),
    refused(
      "120-absent",
      "no list at its address",
      lying(documents, null),
      `STATUS_UNAVAILABLE ${REVOCATION}`,
    ),
    refused(
      "120-page",
      "a page at the list's address",
      lying(documents, "<!doctype html><title>Not found</title>"),
      malformed,
    ),
    refused("120-nothing", "nothing at the list's address", lying(documents, ""), malformed),
    refused(
      "121-own-status",
      "a list with a status of its own",
      listed(documents, { "/credentialStatus": [revocation] }),
      malformed,
    ),
    refused(
      "121-generic",
      "a list of others with a status of its own",
      genericListed(entry, { "/credentialStatus": entry }),
      "STATUS_LIST_MALFORMED /credentialStatus",
    ),
    refused(
      "122-other-list",
      "another list of the same issuer",
      lying(documents, story.statusLists[suspension.statusListCredential] ?? null),
      invalid,
    ),
    refused(
      "122-fragment",
      "a list whose subject is not the list",
      listed(documents, { "/credentialSubject/id": "https://issuer.example/1#list" }),
      malformed,
    ),
    refused(
      "123-suspended",
      "two entries, of which the second is set",
      under({ statusLists: await listWithBit(story, suspension) }, identity()),
      "SUSPENDED /credentialStatus/1",
    ),
    refused(
      "123-suspension-alone",
      "no entry for revocation",
      identity({ "/credentialStatus": [suspension] }),
      "STATUS_MISSING /credentialStatus",
    ),
    refused(
      "124-type",
      "a status of another type",
      identity({ "/credentialStatus/0/type": "RevocationList2020Status" }),
      "SCHEMA_INVALID /credentialStatus/0/type",
    ),
    refused(
      "124-generic",
      "a status of another type",
      generic({
        "/credentialStatus": { id: "https://people.example/status/1", type: "https://people.example/Status" },
      }),
      "STATUS_UNSUPPORTED /credentialStatus/type",
    ),
    refused(
      "125-size-9",
      "entries of nine bits",
      genericListed({ ...entry, statusSize: 9 }),
      "SCHEMA_INVALID /credentialStatus/statusSize",
    ),
    refused(
      "125-other-size",
      "entries of one bit in a list of two",
      genericListed(entry, { "/credentialSubject/statusSize": 2 }),
      "STATUS_LIST_INVALID /credentialStatus",
    ),
    refused(
      "125-no-messages",
      "entries of two bits without messages",
      genericListed({ ...entry, statusSize: 2 }),
      "SCHEMA_INVALID /credentialStatus/statusMessage",
    ),
    refused(
      "125-too-short",
      "entries of two bits in a list that is too short for them",
      genericListed(
        { ...entry, statusPurpose: "message", statusSize: 2, statusMessage: messages(4) },
        { "/credentialSubject/statusPurpose": "message" },
      ),
      "STATUS_LIST_TOO_SHORT /credentialStatus",
    ),
  ]);
}

function messages(count: number): readonly object[] {
  return Array.from({ length: count }, (_, value) => ({
    status: `0x${value.toString(16)}`,
    message: String(value),
  }));
}

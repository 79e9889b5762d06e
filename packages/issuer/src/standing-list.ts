import {
  asJson,
  checkSignedBy,
  createResolver,
  parseDocument,
  parseStrictJsonObject,
  parseTimestamp,
  problemOf,
  sameJson,
  STATUS_LIST_LIMITS,
  statusListCredential,
  type JsonText,
  type StatusListCredential,
} from "@writ/core";

import type { Registry } from "./organisation.js";

/**
 * A list that was published, if nobody gains by another: its issuer has signed it, it says what the draft
 * says, but for its time, and half of its life is left, and of the age at which it is not relied on any more.
 *
 * @param maxAgeMs how old a list may be that somebody relies on
 */
export async function standingList(
  { clock }: Registry,
  text: JsonText,
  draft: StatusListCredential,
  maxAgeMs: number | undefined,
): Promise<StatusListCredential | undefined> {
  const list = parseList(text);
  if (list === undefined) return undefined;
  const now = clock();
  const { validFrom, validUntil } = list;
  const [from, until] = [parseTimestamp(validFrom), parseTimestamp(validUntil)];
  if (now < from || now >= from + Math.min(until - from, maxAgeMs ?? Infinity) / 2) return undefined;
  const { proof, ...said } = asJson(list);
  if (proof === undefined || !sameJson(said, { ...asJson(draft), validFrom, validUntil })) return undefined;
  const expected = { did: draft.issuer, purpose: "assertionMethod", now } as const;
  const { problems } = await checkSignedBy(asJson(list), expected, { resolver: createResolver() });
  return problems.length === 0 ? list : undefined;
}

/** What is no list, is none that stands. */
function parseList(text: JsonText): StatusListCredential | undefined {
  let list: StatusListCredential | undefined;
  problemOf(() => {
    list = parseDocument(parseStrictJsonObject(text, STATUS_LIST_LIMITS), statusListCredential);
  });
  return list;
}

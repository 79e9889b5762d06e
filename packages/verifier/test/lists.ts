import {
  createResolver,
  encodeStatusList,
  MIN_STATUS_ENTRIES,
  type GenericStatusEntry,
  type ProofVerification,
  type Signer,
  type SignOptions,
} from "@writ/core";

import { checkStatus, type StatusAnswer, type StatusQuestion } from "../src/status/check-status.js";
import { createObtainedLists } from "../src/status/obtained-lists.js";
import type { StatusTime } from "../src/status/verify-list.js";
import type { StatusListSource } from "../src/index.js";
import { NOW, reissue, signerOf } from "./world.js";

export const ISSUER: Signer = signerOf("list issuer");
export const ADDRESS = "https://issuer.example/status/3";
export const PROOFS: ProofVerification = { resolver: createResolver() };

/** A signed list of somebody else's, with other values at some JSON Pointers. */
export async function signedList(
  changes: Readonly<Record<string, unknown>> = {},
  signer: Signer = ISSUER,
  proof: Partial<SignOptions> = {},
): Promise<string> {
  const list = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id: ADDRESS,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: signer.did,
    validFrom: "2026-11-23T08:00:00Z",
    credentialSubject: {
      type: "BitstringStatusList",
      statusPurpose: "revocation",
      encodedList: encodeStatusList(MIN_STATUS_ENTRIES, []),
    },
  };
  return JSON.stringify(await reissue(list, signer, changes, proof));
}

/** The change of a list that sets bits. */
export function withBits(length: number, ...bits: readonly number[]): Readonly<Record<string, unknown>> {
  return { "/credentialSubject/encodedList": encodeStatusList(length, bits) };
}

/** The change of a list to the time at which it was signed. */
export function signedAt(time: number): Readonly<Record<string, unknown>> {
  return { "/validFrom": new Date(time).toISOString() };
}

/** An entry of the list. */
export function entryAt(index: number, more: Partial<GenericStatusEntry> = {}): GenericStatusEntry {
  return {
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex: String(index),
    statusListCredential: ADDRESS,
    ...more,
  };
}

/** What is said of entries in a credential of somebody else's. */
export function asked(
  source: StatusListSource,
  entries: StatusQuestion["entries"],
  {
    now = NOW,
    ...more
  }: Partial<StatusQuestion> & { readonly now?: number; readonly maxAgeMs?: number } = {},
): Promise<StatusAnswer> {
  const { maxAgeMs, ...question } = more;
  const demand = maxAgeMs === undefined ? {} : { maxAgeMs };
  const defaults = { profile: "generic", entries, listIssuers: [ISSUER.did], pointer: "" } as const;
  return checkStatus(
    [{ ...defaults, ...question }],
    createObtainedLists(source),
    PROOFS,
    timeOf(now),
    demand,
  );
}

/** A time as of which lists are judged. */
export function timeOf(asOf: number): StatusTime {
  return { asOf, noteBegin: () => undefined };
}

/** The problems of an answer, as code and pointer. */
export function problemsOf({ problems }: StatusAnswer): readonly string[] {
  return problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

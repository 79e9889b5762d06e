import { gunzipSync } from "node:zlib";

import type { JsonObject } from "@writ/core";
import { expect } from "vitest";

import { CREDENTIAL } from "./documents.js";
import { memberOf, type HttpAnswer, type Service } from "./service.js";

/** An entry that the service adds to a credential. */
export interface ServedEntry extends JsonObject {
  readonly statusPurpose: string;
  readonly statusListIndex: string;
  readonly statusListCredential: string;
}

/** What the service issues with entries of its own. */
export interface IssuedWithStatus {
  readonly credential: JsonObject;
  readonly entries: readonly [revocation: ServedEntry, suspension: ServedEntry];
}

/** A list that the service publishes. */
export interface ServedList {
  readonly answer: HttpAnswer;
  readonly credential: JsonObject;
  /** The bitstring, unpacked by Node.js. */
  readonly bits: Uint8Array;
}

/** Has the service issue a credential that can be revoked and suspended. */
export async function issueListed(service: Service): Promise<IssuedWithStatus> {
  const statusPurposes = ["revocation", "suspension"];
  const answer = await service.issue("status", CREDENTIAL, { statusPurposes });
  expect(answer.status).toBe(201);
  const credential = memberOf(answer, "verifiableCredential");
  expect(credential["credentialStatus"]).toMatchObject(
    statusPurposes.map((statusPurpose) => ({ type: "BitstringStatusListEntry", statusPurpose })),
  );
  return { credential, entries: credential["credentialStatus"] as unknown as IssuedWithStatus["entries"] };
}

/** Sets or clears one status of a credential that the service issued; the answer is the HTTP status. */
export async function setStatus(
  service: Service,
  { id: credentialId }: JsonObject,
  credentialStatus: ServedEntry,
  status = true,
): Promise<number> {
  return (await service.setStatus({ credentialId, credentialStatus, status })).status;
}

/** Gets the list of an entry as any client would. */
export async function getList(service: Service, { statusListCredential }: ServedEntry): Promise<ServedList> {
  const answer = await service.get(new URL(statusListCredential).pathname);
  expect(answer.status).toBe(200);
  const { encodedList = "" } = memberOf(answer, "credentialSubject") as { encodedList?: string };
  expect(encodedList).toMatch(/^u[A-Za-z0-9_-]+$/);
  const packed = Buffer.from(encodedList.slice(1), "base64url");
  expect([packed[0], packed[1]]).toEqual([0x1f, 0x8b]);
  return { answer, credential: answer.json, bits: gunzipSync(packed) };
}

/** The bit of an entry: the first one is the left-most of the first byte. */
export function bitAt(bits: Uint8Array, { statusListIndex }: ServedEntry): number {
  const index = Number(statusListIndex);
  return ((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1;
}

/** How many bits are set. */
export function onesIn(bits: Uint8Array): number {
  return bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
}

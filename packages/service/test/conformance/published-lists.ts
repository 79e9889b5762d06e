import { gzipSync } from "node:zlib";

import type { JsonObject, JsonValue, SuiteName } from "@writ/core";
import { expect } from "vitest";

import { expectNotIssued, expectRefused, expectVerified, type Changes } from "./cases.js";
import { changed, CREDENTIAL, V2 } from "./documents.js";
import { START, type HttpAnswer, type Service } from "./service.js";
import { ALL_SUITES, bySomebody, sign, signAnything, SOMEBODY } from "./signing.js";
import type { Case } from "./specification.js";

/** The least that a bitstring may have, in bytes (Bitstring Status List 1.0, section 2.2). */
export const KIB_16: number = 16 * 1024;

/** What the problem of a no may be. */
export const PROBLEM_TYPES = {
  malformed: "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
  range: "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
  retrieval: "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR",
  verification: "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR",
  length: "https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR",
  revoked: "https://w3id.org/writ/problems#REVOKED",
  suspended: "https://w3id.org/writ/problems#SUSPENDED",
} as const;

/** One of {@link PROBLEM_TYPES}. */
export type ProblemName = keyof typeof PROBLEM_TYPES;

/** How a list differs from one of somebody's that is in order, and has no bit set. */
export interface ListChanges {
  /** Other values at JSON Pointers of the list. */
  readonly list?: Changes;
  /** The bits that are set. */
  readonly bits?: readonly number[];
  /** Length of the bitstring; 16 KiB unless given. */
  readonly bytes?: number;
  /** By eddsa-jcs-2022, and without any check, unless given. */
  readonly secure?: (list: JsonObject) => Promise<JsonObject>;
}

/** A credential of somebody's with one entry in a list, and how both differ from what is in order. */
export interface Listed extends ListChanges {
  /** Other values at JSON Pointers of the entry. */
  readonly entry?: Changes;
}

/** A bitstring: bit 0 is the left-most one of the first byte. */
export function bitstring(bits: readonly number[] = [], bytes: number = KIB_16): Uint8Array {
  const written = new Uint8Array(bytes);
  for (const bit of bits) written[bit >> 3] = (written[bit >> 3] ?? 0) | (0b1000_0000 >> (bit & 7));
  return written;
}

/** Multibase base64url, of gzip unless told otherwise. */
export function encoded(bytes: Uint8Array, pack: (bytes: Uint8Array) => Uint8Array = gzipSync): string {
  return `u${Buffer.from(pack(bytes)).toString("base64url")}`;
}

let published = 0;

/** An address at which nothing was published: what was read of a list may be remembered. */
export function newAddress(): string {
  published += 1;
  return `https://lists.example/${String(published)}`;
}

/** A list that is in order but for the changes, without issuer and proof. */
export function statusList(address: string, { list = {}, bits, bytes }: ListChanges = {}): JsonObject {
  const inOrder = {
    "@context": [V2],
    id: address,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    validFrom: START,
    credentialSubject: {
      id: `${address}#list`,
      type: "BitstringStatusList",
      statusPurpose: "revocation",
      encodedList: encoded(bitstring(bits, bytes)),
    },
  };
  return changed(inOrder, list);
}

/** Publishes a list of somebody's at an address of its own. */
export async function publishList(
  { lists }: Service,
  { list = {}, secure = signAnything, ...bits }: ListChanges = {},
): Promise<string> {
  const address = newAddress();
  const document = changed(bySomebody(statusList(address, bits)), list);
  lists.set(address, JSON.stringify(await secure(document)));
  return address;
}

/** An entry in a list, for revocations. */
export function entryIn(address: string, changes: Changes = {}): JsonObject {
  const entry = {
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex: "94567",
    statusListCredential: address,
  };
  return changed(entry, changes);
}

/** A credential with such a status. */
export function withStatus(credentialStatus: JsonValue): JsonObject {
  return changed(CREDENTIAL, { "/credentialStatus": credentialStatus });
}

/** Asks the service to verify a credential with an entry in a list, both of somebody's. */
export async function verifyListed(service: Service, { entry, ...list }: Listed = {}): Promise<HttpAnswer> {
  const address = await publishList(service, list);
  return service.verify(await signAnything(bySomebody(withStatus(entryIn(address, entry)))));
}

/** A no because of the status, with a problem of a type. */
export function expectProblem(answer: HttpAnswer, name: ProblemName): void {
  expectRefused(answer);
  expect(answer.json["errors"]).toMatchObject([{ type: PROBLEM_TYPES[name] }]);
}

/** What the lists say by an answer that is a yes. */
export function expectStatus(answer: HttpAnswer, ...statuses: readonly object[]): void {
  expectVerified(answer);
  expect(answer.json["statuses"]).toMatchObject(statuses);
}

/** A credential is verified, whose status stands in a list. */
export function verifiesListed(name: string, listed: Listed = {}): Case {
  return {
    name: `verifies ${name}`,
    run: async (service) => {
      expectVerified(await verifyListed(service, listed));
    },
  };
}

/** A credential is not verified, because of a change of what would be. */
export function doesNotVerifyListed(name: string, listed: Listed, problem: ProblemName = "malformed"): Case {
  return {
    name: `does not verify ${name}`,
    run: async (service) => {
      expectVerified(await verifyListed(service));
      expectProblem(await verifyListed(service, listed), problem);
    },
  };
}

/** A credential with an entry is issued by every suite, and verified with its list. */
export function acceptsEntry(name: string, entry: Changes, list: ListChanges = {}): readonly Case[] {
  return [
    {
      name: `issues ${name}`,
      run: async (service) => {
        for (const suite of ALL_SUITES) {
          const credential = withStatus(entryIn(newAddress(), entry));
          const { status, json } = await service.issue(suite, credential);
          expect({ suite, status, problem: json["detail"] }).toEqual({
            suite,
            status: 201,
            problem: undefined,
          });
          const { credentialStatus } = credential;
          expect(json).toMatchObject({ verifiableCredential: { credentialStatus } });
        }
      },
    },
    verifiesListed(name, { ...list, entry }),
  ];
}

/** A credential with an entry is neither issued nor verified. */
export function refusesEntry(name: string, entry: Changes, problem?: ProblemName): readonly Case[] {
  return [
    {
      name: `does not issue ${name}`,
      run: async (service) => {
        const address = newAddress();
        const { status } = await service.issue("eddsa-jcs-2022", withStatus(entryIn(address)));
        expect(status).toBe(201);
        for (const suite of ALL_SUITES) {
          expectNotIssued(await service.issue(suite, withStatus(entryIn(address, entry))));
        }
      },
    },
    doesNotVerifyListed(name, { entry }, problem),
  ];
}

/** A status list is issued by every suite, and relied on by whichever it is signed. */
export function acceptsList(name: string, changes: ListChanges = {}): readonly Case[] {
  return [
    {
      name: `issues ${name}`,
      run: async (service) => {
        for (const suite of ALL_SUITES) {
          const { status, json } = await service.issue(suite, statusList(newAddress(), changes));
          expect({ suite, status, problem: json["detail"] }).toEqual({
            suite,
            status: 201,
            problem: undefined,
          });
        }
      },
    },
    {
      name: `relies on ${name}`,
      run: async (service) => {
        for (const suite of ALL_SUITES) {
          expectVerified(await verifyListed(service, { ...changes, secure: by(suite) }));
        }
      },
    },
  ];
}

/** A status list is not issued, and what has an entry in it is not verified. */
export function refusesList(name: string, changes: ListChanges, problem?: ProblemName): readonly Case[] {
  return [
    {
      name: `does not issue ${name}`,
      run: async (service) => {
        const address = newAddress();
        expect((await service.issue("eddsa-jcs-2022", statusList(address))).status).toBe(201);
        for (const suite of ALL_SUITES) {
          expectNotIssued(await service.issue(suite, statusList(address, changes)));
        }
      },
    },
    doesNotVerifyListed(name, changes, problem),
  ];
}

/** Signs a list that is in order by a suite, in somebody's name. */
export function by(suite: SuiteName, signer = SOMEBODY): (list: JsonObject) => Promise<JsonObject> {
  return (list) => sign(list, suite, { signer });
}

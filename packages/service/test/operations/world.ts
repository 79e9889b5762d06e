import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { asJson, parseShape, snapshot, type JsonObject } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  createCurrentLists,
  createOrganisation,
  enrolAgent,
  grantAuthority,
  type Agent,
  type Organisation,
} from "@writ/issuer";
import { fixedClock, seededRandom, type FixedClock } from "@writ/testkit";
import {
  createLedger,
  createMemoryChallengeStore,
  noStatusSource,
  trustOrganisations,
  type ChallengeStore,
} from "@writ/verifier";
import {
  addCredentials,
  createMemoryWalletStore,
  createWallet,
  requestEnrolment,
  type Wallet,
} from "@writ/wallet";
import { onTestFinished } from "vitest";

import type { Operation, OperationAnswer } from "../../src/http/operation.js";
import { createOwnListsSource } from "../../src/operations/own-lists-source.js";
import { createOperations, type ServiceParts } from "../../src/operations/writ-operations.js";

export const START = "2026-11-23T08:00:00Z";
export const NOW: number = Date.parse(START);
export const DOMAIN = "https://shop.example";
export const STATUS_BASE = "https://acme.example/status/";
export const SERVICE = "did:web:shop.example";
export const V2 = "https://www.w3.org/ns/credentials/v2";

export const DIPLOMA: JsonObject = {
  "@context": [V2],
  type: ["VerifiableCredential"],
  credentialSubject: { id: "did:example:student", description: "has learnt something" },
};

/** A service with an organisation, an agent with a wallet, and every operation. */
export interface ServiceWorld {
  readonly organisation: Organisation;
  readonly clock: FixedClock;
  readonly challenges: ChallengeStore;
  readonly wallet: Wallet;
  readonly agent: Agent;
  readonly operations: readonly Operation[];
  /** What an operation answers to a body, and to what stands in its path. */
  call(id: string, body?: object, more?: Partial<Asked>): Promise<OperationAnswer>;
}

/** What a request has beside its body. */
export interface Asked {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @param atEnd is given what closes it; the test's own end unless given */
export async function openServiceWorld(
  parts: Partial<ServiceParts> = {},
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Promise<ServiceWorld> {
  const folder = mkdtempSync(join(tmpdir(), "writ-service-"));
  const database = await openSqliteDatabase({ path: join(folder, "writ.db"), mode: "create" });
  atEnd(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = fixedClock(START);
  const random = seededRandom("service");
  const secret = { type: "raw", key: new Uint8Array(32).fill(1) } as const;
  const organisation = await createOrganisation(
    database,
    { name: "Acme", secret, statusBase: STATUS_BASE },
    { clock, random },
  );
  const wallet = await createWallet(createMemoryWalletStore(), { secret }, { clock, random });
  const request = JSON.stringify(await requestEnrolment(wallet));
  const { agent, credential } = await enrolAgent(organisation, request, { name: "order-bot" });
  const authority = await grantAuthority(organisation, agent, {
    grants: [{ id: "orders", actions: ["order.create"], audience: [SERVICE] }],
  });
  await addCredentials(wallet, [credential, authority].map(asJson));
  const lists = createCurrentLists(organisation);
  const status = createOwnListsSource(organisation, lists, noStatusSource);
  const challenges = createMemoryChallengeStore({ clock, random });
  const expectations = {
    trust: trustOrganisations([organisation.did]),
    status,
    clock,
    expectedChallenge: { issuedBy: challenges },
    expectedDomain: DOMAIN,
  };
  const ledger = await createLedger(database);
  const operations = createOperations({
    organisation,
    lists,
    status,
    clock,
    authorization: { expectations, facts: { audience: SERVICE, ledger }, challenges },
    ...parts,
  });
  return {
    organisation,
    clock,
    challenges,
    wallet,
    agent,
    operations,
    async call(id, body = {}, { parameters = {}, query = "", headers = {} } = {}) {
      const operation = operations.find((each) => each.id === id);
      if (operation === undefined) throw new Error(`no operation ${id}`);
      const json = asJson(snapshot(body));
      return operation.handle({
        parameters,
        query: new URLSearchParams(query),
        headers: new Headers(headers),
        body: operation.body === undefined ? undefined : parseShape(operation.body, json),
      });
    },
  };
}

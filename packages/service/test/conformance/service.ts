import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { asJson, type JsonObject, type JsonValue, type SuiteName } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { createCurrentLists, createOrganisation } from "@writ/issuer";
import { fixedClock, seededRandom } from "@writ/testkit";
import type { ObtainedList, StatusListSource } from "@writ/verifier";

import {
  createHttpService,
  createIdempotencyStore,
  createOperations,
  createOwnListsSource,
  createRequestLog,
  listen,
} from "../../src/index.js";

/** Whatever the tests say is said at this time. */
export const START = "2026-11-23T08:00:00Z";
const STATUS_BASE = "https://acme.example/status/";

/** Who issues on the service: one for each suite, and one that adds a status. */
export type IssuerName = SuiteName | "status";

/** What a service answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: JsonObject;
}

/** The whole service on a port of its own, as a client sees it. */
export interface Service {
  /** DID of the organisation that issues. */
  readonly did: string;
  issue(issuer: IssuerName, credential: unknown, options?: object): Promise<HttpAnswer>;
  verify(verifiableCredential: unknown, options?: object): Promise<HttpAnswer>;
  verifyPresentation(verifiablePresentation: unknown, options?: object): Promise<HttpAnswer>;
  setStatus(body: object): Promise<HttpAnswer>;
  /** @param path with its query */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Any request without a body. */
  send(method: string, path: string): Promise<HttpAnswer>;
  /** Where the service finds status lists that others have published, by their addresses. */
  readonly lists: Map<string, string>;
  close(): Promise<void>;
}

/** A service with every role, which knows the examples' context, and asks for no tokens. */
export async function startService(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), "writ-conformance-"));
  const database = await openSqliteDatabase({ path: join(folder, "writ.db"), mode: "create" });
  const clock = fixedClock(START);
  const organisation = await createOrganisation(
    database,
    {
      name: "Acme",
      secret: { type: "raw", key: new Uint8Array(32).fill(1) },
      statusBase: STATUS_BASE,
    },
    { clock, random: seededRandom("conformance") },
  );
  const own = createCurrentLists(organisation);
  const lists = new Map<string, string>();
  const status = createOwnListsSource(organisation, own, publishedIn(lists));
  const contexts = { examples: "allowed" } as const;
  const operations = createOperations({ organisation, lists: own, status, contexts, clock });
  const service = createHttpService(operations, {
    access: "open",
    log: createRequestLog({ write: () => undefined }),
    idempotency: await createIdempotencyStore(database, { clock }),
    clock,
  });
  const server = await listen(service);

  async function answer(response: Response): Promise<HttpAnswer> {
    const text = await response.text();
    const json = text === "" ? {} : (JSON.parse(text) as JsonObject);
    return { status: response.status, headers: response.headers, json };
  }
  async function post(path: string, body: object): Promise<HttpAnswer> {
    const headers = { "content-type": "application/json" };
    return answer(await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) }));
  }
  return {
    did: organisation.did,
    issue: (issuer, credential, options = {}) =>
      post(`/issuers/${issuer}/credentials/issue`, { credential, options }),
    verify: (verifiableCredential, options = {}) =>
      post("/credentials/verify", { verifiableCredential, options }),
    verifyPresentation: (verifiablePresentation, options = {}) =>
      post("/presentations/verify", { verifiablePresentation, options }),
    setStatus: (body) => post("/credentials/status", body),
    get: async (path, headers = {}) => answer(await fetch(server.url + path, { headers })),
    send: async (method, path) => answer(await fetch(server.url + path, { method })),
    lists,
    async close() {
      await server.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lists that others have published; the same object as long as the text is the same. */
function publishedIn(lists: ReadonlyMap<string, string>): StatusListSource {
  const obtained = new Map<string, ObtainedList>();
  return {
    get(address) {
      const text = lists.get(address);
      if (text === undefined) return Promise.resolve(null);
      const known = obtained.get(address);
      const list = known?.text === text ? known : { text };
      obtained.set(address, list);
      return Promise.resolve(list);
    },
  };
}

/** What stands in an answer by a name, as an object. */
export function memberOf({ json }: HttpAnswer, name: string): JsonObject {
  return asJson(json[name] as JsonValue & object);
}

import { createWriteStream } from "node:fs";
import { join } from "node:path";

import { asJson, systemRandom, type JsonObject } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { createCurrentLists, createOrganisation, enrolAgent, issueGenericCredential } from "@writ/issuer";
import {
  createHttpService,
  createIdempotencyStore,
  createOperations,
  createOwnListsSource,
  createRequestLog,
  createTokenStore,
  listen,
  type Operation,
} from "@writ/service";
import { noStatusSource } from "@writ/verifier";
import { createMemoryWalletStore, createWallet, requestEnrolment } from "@writ/wallet";

/** What the process tells whoever started it. */
export interface Started {
  readonly url: string;
  readonly token: string;
  /** A credential of others with a status, secured by each suite; and an agent's identity. */
  readonly credentials: {
    readonly jcs: JsonObject;
    readonly rdf: JsonObject;
    readonly identity: JsonObject;
  };
}

/** What every server does, whatever it answers. */
const nothing: Operation = {
  id: "nothing",
  method: "POST",
  path: "/nothing",
  summary: "Does nothing",
  answers: { 200: "Nothing was done" },
  handle: () => Promise.resolve({ status: 200, body: {} }),
};

const DIPLOMA = {
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  type: ["VerifiableCredential"],
  validUntil: "9999-01-01T00:00:00Z",
  credentialSubject: { id: "did:example:student", description: "has learnt something" },
};

/** The whole service, on loopback, with everything durable in a folder; until it is told to stop. */
async function serve(folder: string): Promise<void> {
  const database = await openSqliteDatabase({ path: join(folder, "acme.db"), mode: "create" });
  const secret = { type: "raw", key: systemRandom(32) } as const;
  const statusBase = "https://acme.example/status/";
  const organisation = await createOrganisation(database, { name: "Acme", secret, statusBase });
  const issue = async (suite: "eddsa-jcs-2022" | "eddsa-rdfc-2022"): Promise<JsonObject> =>
    asJson(await issueGenericCredential(organisation, DIPLOMA, { suite, status: ["revocation"] }));

  const lists = createCurrentLists(organisation);
  const status = createOwnListsSource(organisation, lists, noStatusSource);
  const tokens = await createTokenStore(database);
  const { token } = await tokens.create({ name: "benchmark", scopes: ["issue"] });
  const service = createHttpService([...createOperations({ organisation, lists, status }), nothing], {
    access: tokens,
    log: createRequestLog(createWriteStream(join(folder, "requests.log"))),
    idempotency: await createIdempotencyStore(database),
  });
  const server = await listen(service);
  process.once("message", () => {
    void server
      .close()
      .then(() => database.close())
      .then(() => {
        process.disconnect();
      });
  });
  const wallet = await createWallet(createMemoryWalletStore(), { secret });
  const enrolled = await enrolAgent(organisation, await requestEnrolment(wallet), { name: "agent" });
  const credentials = {
    jcs: await issue("eddsa-jcs-2022"),
    rdf: await issue("eddsa-rdfc-2022"),
    identity: asJson(enrolled.credential),
  };
  process.send?.({ url: server.url, token, credentials } satisfies Started);
}

await serve(process.argv[2] ?? "");

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemRandom } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import * as issuer from "@writ/issuer";
import * as verifier from "@writ/verifier";
import * as wallets from "@writ/wallet";

const folder = await mkdtemp(join(tmpdir(), "writ-quick-start-"));

// The organisation: its key is sealed under a secret that you keep.
const database = await openSqliteDatabase({ path: join(folder, "acme.db"), mode: "create" });
const acme = await issuer.createOrganisation(database, {
  name: "ACME",
  secret: { type: "passphrase", passphrase: "correct horse battery staple" },
});

// The agent: a wallet makes its key and asks for an identity; the key never leaves it.
const file = await openSqliteDatabase({ path: join(folder, "bot.wallet"), mode: "create" });
const wallet = await wallets.createWallet(wallets.createDatabaseWalletStore(file), {
  secret: { type: "raw", key: systemRandom(32) },
});
const request = await wallets.requestEnrolment(wallet);
const { agent, credential } = await issuer.enrolAgent(acme, request, { name: "order-bot" });

// Authority: what it may do, and nothing else.
const authority = await issuer.grantAuthority(acme, agent, {
  grants: [
    {
      id: "orders",
      actions: ["order.create"],
      resources: ["https://shop.example/orders/"],
      args: { "/amount": { range: { min: 1, max: 5000 } } },
      spend: { unit: "EUR", amountAt: "/amount", perAction: 5000 },
    },
  ],
});
await wallets.addCredentials(wallet, [credential, authority]);

// The agent asks a service for an action; the service gave it the challenge.
const { presentation } = await wallets.createPresentation(wallet, {
  challenge: "n4Xw…",
  domain: "https://shop.example",
  invocation: {
    action: "order.create",
    resource: "https://shop.example/orders/",
    args: { amount: 1250 },
  },
});

// The service: it holds the organisation's DID and its status lists, and calls nobody.
const lists = await issuer.publishStatusLists(acme);
const result = await verifier.verifyPresentation(JSON.stringify(presentation), {
  trust: verifier.trustOrganisations([acme.did]),
  status: verifier.createMemoryStatusSource(lists.map((list) => list.credential)),
  expectedChallenge: "n4Xw…",
  expectedDomain: "https://shop.example",
});
assert.ok(result.verified);
const decision = await verifier.decide(result.presentation);
assert.equal(decision.outcome, "allow");
console.log(`${String(result.presentation.agent?.name)} may do what it asks for.`);

wallet.close();
acme.close();
await file.close();
await database.close();
await rm(folder, { recursive: true });

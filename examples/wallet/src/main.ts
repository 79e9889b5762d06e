import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemRandom } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import * as issuer from "@writ/issuer";
import * as verifier from "@writ/verifier";
import * as wallets from "@writ/wallet";

const folder = await mkdtemp(join(tmpdir(), "writ-wallet-"));
const path = join(folder, "agent.wallet");
const made = await openSqliteDatabase({ path, mode: "create" });

// The clock of this page is moved by hand, since hours pass on it. Leave `environment` out otherwise.
let now = Date.now();
const environment = { clock: () => now, random: systemRandom };

const key = systemRandom(32);
const empty = wallets.createDatabaseWalletStore(made);
(await wallets.createWallet(empty, { secret: { type: "raw", key } }, environment)).close();
await made.close();

// From then on the file is there, and is opened.
const file = await openSqliteDatabase({ path, mode: "open" });
const store = wallets.createDatabaseWalletStore(file);
const wallet = await wallets.openWallet(store, { type: "raw", key }, environment);

const anchor = await wallets.walletAnchor(wallet);
(await wallets.openWallet(store, { type: "raw", key }, undefined, { anchor })).close();

const approver = await wallets.createKey(wallet, { name: "approvals", purposes: ["assertionMethod"] });
const asApprover = await wallets.useKey(wallet, approver.did);
assert.notEqual(asApprover.did, wallet.did);
assert.equal((await wallets.listKeys(wallet)).length, 2);

// The 32 bytes of an Ed25519 seed that was made elsewhere; they are overwritten.
const brought = await wallets.importKey(wallet, systemRandom(32), { name: "brought along" });
await wallets.destroyKey(wallet, brought.did);

// The organisation's part, which somebody else plays.
const database = await openSqliteDatabase({ path: join(folder, "acme.db"), mode: "create" });
const secret = { type: "raw", key: systemRandom(32) } as const;
const acme = await issuer.createOrganisation(database, { name: "ACME", secret }, environment);
const request = await wallets.requestEnrolment(wallet);
const { agent, credential: identity } = await issuer.enrolAgent(acme, request, { name: "lead" });
const meter = { ledger: "did:web:shop.example", account: "urn:uuid:5be1f0c2-6f0a-4d2b-9c53-7d4f1f0a2b11" };
const terms = {
  grants: [
    {
      id: "orders",
      actions: ["order.create"],
      args: { "/amount": { range: { min: 1, max: 5000 } } },
      spend: { unit: "EUR", amountAt: "/amount", budget: 90_000 },
      meter,
      statusMaxAgeSeconds: 300,
    },
  ],
  maxHops: 1,
};
const authority = await issuer.grantAuthority(acme, agent, terms);

// The agent's part.
const added = await wallets.addCredentials(wallet, [identity, authority]);
assert.deepEqual(added, [identity.id, authority.id]);
assert.deepEqual(await wallets.addCredentials(wallet, [authority]), []);

// What is there: all, those that fit a filter, or one after the other, however many there are.
assert.equal((await wallets.listCredentials(wallet)).length, 2);
const [held] = await wallets.findCredentials(wallet, { type: "DelegatedAuthorityCredential" });
assert.equal(held?.id, authority.id);
const ends: string[] = [];
for await (const { validUntil } of wallets.eachCredential(wallet, { issuer: acme.did }))
  ends.push(validUntil);
assert.equal(ends.length, 2);

const { presentation, foreseen } = await wallets.createPresentation(wallet, {
  challenge: "n4Xw…",
  domain: "https://shop.example",
  invocation: { action: "order.create", args: { amount: 1250 } },
});
assert.deepEqual(foreseen, []);
assert.equal(presentation.holder, wallet.did);

const helper = await wallets.createWallet(
  wallets.createMemoryWalletStore(),
  { secret: { type: "raw", key: systemRandom(32) } },
  environment,
);
const account = "urn:uuid:77c8e7a0-5a0e-4c3f-9d5e-0f4f7f6f1c02";
const part = {
  id: "part",
  within: "orders",
  actions: ["order.create"],
  spend: { unit: "EUR", amountAt: "/amount", budget: 30_000 },
  meter: { ...meter, account },
};
const { bundle } = await wallets.delegateAuthority(wallet, { to: helper.did, grants: [part] });
await wallets.addCredentials(helper, bundle);

const [first] = await wallets.listDelegations(wallet, { to: helper.did, state: "live" });
assert.deepEqual(first?.budgets, [
  { grant: "part", within: "orders", unit: "EUR", budget: 30_000, of: 90_000 },
]);
const { grants } = await wallets.freeToDelegate(wallet);
assert.equal(grants[0]?.free.spend?.budget, 60_000);

// The organisation's part: here it sets a credential of its own aside for each, and lends its entries.
const lent = new Map<string, string>();
const status: wallets.DelegationStatusPort = {
  async allocate({ credentialId }) {
    const { id, credentialStatus = [] } = await issuer.grantAuthority(acme, agent, terms);
    lent.set(credentialId, id);
    return credentialStatus;
  },
  async revoke({ credentialId }) {
    await issuer.revokeCredential(acme, lent.get(credentialId) ?? "", "the agent asked for it");
  },
};

// The agent's part.
const fourHours = 4 * 60 * 60 * 1000;
const long = await wallets.delegateAuthority(
  wallet,
  { to: helper.did, grants: [part], lifeMs: fourHours },
  { status },
);
const revoked = await wallets.revokeDelegation(wallet, long.credential.id, { status });
assert.equal(revoked.state, "revoked");

// The organisation's part, behind an endpoint of its own.
const port: wallets.CredentialRenewal = {
  domain: "https://registry.acme.example",
  challenge: () => Promise.resolve("q81f…"),
  async renew(before, asked) {
    const lists = await issuer.publishStatusLists(acme);
    const result = await verifier.verifyPresentation(JSON.stringify(asked), {
      trust: verifier.trustOrganisations([acme.did]),
      status: verifier.createMemoryStatusSource(lists.map((list) => list.credential)),
      expectedChallenge: "q81f…",
      expectedDomain: wallets.renewalDomain("https://registry.acme.example"),
      clock: environment.clock,
    });
    assert.ok(result.verified);
    assert.equal(before.id, authority.id);
    return [await issuer.grantAuthority(acme, agent, terms)];
  },
};

// The agent's part: of its authority of eight hours, more than two thirds are over.
now += 6 * 60 * 60 * 1000;
await wallets.delegateAuthority(wallet, { to: helper.did, grants: [part] });
const events: string[] = [];
const report = await wallets.renewDue(wallet, port, { onEvent: ({ type }) => events.push(type) });
assert.deepEqual(report.failed, []);
assert.deepEqual(events, ["renewal.due", "renewal.done"]);

// What was handed on under the old one is handed on again, under the one that came.
for (const { to, renewedId } of report.redelegate) {
  await wallets.delegateAuthority(wallet, { to, grants: [part], authority: renewedId });
}
assert.deepEqual((await wallets.renewDue(wallet, port)).redelegate, []);
assert.ok((report.nextDueAt ?? 0) > now);
console.log(
  `Renewed ${String(report.renewed.length)}, and handed on again ${String(report.redelegate.length)}.`,
);

wallet.close();
helper.close();
acme.close();
await file.close();
await database.close();
await rm(folder, { recursive: true });

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createSeedSigner, createSignatureCache, signDocument, systemRandom } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import * as issuer from "@writ/issuer";
import * as verifier from "@writ/verifier";
import * as wallets from "@writ/wallet";

const folder = await mkdtemp(join(tmpdir(), "writ-service-"));

// Somebody else's part: an organisation and its agent.
const home = await openSqliteDatabase({ path: join(folder, "acme.db"), mode: "create" });
const acme = await issuer.createOrganisation(home, {
  name: "ACME",
  secret: { type: "raw", key: systemRandom(32) },
});
const wallet = await wallets.createWallet(wallets.createMemoryWalletStore(), {
  secret: { type: "raw", key: systemRandom(32) },
});
const request = await wallets.requestEnrolment(wallet);
const { agent, credential } = await issuer.enrolAgent(acme, request, { name: "order-bot" });
const authority = await issuer.grantAuthority(acme, agent, {
  grants: [{ id: "orders", actions: ["order.create"], resources: ["https://shop.example/orders/"] }],
  suite: "eddsa-rdfc-2022",
});
await wallets.addCredentials(wallet, [credential, authority]);
const lists = await issuer.publishStatusLists(acme);

// The service, as it starts: whom it trusts in what, and what it remembers.
const trust = verifier.createTrustPolicy({
  identityIssuers: [acme.did],
  authorityRoots: [{ did: acme.did, resources: ["https://shop.example/"] }],
});
const published = verifier.createMemoryStatusSource(lists.map((list) => list.credential));
const status = verifier.createStatusCache(published);
const database = await openSqliteDatabase({ path: join(folder, "challenges.db"), mode: "create" });
const challenges = await verifier.createChallengeStore(database);
const signatures = createSignatureCache();

async function receive(presentation: string): Promise<verifier.VerifyPresentationResult> {
  return verifier.verifyPresentation(presentation, {
    trust,
    status,
    signatures,
    expectedChallenge: { issuedBy: challenges },
    expectedDomain: "https://shop.example",
  });
}

// One request: a challenge goes out, a presentation comes in.
const { presentation } = await wallets.createPresentation(wallet, {
  challenge: await challenges.create(),
  domain: "https://shop.example",
  invocation: { action: "order.create", resource: "https://shop.example/orders/7" },
});
const result = await receive(JSON.stringify(presentation));
assert.ok(result.verified);
assert.equal((await verifier.decide(result.presentation)).outcome, "allow");
for (const line of result.presentation.authorities[0]?.grants[0]?.text ?? []) console.log(line);

// The same again: its challenge is used up. Each problem has a code, a place, and a sentence.
const replayed = await receive(JSON.stringify(presentation));
assert.ok(!replayed.verified);
assert.equal(replayed.problems[0]?.code, "CHALLENGE_USED");
assert.equal(replayed.problems[0].pointer, "/proof/challenge");
assert.equal(replayed.checks.find(({ name }) => name === "invocation")?.outcome, "not_established");

// A credential of somebody else's vocabulary: its proofs, dates and status, and nothing to decide on.
const school = createSeedSigner(systemRandom(32));
const diploma = await signDocument(
  {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    type: ["VerifiableCredential"],
    issuer: { id: school.did, name: "A school" },
    credentialSubject: { name: "Somebody", description: "has learnt something" },
  },
  { signer: school, purpose: "assertionMethod", created: Date.now(), suite: "Ed25519Signature2020" },
);
const generic = await verifier.verifyGenericCredential(JSON.stringify(diploma), {
  status,
  trust: "anybody",
});
assert.ok(generic.verified);
assert.equal(generic.issuer, school.did);
// Nobody said that the school is trusted.
assert.equal(generic.checks.find(({ name }) => name === "issuer")?.outcome, "not_established");

wallet.close();
acme.close();
await home.close();
await database.close();
await rm(folder, { recursive: true });

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemRandom, WritError, type Grant, type KeySource } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  createOrganisation,
  enrolAgent,
  findAgent,
  grantAuthority,
  publishStatusLists,
  revokeCredential,
  setRole,
  type Organisation,
} from "@writ/issuer";
import {
  addCredentials,
  createDatabaseWalletStore,
  createPresentation,
  createWallet,
  delegateAuthority,
  requestEnrolment,
  type Wallet,
} from "@writ/wallet";

import { euros, narrator, shortDid } from "./narrator.js";
import { OrderService, type Answer } from "./order-service.js";

const ORDERS = "https://orders.example/v1/orders/";

/** Opens things in a folder of its own, and closes them in the reverse order. */
const folder = await mkdtemp(join(tmpdir(), "writ-refund-agent-"));
const open: (() => Promise<void> | void)[] = [() => rm(folder, { recursive: true })];

async function openDatabase(name: string) {
  const database = await openSqliteDatabase({ path: join(folder, name), mode: "create" });
  open.push(() => database.close());
  return database;
}

/** A secret that a real agent would get from its machine's keyring or key service. */
const freshSecret = (): KeySource => ({ type: "raw", key: systemRandom(32) });

/** An agent: an encrypted wallet in a file, with a key that never leaves it. */
async function createAgent(acme: Organisation, name: string, role: string): Promise<Wallet> {
  const store = createDatabaseWalletStore(await openDatabase(`${name}.wallet`));
  const wallet = await createWallet(store, { secret: freshSecret() });
  const { credential } = await enrolAgent(acme, await requestEnrolment(wallet), { name, roles: [role] });
  await addCredentials(wallet, [credential]);
  narrator.tell(`${name} is ${shortDid(wallet.did)}; ACME vouches for it until ${credential.validUntil}.`);
  return wallet;
}

async function publish(acme: Organisation, statusFolder: string): Promise<void> {
  for (const { listId, credential } of await publishStatusLists(acme)) {
    await writeFile(join(statusFolder, `${listId}.json`), JSON.stringify(credential));
  }
}

/** The agent asks the service for a refund, in one presentation for one challenge. */
async function askRefund(
  wallet: Wallet,
  service: OrderService,
  order: string,
  amount: number,
): Promise<Answer> {
  const challenge = await service.challenge();
  const { presentation } = await createPresentation(wallet, {
    challenge,
    domain: service.domain,
    invocation: {
      action: "refund.create",
      resource: `${ORDERS}eu/${order}`,
      args: { orderId: `EU-${order}`, amount, currency: "EUR" },
    },
  });
  return service.handle(JSON.stringify(presentation), challenge);
}

/** Holds an answer to the code that is expected, and puts its first reason into words. */
function assertRefused(answer: Answer, code: string): string {
  assert.equal(answer.outcome, "refused");
  const [problem] = answer.problems;
  assert.equal(problem?.code, code);
  const { detail, asked, allowed } = problem;
  const values =
    asked === undefined ? "" : ` (asked ${JSON.stringify(asked)}, allowed ${JSON.stringify(allowed)})`;
  return `${code}: ${detail}${values}`;
}

const refunds = (service: OrderService): Grant => ({
  id: "refunds",
  actions: ["refund.*"],
  resources: [ORDERS],
  audience: [service.did],
  args: {
    "/orderId": { maxLength: 32 },
    "/amount": { range: { min: 1, max: 50_000 } },
    "/currency": { oneOf: ["EUR", "USD"] },
  },
  spend: { unit: "EUR", amountAt: "/amount", unitAt: "/currency", perAction: 50_000 },
});

const euRefunds = (maximum: number): Grant => ({
  id: "eu-refunds",
  within: "refunds",
  actions: ["refund.create"],
  resources: [`${ORDERS}eu/`],
  args: {
    "/orderId": { prefix: "EU-", maxLength: 16 },
    "/amount": { range: { min: 1, max: maximum } },
    "/currency": { equals: "EUR" },
  },
  spend: { unit: "EUR", perAction: maximum },
});

async function story(): Promise<void> {
  narrator.chapter("1. An organisation");
  const acme = await createOrganisation(await openDatabase("acme.db"), {
    name: "ACME",
    secret: freshSecret(),
  });
  open.push(() => {
    acme.close();
  });
  const statusFolder = join(folder, "status");
  await mkdir(statusFolder);
  const service = new OrderService(acme.did, statusFolder);
  narrator.tell(`ACME is ${shortDid(acme.did)}. Its key is sealed in an envelope in its database.`);
  narrator.tell(`The order service is another company. It holds ACME's DID, and no secret of anybody.`);

  narrator.chapter("2. Agents with identities of their own");
  await setRole(acme, "refund-processor", { grants: [refunds(service)], maxHops: 1 });
  const lead = await createAgent(acme, "refund-lead", "refund-processor");
  const bot = await createAgent(acme, "eu-refund-bot", "refund-processor");

  narrator.chapter("3. Authority, delegated and narrowed");
  const authority = await grantAuthority(acme, await findAgent(acme, "refund-lead"), {
    roles: ["refund-processor"],
    maxHops: 1,
  });
  await addCredentials(lead, [authority]);
  await publish(acme, statusFolder);
  narrator.allowed(
    `ACME lets refund-lead refund up to ${euros(50_000)} at the order service, and hand that on once.`,
  );

  const wider = delegateAuthority(lead, { to: bot.did, grants: [euRefunds(90_000)] });
  await assert.rejects(wider, (error) => {
    assert.ok(error instanceof WritError);
    assert.equal(error.code, "ATTENUATION_VIOLATED");
    assert.equal(error.problem.dimension, "args");
    narrator.refused(`refund-lead hands on up to ${euros(90_000)}: its wallet does not sign`, error.message);
    return true;
  });
  const { credential, bundle } = await delegateAuthority(lead, { to: bot.did, grants: [euRefunds(20_000)] });
  await addCredentials(bot, bundle);
  narrator.allowed(
    `refund-lead lets eu-refund-bot refund European orders up to ${euros(20_000)}, until ${credential.validUntil}.`,
  );

  narrator.chapter("4. Actions, each checked before it happens");
  const done = await askRefund(bot, service, "77", 12_000);
  assert.equal(done.outcome, "done");
  assert.equal(done.presentation.agent?.name, "eu-refund-bot");
  assert.equal(done.presentation.chains[0]?.principal, acme.did);
  narrator.allowed(`eu-refund-bot refunds ${euros(12_000)} for order EU-77, on behalf of ACME.`);

  const tooMuch = await askRefund(bot, service, "78", 30_000);
  narrator.refused(
    `eu-refund-bot refunds ${euros(30_000)} for order EU-78`,
    assertRefused(tooMuch, "NOT_ALLOWED"),
  );

  const challenge = await service.challenge();
  const { presentation } = await createPresentation(bot, { challenge, domain: "https://elsewhere.example" });
  const elsewhere = await service.handle(JSON.stringify(presentation), challenge);
  narrator.refused(
    "somebody shows the order service what the bot signed for another one",
    assertRefused(elsewhere, "DOMAIN_MISMATCH"),
  );

  narrator.chapter("5. Stopped at once");
  await revokeCredential(acme, authority.id, "the lead misbehaved");
  await publish(acme, statusFolder);
  narrator.tell("ACME revokes what it granted to refund-lead, and publishes its status lists.");
  const revoked = await askRefund(bot, service, "79", 100);
  narrator.refused(
    `eu-refund-bot, whose authority came from refund-lead, refunds ${euros(100)}`,
    assertRefused(revoked, "REVOKED"),
  );

  narrator.chapter("6. What the wallet's file gives away");
  const bytes = await readFile(join(folder, "eu-refund-bot.wallet"));
  for (const text of ["eu-refund-bot", "refund", "did:key", bot.did, authority.id, "DelegatedAuthority"]) {
    assert.equal(bytes.includes(text), false);
  }
  narrator.tell("No name, type, DID or id of anything in it: it was searched for them.");
  console.log("\nThe whole story held.");
}

try {
  await story();
} finally {
  for (const close of open.reverse()) await close();
}

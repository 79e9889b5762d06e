import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  asJson,
  createSeedSigner,
  digestMultibase,
  signDocument,
  type AgentIdentityCredential,
  type AuthorityCredential,
  type Grant,
  type Presentation,
  type Signer,
  type StatusListCredential,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { createOrganisation, enrolAgent, grantAuthority, publishStatusLists } from "@writ/issuer";
import { seededRandom } from "@writ/testkit";

export const NOW = "2026-11-23T09:00:00Z";
export const CHALLENGE = "3q2-7wTzUk6ozd0S";
export const DOMAIN = "https://orders.example";

const time = Date.parse(NOW);
export const ORDERS = "https://orders.example/v1/orders/";

/** The documents of one story, with keys and times that never change. */
export interface Story {
  readonly organisation: Signer;
  readonly lead: Signer;
  readonly bot: Signer;
  readonly thief: Signer;
  /** An agent that takes part in some vectors only. */
  readonly third: Signer;
  readonly leadIdentity: AgentIdentityCredential;
  readonly botIdentity: AgentIdentityCredential;
  readonly rootAuthority: AuthorityCredential;
  readonly botAuthority: AuthorityCredential;
  readonly statusLists: Readonly<Record<string, StatusListCredential>>;
  /** Signs an authority credential by an agent. */
  delegate(
    signer: Signer,
    change: (subject: AuthorityCredential["credentialSubject"]) => object,
  ): Promise<AuthorityCredential>;
  /** Signs a presentation of the bot, or of another holder. */
  present(change: (presentation: Presentation) => object, signer?: Signer): Promise<Presentation>;
}

const refunds: Grant = {
  id: "refunds",
  actions: ["refund.*"],
  resources: [ORDERS],
  args: { "/orderId": { maxLength: 32 }, "/amount": { range: { min: 1, max: 50_000 } } },
  spend: { unit: "EUR", amountAt: "/amount", perAction: 50_000 },
};

export const euRefunds: Grant = {
  id: "eu-refunds",
  within: "refunds",
  actions: ["refund.create"],
  resources: [`${ORDERS}eu/`],
  args: { "/orderId": { prefix: "EU-", maxLength: 32 }, "/amount": { range: { min: 1, max: 20_000 } } },
  spend: { unit: "EUR", perAction: 20_000 },
};

export const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** The signer of a seed that is one byte, again and again. */
export function signerOf(byte: number): Signer {
  return createSeedSigner(seedOf(byte));
}

async function enrol(organisation: Parameters<typeof enrolAgent>[0], signer: Signer, name: string) {
  const request = await signDocument(
    {
      "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
      id: `urn:uuid:00000000-0000-4000-8000-${signer.did.length.toString().padStart(12, "0")}`,
      type: ["VerifiablePresentation", "EnrolmentRequest"],
      holder: signer.did,
    },
    { signer, purpose: "authentication", created: time, domain: "urn:writ:enrolment", challenge: name },
  );
  return enrolAgent(organisation, JSON.stringify(request), { name });
}

export async function createStory(): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), "writ-vectors-"));
  const database = await openSqliteDatabase({ path: join(folder, "acme.db"), mode: "create" });
  const source = seededRandom("writ test vectors");
  const drawn: Uint8Array[] = [];
  const random = (length: number): Uint8Array => {
    const bytes = source(length);
    if (length === 32) drawn.push(Uint8Array.from(bytes));
    return bytes;
  };
  const secret = { type: "raw", key: seedOf(9) } as const;
  const organisation = await createOrganisation(
    database,
    { name: "ACME", secret },
    { clock: () => time, random },
  );
  const organisationSigner = drawn
    .map((seed) => createSeedSigner(seed))
    .find(({ did }) => did === organisation.did);
  if (organisationSigner === undefined) throw new Error("the organisation drew its seed otherwise");
  const [lead, bot, thief, third] = [signerOf(1), signerOf(2), signerOf(3), signerOf(4)];
  const leads = await enrol(organisation, lead, "refund-lead");
  const bots = await enrol(organisation, bot, "refund-bot");
  const rootAuthority = await grantAuthority(organisation, leads.agent, { grants: [refunds], maxHops: 1 });
  const lists = await publishStatusLists(organisation);
  await database.close();
  rmSync(folder, { recursive: true });

  const delegate: Story["delegate"] = (signer, change) =>
    signDocument(
      {
        "@context": rootAuthority["@context"],
        id: "urn:uuid:5be1f0c2-6f0a-4d2b-9c53-7d4f1f0a2b11",
        type: rootAuthority.type,
        issuer: signer.did,
        validFrom: NOW,
        validUntil: "2026-11-23T10:00:00Z",
        credentialSubject: change({
          id: bot.did,
          principal: organisation.did,
          parent: { id: rootAuthority.id, digestMultibase: digestMultibase(asJson(rootAuthority)) },
          grants: [euRefunds],
        }),
      },
      { signer, purpose: "assertionMethod", created: time },
    ) as unknown as Promise<AuthorityCredential>;

  const botAuthority = await delegate(lead, (subject) => subject);
  const present: Story["present"] = (change, signer = bot) =>
    signDocument(
      change({
        "@context": rootAuthority["@context"],
        type: ["VerifiablePresentation"],
        holder: signer.did,
        verifiableCredential: [bots.credential, botAuthority, rootAuthority, leads.credential],
        invocation: {
          authority: { digestMultibase: digestMultibase(asJson(botAuthority)), grant: "eu-refunds" },
          action: "refund.create",
          resource: `${ORDERS}eu/77`,
          args: { orderId: "EU-77", amount: 12_000 },
          nonce: "mH1xq7gq3kD0b7yJ",
        },
      }),
      {
        signer,
        purpose: "authentication",
        created: time,
        expires: time + 300_000,
        challenge: CHALLENGE,
        domain: DOMAIN,
      },
    ) as unknown as Promise<Presentation>;

  return {
    organisation: organisationSigner,
    lead,
    bot,
    thief,
    third,
    leadIdentity: leads.credential,
    botIdentity: bots.credential,
    rootAuthority,
    botAuthority,
    statusLists: Object.fromEntries(lists.map(({ credential }) => [credential.id, credential])),
    delegate,
    present,
  };
}

import { systemRandom, type Grant, type SuiteName } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  createOrganisation,
  enrolAgent,
  grantAuthority,
  publishStatusLists,
  type Organisation,
} from "@writ/issuer";
import {
  createMemoryStatusSource,
  trustOrganisations,
  type StatusListSource,
  type TrustPolicy,
} from "@writ/verifier";
import {
  addCredentials,
  createMemoryWalletStore,
  createPresentation,
  createWallet,
  delegateAuthority,
  requestEnrolment,
  type Wallet,
} from "@writ/wallet";

/** What the benchmarks verify: documents of real size, made by the real packages. */
export interface World {
  readonly trust: TrustPolicy;
  readonly status: StatusListSource;
  /** An identity credential. */
  readonly identity: string;
  /** A presentation with an identity, one link, and an invocation; and one with three links. */
  readonly shortPresentation: string;
  readonly longPresentation: string;
  readonly challenge: string;
  readonly domain: string;
}

const challenge = "c8b1c2de-benchmark";
const domain = "https://orders.example";

function grant(maximum: number, within?: string): Grant {
  return {
    id: "refunds",
    ...(within === undefined ? {} : { within }),
    actions: ["refund.create"],
    resources: ["https://orders.example/v1/orders/"],
    args: { "/orderId": { prefix: "EU-" }, "/amount": { range: { min: 1, max: maximum } } },
    spend: { unit: "EUR", amountAt: "/amount", perAction: maximum },
  };
}

async function createAgent(organisation: Organisation, name: string, suite: SuiteName) {
  const wallet = await createWallet(createMemoryWalletStore(), {
    secret: { type: "raw", key: systemRandom(32) },
  });
  const request = await requestEnrolment(wallet);
  const enrolled = await enrolAgent(organisation, request, { name, suite });
  await addCredentials(wallet, [enrolled.credential]);
  return { wallet, ...enrolled };
}

async function present(wallet: Wallet, suite: SuiteName): Promise<string> {
  const { presentation } = await createPresentation(wallet, {
    challenge,
    domain,
    suite,
    invocation: {
      action: "refund.create",
      resource: "https://orders.example/v1/orders/77",
      args: { orderId: "EU-77", amount: 100 },
    },
  });
  return JSON.stringify(presentation);
}

/** @param suite signs everything but the status lists */
export async function createWorld(databasePath: string, suite: SuiteName): Promise<World> {
  const database = await openSqliteDatabase({ path: databasePath, mode: "create" });
  const organisation = await createOrganisation(database, {
    name: "ACME",
    secret: { type: "raw", key: systemRandom(32) },
  });
  const first = await createAgent(organisation, "first", suite);
  const second = await createAgent(organisation, "second", suite);
  const third = await createAgent(organisation, "third", suite);

  const grants = [grant(900)];
  const root = await grantAuthority(organisation, first.agent, { grants, maxHops: 2, suite });
  await addCredentials(first.wallet, [root]);
  const middle = await delegateAuthority(first.wallet, {
    to: second.wallet.did,
    grants: [grant(800, "refunds")],
    suite,
    maxHops: 1,
  });
  await addCredentials(second.wallet, middle.bundle);
  const last = await delegateAuthority(second.wallet, {
    to: third.wallet.did,
    grants: [grant(700, "refunds")],
    suite,
  });
  await addCredentials(third.wallet, last.bundle);

  const lists = await publishStatusLists(organisation);
  const world = {
    trust: trustOrganisations([organisation.did]),
    status: createMemoryStatusSource(lists.map(({ credential }) => credential)),
    identity: JSON.stringify(first.credential),
    shortPresentation: await present(first.wallet, suite),
    longPresentation: await present(third.wallet, suite),
    challenge,
    domain,
  };
  await database.close();
  return world;
}

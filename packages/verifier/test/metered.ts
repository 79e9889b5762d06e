import {
  asJson,
  type AuthorityCredential,
  type Grant,
  type Invocation,
  type JsonObject,
  type Presentation,
} from "@writ/core";
import { grantAuthority, type GrantOptions } from "@writ/issuer";
import {
  addCredentials,
  createPresentation,
  delegateAuthority,
  type DelegationOptions,
  type PresentationOptions,
} from "@writ/wallet";

import { accountAt } from "./ledgers.js";
import {
  decide,
  verifyPresentation,
  type Decision,
  type Ledger,
  type LedgerAnswer,
  type LedgerEntry,
  type ServiceFacts,
  type VerifiedPresentation,
  type VerifyPresentationResult,
} from "../src/index.js";
import { DOMAIN, SERVICE, type Party, type World } from "./world.js";

/** A meter of the service's ledger. */
export const meterAt = (position: number) => ({ ledger: SERVICE.did, account: accountAt(position) });

/** Payments of so much in all, on an account. */
export function payments(id: string, budget: number, position: number, more: Partial<Grant> = {}): Grant {
  return {
    id,
    actions: ["pay"],
    spend: { unit: "EUR", amountAt: "/amount", budget },
    meter: meterAt(position),
    ...more,
  };
}

/** The organisation grants authority to an agent, who takes it into its wallet. */
export async function grantTo(
  { organisation }: World,
  { agent, wallet }: Party,
  options: GrantOptions,
): Promise<AuthorityCredential> {
  const credential = await grantAuthority(organisation, agent, options);
  await addCredentials(wallet, [asJson(credential)]);
  return credential;
}

/** One agent hands authority on to another, who takes it into its wallet. */
export async function handOn(
  from: Party,
  to: Party,
  options: Omit<DelegationOptions, "to">,
): Promise<AuthorityCredential> {
  const { credential, bundle } = await delegateAuthority(from.wallet, { to: to.agent.did, ...options });
  await addCredentials(to.wallet, bundle.map(asJson));
  return credential;
}

let serial = 0;

/** What an agent asks, under a challenge of its own, and what the service makes of it. */
export interface Asked {
  readonly presentation: Presentation;
  readonly invocation: Invocation;
  readonly result: VerifyPresentationResult;
}

export async function ask(
  world: World,
  { wallet }: Party,
  options: Omit<PresentationOptions, "challenge" | "domain">,
): Promise<Asked> {
  const challenge = `challenge ${String(serial++)}`;
  const { presentation } = await createPresentation(wallet, { challenge, domain: DOMAIN, ...options });
  const { invocation } = presentation;
  if (invocation === undefined) throw new Error("nothing was asked");
  const result = await verifyPresentation(JSON.stringify(presentation), {
    ...world.expectations,
    status: await world.source(),
    expectedChallenge: challenge,
  });
  return { presentation, invocation, result };
}

/** The presentation, where it was verified. */
export function verifiedOf(result: VerifyPresentationResult): VerifiedPresentation {
  if (!result.verified) throw new Error(JSON.stringify(result.problems));
  return result.presentation;
}

/** A payment of so much. */
export const paying = (amount: number) => ({ action: "pay", args: { amount } as JsonObject });

/** A decision in a few words: the outcome, and for each problem what denies it and where. */
export function told({ outcome, problems }: Decision): string {
  const lines = problems.map(({ code, dimension, link, pointer }) =>
    [code, dimension, link, pointer].filter((part) => part !== undefined).join(" "),
  );
  return [outcome, ...lines].join("; ");
}

/** A ledger that gives one answer, and remembers what it was asked; it recalls nothing unless told. */
export function ledgerThatAnswers(
  answer: () => Promise<LedgerAnswer>,
  recall: Ledger["recall"] = () => Promise.resolve(undefined),
) {
  const entries: LedgerEntry[] = [];
  const ledger: Ledger = {
    charge(entry) {
      entries.push(entry);
      return answer();
    },
    recall,
  };
  return { ledger, entries };
}

/** Decides at the service, which keeps this ledger. */
export function decideWith(
  ledger: Ledger,
  presentation: VerifiedPresentation,
  facts: ServiceFacts = {},
): Promise<Decision> {
  return decide(presentation, { audience: SERVICE.did, ledger, ...facts });
}

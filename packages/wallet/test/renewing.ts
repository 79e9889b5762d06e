import {
  asJson,
  parseTimestamp,
  formatTimestamp,
  type JsonObject,
  type Presentation,
  type WritCredential,
} from "@writ/core";

import {
  addCredentials,
  type CredentialRenewal,
  type RenewalEvent,
  type RenewalOptions,
} from "../src/index.js";
import { authorityOf, HOUR, identityOf, issue, openWorld, ORGANISATION, type WalletWorld } from "./world.js";

export const DOMAIN = "https://registry.acme.example";

/** What a port was asked for. */
export interface Asked {
  readonly credential: WritCredential;
  readonly request: Presentation;
  readonly signal: AbortSignal;
}

/** A port that gives out what a test says, and remembers what it was asked for. */
export function openPort(
  answer: (asked: Asked) => unknown,
  more: Partial<CredentialRenewal> = {},
): CredentialRenewal & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    domain: DOMAIN,
    challenge: () => Promise.resolve(`challenge ${String(asked.length + 1)}`),
    renew(credential, request, signal) {
      const question = { credential, request, signal };
      asked.push(question);
      return answer(question) as Promise<readonly object[]>;
    },
    asked,
    ...more,
  };
}

/** The same credential, signed once more by the organisation, some hours later. */
export async function later(
  { type, credentialSubject, validFrom, validUntil }: WritCredential,
  { hours = 6, subject = {}, members = {}, signer = ORGANISATION }: LaterOptions = {},
): Promise<JsonObject> {
  const move = (time: string): string => formatTimestamp(parseTimestamp(time) + hours * HOUR);
  const begin = parseTimestamp(validFrom);
  const overrides = {
    members: { validFrom, validUntil: move(validUntil), ...members },
    proof: { created: begin },
  };
  return issue(signer, type[1], { ...asJson(credentialSubject), ...subject }, overrides);
}

interface LaterOptions {
  readonly hours?: number;
  readonly subject?: object;
  readonly members?: object;
  readonly signer?: typeof ORGANISATION;
}

/** The organisation's own port. */
export function honestPort(options: LaterOptions = {}) {
  return openPort(async ({ credential }) => [await later(credential, options)]);
}

/** A wallet with an identity and an authority, both for eight hours. */
export async function openAgent(): Promise<
  WalletWorld & {
    readonly identity: WritCredential;
    readonly authority: WritCredential;
    /** Options that write down what is told. */
    readonly listening: RenewalOptions & { readonly events: RenewalEvent[] };
  }
> {
  const world = await openWorld("agent");
  const identity = await identityOf(world.wallet.did);
  const authority = await authorityOf(world.wallet.did, { maxHops: 1 });
  await addCredentials(world.wallet, [identity, authority]);
  const events: RenewalEvent[] = [];
  const listening = { events, onEvent: (event: RenewalEvent) => events.push(event) };
  return { ...world, identity, authority, listening };
}

import { asProblem, deepFreeze, WritError } from "@writ/core";

import { assertTimeout, callPort, DEFAULT_TIMEOUT_MS, type CallLimits } from "../call-port.js";
import { vaultOf, type Wallet } from "../wallet.js";
import type {
  CredentialRenewal,
  FailedRenewal,
  Redelegation,
  RenewalEvent,
  RenewedCredential,
} from "./credential-renewal.js";
import { dueAt, LEAST_WAIT_MS, MAX_RETRY_MS, retryAt } from "./due.js";
import { readOwn, type OwnCredential } from "./own-credentials.js";
import { receiveRenewal } from "./receive-renewal.js";
import { redelegations } from "./redelegations.js";
import { changeState, forgetOthers } from "./renewal-record.js";
import { requestRenewal } from "./request-renewal.js";

/** Which credentials are renewed, and how. The limits are those of each call of the port. */
export interface RenewalOptions extends CallLimits {
  /** DIDs: only their credentials; those of every issuer unless given. */
  readonly issuers?: readonly string[];
  /** The share of its life with which a credential is due, from 0.01 to 0.9; a third unless given. */
  readonly whenLeft?: number;
  /** How many are asked for at once, from 1 to 64; four unless given. */
  readonly concurrency?: number;
  /** Is told what happens, while it does. What it throws is its own affair. */
  readonly onEvent?: (event: RenewalEvent) => void;
}

/** What came of it. */
export interface RenewalReport {
  readonly renewed: readonly RenewedCredential[];
  readonly failed: readonly FailedRenewal[];
  readonly redelegate: readonly Redelegation[];
  /**
   * When to call again, in milliseconds since 1970: ten seconds from now at least. Absent where nothing
   * is left to renew: none is held of these issuers, or all of them have ended, as after a long sleep.
   */
  readonly nextDueAt?: number;
}

const MAX_CONCURRENCY = 64;
/** As long as a proof may name it. */
const MAX_CHALLENGE_LENGTH = 512;
const MAX_DOMAIN_LENGTH = 400;
const DEFAULTS = { whenLeft: 1 / 3, concurrency: 4, timeoutMs: DEFAULT_TIMEOUT_MS };

type Settings = RenewalOptions & typeof DEFAULTS & { readonly tell: (event: RenewalEvent) => void };

/**
 * Renews those of the wallet's own identity and authority credentials that are due, and comes to an end: a
 * caller with a timer of its own calls it again at `nextDueAt`. Several processes may: each credential
 * is asked for by one of them.
 *
 * For each, its issuer's port gets a signed request for {@link renewalDomain}, and what it answers is taken
 * in only if it continues the credential. One that fails fails alone, and is tried again later and later.
 * What has ended cannot be shown any more, and so is not asked for.
 *
 * @throws WritError `ARGUMENT_INVALID`, and of the wallet itself; never for what one credential's renewal
 *   comes to, nor for what a listener throws.
 */
export async function renewDue(
  wallet: Wallet,
  port: CredentialRenewal,
  options: RenewalOptions = {},
): Promise<RenewalReport> {
  const settings = settle(options);
  assertDomain(port.domain);
  const now = wallet.clock();
  const own = await readOwn(wallet);
  const isAsked = ({ credential }: OwnCredential): boolean =>
    settings.issuers?.includes(credential.issuer) ?? true;
  const asked = own.filter(isAsked);
  await tellEnded(wallet, asked, now, settings);
  const due = asked
    .filter((each) => isWaiting(each, now) && nextTry(each, now, settings) <= now)
    .sort((a, b) => a.endsAt - b.endsAt);
  const outcomes: Outcome[] = [];
  await eachAtMost(settings.concurrency, due, async (each) => {
    if (settings.signal?.aborted === true) return;
    const outcome = await renew(each, port, settings);
    if (outcome !== undefined) outcomes.push(outcome);
  });
  const after = await readOwn(wallet);
  await forgetOthers(vaultOf(wallet));
  const end = wallet.clock();
  const tries = after
    .filter((each) => isAsked(each) && isWaiting(each, end))
    .map((each) => nextTry(each, end, settings));
  return {
    renewed: outcomes.filter((outcome) => "renewedId" in outcome),
    failed: outcomes.filter((outcome) => "code" in outcome),
    redelegate: await redelegations(wallet, after.filter(isAsked)),
    ...(tries.length === 0 ? {} : { nextDueAt: Math.max(end + LEAST_WAIT_MS, Math.min(...tries)) }),
  };
}

type Outcome = RenewedCredential | FailedRenewal;

function settle(options: RenewalOptions): Settings {
  const { issuers, onEvent } = options;
  const settings = { ...DEFAULTS, ...options, ...(issuers === undefined ? {} : { issuers: [...issuers] }) };
  const { whenLeft, concurrency, timeoutMs } = settings;
  assertTimeout(timeoutMs);
  if (!(whenLeft >= 0.01 && whenLeft <= 0.9)) {
    throw new WritError(
      "ARGUMENT_INVALID",
      "a credential is due with a hundredth to nine tenths of its life",
    );
  }
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    throw new WritError("ARGUMENT_INVALID", `from 1 to ${String(MAX_CONCURRENCY)} are asked for at once`);
  }
  return { ...settings, tell: teller(onEvent) };
}

function assertDomain(domain: unknown): void {
  if (typeof domain === "string" && domain !== "" && domain.length <= MAX_DOMAIN_LENGTH) return;
  throw new WritError("ARGUMENT_INVALID", "the issuer's name must be a text, of 400 characters at most");
}

/** A listener that throws, or promises what it does not keep, disturbs nobody. */
function teller(onEvent: ((event: RenewalEvent) => unknown) | undefined): (event: RenewalEvent) => void {
  return (event) => {
    try {
      Promise.resolve(onEvent?.(deepFreeze(event))).catch(() => undefined);
    } catch {
      // Its own affair.
    }
  };
}

/** Whether there is anything left to renew. */
function isWaiting({ endsAt, renewedId }: OwnCredential, now: number): boolean {
  return renewedId === undefined && endsAt > now;
}

function nextTry({ credential, digest, state }: OwnCredential, now: number, { whenLeft }: Settings): number {
  // What was put off for longer than ever happens was put off by a clock that has been set back since.
  const notBefore = state.notBefore - now > 2 * MAX_RETRY_MS ? 0 : state.notBefore;
  return Math.max(dueAt(credential, digest, whenLeft), notBefore);
}

async function tellEnded(
  wallet: Wallet,
  own: readonly OwnCredential[],
  now: number,
  { tell }: Settings,
): Promise<void> {
  for (const { credential, digest, endsAt, renewedId, state } of own) {
    if (endsAt > now || renewedId !== undefined || state.isEndTold === true) continue;
    const isFirst = await changeState(vaultOf(wallet), digest, (before) =>
      before.isEndTold === true ? undefined : { ...before, isEndTold: true },
    );
    if (isFirst) tell({ type: "credential.ended", credentialId: credential.id, endedAt: endsAt });
  }
}

/** Renews one, unless another process has begun to. */
async function renew(
  each: OwnCredential,
  port: CredentialRenewal,
  settings: Settings,
): Promise<Outcome | undefined> {
  const { as: wallet, credential, digest, endsAt } = each;
  const vault = vaultOf(wallet);
  const { tell, timeoutMs, signal } = settings;
  const begun = wallet.clock();
  const isMine = await changeState(vault, digest, (state) =>
    nextTry({ ...each, state }, begun, settings) > begun || state.renewedId !== each.state.renewedId
      ? undefined
      : // Long enough for both calls: a process that dies meanwhile leaves it to another after that.
        { ...state, notBefore: begun + 2 * timeoutMs + LEAST_WAIT_MS },
  );
  if (!isMine) return undefined;
  const { id: credentialId, issuer, credentialSubject } = credential;
  tell({ type: "renewal.due", credentialId, issuer, subject: credentialSubject.id, endsAt });
  try {
    const renewed = await receiveRenewal(wallet, credential, await askFor(each, port, settings));
    const { renewedId } = renewed;
    await changeState(vault, digest, (state) => ({ ...state, failures: 0, notBefore: 0, renewedId }));
    tell({ type: "renewal.done", ...renewed });
    return renewed;
  } catch (error) {
    const { code } = asProblem(error);
    if (signal?.aborted === true) {
      // It was called off, and is no worse than before.
      await changeState(vault, digest, (state) => ({ ...state, notBefore: each.state.notBefore }));
      return undefined;
    }
    const now = wallet.clock();
    const failed = { credentialId, code, failures: 0, retryAt: 0 };
    await changeState(vault, digest, (state) => {
      failed.failures = state.failures + 1;
      failed.retryAt = retryAt(credential, digest, failed.failures, now);
      return { ...state, failures: failed.failures, notBefore: failed.retryAt };
    });
    tell({ type: "renewal.failed", ...failed });
    return failed;
  }
}

async function askFor(
  { as: wallet, credential }: OwnCredential,
  port: CredentialRenewal,
  limits: CallLimits,
): Promise<unknown> {
  const unavailable = "RENEWAL_UNAVAILABLE";
  const challenge = await callPort<unknown>(
    { what: "the challenge", unavailable, ask: (signal) => port.challenge(signal) },
    limits,
  );
  if (typeof challenge !== "string" || challenge === "" || challenge.length > MAX_CHALLENGE_LENGTH) {
    throw new WritError("RENEWAL_INVALID", "the challenge is no text, or too long");
  }
  const request = await requestRenewal(wallet, credential, { domain: port.domain, challenge });
  return callPort<unknown>(
    { what: "the renewal", unavailable, ask: (signal) => port.renew(credential, request, signal) },
    limits,
  );
}

/** Does something with each, so many at once; the first that fails is what it fails of, when all are done. */
async function eachAtMost<T>(
  most: number,
  items: readonly T[],
  use: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await use(item);
  };
  const results = await Promise.allSettled(Array.from({ length: most }, work));
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
}

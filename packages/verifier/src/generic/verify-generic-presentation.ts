import {
  assertGenericProfile,
  assertTerms,
  checkIssuerSigned,
  checkSignedAmong,
  checkSignedBy,
  genericPresentation,
  idOf,
  isOwnDocument,
  parseDocument,
  parseShape,
  presentation as ownPresentation,
  WritError,
  type GenericContexts,
  type GenericCredential,
  type GenericPresentation,
  type JsonObject,
  type JsonText,
  type Problem,
  type ProofVerification,
} from "@writ/core";

import {
  checkChallenge,
  checkDomain,
  checkSingleUse,
  readExpectedChallenge,
  type IssuedChallenge,
} from "../challenges/check-challenge.js";
import { assertFewProofs } from "../proof-count.js";
import { runChecks } from "../run-checks.js";
import type { EntryStatus } from "../status/check-status.js";
import type { Check, Refusal } from "../verification.js";
import { checkCredentials } from "./check-credentials.js";
import { genericProofVerification, type GenericVerifierOptions } from "./generic-options.js";
import { parseReceived, type ReceivedCredential } from "./received-credential.js";

/** Says that a presentation need not be made for a certain occasion, or a certain service. */
export const unbound: unique symbol = Symbol("unbound");

/** What a service demands of a presentation of others. */
export interface GenericPresentationOptions extends GenericVerifierOptions {
  /** As for `verifyPresentation`; with {@link unbound}, `challenge` is not established. */
  readonly expectedChallenge: string | IssuedChallenge | typeof unbound;
  /** Compared as exact text; with {@link unbound}, `domain` is not established. */
  readonly expectedDomain: string | typeof unbound;
}

/** The outcome of {@link verifyGenericPresentation}; of no use to `decide`. */
export type VerifyGenericPresentationResult =
  | {
      readonly verified: true;
      readonly kind: "generic-presentation";
      /** Frozen, and made from the bytes that were verified. */
      readonly presentation: GenericPresentation;
      /** Who signed as holder; absent where the presentation names none. */
      readonly holder?: string;
      readonly credentials: readonly GenericCredential[];
      /** What the status lists say of each entry. */
      readonly statuses: readonly EntryStatus[];
      readonly checks: readonly Check[];
      /** The time of the verification, in milliseconds since 1970. */
      readonly asOf: number;
    }
  | Refusal;

const CHECKS = [
  "json",
  "profile",
  "signature",
  "holder",
  "issuer",
  "time",
  "status",
  "resources",
  "challenge",
  "domain",
  "single-use",
] as const;

/** A presentation, and the credentials in it, each under its own profile. */
interface ReceivedPresentation {
  readonly json: JsonObject;
  readonly document: GenericPresentation;
  readonly holder: string | undefined;
  readonly credentials: readonly ReceivedCredential[];
}

/**
 * Verifies a presentation of any vocabulary, and each credential in it as `verifyGenericCredential` does.
 * Whether the credentials are the holder's own is not asked, and said in no check: a service that gives
 * access by them has to.
 *
 * Never throws on account of the input.
 *
 * @throws WritError `ARGUMENT_INVALID` where the expected challenge or domain is empty or missing, the trust
 *   policy missing or made by hand, or the clock tells no time.
 */
export async function verifyGenericPresentation(
  input: JsonText,
  given: GenericPresentationOptions,
): Promise<VerifyGenericPresentationResult> {
  // Read once: what answers differently when it is read again demands nothing.
  const options = { ...given };
  const { contexts, scope } = options;
  const { expectedChallenge, expectedDomain } = readExpected(options);
  const proofs = genericProofVerification(options);
  return runChecks(CHECKS, input, options, async (run, json, lists) => {
    const received = await run.obtain("profile", () => receivePresentation(json, contexts));
    if (received === undefined) return run.refusal();
    const { document, holder, credentials } = received;

    await run.check("signature", () => checkSignatures(received, run.asOf, proofs));
    // One of the signatures is the holder's, where there is one.
    await run.check("holder", () => (holder === undefined ? "not_established" : []));
    const statuses =
      scope === "proofs" ? [] : await checkCredentials(run, credentials, options, proofs, lists);
    if (expectedChallenge !== unbound) {
      await run.check("challenge", () => checkChallenge(document, expectedChallenge));
    }
    if (expectedDomain !== unbound) await run.check("domain", () => checkDomain(document, expectedDomain));
    if (expectedChallenge !== unbound && typeof expectedChallenge !== "string") {
      await run.check("single-use", () => checkSingleUse(document, expectedChallenge.issuedBy));
    }
    if (run.failed) return run.refusal();
    return {
      verified: true,
      kind: "generic-presentation",
      presentation: document,
      ...(holder === undefined ? {} : { holder }),
      credentials: credentials.map(({ credential }) => credential),
      statuses,
      checks: run.checks,
      asOf: run.asOf,
    };
  });
}

/** What a caller forgets must not pass for what it does without. */
function readExpected({
  expectedChallenge,
  expectedDomain,
}: GenericPresentationOptions): Pick<GenericPresentationOptions, "expectedChallenge" | "expectedDomain"> {
  const domain: unknown = expectedDomain;
  if (domain !== unbound && (typeof domain !== "string" || domain === "")) {
    throw new WritError("ARGUMENT_INVALID", "the expected domain must be a text, or `unbound`");
  }
  return {
    expectedChallenge: expectedChallenge === unbound ? unbound : readExpectedChallenge(expectedChallenge),
    expectedDomain,
  };
}

function receivePresentation(json: JsonObject, contexts: GenericContexts | undefined): ReceivedPresentation {
  if (isOwnDocument(json)) parseDocument(json, ownPresentation);
  else assertGenericProfile(json, contexts);
  const document = parseShape(genericPresentation, json);
  const { verifiableCredential = [] } = document;
  const place = "/verifiableCredential";
  const credentials = isList(verifiableCredential)
    ? verifiableCredential.map((each, index) => parseReceived(each, contexts, `${place}/${String(index)}`))
    : [parseReceived(verifiableCredential, contexts, place)];
  return { json, document, holder: document.holder && idOf(document.holder), credentials };
}

function isList(credentials: JsonObject | readonly JsonObject[]): credentials is readonly JsonObject[] {
  return Array.isArray(credentials);
}

/** The first document that is not as it should be ends it. */
async function checkSignatures(
  { json, holder, credentials }: ReceivedPresentation,
  now: number,
  proofs: ProofVerification,
): Promise<readonly Problem[]> {
  assertFewProofs(
    json,
    credentials.map((each) => each.json),
  );
  const expected = { purpose: "authentication", now, mismatch: "HOLDER_MISMATCH" } as const;
  const { problems } = await (isOwnDocument(json)
    ? checkSignedBy(json, { ...expected, did: holder ?? "" }, proofs)
    : checkSignedAmong(json, { ...expected, ...(holder === undefined ? {} : { did: holder }) }, proofs));
  if (problems.length > 0) return problems;
  if (!isOwnDocument(json)) await assertTerms(json);
  for (const credential of credentials) {
    const found = await checkIssuerSigned(credential, now, proofs);
    if (found.length > 0) return found;
  }
  return [];
}

import {
  assertGenericProfile,
  checkSignedAmong,
  checkSignedBy,
  genericPresentation,
  idOf,
  isJsonObject,
  isOwnDocument,
  parseDocument,
  parseShape,
  parseStrictJsonObject,
  presentation as ownPresentation,
  proofsOf,
  systemClock,
  WritError,
  type GenericContexts,
  type GenericCredential,
  type GenericPresentation,
  type JsonObject,
  type JsonText,
  type Problem,
  type ProofVerification,
} from "@writ/core";

import { checkStatus, type EntryStatus } from "../status/check-status.js";
import { problem, Verification, type Check, type Refusal } from "../verification.js";
import { trustOf } from "../trust/trust-policy.js";
import { genericProofVerification, type GenericVerifierOptions } from "./generic-options.js";
import {
  checkResources,
  checkSignature,
  checkTerms,
  checkTimes,
  checkTrust,
  hasOtherResources,
  receiveCredential,
  type ReceivedCredential,
} from "./received-credential.js";
import { statusQuestion } from "./status-question.js";

/** What a service demands of a presentation of others. */
export interface GenericPresentationOptions extends GenericVerifierOptions {
  /** The text that was given for this one presentation; without it `challenge` is not established. */
  readonly expectedChallenge?: string;
  /** Compared as exact text; without it `domain` is not established. */
  readonly expectedDomain?: string;
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
      readonly statuses: readonly EntryStatus[];
      readonly checks: readonly Check[];
      readonly asOf: number;
    }
  | Refusal;

const CHECKS = [
  "json",
  "profile",
  "signature",
  "terms",
  "issuer",
  "time",
  "holder",
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
 * @throws WritError `ARGUMENT_INVALID` where an expected challenge or domain is empty.
 */
export async function verifyGenericPresentation(
  input: JsonText,
  options: GenericPresentationOptions,
): Promise<VerifyGenericPresentationResult> {
  const { status, contexts, resources = new Map<string, Uint8Array>(), scope, clock = systemClock } = options;
  const trust = options.trust && trustOf(options.trust);
  const { expectedChallenge, expectedDomain } = options;
  if (expectedChallenge === "" || expectedDomain === "") {
    throw new WritError("ARGUMENT_INVALID", "an expected challenge or domain is a text, or absent");
  }
  const run = new Verification(CHECKS, clock());
  const proofs = genericProofVerification(options);

  const json = await run.obtain("json", () => parseStrictJsonObject(input));
  if (json === undefined) return run.refusal();
  const received = await run.obtain("profile", () => receivePresentation(json, contexts));
  if (received === undefined) return run.refusal();
  const { document, holder, credentials } = received;
  const ofEach = (check: (credential: ReceivedCredential) => readonly Problem[]): readonly Problem[] =>
    credentials.flatMap(check);

  await run.check("signature", () => checkSignatures(received, run.asOf, proofs));
  await run.check("terms", async () => {
    for (const signed of [json, ...credentials.map((credential) => credential.json)])
      await checkTerms(signed);
    return [];
  });
  let statuses: readonly EntryStatus[] = [];
  if (scope !== "proofs") {
    if (trust !== undefined) await run.check("issuer", () => ofEach((each) => checkTrust(each, trust)));
    await run.check("time", () => ofEach((each) => checkTimes(each, run.asOf)));
  }
  // The signature is the holder's, where there is one.
  if (holder !== undefined) await run.check("holder", () => []);
  if (scope !== "proofs") {
    await run.check("status", async () => {
      const questions = credentials.map((credential) => statusQuestion(credential, trust));
      const answer = await checkStatus(questions, status, proofs, run.asOf);
      statuses = answer.statuses;
      return answer.problems;
    });
    const unchecked = credentials.some((credential) => hasOtherResources(credential, resources));
    const found = ofEach((each) => checkResources(each, resources));
    if (found.length > 0 || !unchecked) await run.check("resources", () => found);
  }
  const expected = { challenge: expectedChallenge, domain: expectedDomain };
  for (const name of ["challenge", "domain"] as const) {
    const text = expected[name];
    if (text !== undefined) await run.check(name, () => checkOccasion(document, name, text));
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
}

function receivePresentation(json: JsonObject, contexts: GenericContexts | undefined): ReceivedPresentation {
  if (isOwnDocument(json)) parseDocument(json, ownPresentation);
  else assertGenericProfile(json, contexts);
  const document = parseShape(genericPresentation, json);
  const { verifiableCredential = [] } = document;
  const credentials = isJsonObject(verifiableCredential)
    ? [receiveCredential(verifiableCredential, contexts, "/verifiableCredential")]
    : verifiableCredential.map((credential, index) =>
        receiveCredential(credential, contexts, `/verifiableCredential/${String(index)}`),
      );
  return { json, document, holder: document.holder && idOf(document.holder), credentials };
}

/** The first document that is not as it should be ends it. */
async function checkSignatures(
  { json, holder, credentials }: ReceivedPresentation,
  now: number,
  proofs: ProofVerification,
): Promise<readonly Problem[]> {
  const expected = { purpose: "authentication", now, mismatch: "HOLDER_MISMATCH" } as const;
  const { problems } = await (isOwnDocument(json)
    ? checkSignedBy(json, { ...expected, did: holder ?? "" }, proofs)
    : checkSignedAmong(json, { ...expected, ...(holder === undefined ? {} : { did: holder }) }, proofs));
  if (problems.length > 0) return problems;
  for (const credential of credentials) {
    const found = await checkSignature(credential, now, proofs);
    if (found.length > 0) return found;
  }
  return [];
}

/** Every proof of the holder's bears what was expected; a proof for other purposes need not. */
function checkOccasion(
  document: GenericPresentation,
  name: "challenge" | "domain",
  expected: string,
): readonly Problem[] {
  const code = name === "challenge" ? "CHALLENGE_MISMATCH" : "DOMAIN_MISMATCH";
  return proofsOf(document)
    .filter(({ proofPurpose }) => proofPurpose === "authentication")
    .flatMap((proof) =>
      proof[name] === expected ? [] : [problem(code, `/proof/${name}`, `made for another ${name}`)],
    );
}

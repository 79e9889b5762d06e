import {
  effectiveAuthority,
  parseDocument,
  presentation as presentationShape,
  WritError,
  type Chain,
  type JsonText,
  type Presentation,
} from "@writ/core";

import {
  agentOf,
  approversOf,
  buildChains,
  checkDistinctIds,
  checkHolder,
  checkPlaces,
  IDENTITY_POLICIES,
  locate,
  type IdentityPolicy,
  type Located,
} from "./check-evidence.js";
import { checkIssuer } from "./check-issuer.js";
import {
  checkChallenge,
  checkDomain,
  checkSingleUse,
  readExpectedChallenge,
  type IssuedChallenge,
} from "./challenges/check-challenge.js";
import { checkSignatures, checkTimes } from "./check-proofs.js";
import { runChecks } from "./run-checks.js";
import { checkStatus, type StatusQuestion } from "./status/check-status.js";
import { statusDemandOf } from "./status/status-demand.js";
import { trustOf, type Trust } from "./trust/trust-policy.js";
import type { Check, Refusal } from "./verification.js";
import { sealVerified, type VerifiedInvocation, type VerifiedPresentation } from "./verified-presentation.js";
import { proofVerificationOf, type VerifierOptions } from "./verifier-options.js";

/** What a service demands of a presentation. */
export interface PresentationExpectations extends VerifierOptions {
  /**
   * The text that the service gave to this agent for this one presentation, which the service itself
   * accepts once; or the store that gives out and takes back such texts.
   */
  readonly expectedChallenge: string | IssuedChallenge;
  /** The service's name for itself; compared as exact text. */
  readonly expectedDomain: string;
  /** Whose identity must be shown; that of every subject unless given. */
  readonly identities?: IdentityPolicy;
}

/** The outcome of {@link verifyPresentation}. */
export type VerifyPresentationResult =
  | {
      readonly verified: true;
      readonly presentation: VerifiedPresentation;
      readonly checks: readonly Check[];
      readonly asOf: number;
    }
  | Refusal;

const CHECKS = [
  "json",
  "profile",
  "signature",
  "issuer",
  "time",
  "holder",
  "chain",
  "status",
  "challenge",
  "single-use",
  "invocation",
] as const;

/**
 * Verifies a presentation, in the order of DESIGN 4: who presents, that all that is shown is
 * genuine, in force and the holder's, and that each chain of authority is whole and only narrows.
 * Whether an invocation is allowed is for `decide`.
 *
 * With a store of challenges, the challenge is consumed once all before has passed: `single-use` is
 * established, or the presentation refused. Without one, that the challenge was not used before is the
 * caller's to ensure, and listed as not established.
 *
 * Never throws on account of the input.
 *
 * @throws WritError `ARGUMENT_INVALID` where the expected challenge or domain is empty or missing, the
 *   identity policy unknown, the trust policy made by hand, or the clock tells no time.
 */
export async function verifyPresentation(
  input: JsonText,
  given: PresentationExpectations,
): Promise<VerifyPresentationResult> {
  // Read once: what answers differently when it is read again demands nothing.
  const expectations = { ...given };
  const { expectedDomain, identities = "every-subject" } = expectations;
  assertExpectations(expectations);
  const expectedChallenge = readExpectedChallenge(expectations.expectedChallenge);
  const trust = trustOf(expectations.trust);
  const proofs = proofVerificationOf(expectations);
  return runChecks(CHECKS, input, expectations, async (run, json, lists) => {
    const document = await run.obtain("profile", () => parseDocument(json, presentationShape));
    if (document === undefined) return run.refusal();
    const credentials = locate(document);

    await run.check("signature", () => checkSignatures(document, credentials, run.asOf, proofs));
    await run.check("issuer", () =>
      credentials.flatMap(({ credential, pointer }) => checkIssuer(credential, trust, pointer)),
    );
    await run.check("time", () => checkTimes(document, credentials, run.asOf));
    await run.check("holder", () => checkHolder(document, credentials, identities));
    let chains: readonly Chain[] = [];
    let statusAsOf: number | undefined;
    await run.check("chain", () => {
      chains = buildChains(document, credentials);
      return [...checkDistinctIds(credentials), ...checkPlaces(document, credentials, chains, identities)];
    });
    await run.check("status", async () => {
      const questions = statusQuestions(credentials, chains, trust);
      const demand = statusDemandOf(document, chains);
      const answer = await checkStatus(questions, lists, proofs, run, demand);
      statusAsOf = answer.oldest;
      return answer.problems;
    });
    await run.check("challenge", () => [
      ...checkChallenge(document, expectedChallenge),
      ...checkDomain(document, expectedDomain),
    ]);
    if (typeof expectedChallenge !== "string") {
      await run.check("single-use", () => checkSingleUse(document, expectedChallenge.issuedBy));
    }
    let invocation: VerifiedInvocation | undefined;
    if (document.invocation !== undefined) {
      await run.check("invocation", () => {
        invocation = findGrant(document, chains);
        return [];
      });
    }
    if (run.failed) return run.refusal();

    const agent = agentOf(document, credentials);
    const presentation = sealVerified({
      document,
      holder: document.holder,
      ...(agent === undefined ? {} : { agent }),
      chains,
      authorities: chains.map(effectiveAuthority),
      ...(invocation === undefined ? {} : { invocation }),
      approvedBy: approversOf(credentials),
      ...(statusAsOf === undefined ? {} : { statusAsOf }),
      asOf: run.asOf,
    });
    return { verified: true, presentation, checks: run.checks, asOf: run.asOf };
  });
}

/** What a caller forgets must not pass for what it demands. */
function assertExpectations({
  expectedDomain,
  identities = "every-subject",
}: PresentationExpectations): void {
  if (typeof (expectedDomain as unknown) !== "string" || expectedDomain === "") {
    throw new WritError("ARGUMENT_INVALID", "the expected domain must be a text");
  }
  if (!IDENTITY_POLICIES.includes(identities)) {
    throw new WritError("ARGUMENT_INVALID", "there is no such identity policy");
  }
}

/**
 * A list is signed by the credential's issuer, or by the root's for what an agent issued; or by whom the
 * policy names for either.
 */
function statusQuestions(
  credentials: readonly Located[],
  chains: readonly Chain[],
  trust: Trust,
): readonly StatusQuestion[] {
  return credentials.map(({ credential, pointer }) => {
    const roots = chains
      .filter(({ links }) => links.some((link) => link.credential === credential))
      .map(({ links }) => links[0]?.credential.issuer)
      .filter((issuer) => issuer !== undefined);
    return {
      profile: "strict",
      entries: credential.credentialStatus ?? [],
      listIssuers: [credential.issuer, ...roots].flatMap((issuer) => trust.listIssuersOf(issuer)),
      pointer,
    };
  });
}

/** Exactly the grant that the invocation names, of an authority that ends at the holder. */
function findGrant({ invocation }: Presentation, chains: readonly Chain[]): VerifiedInvocation | undefined {
  if (invocation === undefined) return undefined;
  const chain = chains.find(
    ({ digestMultibase }) => digestMultibase === invocation.authority.digestMultibase,
  );
  if (chain === undefined) {
    throw new WritError("INVOCATION_AUTHORITY", "the holder shows no such authority", {
      pointer: "/invocation/authority/digestMultibase",
    });
  }
  const grant = chain.grants.find(({ written }) => written.id === invocation.authority.grant);
  if (grant === undefined) {
    throw new WritError("INVOCATION_AUTHORITY", "the authority has no such grant", {
      pointer: "/invocation/authority/grant",
    });
  }
  return { ...invocation, grant, chain };
}

import {
  asProblem,
  parseStrictJson,
  parseShape,
  problemOf,
  spendShape,
  typeOf,
  WritError,
  type Spend,
} from "@writ/core";
import type { PresentationExpectations, ServiceFacts, VerifyPresentationResult } from "@writ/verifier";
import type { Command } from "commander";

import { command, parseDidOption, several, severalDids } from "../command.js";
import { withExistingChallenges } from "../environment/challenges-file.js";
import { readInput, readObject } from "../environment/files.js";
import { withLedger } from "../environment/ledger-file.js";
import type { Answer } from "../terminal/output.js";
import { verifyAnswer } from "./verify-answer.js";
import { verifyGeneric } from "./verify-generic.js";
import { openSources, type SourceOptions } from "./verify-sources.js";

interface Options extends SourceOptions {
  readonly generic?: boolean;
  readonly unbound?: boolean;
  readonly challenge?: string;
  readonly challenges?: string;
  readonly domain?: string;
  readonly as?: string;
  readonly spend?: string;
  readonly context?: string;
  readonly ledger?: string;
}

/** How far ahead of the machine's clock an action may be charged. */
const MAX_AHEAD_MS = 60 * 60 * 1000;

export function verifyCommand(): Command {
  return command<Options>(
    "verify <file>",
    "Verify a credential or a presentation, and decide on its invocation; keeps no state but that of --ledger and --challenges",
    "writ verify presentation.json --trust did:key:z6Mk… --challenge 7Yq… --domain https://api.acme.example --status public/status",
    verify,
  )
    .option(
      "--trust <dids...>",
      "organisations to trust, for identity and for authority in their own name",
      severalDids,
    )
    .option(
      "--principal <dids...>",
      "principals in whose name the trusted organisation may grant authority as well",
      severalDids,
    )
    .option(
      "--succession <files...>",
      "statements, signed by both, by which a trusted organisation's new key takes the old one's place",
      several,
    )
    .option("--challenge <text>", "the challenge that was given; a presentation needs this, or --challenges")
    .option(
      "--challenges <file>",
      "accept a challenge that `writ challenge create` gave out, once; with --challenge only that one",
    )
    .option("--domain <text>", "the domain that was given; required for a presentation")
    .option("--as <did>", "the service's own DID, for grants with an audience", parseDidOption)
    .option("--spend <unit:amount>", "what the action costs, in whole minor units: EUR:12500")
    .option("--context <file>", "JSON object with attributes for the conditions of grants")
    .option("--ledger <file>", "the ledger of the service that --as names; it is made if it is not there")
    .option(
      "--status <dir>",
      "folder of published status lists; with several, a list is read from the first that has it",
      several,
    )
    .option("--online", "fetch the status lists from their addresses, over https")
    .option("--did-web", "resolve trusted DIDs of the method did:web, over https")
    .option(
      "--generic",
      "verify a document of others, in terms of the pinned contexts: its proofs, dates and status; nothing is decided",
    )
    .option("--unbound", "with --generic: a presentation may be made for any occasion and any service")
    .option("--now <time>", "judge, and charge, at this time instead of now: 2026-11-23T08:00:00Z");
}

async function verify(options: Options, file = ""): Promise<Answer> {
  const facts = await readFacts(options);
  const input = await readInput(file);
  const { sources, given: sourcesGiven } = await openSources(options);
  if (options.generic === true) return verifyGeneric(input, options, sources, sourcesGiven);
  if (options.unbound === true) throw new WritError("USAGE", "--unbound goes with --generic");
  const verifier = await import("@writ/verifier");
  const { clock } = sources;
  const { challenge, challenges, domain, as, spend, context, ledger } = options;
  const given = { ...sourcesGiven, ledger: ledger !== undefined, challenges: challenges !== undefined };
  const expectsDecision = [as, spend, context, ledger].some((fact) => fact !== undefined);
  const expectsPresentation =
    expectsDecision || [challenge, challenges, domain].some((option) => option !== undefined);

  // What the caller demands decides what the file must be: whoever wrote the file does not.
  if (!expectsPresentation && !isPresentation(input)) {
    const result = await verifier.verifyCredential(input, sources);
    const credential = result.verified ? { credential: result.credential } : {};
    return verifyAnswer({ kind: "credential", result, given, ...credential });
  }
  if (ledger !== undefined && clock() > Date.now() + MAX_AHEAD_MS) {
    throw new WritError("USAGE", "--now is far ahead, and would be charged at that time", {
      hint: "The ledger would take every time before it for a clock that was set back.",
    });
  }
  if (ledger !== undefined && as === undefined) {
    throw new WritError("USAGE", "--ledger goes with --as", {
      hint: "Grants name their ledger by the DID of the service that keeps it.",
    });
  }
  if (challenge === "" || (challenge === undefined && challenges === undefined) || !domain) {
    throw new WritError(
      "USAGE",
      "a presentation is verified against --challenge, or --challenges, and --domain",
      {
        hint: "They are the texts that the service gave to the agent. A credential is verified without.",
      },
    );
  }
  const verifyFor = (
    expectedChallenge: PresentationExpectations["expectedChallenge"],
  ): Promise<VerifyPresentationResult> =>
    verifier.verifyPresentation(input, { ...sources, expectedChallenge, expectedDomain: domain });
  const result =
    challenges === undefined
      ? await verifyFor(challenge ?? "")
      : await withExistingChallenges(challenges, clock, (issuedBy) =>
          verifyFor({ issuedBy, ...(challenge === undefined ? {} : { exactly: challenge }) }),
        );
  const verdict = { kind: "presentation", result, given, expectsDecision } as const;
  if (!result.verified) return verifyAnswer(verdict);
  const { presentation } = result;
  if (presentation.invocation === undefined) return verifyAnswer({ ...verdict, presentation });
  const decision =
    ledger === undefined
      ? await verifier.decide(presentation, facts)
      : await withLedger(ledger, (kept) => verifier.decide(presentation, { ...facts, ledger: kept }));
  return verifyAnswer({ ...verdict, presentation, decision, facts: { ...facts, ledger: ledger && as } });
}

/** Whether a file holds a presentation. One that holds no JSON is left for the verification to refuse. */
function isPresentation(input: Uint8Array): boolean {
  try {
    return typeOf(parseStrictJson(input)) === "VerifiablePresentation";
  } catch (error) {
    asProblem(error);
    return false;
  }
}

async function readFacts({ as, spend, context }: Options): Promise<ServiceFacts> {
  return {
    audience: as,
    spend: spend === undefined ? undefined : parseSpend(spend),
    context: context === undefined ? undefined : await readObject(context),
  };
}

function parseSpend(text: string): Spend {
  const [, unit = "", amount = ""] = /^([^:]*):([0-9]+)$/.exec(text) ?? [];
  const spend = { unit, amount: Number(amount) };
  if (problemOf(() => parseShape(spendShape, spend)) !== undefined || String(spend.amount) !== amount) {
    throw new WritError("USAGE", "--spend is a unit and a positive whole number", {
      hint: "Such as EUR:12500.",
    });
  }
  return spend;
}

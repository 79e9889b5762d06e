import {
  refusal,
  WritError,
  type GenericPresentation,
  type JsonObject,
  type JsonText,
  type Presentation,
  type Problem,
  type Proof,
  type SuiteName,
} from "@writ/core";

import { signPresentation } from "../sign-presentation.js";
import type { Wallet } from "../wallet.js";
import { jsonOf } from "./candidate.js";
import { candidatesFor, type CandidateHint, type Candidates } from "./candidates-for.js";
import { chooseSuite } from "./choose-suite.js";
import { draftPresentations, type Draft } from "./draft-presentations.js";
import { explainPresentation, type RequestExplanation } from "./explanation.js";
import { assertDomain, parseRequest } from "./parse-request.js";
import type { Answer } from "./find-answers.js";
import type { CredentialQuery, Request, Unmet, UnmetReason } from "./request.js";
import { selectAnswers, type Disclosure } from "./select-answers.js";

/** For whom a request is answered, and how. */
export interface RespondOptions {
  /**
   * The sender's name for itself, as the caller knows it: the origin with which it is connected, or the client
   * identifier. A request that names another is refused; one that names none is answered for this one.
   */
  readonly expectedDomain: string;
  /** How much is shown of what is asked; `least` unless given. */
  readonly disclosure?: Disclosure | undefined;
  /** By which the answer is signed; unless given, by the first that the request accepts. */
  readonly suite?: SuiteName | undefined;
}

/** A signed presentation that answers a request. */
export type SignedPresentation = (Presentation | GenericPresentation) & { readonly proof: Proof };

/** The answer to a request, and what it shows. */
export type RequestAnswer =
  | {
      readonly complete: true;
      readonly language: "dcql";
      /** The `vp_token` of OpenID4VP 1.0 (section 8.1): by id of the credential query, its presentations. */
      readonly vpToken: Readonly<Record<string, readonly SignedPresentation[]>>;
      readonly explanation: RequestExplanation;
    }
  | {
      readonly complete: true;
      readonly language: "vpr";
      readonly presentation: SignedPresentation;
      readonly explanation: RequestExplanation;
    };

/**
 * Answers a request for credentials: one of OpenID4VP 1.0 with a query in DCQL, or a Verifiable Presentation
 * Request. What leaves the wallet is one credential for each query that is required, with the evidence that a
 * verifier needs for it, in presentations bound to the request's challenge and the expected domain.
 *
 * Who sent the request is not established here: `expectedDomain` is the caller's word for it.
 *
 * @param request as it was received: bytes, text, or an object of JSON
 * @throws WritError of strict JSON and the schema; `REQUEST_UNSUPPORTED` for what there is no answer to;
 *   `DOMAIN_MISMATCH` for a request of another sender; `CREDENTIAL_MISSING` with one of `problems` for each
 *   query that cannot be answered; `TOO_LARGE` for an answer that no verifier would read;
 *   `KEY_PURPOSE` for a key that is not for `authentication`; `ARGUMENT_INVALID`.
 */
export async function respond(
  wallet: Wallet,
  request: JsonText | object,
  options: RespondOptions,
): Promise<RequestAnswer> {
  const { now, suite, drafts, explanation } = await plan(wallet, request, options);
  if (!explanation.complete) throw missingError(explanation.missing);
  const { language, challenge, domain } = explanation;
  const byQuery = new Map<string, SignedPresentation[]>();
  for (const { answered, unsigned } of drafts) {
    const presentation = await signPresentation(wallet, unsigned, { challenge, domain, now, suite });
    if (language === "vpr") return { complete: true, language, presentation, explanation };
    for (const { query } of answered) byQuery.set(query.id, [...(byQuery.get(query.id) ?? []), presentation]);
  }
  return { complete: true, language: "dcql", vpToken: Object.fromEntries(byQuery), explanation };
}

/**
 * Says what {@link respond} would show to whom, and what is missing, without signing anything.
 *
 * @throws WritError as {@link respond}, but for `CREDENTIAL_MISSING` and `KEY_PURPOSE`.
 */
export async function explainRequest(
  wallet: Wallet,
  request: JsonText | object,
  options: RespondOptions,
): Promise<RequestExplanation> {
  return (await plan(wallet, request, options)).explanation;
}

/** All but the signatures. */
interface Plan {
  readonly now: number;
  readonly suite: SuiteName | undefined;
  readonly drafts: readonly Draft[];
  readonly explanation: RequestExplanation;
}

async function plan(wallet: Wallet, received: JsonText | object, given: RespondOptions): Promise<Plan> {
  const options = { ...given };
  const domain: unknown = options.expectedDomain;
  if (typeof domain !== "string" || domain === "") {
    throw new WritError("ARGUMENT_INVALID", "the expected domain must be a text");
  }
  const request = await parseRequest(received);
  assertDomain(request, domain);
  const candidates = await candidatesFor(wallet, hintOf([...request.queries.values()]));
  return planAnswer(request, candidates, { ...options, holder: wallet.did, now: wallet.clock() });
}

/** What answers a request, of the credentials at hand. */
export async function planAnswer(
  request: Request,
  candidates: Candidates,
  {
    expectedDomain: domain,
    disclosure = "least",
    suite: wanted,
    holder,
    now,
  }: RespondOptions & { readonly holder: string; readonly now: number },
): Promise<Plan> {
  const suite = chooseSuite(request.proofs, holder, wanted);
  const selection = selectAnswers(request, candidates, disclosure, { holder, now });
  const missing = [...(typeof suite === "string" ? [] : [suite]), ...selection.missing];
  const drafts = missing.length > 0 ? [] : draftPresentations(request, selection, holder);
  if (missing.length === 0) await request.assertTaken(documentsOf(selection.shown));
  const { language, challenge } = request;
  const explanation = {
    language,
    domain,
    challenge,
    holder,
    ...(typeof suite === "string" ? { suite } : {}),
    complete: missing.length === 0,
    presentations: drafts.map(explainPresentation),
    missing,
    leftOut: selection.leftOut,
    absent: selection.absent,
  };
  return { now, suite: explanation.suite, drafts, explanation };
}

function documentsOf(
  shown: ReadonlyMap<string, readonly Answer[]>,
): ReadonlyMap<string, readonly JsonObject[]> {
  return new Map([...shown].map(([id, answers]) => [id, answers.map(({ candidate }) => jsonOf(candidate))]));
}

/** What the queries together look for; without a word of one of them, for everything. */
function hintOf(queries: readonly CredentialQuery[]): CandidateHint {
  const open = queries.filter(({ obstacle }) => obstacle === undefined);
  const types = open.map((query) => query.types);
  const isNamed = (names: readonly string[] | undefined): names is readonly string[] => names !== undefined;
  return types.every(isNamed) ? { type: types.flat() } : {};
}

/** What cannot be answered by any credential, whoever issues it. */
const UNSUPPORTED: ReadonlySet<UnmetReason> = new Set(["format", "holder-binding", "method", "suite"]);

function missingError(missing: readonly Unmet[]): WritError {
  const problems = missing.map(({ query, pointer, reason, detail, asked }): Problem => {
    const code = UNSUPPORTED.has(reason) ? "REQUEST_UNSUPPORTED" : "CREDENTIAL_MISSING";
    return { code, pointer, detail: query === pointer ? detail : `${query}: ${detail}`, asked };
  });
  const [first] = problems;
  if (first === undefined) throw new Error("a request is answered unless something is missing");
  return refusal(first, { problems, hint: "Nothing was signed, and nothing left the wallet." });
}

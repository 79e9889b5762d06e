import {
  formatTimestamp,
  isIdentity,
  type Chain,
  type ErrorCode,
  type Problem,
  type WritCredential,
} from "@writ/core";
import type { Check, Decision, VerifiedPresentation } from "@writ/verifier";

import { placeOf, type Answer } from "../terminal/output.js";
import { bad, bold, dim, good, lines, show, type SafeText } from "../terminal/safe-text.js";

/** What a verification came to. */
export interface Verdict {
  /** What the file was verified as. */
  readonly kind: "credential" | "presentation";
  readonly result: {
    readonly verified: boolean;
    readonly problems?: readonly Problem[];
    readonly checks: readonly Check[];
    readonly asOf: number;
  };
  readonly credential?: WritCredential;
  readonly presentation?: VerifiedPresentation;
  /** Where the presentation asks for something. */
  readonly decision?: Decision;
  /** Whether the caller gave facts for a decision, so that none is as bad as a denial. */
  readonly expectsDecision?: boolean;
  /** What the caller gave the verification to go by. */
  readonly given: { readonly trust: boolean; readonly status: boolean };
}

/** The answer of `writ verify`: for machines all of it, for people who, what, whether and why. */
export function verifyAnswer(verdict: Verdict): Answer {
  const { result, presentation, decision } = verdict;
  const { verified, problems = [], checks, asOf } = result;
  const allowed = decision === undefined ? verdict.expectsDecision !== true : decision.outcome === "allow";
  return {
    json: {
      verified,
      kind: verdict.kind,
      problems,
      checks: checks.map((check) => ({ ...check, asOf: formatTimestamp(check.asOf) })),
      ...(decision === undefined
        ? {}
        : { decision: { outcome: decision.outcome, problems: decision.problems } }),
      ...(presentation === undefined ? {} : { holder: presentation.holder, agent: presentation.agent }),
    },
    text: lines(
      verified ? good("verified") : bad("not verified"),
      ...problems.flatMap(problemLines),
      ...hintLines(verdict),
      ...(verdict.credential === undefined ? [] : [credentialLine(verdict.credential)]),
      ...(presentation === undefined ? [] : presentationLines(presentation, decision)),
      ...(decision?.problems ?? []).flatMap(problemLines),
      dim(`checks at ${formatTimestamp(asOf)}`),
      ...checks.map(checkLine),
    ),
    exitCode: verified && allowed ? 0 : 1,
  };
}

function credentialLine(credential: WritCredential): SafeText {
  const { type, credentialSubject, issuer } = credential;
  const name = isIdentity(credential) ? `${credential.credentialSubject.name}, ` : "";
  return show`  ${type[1]} for ${name}${credentialSubject.id}, by ${issuer}`;
}

function presentationLines(
  { holder, agent, chains, invocation }: VerifiedPresentation,
  decision: Decision | undefined,
): readonly SafeText[] {
  const roles = agent?.roles === undefined ? "" : `, ${agent.roles.join(", ")}`;
  return [
    show`  agent      ${agent === undefined ? holder : `${agent.name} (${holder})${roles}`}`,
    ...chains.map((chain) => show`  authority  ${pathOf(chain)}, on behalf of ${chain.principal}`),
    ...(invocation === undefined
      ? [show`  asks       for nothing, so there is ${bold("no decision")}`]
      : [
          show`  asks       ${invocation.action} on ${invocation.resource ?? "no resource"}, under the grant ${invocation.authority.grant}`,
          show`  with       ${JSON.stringify(invocation.args ?? {})}`,
        ]),
    ...(decision === undefined
      ? []
      : [show`decision: ${decision.outcome === "allow" ? good("allow") : bad(decision.outcome)}`]),
  ];
}

/** Who handed the authority to whom, from the root. */
function pathOf({ links }: Chain): string {
  const [root] = links;
  const subjects = links.map(({ credential }) => credential.credentialSubject.id);
  return [root?.credential.issuer ?? "", ...subjects].join(" → ");
}

function problemLines(problem: Problem): readonly SafeText[] {
  return [show`  ${bold(problem.code)} ${problem.detail}`, ...placeOf(problem)];
}

/** What a person could do about the problems, once for each kind. */
function hintLines({ result: { problems = [] }, given }: Verdict): readonly SafeText[] {
  const codes = new Set<ErrorCode>(problems.map(({ code }) => code));
  const hints = [
    codes.has("ISSUER_UNTRUSTED") && !given.trust
      ? "No organisation is trusted: `writ inspect` shows who issued this; pass --trust DID if you trust it."
      : undefined,
    codes.has("STATUS_UNAVAILABLE") && !given.status
      ? "Pass --status DIR, the folder that `writ status publish` wrote."
      : undefined,
    codes.has("PROOF_EXPIRED")
      ? "A presentation is good for five minutes: let the agent present again."
      : undefined,
    codes.has("JSON_NOT_OBJECT")
      ? "An array of credentials goes into a wallet, which presents them; `writ inspect` shows it."
      : undefined,
  ];
  return hints.flatMap((hint) => (hint === undefined ? [] : [show`  ${dim("hint")} ${hint}`]));
}

function checkLine({ name, outcome }: Check): SafeText {
  if (outcome === "established") return show`  ${good("established    ")} ${name}`;
  if (outcome === "failed") return show`  ${bad("failed         ")} ${name}`;
  const why = name === "single-use" ? ": yours to ensure, by accepting each challenge once" : "";
  return show`  ${dim("not established")} ${name}${why}`;
}

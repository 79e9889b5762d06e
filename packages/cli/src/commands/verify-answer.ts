import {
  describeGrant,
  formatTimestamp,
  isIdentity,
  fromRoot,
  WritError,
  type Chain,
  type ErrorCode,
  type Facts,
  type Problem,
  type WritCredential,
} from "@writ/core";
import type { Check, Decision, VerifiedInvocation, VerifiedPresentation } from "@writ/verifier";

import { askedLines } from "../terminal/asked.js";
import { givenBy, linearTree, namesIn } from "../terminal/chain-tree.js";
import { effectiveJson, effectiveLines } from "../terminal/effective.js";
import { placeOf, type Answer } from "../terminal/output.js";
import { bad, bold, dim, good, indent, lines, show, type SafeText } from "../terminal/safe-text.js";
import type { SourcesGiven } from "./verify-sources.js";

/** What a verification came to. */
export interface Verdict {
  /** What the file was verified as. */
  readonly kind: "credential" | "presentation" | "generic-credential" | "generic-presentation";
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
  /** What the service said for it; of the ledger, whose it is. */
  readonly facts?: Pick<Facts, "audience" | "spend" | "context" | "ledger">;
  /** Whether the caller gave facts for a decision, so that none is as bad as a denial. */
  readonly expectsDecision?: boolean;
  /** What the caller gave the verification to go by. */
  readonly given: SourcesGiven & { readonly ledger?: boolean; readonly challenges?: boolean };
  /** What else there is to say, where nothing is decided. */
  readonly about?: { readonly json: object; readonly text: readonly SafeText[] };
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
      ...(decision === undefined ? {} : { decision: decisionJson(decision) }),
      ...(presentation === undefined ? {} : presentationJson(presentation, verdict.facts)),
      ...verdict.about?.json,
    },
    text: lines(
      verified ? good("verified") : bad("not verified"),
      ...problems.flatMap(problemLines),
      ...(verdict.credential === undefined ? [] : [credentialLine(verdict.credential)]),
      ...(presentation === undefined ? [] : presentationLines(presentation, decision)),
      ...(verdict.about?.text ?? []),
      ...(decision?.problems ?? []).flatMap(problemLines),
      ...hintLines(verdict),
      dim(`checks at ${formatTimestamp(asOf)}`),
      ...checks.map((check) => checkLine(check, verdict)),
    ),
    exitCode: verified && allowed ? 0 : 1,
  };
}

function decisionJson({ asOf: _, ...decision }: Decision): object {
  if (decision.outcome === "deny") {
    const { outcome, problems } = decision;
    return { outcome, problems };
  }
  if (decision.outcome !== "already_decided") return decision;
  const { outcome, asOf } = decision.first;
  return { ...decision, first: { outcome, asOf: formatTimestamp(asOf) } };
}

/** Who presents, and all on which the decision rests: `writ explain` goes by it. */
function presentationJson(
  { document, holder, agent, authorities, invocation, asOf, statusAsOf, approvedBy }: VerifiedPresentation,
  facts: Verdict["facts"],
): object {
  const who = { holder, agent };
  if (invocation === undefined) return { ...who, authorities: authorities.map(effectiveJson) };
  return {
    ...who,
    invocation: document.invocation,
    authority: authorityJson(invocation),
    facts: {
      now: formatTimestamp(asOf),
      ...facts,
      ...(statusAsOf === undefined ? {} : { statusAsOf: formatTimestamp(statusAsOf) }),
      approvedBy,
    },
  };
}

/** The grant that was named with those that it stands within, from the root. */
function authorityJson({ chain, grant }: VerifiedInvocation): object {
  return {
    principal: chain.principal,
    path: fromRoot(grant).map(({ issuer, written }) => ({ issuer, grant: written })),
    effective: grant.effective,
    text: describeGrant(grant.effective),
  };
}

function credentialLine(credential: WritCredential): SafeText {
  const { type, credentialSubject, issuer } = credential;
  const name = isIdentity(credential) ? `${credential.credentialSubject.name}, ` : "";
  return show`  ${type[1]} for ${name}${credentialSubject.id}, by ${issuer}`;
}

function presentationLines(
  { document, holder, agent, chains, authorities, invocation, asOf }: VerifiedPresentation,
  decision: Decision | undefined,
): readonly SafeText[] {
  const nameOf = namesIn(document.verifiableCredential);
  const roles = agent?.roles === undefined ? "" : `, ${agent.roles.join(", ")}`;
  return [
    show`  agent      ${agent === undefined ? holder : `${agent.name} (${holder})${roles}`}`,
    ...chains.flatMap((chain, index) => {
      const authority = invocation === undefined ? authorities[index] : undefined;
      return [
        show`  authority  on behalf of ${nameOf(chain.principal)}`,
        indent(treeOf(chain, nameOf, asOf), "    "),
        ...(authority === undefined ? [] : effectiveLines(authority)),
      ];
    }),
    ...(invocation === undefined
      ? [show`  asks       for nothing, so there is ${bold("no decision")}`]
      : [
          ...askedLines(holder, invocation).shown.slice(1),
          show`  under      the grant ${invocation.authority.grant}`,
          ...describeGrant(invocation.grant.effective).map((line) => show`               ${line}`),
        ]),
    ...(decision === undefined ? [] : decisionLines(decision)),
  ];
}

function decisionLines(decision: Decision): readonly SafeText[] {
  switch (decision.outcome) {
    case "allow": {
      return [
        show`decision: ${good("allow")}${decision.singleUse === "ledger" ? ", charged to the ledger" : ""}`,
      ];
    }
    case "deny": {
      const { cause } = decision;
      const why = cause instanceof WritError ? [show`  the ledger  ${cause.code}: ${cause.message}`] : [];
      return [show`decision: ${bad("deny")}`, ...why];
    }
    case "approval_required":
      return [
        show`decision: ${bad("approval required")}`,
        show`  approve    ${decision.approval.invocationDigestMultibase} (the invocation)`,
        show`  under      ${decision.approval.authorityDigestMultibase} (the authority)`,
      ];
    case "already_decided":
      return [
        show`decision: ${bad("already decided")}: ${decision.first.outcome} at ${formatTimestamp(decision.first.asOf)}`,
      ];
  }
}

/** Who handed the authority to whom, from the root. */
function treeOf({ links }: Chain, nameOf: (did: string) => string, now: number): SafeText {
  const [root] = links;
  return linearTree(
    nameOf(root?.credential.issuer ?? ""),
    links.map(({ credential }) => ({
      to: nameOf(credential.credentialSubject.id),
      about: givenBy(credential, now),
    })),
  );
}

function problemLines(problem: Problem): readonly SafeText[] {
  return [show`  ${bold(problem.code)} ${problem.detail}`, ...placeOf(problem)];
}

/** What a person could do about the problems, once for each kind. */
function hintLines(verdict: Verdict): readonly SafeText[] {
  const { result, decision, given } = verdict;
  const { problems = [] } = result;
  const codes = new Set<ErrorCode>(problems.map(({ code }) => code));
  const decided = new Set<ErrorCode>(decision?.problems.map(({ code }) => code));
  const hints = [
    codes.has("ISSUER_UNTRUSTED") && !given.trust
      ? "No organisation is trusted: `writ inspect` shows who issued this; pass --trust DID if you trust it."
      : undefined,
    codes.has("STATUS_UNAVAILABLE") && given.status === "none"
      ? "Pass --status DIR, the folder that `writ status publish` wrote, or --online to fetch the lists."
      : undefined,
    codes.has("STATUS_UNAVAILABLE") && given.status === "online"
      ? "Lists are fetched from public https addresses alone; --status DIR takes them from a folder."
      : undefined,
    codes.has("DID_UNAVAILABLE") && !given.didWeb
      ? "Pass --did-web to fetch the documents of the did:web that you trust."
      : undefined,
    codes.has("PROOF_EXPIRED")
      ? "A presentation is good for five minutes: let the agent present again."
      : undefined,
    codes.has("CHALLENGE_USED") || codes.has("CHALLENGE_UNKNOWN")
      ? "A challenge is good once, for five minutes: `writ challenge create` gives out another."
      : undefined,
    decided.has("APPROVAL_REQUIRED")
      ? "Write this with --json to a file; `writ approve FILE --wallet APPROVER` approves it."
      : undefined,
    decided.has("LEDGER_UNAVAILABLE") && given.ledger !== true
      ? "Pass --ledger FILE with --as DID, the service whose ledger the grant names."
      : undefined,
    decision?.problems.some(({ dimension, asked }) => dimension === "audience" && asked === undefined) ===
    true
      ? "Pass --as DID, the service's own."
      : undefined,
    decided.has("CONTEXT_UNAVAILABLE") ? "Pass --context FILE with the attributes." : undefined,
    decided.has("NOT_ALLOWED") || decided.has("LEDGER_EXCEEDED")
      ? "Write this with --json to a file; `writ explain FILE --draft` drafts what would have to be granted."
      : undefined,
    codes.has("TYPE_UNSUPPORTED") && !verdict.kind.startsWith("generic")
      ? "Documents of others are verified with --generic."
      : undefined,
    codes.has("CONTEXT_NOT_ALLOWED") && verdict.kind.startsWith("generic")
      ? "Contexts are never fetched; known are credentials v1 and v2, data-integrity v1 and v2, ed25519-2020 and multikey."
      : undefined,
    codes.has("JSON_NOT_OBJECT")
      ? "An array of credentials goes into a wallet, which presents them; `writ inspect` shows it."
      : undefined,
  ];
  return hints.flatMap((hint) => (hint === undefined ? [] : [show`  ${dim("hint")} ${hint}`]));
}

function checkLine({ name, outcome }: Check, { decision, given }: Verdict): SafeText {
  if (outcome === "established") return show`  ${good("established    ")} ${name}`;
  if (outcome === "failed") return show`  ${bad("failed         ")} ${name}`;
  if (name !== "single-use") return show`  ${dim("not established")} ${name}`;
  const byLedger = decision?.outcome === "allow" && decision.singleUse === "ledger";
  if (byLedger || decision?.outcome === "already_decided") {
    return show`  ${good("established    ")} ${name}: by the ledger`;
  }
  return given.challenges === true
    ? show`  ${dim("not established")} ${name}`
    : show`  ${dim("not established")} ${name}: yours to ensure: --challenges accepts each once`;
}

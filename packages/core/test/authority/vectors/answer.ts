import {
  asJson,
  canonicalize,
  evaluate,
  foldGrants,
  grants as grantsShape,
  invocation as invocationShape,
  parseShape,
  parseTimestamp,
  type Charge,
  type Facts,
  type FoldedGrant,
  type JsonValue,
  type Limit,
  type Problem,
} from "@writ/core";

import { asProblem } from "../../../src/errors/writ-error.js";
import { NONCE_REUSED, type Ask, type Expectation, type Stated, type Vector } from "./vector.js";

/** What the kernel answers to a vector, in the vector's own words. */
export interface Answer {
  readonly refused?: Stated;
  readonly asks?: readonly Expectation[];
}

/** An ask that was allowed. */
interface Entry {
  readonly nonce: string;
  readonly asked: string;
  readonly at: number;
  readonly charges: readonly Charge[];
}

/** Folds the links, and asks in order, with one ledger that is empty at first. */
export function answerTo({ links, asks = [] }: Vector): Answer {
  let folded: readonly FoldedGrant[];
  try {
    folded = foldGrants(
      links.map(({ issuer, subject, grants }, link) => {
        const pointer = `/links/${String(link)}/grants`;
        return { issuer, subject, pointer, grants: parseShape(grantsShape, jsonOf(grants), pointer) };
      }),
    );
  } catch (error) {
    return { refused: stated(asProblem(error)) };
  }
  const ledger: Entry[] = [];
  return { asks: asks.map((ask) => expectation(ask, folded, ledger)) };
}

function expectation(ask: Ask, folded: readonly FoldedGrant[], ledger: Entry[]): Expectation {
  const [outcome, problems] = decide(ask, folded, ledger);
  return problems.length === 0 ? { outcome } : { outcome, problems: problems.map(stated) };
}

type Decided = readonly [Expectation["outcome"], readonly Stated[]];

function decide(ask: Ask, folded: readonly FoldedGrant[], ledger: Entry[]): Decided {
  const invocation = parseInvocation(ask);
  if ("code" in invocation) return ["refused", [invocation]];
  const grant = folded.find(({ written }) => written.id === ask.grant);
  if (grant === undefined) {
    return ["refused", [{ code: "INVOCATION_AUTHORITY", pointer: "/authority/grant" }]];
  }
  const facts = factsOf(ask);
  const { denials, approvals, charges } = evaluate(grant, { invocation, facts, perspective: "service" });
  const entry = { nonce: invocation.nonce, asked: canonicalize(asJson(invocation)), at: facts.now, charges };
  const wasAllowed = ledger.some(({ nonce, asked }) => nonce === entry.nonce && asked === entry.asked);
  if (facts.ledger !== undefined && wasAllowed) return ["already_decided", []];
  if (denials.length > 0) return ["deny", denials];
  if (approvals.length > 0) return ["approval_required", approvals];
  return facts.ledger === undefined ? ["allow", []] : charge(ledger, entry);
}

/** The authority by which an invocation names the chain; a vector names its grant only. */
const DIGEST = `uEiA${"A".repeat(43)}`;

function parseInvocation({ grant, invocation }: Ask) {
  try {
    const authority = { digestMultibase: DIGEST, grant };
    return parseShape(invocationShape, jsonOf({ authority, ...invocation }));
  } catch (error) {
    return stated(asProblem(error));
  }
}

function factsOf({ facts: { now, statusAsOf, ...facts } }: Ask): Facts {
  return {
    ...facts,
    now: parseTimestamp(now),
    ...(statusAsOf === undefined ? {} : { statusAsOf: parseTimestamp(statusAsOf) }),
  };
}

/** The ledger of DESIGN 3, as small as can be. */
function charge(ledger: Entry[], entry: Entry): Decided {
  if (ledger.some(({ nonce }) => nonce === entry.nonce)) return ["deny", [NONCE_REUSED]];
  const exceeded = entry.charges.flatMap((each) =>
    each.limits
      .filter((limit) => isExceeded(limit, each, entry.at, ledger))
      .map(({ dimension }): Stated => {
        const { link, grant } = each;
        return { code: "LEDGER_EXCEEDED", pointer: "", link, grant, dimension };
      }),
  );
  if (exceeded.length > 0) return ["deny", exceeded];
  ledger.push(entry);
  return ["allow", []];
}

function isExceeded(limit: Limit, { issuer, account, spend }: Charge, at: number, ledger: readonly Entry[]) {
  const earlier = ledger.flatMap((entry) =>
    entry.charges
      .filter((charged) => charged.issuer === issuer && charged.account === account)
      .map((charged) => ({ ...charged, at: entry.at })),
  );
  if ("budget" in limit) {
    const spent = earlier.filter((charged) => charged.spend?.unit === spend?.unit);
    return (
      spent.reduce((sum, charged) => sum + (charged.spend?.amount ?? 0), spend?.amount ?? 0) > limit.budget
    );
  }
  return earlier.filter((charged) => charged.at > at - limit.seconds * 1000).length >= limit.max;
}

function stated({ code, pointer, link, grant, dimension }: Problem | Stated): Stated {
  return {
    code,
    pointer,
    ...(link === undefined ? {} : { link }),
    ...(grant === undefined ? {} : { grant }),
    ...(dimension === undefined ? {} : { dimension }),
  };
}

/** What a published file holds is JSON. */
function jsonOf(value: unknown): JsonValue {
  return value as JsonValue;
}

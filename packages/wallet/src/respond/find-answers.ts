import type { Problem } from "@writ/core";

import { checkCurrent, endOf, type Candidate } from "./candidate.js";
import type { Candidates } from "./candidates-for.js";
import { evidenceOf, type Evidence } from "./evidence.js";
import type { AskedClaims, CredentialQuery, Unmet, UnmetReason } from "./request.js";

/** A credential that answers a query, with what must be shown beside it. */
export interface Answer {
  readonly candidate: Candidate;
  readonly claims: AskedClaims;
  readonly evidence: Evidence;
}

/** So many credentials that match are looked at for their evidence, those first that end last. */
const MAX_EXAMINED = 1024;

/** So many answers are enough to choose among. */
export const MAX_ANSWERS = 32;

/** The reasons in the order in which a credential is examined: the later, the nearer it came. */
const NEARNESS: readonly UnmetReason[] = ["type", "issuer", "claims", "ended", "not-begun", "evidence"];

/**
 * The credentials that answer a query now, the best first: one whose chain began with who vouches for this
 * agent, then the one that ends last. None that has ended or not begun is among them, and none whose
 * evidence cannot be shown. Where there is none, why.
 */
export function findAnswers(
  query: CredentialQuery,
  { own, evidence: holdings }: Candidates,
  { holder, now }: { readonly holder: string; readonly now: number },
): readonly Answer[] | Unmet {
  const { id, pointer, asked, obstacle } = query;
  const place = { query: id, pointer, asked };
  if (obstacle !== undefined) return { ...place, ...obstacle };
  const fallen = new Nearest();
  const current = own.flatMap((candidate) => {
    const match = query.match(candidate);
    if (!match.matches) {
      fallen.note(match.reason, () => match.places().join(", "));
      return [];
    }
    const problem = checkCurrent(candidate, now);
    if (problem === undefined) return [{ candidate, claims: match.claims }];
    fallen.note(problem.code === "NOT_YET_VALID" ? "not-begun" : "ended", () => problem.detail);
    return [];
  });
  const answers: Answer[] = [];
  for (const each of latest(current)) {
    const evidence = evidenceOf(each.candidate, holdings, now);
    if ("code" in evidence) fallen.note("evidence", () => detailOf(evidence));
    else if (answers.push({ ...each, evidence }) === MAX_ANSWERS) break;
  }
  if (answers.length === 0) return { ...place, ...fallen.reason() };
  const vouching = new Set(holdings.identitiesOf(holder).map(({ issuer }) => issuer));
  return preferring(answers, ({ evidence: { root } }) => root === undefined || vouching.has(root));
}

/** The same answers, those first of which something is true. */
export function preferring(
  answers: readonly Answer[],
  isPreferred: (answer: Answer) => boolean,
): readonly Answer[] {
  return [...answers.filter(isPreferred), ...answers.filter((answer) => !isPreferred(answer))];
}

function latest<T extends { readonly candidate: Candidate }>(matching: readonly T[]): readonly T[] {
  return matching
    .map((each) => ({ each, end: endOf(each.candidate) }))
    .sort((a, b) => (a.end === b.end ? 0 : b.end - a.end))
    .slice(0, MAX_EXAMINED)
    .map(({ each }) => each);
}

function detailOf({ code, detail }: Problem): string {
  return `${code}: ${detail}`;
}

const SENTENCES: Readonly<Record<UnmetReason, (detail: string) => string>> = {
  format: (detail) => detail,
  "holder-binding": (detail) => detail,
  method: (detail) => detail,
  suite: (detail) => detail,
  type: () => "none of this type was issued to the wallet's own key",
  issuer: () => "there are some of this type, and none is by an issuer that is accepted",
  claims: (places) => `there are some of this type, and none says what is asked for at ${places}`,
  ended: (detail) => `the one that would do has ended: ${detail}`,
  "not-begun": (detail) => `the one that would do has not begun: ${detail}`,
  evidence: (detail) => `what belongs beside the one that would do cannot be shown: ${detail}`,
};

/** What the nearest of those that did not do fell short in. */
class Nearest {
  #reason: UnmetReason = "type";
  #detail: () => string = () => "";

  note(reason: UnmetReason, detail: () => string): void {
    const isNearer = NEARNESS.indexOf(reason) > NEARNESS.indexOf(this.#reason);
    if (!isNearer) return;
    this.#reason = reason;
    this.#detail = detail;
  }

  reason(): Pick<Unmet, "reason" | "detail"> {
    return { reason: this.#reason, detail: SENTENCES[this.#reason](this.#detail()) };
  }
}

import type { Candidates } from "./candidates-for.js";
import { issuerOf, type Candidate } from "./candidate.js";
import { findAnswers, MAX_ANSWERS, preferring, type Answer } from "./find-answers.js";
import type { Request, Unmet } from "./request.js";

/**
 * How much is shown of what a request asks for: `least` is what it requires, one credential for each query;
 * `all-asked` is also what it calls optional, and every credential that answers a query for several.
 */
export type Disclosure = "least" | "all-asked";

/** What is shown, and what would have to be. */
export interface Selection {
  /** By id of the query. */
  readonly shown: ReadonlyMap<string, readonly Answer[]>;
  /** Why the request cannot be answered; empty where it can. */
  readonly missing: readonly Unmet[];
  /** Ids of queries that have answers, none of which is shown. */
  readonly leftOut: readonly string[];
  /** Optional queries without an answer, which the request can do without. */
  readonly absent: readonly Unmet[];
}

/**
 * Which credentials answer a request. Every required set is answered by the first of its options that can
 * be. Where no set is required, one is: the first that can be answered.
 */
export function selectAnswers(
  request: Request,
  candidates: Candidates,
  disclosure: Disclosure,
  at: { readonly holder: string; readonly now: number },
): Selection {
  const found = new Map<string, readonly Answer[]>();
  const unmet = new Map<string, Unmet>();
  for (const [id, query] of request.queries) {
    const answers = findAnswers(query, candidates, at);
    if (isUnmet(answers)) unmet.set(id, answers);
    else found.set(id, answers);
  }
  const choices = request.sets.map(({ required, options }) => ({
    required,
    options,
    chosen: options.find((ids) => ids.every((id) => found.has(id))),
  }));
  const required = choices.filter((set) => set.required);
  const optional = choices.filter((set) => !set.required);
  const possible = optional.filter(({ chosen }) => chosen !== undefined);
  const needsOne = required.length === 0 && !request.asksForHolder;
  const wanted = disclosure === "all-asked" ? possible : possible.slice(0, needsOne ? 1 : 0);
  const unanswered = required.filter(({ chosen }) => chosen === undefined);
  const lacking = needsOne && possible.length === 0 ? optional : unanswered;
  const ids = new Set([...required, ...wanted].flatMap(({ chosen = [] }) => chosen));
  const missing = new Set(lacking.flatMap(({ options }) => options.flat()));
  const unanswerable = optional.filter(({ chosen }) => chosen === undefined);
  const absent = new Set(unanswerable.flatMap(({ options }) => options.flat()));
  return {
    shown: chooseTogether(new Map([...found].filter(([id]) => ids.has(id))), request, disclosure),
    missing: [...unmet.values()].filter(({ query }) => missing.has(query)),
    leftOut: [...found.keys()].filter((id) => !ids.has(id)),
    absent: [...unmet.values()].filter(({ query }) => absent.has(query) && !missing.has(query)),
  };
}

/**
 * One answer for each query, or all where several may be shown; together as few credentials as the order
 * allows: one that is shown already comes before others, and one that goes with a chain that is shown.
 */
function chooseTogether(
  found: ReadonlyMap<string, readonly Answer[]>,
  { queries }: Request,
  disclosure: Disclosure,
): ReadonlyMap<string, readonly Answer[]> {
  const chosen = new Map<string, readonly Answer[]>();
  const shown = new Set<Candidate>();
  const roots = new Set<string>();
  for (const [id, answers] of [...found].sort(([, a], [, b]) => freedomOf(a) - freedomOf(b))) {
    const isMany = queries.get(id)?.multiple === true && disclosure === "all-asked";
    const related = preferring(answers, ({ candidate, evidence: { root } }) =>
      roots.has(root ?? issuerOf(candidate)),
    );
    const ordered = preferring(related, ({ candidate }) => shown.has(candidate));
    const taken = isMany ? ordered : ordered.slice(0, 1);
    for (const { candidate, evidence } of taken) {
      shown.add(candidate);
      if (evidence.root !== undefined) roots.add(evidence.root);
    }
    chosen.set(id, taken);
  }
  return new Map([...found.keys()].map((id) => [id, chosen.get(id) ?? []]));
}

/** Chains are chosen before what goes with them, and what has few answers before what has many. */
function freedomOf(answers: readonly Answer[]): number {
  const hasChain = answers.some(({ evidence: { root } }) => root !== undefined);
  return answers.length + (hasChain ? 0 : MAX_ANSWERS);
}

function isUnmet(found: readonly Answer[] | Unmet): found is Unmet {
  return "reason" in found;
}

import { evaluate, foldGrants, type ActionRequest, type FoldedGrant } from "@writ/core";
import { cases } from "@writ/testkit/properties";

import type { DimensionName } from "../../src/authority/dimensions.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { subjectAt } from "./credentials.js";
import {
  allowsAction,
  allowsAge,
  allowsArgs,
  allowsAudience,
  allowsContext,
  allowsInstant,
  allowsMeter,
  allowsResource,
  allowsSpend,
  awaitsApproval,
  bears,
  foldModel,
  keepsRates,
  type ModelGrant,
  type ModelRate,
} from "./model.js";
import {
  ACTIONS,
  AGES,
  APPROVALS,
  ARGS,
  asGrants,
  AUDIENCES,
  CONTEXTS,
  COSTS,
  HISTORIES,
  INSTANTS,
  LEDGERS,
  RESOURCES,
  SPENDING,
} from "./world.js";

/** Cases of the ordinary run, 20,000 in all; fifty times as many in the deep one. */
export function parameters(ordinary: number): { readonly numRuns: number } {
  return cases(ordinary, ordinary * 50);
}

/** Counts how often something was so. */
export class Tally {
  readonly #counts = { yes: 0, no: 0 };

  add(answer: boolean): boolean {
    this.#counts[answer ? "yes" : "no"] += 1;
    return answer;
  }

  /** The share of the rarer answer. */
  get rarer(): number {
    const { yes, no } = this.#counts;
    return Math.min(yes, no) / (yes + no);
  }
}

/** What Rule B says of a chain: the last grant, folded, or nothing. */
export function accept(chain: readonly ModelGrant[]): FoldedGrant | undefined {
  let folded: readonly FoldedGrant[] = [];
  const links = asGrants(chain).map((grant, index) => ({
    issuer: subjectAt(index - 1),
    subject: subjectAt(index),
    grants: [grant],
    pointer: `/${String(index)}`,
  }));
  const problem = problemOf(() => {
    folded = foldGrants(links);
  });
  // An approval may lack a spend, here and above.
  if (problem !== undefined && !["ATTENUATION_VIOLATED", "SCHEMA_INVALID"].includes(problem.code)) {
    throw new Error(problem.detail);
  }
  return folded[0];
}

/** The chain as Rule A sees it, without Rule B in the way. */
export function unchecked(chain: readonly ModelGrant[]): FoldedGrant {
  const written = asGrants(chain);
  const folded = foldModel(chain).reduce<FoldedGrant | undefined>((outer, effective, link) => {
    const grant = {
      link,
      issuer: subjectAt(link - 1),
      written: written[link] as FoldedGrant["written"],
      effective,
    };
    return { ...grant, ...(outer === undefined ? {} : { outer }) };
  }, undefined);
  return folded as FoldedGrant;
}

/** By which links and dimensions Rule A denies. */
export function deniedBy(grant: FoldedGrant, request: ActionRequest): readonly string[] {
  const { denials } = evaluate(grant, request);
  return denials.map(({ link, dimension }) => `${String(link)} ${String(dimension)}`);
}

/** Places in a finite world, one bit for each. */
export type Places = bigint;

/** All that a grant allows taken alone, dimension by dimension. */
export function allowed(grant: ModelGrant): Readonly<Record<DimensionName, Places>> {
  const { spend, rate, meter, when, approval, statusMaxAgeSeconds } = grant;
  return {
    actions: places(ACTIONS, (action) => allowsAction(grant.actions, action)),
    resources: places(RESOURCES, (resource) => allowsResource(grant.resources, resource)),
    audience: places(AUDIENCES, (audience) => allowsAudience(grant.audience, audience)),
    args: places(ARGS, (args) => allowsArgs(grant.args, args)),
    spend: joined(
      places(SPENDING, (spending) => allowsSpend(spend, spending)),
      places(COSTS, (cost) => bears(spend, cost)),
    ),
    rate: histories(rate),
    meter: places(LEDGERS, (ledger) => allowsMeter(meter, ledger)),
    when: joined(
      places(INSTANTS, (instant) => allowsInstant(when?.windows, instant)),
      places(CONTEXTS, (context) => allowsContext(when?.context, context)),
    ),
    approval: COSTS.map((cost) =>
      places(
        APPROVALS,
        (approvedBy) => approval === undefined || !awaitsApproval(approval, cost, approvedBy ?? []),
      ),
    ).reduce(joined),
    statusMaxAgeSeconds: places(AGES, (age) =>
      allowsAge(statusMaxAgeSeconds, 0, age === undefined ? undefined : -age),
    ),
  };
}

/** Whether some places are none but these. */
export function isWithin(inner: Places, outer: Places): boolean {
  return (inner & ~outer) === 0n;
}

export function places<T>(world: readonly T[], allows: (each: T) => boolean): Places {
  return BigInt(`0b1${world.map((each) => (allows(each) ? "1" : "0")).join("")}`);
}

/** Two worlds side by side, of which the second has at most this many places. */
function joined(one: Places, other: Places): Places {
  return (one << 256n) | other;
}

const known = new Map<string, Places>();

/** The histories that a ledger may show under some rates; there are not many rates, and a good many histories. */
function histories(rates: readonly ModelRate[] = []): Places {
  return rates.reduce((all, rate) => {
    const key = JSON.stringify(rate);
    const found = known.get(key) ?? places(HISTORIES, (history) => keepsRates([rate], history));
    known.set(key, found);
    return all & found;
  }, EVERY_HISTORY);
}

const EVERY_HISTORY = places(HISTORIES, () => true);

import { formatTimestamp, systemClock, WritError } from "@writ/core";
import type { DelegatedBudget, DelegationRecord, DelegationState } from "@writ/wallet";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { relativeTime } from "../terminal/relative-time.js";
import { lines, show, table, type SafeText } from "../terminal/safe-text.js";

interface Options extends WalletFileOptions {
  readonly live?: boolean;
  readonly ended?: boolean;
  readonly revoked?: boolean;
}

export function delegationsCommand(): Command {
  const made = command<Options>(
    "delegations",
    "List what was handed on: to whom, how much of each budget, and until when",
    "writ wallet delegations --wallet refund-bot.wallet --live",
    async (options) => {
      const { listDelegations } = await import("@writ/wallet");
      const state = stateAsked(options);
      const delegations = await withWallet(options, (wallet) =>
        listDelegations(wallet, state === undefined ? {} : { state }),
      );
      return {
        json: { items: delegations.map(itemOf) },
        text: delegations.length === 0 ? NONE[state ?? "any"] : delegationTable(delegations, systemClock()),
      };
    },
  );
  return withWalletFile(made)
    .option("--live", "only those that have neither ended nor been revoked")
    .option("--ended", "only those that have ended by themselves")
    .option("--revoked", "only those that were revoked");
}

/** What is said where there are none of those that were asked for. */
const NONE: Readonly<Record<DelegationState | "any", SafeText>> = {
  any: show`No delegations.`,
  live: show`None that is live.`,
  ended: show`None that ended.`,
  revoked: show`None that was revoked.`,
};

function stateAsked({ live, ended, revoked }: Options): DelegationState | undefined {
  const asked = Object.entries({ live, ended, revoked }).flatMap(([state, isAsked]) =>
    isAsked === true ? [state as DelegationState] : [],
  );
  if (asked.length > 1) {
    throw new WritError("USAGE", "name one of --live, --ended and --revoked", {
      hint: "Without any of them, all are listed.",
    });
  }
  return asked[0];
}

function itemOf(delegation: DelegationRecord): object {
  const { id, state, from, to, parent, grants, budgets, isRevocable, remainingMs, revokedAt } = delegation;
  return {
    id,
    state,
    from,
    to,
    parent: parent.id,
    grants,
    budgets,
    handedOn: formatTimestamp(delegation.handedOnAt),
    validUntil: formatTimestamp(delegation.endsAt),
    remainingSeconds: Math.floor(remainingMs / 1000),
    ...(revokedAt === undefined ? {} : { revoked: formatTimestamp(revokedAt) }),
    isRevocable,
  };
}

const HEAD = ["to", "grant", "budget", "until", "state"];

/** So many grants of one delegation are shown. */
const MAX_GRANTS = 8;

/** A row for each delegation, in which each grant has a line. */
export function delegationTable(
  delegations: readonly DelegationRecord[],
  now: number,
  columns?: number,
): SafeText {
  return table(
    HEAD,
    delegations.map((delegation) =>
      cellsOf(delegation, now).map((cell) => lines(...cell.map((text) => show`${text}`))),
    ),
    columns,
  );
}

/** The lines of each cell. */
function cellsOf(delegation: DelegationRecord, now: number): readonly (readonly string[])[] {
  const { id, to, grants, budgets, endsAt, state, revokedAt } = delegation;
  const shown = grants.slice(0, MAX_GRANTS);
  const more = grants.length - shown.length;
  return [
    [to, id],
    [...shown, ...(more > 0 ? [`and ${String(more)} more`] : [])],
    shown.map((grant) => budgetOf(budgets.find((budget) => budget.grant === grant))),
    [formatTimestamp(endsAt), relativeTime(endsAt, now)],
    [state, ...(revokedAt === undefined ? [] : [relativeTime(revokedAt, now)])],
  ];
}

function budgetOf(budget: DelegatedBudget | undefined): string {
  if (budget === undefined) return "";
  const of = budget.of === undefined ? "" : ` of ${String(budget.of)}`;
  return `${budget.unit} ${String(budget.budget)}${of}`;
}

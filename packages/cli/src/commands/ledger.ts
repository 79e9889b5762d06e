import { formatTimestamp } from "@writ/core";
import { Command } from "commander";

import { command } from "../command.js";
import { withExistingLedger } from "../environment/ledger-file.js";
import type { Answer } from "../terminal/output.js";
import { show, table } from "../terminal/safe-text.js";

interface ShowOptions {
  readonly account?: string;
}

export function ledgerCommand(): Command {
  return new Command("ledger")
    .description("What a service has charged to the accounts of grants")
    .addCommand(showCommand())
    .addCommand(pruneCommand());
}

function showCommand(): Command {
  return command<ShowOptions>(
    "show <file>",
    "Show every account: who named it, what was spent, how many actions are remembered; or the actions of one",
    "writ ledger show orders.ledger",
    ({ account }, file = "") => (account === undefined ? showAccounts(file) : showActions(file, account)),
  ).option("--account <urn>", "show what was charged to this account, the oldest first");
}

async function showAccounts(file: string): Promise<Answer> {
  const accounts = await withExistingLedger(file, (ledger) => ledger.accounts());
  const items = accounts.map(({ last, ...account }) => ({
    ...account,
    ...(last === undefined ? {} : { last: formatTimestamp(last) }),
  }));
  const rows = items.map(({ issuer, account, totals, actions, last = "-" }) => [
    account,
    issuer,
    Object.entries(totals)
      .map(([unit, total]) => `${unit} ${String(total)}`)
      .join(", "),
    actions,
    last,
  ]);
  return {
    json: { items },
    text:
      rows.length === 0
        ? show`No accounts.`
        : table(["account", "named by", "spent", "actions", "last"], rows),
  };
}

async function showActions(file: string, account: string): Promise<Answer> {
  const actions = await withExistingLedger(file, (ledger) => ledger.actions(account));
  const items = actions.map(({ at, ...action }) => ({ at: formatTimestamp(at), ...action }));
  const rows = items.map(({ at, holder, nonce, spend }) => [
    at,
    spend === undefined ? "-" : `${spend.unit} ${String(spend.amount)}`,
    holder,
    nonce,
  ]);
  return {
    json: { items },
    text: rows.length === 0 ? show`No actions.` : table(["at", "spent", "by", "nonce"], rows),
  };
}

function pruneCommand(): Command {
  return command(
    "prune <file>",
    "Forget single actions that no rate counts any more, and keys of authority that has ended; sums stay",
    "writ ledger prune orders.ledger",
    async (_options, file = "") => {
      const gone = await withExistingLedger(file, (ledger) => ledger.prune(Date.now()));
      return { json: gone, text: show`Forgot ${gone.entries} actions and ${gone.keys} keys` };
    },
  );
}

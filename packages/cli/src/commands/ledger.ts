import { formatTimestamp, WritError } from "@writ/core";
import { Command } from "commander";

import { command } from "../command.js";
import { withExistingLedger } from "../environment/stores.js";
import { show, table } from "../terminal/safe-text.js";

interface Options {
  readonly ledger?: string;
}

export function ledgerCommand(): Command {
  return new Command("ledger")
    .description("What a service has charged to the accounts of grants")
    .addCommand(showCommand())
    .addCommand(pruneCommand());
}

function showCommand(): Command {
  return command<Options>(
    "show [file]",
    "Show every account: who named it, what was spent, how many actions are remembered",
    "writ ledger show orders.ledger",
    async (options, file) => {
      const accounts = await withExistingLedger(fileOf(options, file), (ledger) => ledger.accounts());
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
    },
  ).option("--ledger <file>", "the ledger, instead of the argument");
}

function pruneCommand(): Command {
  return command<Options>(
    "prune [file]",
    "Forget single actions that no rate counts any more, and keys of authority that has ended; sums stay",
    "writ ledger prune orders.ledger",
    async (options, file) => {
      const gone = await withExistingLedger(fileOf(options, file), (ledger) => ledger.prune(Date.now()));
      return { json: gone, text: show`Forgot ${gone.entries} actions and ${gone.keys} keys` };
    },
  ).option("--ledger <file>", "the ledger, instead of the argument");
}

function fileOf({ ledger }: Options, file: string | undefined): string {
  const path = file ?? ledger;
  if (path === undefined) throw new WritError("USAGE", "name the ledger's file");
  return path;
}

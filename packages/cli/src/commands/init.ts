import type { Command } from "commander";

import { parseShape, problemOf, statusBase, WritError } from "@writ/core";

import { command, withHome } from "../command.js";
import { homeFolder, withNewHome, type HomeOptions } from "../environment/stores.js";
import { bold, lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly name: string;
  readonly statusBase?: string;
}

export function initCommand(): Command {
  const made = command<Options>(
    "init",
    "Create an organisation: its key, sealed under a passphrase or a key, and its registry",
    "writ init --home acme --name 'ACME' --passphrase-file org.pass",
    (options) =>
      withNewHome(options, ({ did, name, statusBase }) =>
        Promise.resolve({
          json: { did },
          text: lines(
            show`${bold(name)} is ready in ${homeFolder(options)}`,
            show`  did          ${did}`,
            show`  status lists ${statusBase}`,
            show`Verifiers that trust this DID trust what this organisation issues.`,
          ),
        }),
      ),
  );
  return withHome(made)
    .requiredOption("--name <name>", "name of the organisation")
    .option(
      "--status-base <url>",
      "https address below which status lists are published (default: an address of its own that leads nowhere, for lists handed over as files)",
      parseStatusBase,
    );
}

function parseStatusBase(text: string): string {
  if (problemOf(() => parseShape(statusBase, text.replace(/\/?$/, "/"))) !== undefined) {
    throw new WritError("USAGE", "--status-base is an https address, without a query", {
      hint: "Such as https://status.acme.example/lists/",
    });
  }
  return text;
}

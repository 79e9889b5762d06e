import { ENROLMENT_LIFE_MS } from "@writ/core";
import type { Command } from "commander";

import { command, withActingKey } from "../command.js";
import { ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { withWallet, type ActingOptions } from "../environment/stores.js";
import { lines, show, showJson } from "../terminal/safe-text.js";

interface Options extends ActingOptions {
  readonly out?: string;
  readonly force?: boolean;
}

const HOUR_MS = 3_600_000;

export function requestCommand(): Command {
  const made = command<Options>(
    "request",
    "Sign a request to enrol the wallet's key with an organisation; it can be used for a day",
    "writ wallet request --wallet refund-bot.wallet --out request.json",
    async ({ out, force, ...options }) => {
      const { requestEnrolment } = await import("@writ/wallet");
      const request = await withWallet(options, requestEnrolment);
      if (out === undefined) return { json: request, text: showJson(request) };
      await writeOutput(out, prettyJson(request), ifExists(force));
      return {
        json: { did: request.holder, out },
        text: lines(
          show`Wrote ${out}, good for ${String(ENROLMENT_LIFE_MS / HOUR_MS)} hours`,
          show`  The operator enrols it with: writ agent create NAME --request ${out} --out FILE`,
        ),
      };
    },
  );
  return withActingKey(made)
    .option("--out <file>", "write the request to a file")
    .option("--force", "replace the file that --out names");
}

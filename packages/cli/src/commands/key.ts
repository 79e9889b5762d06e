import { formatTimestamp } from "@writ/core";
import { Command } from "commander";

import { command, withHome } from "../command.js";
import { confirm } from "../environment/confirm.js";
import { assertWritable, ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { withRegistry, withRotatedOrganisation, type HomeOptions } from "../environment/stores.js";
import { bold, lines, show, table } from "../terminal/safe-text.js";

interface RotateOptions extends HomeOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function keyCommand(): Command {
  return new Command("key")
    .description("Show and rotate the organisation's own key")
    .addCommand(listCommand())
    .addCommand(rotateCommand());
}

function rotateCommand(): Command {
  const made = command<RotateOptions>(
    "rotate",
    "Give the organisation another key, with a statement of both keys for those who trust the old one",
    "writ key rotate --home acme --out succession.json --reason 'once a year'",
    async (options) => {
      const { out, force, reason, yes } = options;
      await assertWritable(out, ifExists(force));
      const { before, name } = await withRegistry(options, ({ did, name: its }) =>
        Promise.resolve({ before: did, name: its }),
      );
      if (yes !== true) {
        await confirm(
          lines(
            show`${bold(name)} gets another key. Verifiers that are given the statement refuse what ${before} has issued,`,
            show`until that is renewed; it signs the status lists that it began, and nothing else.`,
          ),
          "Rotate the organisation's key?",
        );
      }
      return withRotatedOrganisation(options, reason, async ({ organisation: { did }, statement }) => {
        await writeOutput(out, prettyJson(statement), ifExists(force), "public");
        return {
          json: { did, predecessor: before, out },
          text: lines(
            show`Rotated the key of ${bold(name)}`,
            show`  did       ${did}`,
            show`  before    ${before}`,
            show`  statement in ${out}: hand it to those who verify, for \`writ verify --succession\``,
            show`Renew what was issued: writ renew --after-rotation. Start \`writ serve\` again, if it runs.`,
          ),
        };
      });
    },
  );
  return withHome(made)
    .requiredOption("--out <file>", "where to write the succession statement")
    .option("--force", "replace the file that --out names")
    .option("--reason <text>", "for the records; it is not published")
    .option("--yes", "do not ask before the key is replaced");
}

function listCommand(): Command {
  const made = command<HomeOptions>(
    "list",
    "List the organisation's key and those that it had, with their succession statements (--json)",
    "writ key list --home acme --json",
    async (options) => {
      const { listFormerKeys } = await import("@writ/issuer");
      const { did, former } = await withRegistry(options, async (registry) => ({
        did: registry.did,
        former: await listFormerKeys(registry),
      }));
      const keys = former.map(({ until, ...key }) => ({ ...key, until: formatTimestamp(until) }));
      return {
        json: { items: [...keys, { did }] },
        text: table(["did", "until"], [...keys.map(({ did: key, until }) => [key, until]), [did, "now"]]),
      };
    },
  );
  return withHome(made);
}

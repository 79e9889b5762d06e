import { asking, parseShape, WritError, type Asking, type Problem } from "@writ/core";
import type { PresentationOptions } from "@writ/wallet";
import type { Command } from "commander";

import { command, several, withSuite, withActingKey, type SuiteOptions } from "../command.js";
import { ifExists, inFile, prettyJson, readJson, readObject, writeOutput } from "../environment/files.js";
import { withWallet, type ActingOptions } from "../environment/stores.js";
import { placeOf, writeNotice, type Answer } from "../terminal/output.js";
import { bad, lines, show, showJson } from "../terminal/safe-text.js";

interface Options extends ActingOptions, SuiteOptions {
  readonly challenge: string;
  readonly domain: string;
  readonly invocation?: string;
  readonly again?: string;
  readonly approval?: readonly string[];
  readonly authority?: string;
  readonly grant?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function presentCommand(): Command {
  const made = command<Options>(
    "present",
    "Sign a presentation for a service, and with it the action that is asked for",
    "writ wallet present --wallet refund-bot.wallet --challenge 7Yq… --domain https://api.acme.example --invocation refund.json --out presentation.json",
    present,
  );
  return withSuite(withActingKey(made))
    .requiredOption("--challenge <text>", "the text that the service gave")
    .requiredOption("--domain <text>", "the service's name for itself")
    .option("--invocation <file>", "JSON object with action, resource and args")
    .option(
      "--again <file>",
      "ask the same service once more, word for word, what this presentation of the wallet asked: after a time-out, or when it was approved",
    )
    .option("--approval <file>", "an approval of it; may be given several times", several)
    .option("--authority <id>", "id of the authority credential to show, or the word none")
    .option("--grant <id>", "id of the grant to name, where several would do")
    .option("--out <file>", "write the presentation to a file")
    .option("--force", "replace the file that --out names");
}

async function present(options: Options): Promise<Answer> {
  const { createPresentation } = await import("@writ/wallet");
  const { challenge, domain, authority, out, force } = options;
  const asked = await readWhatIsAsked(options);
  const { presentation, foreseen } = await withWallet(options, (wallet) =>
    createPresentation(wallet, {
      challenge,
      domain,
      suite: options.suite,
      ...asked,
      ...(authority === undefined ? {} : { authority }),
      ...(options.grant === undefined ? {} : { grant: options.grant }),
    }),
  );
  warnOf(foreseen);
  if (out === undefined) {
    return { json: presentation, text: showJson(presentation) };
  }
  await writeOutput(out, prettyJson(presentation), ifExists(force));
  const grant = presentation.invocation?.authority.grant;
  return {
    json: { out, holder: presentation.holder, grant, foreseen },
    text: show`Wrote ${out}, good for five minutes`,
  };
}

/** A refusal that can be foreseen is told at once; the service decides all the same. */
function warnOf(foreseen: readonly Problem[]): void {
  if (foreseen.length === 0) return;
  const reasons = foreseen.flatMap((problem) => [show`  ${problem.detail}`, ...placeOf(problem)]);
  const what = foreseen.every(({ code }) => code === "APPROVAL_REQUIRED")
    ? "this must be approved before it is allowed:"
    : "this is beyond what was granted, and will be denied:";
  writeNotice(lines(show`${bad("warning")} ${what}`, ...reasons));
}

type Asked = Pick<PresentationOptions, "invocation" | "again">;

async function readWhatIsAsked({ invocation, again, approval = [] }: Options): Promise<Asked> {
  if (again === undefined) {
    if (approval.length > 0) throw new WritError("USAGE", "--approval goes with --again");
    return invocation === undefined ? {} : { invocation: await readAsking(invocation) };
  }
  if (invocation !== undefined) throw new WritError("USAGE", "name either --invocation or --again");
  const presentation = await readObject(again);
  return { again: { presentation, approvals: await Promise.all(approval.map((file) => readObject(file))) } };
}

async function readAsking(path: string): Promise<Asking> {
  const json = await readJson(path);
  try {
    return parseShape(asking, json);
  } catch (error) {
    throw inFile(error, path);
  }
}

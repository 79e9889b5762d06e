import {
  isJsonArray,
  isJsonObject,
  refusal,
  SUITE_NAMES,
  WritError,
  type JsonValue,
  type SuiteName,
} from "@writ/core";
import type { RequestAnswer, RequestExplanation, ShownCredential } from "@writ/wallet";
import { Option, type Command } from "commander";

import { command, withActingKey } from "../command.js";
import { ifExists, prettyJson, readInput, writeOutput } from "../environment/files.js";
import { withWallet, type ActingOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bad, bold, dim, good, indent, lines, show, showJson, type SafeText } from "../terminal/safe-text.js";

interface Options extends ActingOptions {
  readonly request: string;
  readonly expectedDomain: string;
  readonly explain?: boolean;
  readonly allAsked?: boolean;
  readonly suite?: SuiteName;
  readonly out?: string;
  readonly force?: boolean;
}

export function respondCommand(): Command {
  const made = command<Options>(
    "respond",
    "Answer a request for credentials: OpenID4VP with a DCQL query, or a Verifiable Presentation Request",
    "writ wallet respond --wallet refund-bot.wallet --request request.json --expected-domain https://api.acme.example --out answer.json",
    respondTo,
  );
  return withActingKey(made)
    .requiredOption("--request <file>", "the request, as it was received")
    .requiredOption(
      "--expected-domain <text>",
      "who asks, as you know it: an origin or a client identifier; a request of another is refused",
    )
    .option("--explain", "say what would be shown to whom, and what is missing; sign nothing")
    .option("--all-asked", "show also what is optional, and all that match where several may be shown")
    .addOption(
      new Option("--suite <name>", "the cryptographic suite that signs, if not any that is accepted").choices(
        SUITE_NAMES,
      ),
    )
    .option("--out <file>", "write the answer to a file")
    .option("--force", "replace the file that --out names");
}

async function respondTo(options: Options): Promise<Answer> {
  const { explainRequest, respond } = await import("@writ/wallet");
  const { expectedDomain, suite, out, force } = options;
  if (options.explain === true && out !== undefined)
    throw new WritError("USAGE", "--explain signs nothing: there is no answer for --out");
  const request = await readInput(options.request);
  const asked = {
    expectedDomain,
    suite,
    disclosure: options.allAsked === true ? "all-asked" : "least",
  } as const;
  if (options.explain === true) {
    const explanation = await withWallet(options, (wallet) => explainRequest(wallet, request, asked));
    return { json: explanation, text: describe(explanation), exitCode: explanation.complete ? 0 : 1 };
  }
  const answered = await withWallet(options, (wallet) =>
    respond(wallet, request, asked).catch((error: unknown) => {
      throw withTypeHint(error);
    }),
  );
  const response = responseOf(answered);
  if (out === undefined) return { json: response, text: showJson(response) };
  await writeOutput(out, prettyJson(response), ifExists(force));
  const { explanation } = answered;
  return {
    json: { out, explanation },
    text: lines(show`Wrote ${out}, good for five minutes`, describe(explanation)),
  };
}

const IRIS = "DCQL names types by their IRIs, such as https://w3id.org/writ#DelegatedAuthorityCredential.";

/** Whether a query of DCQL asks for a type by its name in a context, which no credential has. */
function hasPlainType(asked: JsonValue | undefined): boolean {
  const types = isJsonObject(asked) ? asked["types"] : undefined;
  const names = isJsonArray(types) ? types.flatMap((all) => (isJsonArray(all) ? all : [])) : [];
  return names.some((name) => typeof name === "string" && !name.includes(":"));
}

/** Such a request has no answer, whatever the wallet holds. */
function withTypeHint(error: unknown): unknown {
  if (!(error instanceof WritError) || !error.problems.some(({ asked }) => hasPlainType(asked))) return error;
  const { problem, problems, hint = "" } = error;
  return refusal(problem, { problems, hint: `${hint}\n${IRIS}`, cause: error });
}

/** What is sent: the parameter of OpenID4VP, or the presentation itself. */
function responseOf(answered: RequestAnswer): object {
  return answered.language === "dcql" ? { vp_token: answered.vpToken } : answered.presentation;
}

function describe({
  domain,
  complete,
  presentations,
  missing,
  leftOut,
  absent,
}: RequestExplanation): SafeText {
  const verdict = complete ? good("can be answered") : bad("cannot be answered");
  return lines(
    show`The request ${verdict}; the answer is for ${bold(domain)}`,
    ...presentations.flatMap(({ answers, credentials }) => [
      ...answers.map(({ id, reason }) =>
        reason === undefined ? show`${bold(id)}` : show`${bold(id)} ${dim(`they say: ${reason}`)}`,
      ),
      ...(credentials.length === 0 ? [show`  the wallet's DID, and no credential`] : []),
      ...credentials.map((credential) => indent(describeCredential(credential))),
    ]),
    ...missing.map(({ query, detail }) => show`${bad("missing")} ${bold(query)}: ${detail}`),
    ...(missing.some(({ asked }) => hasPlainType(asked)) ? [show`  ${IRIS}`] : []),
    ...absent.map(({ query, detail }) => show`optional, and not there: ${bold(query)}: ${detail}`),
    ...(leftOut.length === 0 ? [] : [show`not needed, and not shown: ${leftOut.join(", ")}`]),
  );
}

function describeCredential({ id = "", types, role, disclosesMore }: ShownCredential): SafeText {
  const name = types.find((type) => type !== "VerifiableCredential") ?? "VerifiableCredential";
  return lines(
    show`shows ${name} ${dim(id)}${role === "evidence" ? " as evidence" : ""}`,
    disclosesMore.length > 0 ? show`  with more than is asked for: ${disclosesMore.join(", ")}` : undefined,
  );
}

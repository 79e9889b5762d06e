import { draftGrant, randomUuidUrn, systemRandom, WritError, type GrantDraft } from "@writ/core";
import type { Command } from "commander";

import { command } from "../command.js";
import { ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { readResult, type RecordedDecision, type RecordedResult } from "../environment/result-file.js";
import { placeOf, writeNotice, type Answer } from "../terminal/output.js";
import { bold, lines, show, showJson, type SafeText } from "../terminal/safe-text.js";

interface Options {
  readonly draft?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

export function explainCommand(): Command {
  return command<Options>(
    "explain <result>",
    "Say why an action was denied, and draft the smallest additional grant that would allow it",
    "writ explain result.json --draft --out draft.json",
    explain,
  )
    .option("--draft", "write the grant, for `--grants`; nobody has signed it")
    .option("--out <file>", "write the draft to a file")
    .option("--force", "replace the file that --out names");
}

async function explain({ draft, out, force }: Options, file = ""): Promise<Answer> {
  const result = await readResult(file);
  if (draft !== true) return explanation(result);
  const decision = deniedIn(result);
  const drafted = draftFor(decision);
  const by = decisionIssuer(decision, drafted);
  const grants = [drafted.grant];
  const notice = lines(
    show`Nobody has signed this. It allows exactly what was asked, to ${decision.holder}.`,
    drafted.outer === undefined
      ? show`  only ${by}, the root of the chain, can grant it: \`writ grant NAME --grants FILE\``
      : show`  ${by} can hand it on, within its grant ${drafted.outer.written.id}: \`writ wallet delegate --to ${decision.holder} --grants FILE\``,
  );
  const json = { grants, by, to: decision.holder };
  if (out === undefined) {
    writeNotice(notice);
    return { json, text: showJson(grants) };
  }
  await writeOutput(out, prettyJson(grants), ifExists(force));
  return { json: { ...json, out }, text: lines(show`Wrote ${out}`, notice) };
}

function explanation({ verified, problems, decision }: RecordedResult): Answer {
  const reasons = decision === undefined ? problems : decision.problems;
  const outcome = decision?.outcome ?? (verified ? "verified, with nothing asked for" : "not verified");
  return {
    json: { outcome, problems: reasons, ...(decision === undefined ? {} : { holder: decision.holder }) },
    text: lines(
      show`${bold(outcome)}`,
      ...(decision === undefined ? [] : askedLines(decision)),
      ...reasons.flatMap((problem) => [
        show`  ${bold(problem.code)} ${problem.detail}`,
        ...placeOf(problem),
        ...(decision === undefined || problem.link === undefined
          ? []
          : [show`  set by  ${issuerAt(decision, problem.link)}`]),
      ]),
    ),
  };
}

function askedLines({ holder, request: { invocation } }: RecordedDecision): readonly SafeText[] {
  return [
    show`  asked by ${holder}`,
    show`  for      ${invocation.action} on ${invocation.resource ?? "no resource"}`,
    show`  with     ${JSON.stringify(invocation.args ?? {})}`,
  ];
}

/** Only a denial has a remedy in grants. */
function deniedIn({ verified, decision }: RecordedResult): RecordedDecision {
  if (!verified) throw new WritError("AUTHORITY_NO_REMEDY", "what did not verify, no grant would mend");
  if (decision === undefined) throw new WritError("AUTHORITY_NO_REMEDY", "nothing was asked for");
  if (decision.outcome !== "deny") {
    throw new WritError(
      "AUTHORITY_NO_REMEDY",
      `the outcome was ${decision.outcome}, which no grant would change`,
    );
  }
  return decision;
}

function draftFor({ grant, request, problems }: RecordedDecision): GrantDraft {
  const links = problems.map(({ link, detail }) => {
    if (link === undefined) throw new WritError("AUTHORITY_NO_REMEDY", `no grant would change it: ${detail}`);
    return link;
  });
  return draftGrant(grant, request, Math.min(...links), randomUuidUrn(systemRandom));
}

/** Who could sign the draft: the holder of what it lies within, or else the root's issuer. */
function decisionIssuer(decision: RecordedDecision, { outer }: GrantDraft): string {
  return issuerAt(decision, outer === undefined ? 0 : outer.link + 1);
}

function issuerAt({ grant }: RecordedDecision, link: number): string {
  for (let each: typeof grant | undefined = grant; each !== undefined; each = each.outer) {
    if (each.link === link) return each.issuer;
  }
  return "?";
}

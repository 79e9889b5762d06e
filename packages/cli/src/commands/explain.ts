import { draftGrant, fromRoot, systemRandom, WritError, type GrantDraft } from "@writ/core";
import type { Command } from "commander";

import { command } from "../command.js";
import { ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { readResult, type RecordedDecision, type RecordedResult } from "../environment/result-file.js";
import { askedLines } from "../terminal/asked.js";
import { grantLine, linearTree } from "../terminal/chain-tree.js";
import { placeOf, writeNotice, type Answer } from "../terminal/output.js";
import { bold, indent, lines, show, showJson, type SafeText } from "../terminal/safe-text.js";

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
    .option("--out <file>", "with --draft: write it to a file")
    .option("--force", "replace the file that --out names");
}

async function explain({ draft, out, force }: Options, file = ""): Promise<Answer> {
  if (out !== undefined && draft !== true) throw new WritError("USAGE", "--out goes with --draft");
  const result = await readResult(file);
  if (draft !== true) return explanation(result);
  const decision = deniedIn(result);
  const drafted = draftGrant(decision, systemRandom);
  const grants = [drafted.grant];
  const by = granterOf(decision, drafted);
  const json = { grants, by, to: decision.holder };
  const notice = lines(...noticeOf(drafted, by, decision.holder));
  if (out === undefined) {
    writeNotice(notice);
    return { json, text: showJson(grants) };
  }
  await writeOutput(out, prettyJson(grants), ifExists(force));
  return { json: { ...json, out }, text: lines(show`Wrote ${out}`, notice) };
}

/** Who may sign it, and what it allows beside what was asked. */
function noticeOf({ grant, outer }: GrantDraft, by: string, holder: string): readonly SafeText[] {
  const { resources, args } = grant;
  const [tree] = (resources ?? []).filter((resource) => resource.endsWith("/"));
  return [
    show`Nobody has signed this. Read it first: it can be used as often as its limits allow.`,
    ...(tree === undefined ? [] : [show`  it covers everything below ${tree}`]),
    ...(resources === undefined ? [show`  it does not limit the resource, since none was named`] : []),
    ...(args?.["/-"] === undefined ? [] : [show`  its /- stands for no arguments at all`]),
    outer === undefined
      ? show`  only ${by}, the root of the chain, can grant it: \`writ grant AGENT --grants FILE\``
      : show`  ${by} can hand it on, within its grant ${outer.written.id}: \`writ wallet delegate --to ${holder} --grants FILE\``,
    show`  the agent then names it with \`writ wallet present --grant ${grant.id}\``,
  ];
}

function explanation({ verified, problems, decision }: RecordedResult): Answer {
  const reasons = decision === undefined ? problems : decision.problems;
  const outcome = decision?.outcome ?? (verified ? "verified, with nothing asked for" : "not verified");
  return {
    json: {
      outcome,
      problems: reasons,
      ...(decision === undefined ? {} : { holder: decision.holder, firstAsOf: decision.firstAsOf }),
    },
    text: lines(
      bold(outcome),
      ...(decision === undefined
        ? []
        : [
            ...askedLines(decision.holder, decision.request.invocation).shown,
            show`  under      what was given`,
            indent(treeOf(decision), "    "),
          ]),
      ...(decision?.firstAsOf === undefined
        ? []
        : [show`  allowed at ${decision.firstAsOf}: look up what came of it, and do not do it twice`]),
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

/** Who gave the grant that was named to whom. A result does not say until when. */
function treeOf({ holder, grant }: RecordedDecision): SafeText {
  const path = fromRoot(grant);
  return linearTree(
    path[0]?.issuer ?? "",
    path.map(({ written }, index) => ({
      to: path[index + 1]?.issuer ?? holder,
      about: [grantLine(written)],
    })),
  );
}

/** Only a denial has a remedy in grants. */
function deniedIn({ verified, decision }: RecordedResult): RecordedDecision {
  if (!verified) throw new WritError("AUTHORITY_NO_REMEDY", "what did not verify, no grant would mend");
  if (decision === undefined) throw new WritError("AUTHORITY_NO_REMEDY", "nothing was asked for");
  if (decision.outcome === "deny") return decision;
  const detail = `the outcome was ${decision.outcome}, which no grant would change`;
  throw new WritError("AUTHORITY_NO_REMEDY", detail);
}

/** Who could sign the draft: the holder of what it lies within, or else the root's issuer. */
function granterOf(decision: RecordedDecision, { outer }: GrantDraft): string {
  return issuerAt(decision, outer === undefined ? 0 : outer.link + 1);
}

function issuerAt({ grant }: RecordedDecision, link: number): string {
  for (let each: typeof grant | undefined = grant; each !== undefined; each = each.outer) {
    if (each.link === link) return each.issuer;
  }
  throw new WritError("SCHEMA_INVALID", "a problem names a link that is not there");
}

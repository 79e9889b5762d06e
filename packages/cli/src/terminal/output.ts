import type { Problem, WritError } from "@writ/core";

import { isColoured } from "./colours.js";
import { bad, dim, jsonLine, lines, show, type SafeText } from "./safe-text.js";
import { writeAll, type Descriptor } from "./write-all.js";

/** What a command answers: one object for machines, or text for people. */
export interface Answer {
  readonly json: object;
  readonly text: SafeText;
  /** 0 unless given. */
  readonly exitCode?: ExitCode;
}

/** 0 done or verified, 1 not verified or not allowed, 2 usage, 3 environment. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Writes an answer to standard output. */
export function writeAnswer({ json, text }: Answer, asJson: boolean): void {
  if (asJson) writeAll(1, `${jsonLine(json)}\n`);
  else writeText(1, text);
}

/** Writes an error: as JSON to standard output, or for people to standard error. */
export function writeError(error: WritError, asJson: boolean): void {
  const { code, message, hint, problem, problems } = error;
  const more = problems.slice(1);
  if (asJson) {
    const { pointer, link, grant, dimension, asked, allowed } = problem;
    const place = { ...(pointer === "" ? {} : { pointer }), link, grant, dimension, asked, allowed };
    const told = { code, message, hint, ...place, ...(more.length === 0 ? {} : { problems }) };
    writeAll(1, `${jsonLine({ error: told })}\n`);
    return;
  }
  writeText(
    2,
    lines(
      show`${bad("error")} ${code}: ${message}`,
      ...placeOf(problem),
      ...more.flatMap((other) => [show`${bad("and")} ${other.code}: ${other.detail}`, ...placeOf(other)]),
      ...hintLines(hint ?? ""),
    ),
  );
}

/** The word stands before the first line alone. */
function hintLines(hint: string): readonly SafeText[] {
  const [first = "", ...others] = hint.split("\n").filter((line) => line !== "");
  return first === "" ? [] : [show`  ${dim("hint")} ${first}`, ...others.map((line) => show`       ${line}`)];
}

/** Where a problem lies, and what was asked and allowed, for people. */
export function placeOf({ pointer, link, grant, dimension, asked, allowed }: Problem): readonly SafeText[] {
  const place = [
    pointer === "" ? [] : [`at ${pointer}`],
    link === undefined ? [] : [`link ${String(link)}`],
    grant === undefined ? [] : [`grant ${grant}`],
    dimension === undefined ? [] : [`dimension ${dimension}`],
  ].flat();
  return [
    ...(place.length === 0 ? [] : [show`  ${place.join(", ")}`]),
    ...(asked === undefined ? [] : [show`  asked   ${JSON.stringify(asked)}`]),
    ...(allowed === undefined ? [] : [show`  allowed ${JSON.stringify(allowed)}`]),
  ];
}

/** A notice for people, beside the answer. */
export function writeNotice(text: SafeText): void {
  writeText(2, text);
}

function writeText(descriptor: Descriptor, { styled, text }: SafeText): void {
  writeAll(descriptor, `${isColoured(descriptor) ? styled : text}\n`);
}

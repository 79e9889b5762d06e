import { DECEPTIVE_CHARACTERS } from "@writ/core";

import { textWidth } from "./text-width.js";

/** What {@link styled} writes; nothing else begins with ESC, which is escaped wherever it comes from outside. */
// eslint-disable-next-line no-control-regex -- it is the terminal's own
const STYLE = /\u001b\[\d+m/g;

/** Text that is safe to show on a terminal: whatever came from a document is escaped in it. */
class Safe {
  readonly styled: string;
  constructor(styled: string) {
    this.styled = styled;
  }
  /** Without colours. */
  get text(): string {
    return this.styled.replace(STYLE, "");
  }
}

/** Made by this module only, so that nothing else can pass for it. */
export type SafeText = Safe;

type Part = string | number | SafeText;

const DECEPTIVE = new RegExp(DECEPTIVE_CHARACTERS.source, "gu");

function escapeText(text: string): string {
  return text.replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

function safe(part: Part): string {
  return part instanceof Safe ? part.styled : escapeText(String(part));
}

/** A template whose parts are escaped unless they are safe already. */
export function show(strings: TemplateStringsArray, ...parts: readonly Part[]): SafeText {
  return new Safe(strings.map((text, index) => text + safe(parts[index] ?? "")).join(""));
}

/** JSON on one line; characters that deceive are written as JSON's own escapes. */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(DECEPTIVE, jsonEscape);
}

/** A document, indented; characters that deceive are written as JSON's own escapes. */
export function showJson(value: object): SafeText {
  const text = JSON.stringify(value, null, 2);
  return new Safe(text.replace(DECEPTIVE, (found) => (found === "\n" ? found : jsonEscape(found))));
}

function jsonEscape(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}

/** Lines, one below the other. */
export function lines(...rows: readonly (SafeText | undefined)[]): SafeText {
  return new Safe(rows.flatMap((row) => (row === undefined ? [] : [row.styled])).join("\n"));
}

/** Every line moved to the right. */
export function indent(block: SafeText, by = "  "): SafeText {
  return new Safe(block.styled.replace(/^/gm, by));
}

/** A text between two of the terminal's codes (ECMA-48, SGR). */
function styled(begin: number, end: number): (part: Part) => SafeText {
  return (part) => new Safe(`\u001b[${String(begin)}m${safe(part)}\u001b[${String(end)}m`);
}

export const bold: (part: Part) => SafeText = styled(1, 22);
export const dim: (part: Part) => SafeText = styled(2, 22);
export const good: (part: Part) => SafeText = styled(32, 39);
export const bad: (part: Part) => SafeText = styled(31, 39);

/** Between two columns of a table. */
const GAP = "  ";

/**
 * A table without lines. Where it is wider than the terminal, each row becomes a block of lines instead, so that
 * identifiers stay whole and can be copied.
 *
 * @param head what each column holds; one without a name says more about the column before it
 * @param columns of the terminal; `undefined` where there is none, and nothing is laid out anew
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Part[])[],
  columns: number | undefined = terminalColumns(),
): SafeText {
  const cells = rows.map((row) => row.map(linesOf));
  const widths = head.map((title, column) =>
    Math.max(textWidth(title), ...cells.map((row) => widthOf(row[column] ?? []))),
  );
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (head.length - 1);
  // Some terminals say that they have none.
  if (total > (columns === 0 ? 80 : (columns ?? Infinity)))
    return lines(...cells.flatMap((row) => [show``, ...block(head, row)]).slice(1));
  return lines(...[head.map((title) => [dim(title)]), ...cells].flatMap((row) => aligned(row, widths)));
}

/** Columns of the terminal that standard output is, if it is one. */
function terminalColumns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

/** The lines of a cell. A style lies within a line. */
function linesOf(part: Part): readonly SafeText[] {
  return safe(part)
    .split("\n")
    .map((line) => new Safe(line));
}

function widthOf(cell: readonly SafeText[]): number {
  return Math.max(0, ...cell.map(({ text }) => textWidth(text)));
}

/** A row in its columns, as many lines high as the highest of its cells. */
function aligned(row: readonly (readonly SafeText[])[], widths: readonly number[]): readonly SafeText[] {
  const height = Math.max(...row.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const padded = widths.map((width, column) => {
      const { styled: shown, text } = row[column]?.[line] ?? show``;
      return shown + " ".repeat(width - textWidth(text));
    });
    return new Safe(padded.join(GAP));
  });
}

/** A row as lines of its own, each with the name of its column. */
function block(head: readonly string[], row: readonly (readonly SafeText[])[]): readonly SafeText[] {
  const width = Math.max(...head.map(textWidth));
  const named = head.flatMap((title, column) => {
    if (title === "" && column > 0) return [];
    const next = head.findIndex((each, other) => other > column && each !== "");
    const cell = row.slice(column, next === -1 ? undefined : next);
    return cell.every((part) => widthOf(part) === 0) ? [] : [{ title, cell }];
  });
  return named.flatMap(({ title, cell }) =>
    aligned(cell, cell.map(widthOf)).map((line, index) => {
      const label = index === 0 ? title : "";
      return show`${dim(label)}${" ".repeat(width - textWidth(label))}${GAP}${line}`;
    }),
  );
}

import { DECEPTIVE_CHARACTERS } from "@writ/core";
import Table from "cli-table3";
import colours from "picocolors";

/** Text that is safe to show on a terminal: whatever came from a document is escaped in it. */
class Safe {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
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
  return part instanceof Safe ? part.text : escapeText(String(part));
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
  return new Safe(rows.flatMap((row) => (row === undefined ? [] : [row.text])).join("\n"));
}

/** Every line moved to the right. */
export function indent(block: SafeText, by = "  "): SafeText {
  return new Safe(block.text.replace(/^/gm, by));
}

export const bold = (part: Part): SafeText => new Safe(colours.bold(safe(part)));
export const dim = (part: Part): SafeText => new Safe(colours.dim(safe(part)));
export const good = (part: Part): SafeText => new Safe(colours.green(safe(part)));
export const bad = (part: Part): SafeText => new Safe(colours.red(safe(part)));

/** A table without lines. */
export function table(head: readonly string[], rows: readonly (readonly Part[])[]): SafeText {
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
  const sides = { "bottom-left": "", "bottom-right": "", left: "", right: "", middle: "  " };
  const inner = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };
  const grid = new Table({
    chars: { ...none, ...sides, ...inner },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  grid.push(
    head.map((title) => dim(title).text),
    ...rows.map((row) => row.map(safe)),
  );
  return new Safe(grid.toString());
}

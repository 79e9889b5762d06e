import { DECEPTIVE_CHARACTERS } from "@writ/core";
import Table from "cli-table3";
import colours from "picocolors";

/** Text that is safe to show on a terminal: whatever came from a document is escaped in it. */
export class SafeText {
  readonly text: string;
  /** Only this module makes one from raw text. */
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | SafeText;

const DECEPTIVE = new RegExp(DECEPTIVE_CHARACTERS.source, "gu");

function escapeText(text: string): string {
  return text.replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

function safe(part: Part): string {
  return part instanceof SafeText ? part.text : escapeText(String(part));
}

/** A template whose parts are escaped unless they are safe already. */
export function show(strings: TemplateStringsArray, ...parts: readonly Part[]): SafeText {
  return new SafeText(strings.map((text, index) => text + safe(parts[index] ?? "")).join(""));
}

/** Lines, one below the other. */
export function lines(...rows: readonly (SafeText | undefined)[]): SafeText {
  return new SafeText(rows.flatMap((row) => (row === undefined ? [] : [row.text])).join("\n"));
}

/** Every line moved to the right. */
export function indent(block: SafeText, by = "  "): SafeText {
  return new SafeText(block.text.replace(/^/gm, by));
}

export const bold = (part: Part): SafeText => new SafeText(colours.bold(safe(part)));
export const dim = (part: Part): SafeText => new SafeText(colours.dim(safe(part)));
export const good = (part: Part): SafeText => new SafeText(colours.green(safe(part)));
export const bad = (part: Part): SafeText => new SafeText(colours.red(safe(part)));

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
  return new SafeText(grid.toString());
}

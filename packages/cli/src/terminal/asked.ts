import { isJsonObject, type Asking, type JsonValue } from "@writ/core";

import { bold, show, type SafeText } from "./safe-text.js";

/** As many rows of a terminal as can be read without scrolling; a narrow one has this width. */
const MAX_ROWS = 40;
const ROW_WIDTH = 80;
const MAX_TEXT = 160;

/** What is asked, for a person to decide on. */
export interface AskedLines {
  readonly shown: readonly SafeText[];
  /** Whether all of it is shown, in few enough rows. */
  readonly whole: boolean;
}

/**
 * Who asks for what, one argument a line. The arguments are the asker's: nothing in them draws lines of
 * its own, and where they would push the rest off the screen that is said.
 */
export function askedLines(holder: string, { action, resource, args = {} }: Asking): AskedLines {
  const leaves = leavesOf(args, "").map(([pointer, value]) => [
    printable(pointer),
    printable(JSON.stringify(value)),
  ]);
  const texts = [printable(holder), printable(resource ?? ""), ...leaves.flat()];
  const rows = [holder, resource ?? "", ...leaves.map((pair) => pair.map(({ text }) => text).join(" "))]
    .map((text) => Math.ceil((text.length + 13) / ROW_WIDTH))
    .reduce((sum, each) => sum + each, 0);
  const listed = leaves.slice(0, MAX_ROWS);
  return {
    whole: rows <= MAX_ROWS && !texts.some(({ cut }) => cut),
    shown: [
      show`  asked by   ${holder}`,
      show`  for        ${bold(action)}`,
      show`  on         ${resource ?? "(no resource is named)"}`,
      ...listed.map(([pointer, value]) => show`  with       ${pointer?.text ?? ""} ${value?.text ?? ""}`),
      ...(leaves.length > listed.length
        ? [show`  and        ${leaves.length - listed.length} more arguments`]
        : []),
    ],
  };
}

/** Scalars, arrays and empty objects, with the whole pointer to each. */
function leavesOf(value: JsonValue, pointer: string): readonly (readonly [string, JsonValue])[] {
  if (!isJsonObject(value) || Object.keys(value).length === 0)
    return pointer === "" ? [] : [[pointer, value]];
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

/** ASCII that shows, with single spaces; everything else as JSON escapes it. Cut where it is long. */
export function printable(text: string): { readonly text: string; readonly cut: boolean } {
  const plain = text.replace(/ {2,}|[^ -~]/g, (found) =>
    [...found].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
  const cut = plain.length > MAX_TEXT;
  return { text: cut ? `${plain.slice(0, MAX_TEXT)}…` : plain, cut };
}

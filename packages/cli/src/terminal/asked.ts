import { isJsonObject, joinPointer, type Asking, type JsonValue } from "@writ/core";

import { bold, show, type SafeText } from "./safe-text.js";

const MAX_LINES = 40;
const MAX_VALUE = 160;

/** What is asked, for a person to decide on. */
export interface AskedLines {
  readonly shown: readonly SafeText[];
  /** Whether all of it is shown. */
  readonly whole: boolean;
}

/**
 * Who asks for what, one argument a line. The arguments are the asker's: nothing in them can push the
 * rest off the screen or draw lines of its own.
 */
export function askedLines(holder: string, { action, resource, args = {} }: Asking): AskedLines {
  const leaves = leavesOf(args, "");
  const values = leaves
    .slice(0, MAX_LINES)
    .map(([pointer, value]) => [printable(pointer), printable(JSON.stringify(value))]);
  const whole = leaves.length <= MAX_LINES && !values.flat().some((text) => text.endsWith("…"));
  return {
    shown: [
      show`  asked by  ${holder}`,
      show`  for       ${bold(action)}`,
      show`  on        ${resource ?? "(no resource is named)"}`,
      ...values.map(([pointer = "", value = ""]) => show`  with      ${pointer} ${value}`),
      ...(leaves.length > MAX_LINES ? [show`  and       ${leaves.length - MAX_LINES} more arguments`] : []),
    ],
    whole,
  };
}

function leavesOf(value: JsonValue, pointer: string): readonly (readonly [string, JsonValue])[] {
  if (!isJsonObject(value) || Object.keys(value).length === 0)
    return pointer === "" ? [] : [[pointer, value]];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, joinPointer(pointer, name)));
}

/** ASCII that shows, with single spaces; everything else as JSON escapes it. Cut where it is long. */
function printable(text: string): string {
  const plain = text.replace(/ {2,}|[^ -~]/g, (found) =>
    [...found].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
  return plain.length > MAX_VALUE ? `${plain.slice(0, MAX_VALUE)}…` : plain;
}

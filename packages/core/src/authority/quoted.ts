import { canonicalize } from "../json/canonicalize.js";
import type { JsonValue } from "../json/json-value.js";

/**
 * A value from a document within a sentence: its canonical JSON in printable ASCII. What is not ASCII, and
 * spaces in a row, are written as JSON escapes them: letters that look like others, marks that change
 * direction and gaps that pass for columns are seen for what they are. No two values read the same.
 */
export function quoted(value: JsonValue): string {
  return canonicalize(value).replace(/ {2,}|[^ -~]/g, (found) =>
    Array.from(
      { length: found.length },
      (_, index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

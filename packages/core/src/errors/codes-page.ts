import { WritError } from "./writ-error.js";
import { ERROR_CODES, type ErrorCode } from "./codes.js";
import { problemType } from "./problem-details.js";

interface Section {
  readonly heading: string;
  readonly codes: ErrorCode[];
}

const INTRODUCTION = `# Codes

Every answer that is not a yes has one of these codes. They are stable: a program switches on the code, a
person reads the sentence beside it. Codes that end in \`_UNAVAILABLE\` mean "could not tell", which is never
a yes. Sections are those of [DESIGN.md](DESIGN.md).

Over HTTP a problem is a Problem Details object (RFC 9457), made by \`problemDetails\`: \`type\` is the URL in
the last column, \`title\` the sentence, \`detail\`, \`code\` and \`pointer\` are the problem's own. A W3C type says
what kind of problem it is, so that several codes share one; \`code\` says which. The types are defined by

- Verifiable Credentials Data Model 2.0, section 7.2: \`https://www.w3.org/TR/vc-data-model#…\`
- Data Integrity 1.0, section 4.7, and Controlled Identifiers 1.0, processing errors:
  \`https://w3id.org/security#…\`
- Bitstring Status List 1.0, section 3.5: \`https://www.w3.org/ns/credentials/status-list#…\`
- Writ, where none of these fits: \`https://w3id.org/writ/problems#…\`

Written by \`node packages/core/scripts/write-codes.js\`.
`;

/**
 * The page `docs/codes.md`.
 *
 * @param source the text of `codes.ts`, whose comments are the headings
 * @throws WritError `SCHEMA_INVALID` where a code stands under no heading.
 */
export function codesPage(source: string): string {
  const sections = sectionsIn(source);
  const missing = Object.keys(ERROR_CODES).filter(
    (code) => !sections.some(({ codes }) => codes.some((each) => each === code)),
  );
  if (missing.length > 0) throw new WritError("SCHEMA_INVALID", `under no heading: ${missing.join(", ")}`);
  return [INTRODUCTION, ...sections.map(sectionPage)].join("\n");
}

function sectionsIn(source: string): readonly Section[] {
  const sections: Section[] = [];
  for (const line of source.split("\n")) {
    const heading = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    const code = /^ {2}([A-Z0-9_]+):/.exec(line)?.[1];
    if (heading !== undefined) sections.push({ heading, codes: [] });
    if (code !== undefined && Object.hasOwn(ERROR_CODES, code))
      sections.at(-1)?.codes.push(code as ErrorCode);
  }
  return sections;
}

function sectionPage({ heading, codes }: Section): string {
  const rows = codes.map((code) => [`\`${code}\``, ERROR_CODES[code], `<${problemType(code)}>`]);
  return `## ${heading}\n\n${tableOf([["code", "meaning", "problem type"], ...rows])}`;
}

/** A table with columns as wide as their cells, as the formatter would have it. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const [head = "", ...body] = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].map((each) => `${each}\n`).join("");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

import type { Exception, Requirement, Specification } from "./specification.js";

const INTRODUCTION = `# Conformance

What the specifications demand of the documents that Writ issues and verifies, of the service that does so over
HTTP, and of the DID documents that it resolves: each sentence that a program can test, and the tests that show
it. Every test asks a running service over HTTP, as a client of the VC API or a conformance suite does
(\`packages/service/test/conformance\`); what is signed for a no is signed rightly, so that the fault that is
tested is the only one. What Writ does otherwise, on purpose, is said below each table, and what cannot be seen
from outside.

Written by \`WRIT_WRITE_CONFORMANCE=1 npx vitest run conformance\`.
`;

/** The page `docs/conformance.md`. */
export function conformancePage(specifications: readonly Specification[]): string {
  return [INTRODUCTION, ...specifications.map(sectionOf)].join("\n");
}

function sectionOf({ title, url, file, requirements, otherwise, untested }: Specification): string {
  const count = requirements.reduce((sum, { cases }) => sum + cases.length, 0);
  return [
    `## ${title}`,
    "",
    `<${url}>: ${String(requirements.length)} requirements, ${String(count)} tests, in \`${file}\`.`,
    "",
    "| section | what must be | shown by |",
    "| --- | --- | --- |",
    ...requirements.map(rowOf),
    "",
    ...exceptions("Otherwise, on purpose:", otherwise),
    ...exceptions("Not to be seen from outside:", untested),
  ].join("\n");
}

function rowOf({ section, must, cases }: Requirement): string {
  return `| ${section} | ${cell(must)} | ${cell(told(cases.map(({ name }) => name)).join("; "))} |`;
}

/** What is tested of issuing and of verifying alike is told once. */
function told(names: readonly string[]): readonly string[] {
  const others = new Set(names.map((name) => name.replace("does not issue", "does not verify")));
  const both = (name: string): boolean => names.includes(name.replace("does not verify", "does not issue"));
  return [...others]
    .filter((name) => !name.endsWith(", by somebody else"))
    .map((name) =>
      name.startsWith("does not verify") && names.includes(name) && both(name)
        ? name.replace("does not verify", "neither issues nor verifies")
        : names.includes(name)
          ? name
          : name.replace("does not verify", "does not issue"),
    );
}

function exceptions(title: string, list: readonly Exception[]): readonly string[] {
  if (list.length === 0) return [];
  return [title, "", ...list.map(({ section, must, why }) => `- ${section}, ${must}: ${why}`), ""];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

import { COMMANDS } from "./commands.js";

export const DESCRIPTION = "Identity, delegated authority and its verification for AI agents";

export const EXIT_CODES = `
Exit codes:
  0  done, or verified and allowed
  1  not verified, not allowed, refused
  2  the command line is wrong
  3  a file, store or secret is missing or unusable
`;

const OPTIONS: readonly Item[] = [
  { name: "-V, --version", description: "output the version number" },
  { name: "-h, --help", description: "display help for command" },
];

const HELP: Item = { name: "help [command]", description: "display help for command" };

/** Columns where standard output is no terminal. */
const WIDTH = 80;
/** A column of descriptions that is narrower than this is left to the terminal. */
const NARROWEST = 40;
const INDENT = "  ";
const GAP = "  ";

/** A name, and what it stands for. */
interface Item {
  readonly name: string;
  readonly description: string;
}

/**
 * What `writ --help` says, as `commander` says and lays it out, which takes as long to load as all else that this needs.
 *
 * @param columns of the terminal, if it is one
 */
export function rootHelp(columns: number = WIDTH): string {
  const commands = [...COMMANDS, HELP];
  const nameWidth = Math.max(...[...OPTIONS, ...commands].map(({ name }) => name.length));
  const list = (items: readonly Item[]): string =>
    items.map((item) => lineOf(item, nameWidth, columns)).join("\n");
  return [
    "Usage: writ [options] [command]",
    wrapped(DESCRIPTION, columns).join("\n"),
    `Options:\n${list(OPTIONS)}`,
    `Commands:\n${list(commands)}`,
    `${EXIT_CODES.trimStart()}\n`,
  ].join("\n\n");
}

function lineOf({ name, description }: Item, nameWidth: number, columns: number): string {
  const before = INDENT + name.padEnd(nameWidth) + GAP;
  return before + wrapped(description, columns - before.length).join(`\n${" ".repeat(before.length)}`);
}

/** A text in lines of so many characters at most. */
function wrapped(text: string, width: number): readonly string[] {
  if (width < NARROWEST) return [text];
  const [first = "", ...words] = text.split(" ");
  const lines = [first];
  for (const word of words) {
    const last = lines.pop() ?? "";
    lines.push(...(`${last} ${word}`.length <= width ? [`${last} ${word}`] : [last, word]));
  }
  return lines;
}

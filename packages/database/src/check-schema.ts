import { WritError, type SqlRow } from "@writ/core";

/** How a kind of statement begins, and how deep in parentheses it lists the names of columns. */
interface Form {
  readonly beginning: RegExp;
  readonly listDepth: number;
}

/** That a column is a number: it computes nothing. */
const ONLY_WHERE = / WHERE \w+ = \d+$/;

const FORMS: ReadonlyMap<unknown, Form> = new Map([
  ["table", { beginning: /^CREATE TABLE \w+\s*\(/, listDepth: 2 }],
  ["index", { beginning: /^CREATE INDEX \w+ ON \w+\s*\(/, listDepth: 1 }],
]);
/** Words, texts, and the marks between them: Writ's tables have nothing else, not even quoted names. */
const TOKEN = /\s+|(\w+)|'[^']*'|([(),])/gy;
/** What would compute, compare in a way of its own, or act when a row changes. */
const FOREIGN_WORDS: ReadonlySet<string> = new Set(["AS", "CHECK", "COLLATE", "GENERATED", "ON"]);
/** What SQLite makes for UNIQUE and PRIMARY KEY has no text. */
const MADE_BY_SQLITE = /^sqlite_autoindex_/;
/** What there is in a schema. */
const TYPES = ["table", "index", "view", "trigger"] as const;
/** How many characters of a name are told. */
const MAX_NAME = 64;

/**
 * Refuses a schema with more in it than plain tables and indexes on their columns, which is all that Writ
 * makes. Views, triggers, virtual tables, computed columns and expressions are programs: whoever can write
 * the file would have them run, for ever or behind the caller's back.
 *
 * @param rows type, name and sql of `sqlite_schema`
 * @throws WritError `DATABASE_INVALID`, with the type and the name of what is foreign.
 */
export function checkSchema(rows: readonly SqlRow[]): void {
  for (const { type, name, sql } of rows) {
    const form = FORMS.get(type);
    if (form !== undefined && typeof sql === "string" && isPlain(sql, form)) continue;
    if (type === "index" && sql === null && typeof name === "string" && MADE_BY_SQLITE.test(name)) continue;
    throw new WritError(
      "DATABASE_INVALID",
      `${described(type, name)} in the database's schema is not of Writ`,
      {
        hint: "Remove it with SQLite's own tool, or restore a backup.",
      },
    );
  }
}

/** Whoever wrote the file chose what stands there: a word of SQLite's own, and as much of a name as one reads. */
function described(type: unknown, name: unknown): string {
  if (typeof name !== "string") return "an object without a name";
  const kind = TYPES.find((each) => each === type) ?? "object";
  return `the ${kind} ${JSON.stringify(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name)}`;
}

/** Whether a statement is of words alone, and the innermost parentheses hold lists of names. */
function isPlain(statement: string, { beginning, listDepth }: Form): boolean {
  const sql = statement.replace(ONLY_WHERE, "");
  const [begun] = beginning.exec(sql) ?? [];
  if (begun === undefined) return false;
  let depth = 1;
  let read = begun.length;
  let before = "(";
  for (const [token, word, mark] of sql.slice(read).matchAll(TOKEN)) {
    read += token.length;
    if (/^\s/.test(token)) continue;
    // Behind the last parenthesis could be any condition of an index.
    if (depth === 0 || (word !== undefined && FOREIGN_WORDS.has(word.toUpperCase()))) return false;
    if (mark === "(" && ++depth > listDepth) return false;
    if (depth === listDepth && mark === undefined && !isListed(word, before)) return false;
    if (mark === ")") depth -= 1;
    before = token;
  }
  return depth === 0 && read === sql.length;
}

/** A name follows the parenthesis or a comma; two words could be an expression. */
function isListed(word: string | undefined, before: string): boolean {
  return word !== undefined && (before === "(" || before === ",");
}

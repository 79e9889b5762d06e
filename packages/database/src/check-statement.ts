import { WritError } from "@writ/core";

const QUOTED_OR_COMMENT = /'[^']*'|"[^"]*"|--[^\n]*|\/\*.*?\*\//gs;
const CONTROL = /^[\s;]*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|ATTACH|DETACH)\b/i;
const TRIGGER = /^\s*CREATE\s+(TEMP\s+|TEMPORARY\s+)?TRIGGER\b/i;
const SECOND_STATEMENT = /;\s*[^\s;]/;

/**
 * Refuses what the driver would quietly do otherwise with a caller's statement: leave out all after
 * the first, or end a transaction that is not the statement's to end.
 *
 * @returns how many parameters the statement has: the highest of `$1`, `$2` …
 * @throws WritError `ARGUMENT_INVALID`.
 */
export function checkStatement(sql: string): number {
  const bare = sql.replace(QUOTED_OR_COMMENT, " ");
  if (CONTROL.test(bare))
    throw new WritError("ARGUMENT_INVALID", "transactions are for transaction() to control");
  if (!TRIGGER.test(bare) && SECOND_STATEMENT.test(bare)) {
    throw new WritError("ARGUMENT_INVALID", "there is more than one statement in one text");
  }
  return Math.max(0, ...Array.from(bare.matchAll(/\$(\d+)/g), ([, digits]) => Number(digits)));
}

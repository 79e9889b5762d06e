import { isOwnDocument, textOf, type SqlExecutor } from "@writ/core";

/** Whether a credential of Writ's own, an identity or an authority, is on record under a name. */
export async function isOwnCredential(executor: SqlExecutor, name: string): Promise<boolean> {
  const rows = await executor.query("SELECT type FROM credentials WHERE document_id = $1", [name]);
  return rows.some((row) => isOwnDocument({ type: textOf(row, "type") }));
}

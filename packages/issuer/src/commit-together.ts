import type { Database, SqlExecutor } from "@writ/core";

type Work<T> = (transaction: SqlExecutor) => Promise<T>;

/** Work that waits for its turn, and whom to tell what came of it. */
interface Waiting {
  readonly work: Work<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** So many share a commit at most: where one is refused, all of them run again. */
const MAX_TOGETHER = 128;

/** What waits for a database, while somebody works on it. */
const queues = new WeakMap<Database, Waiting[]>();

/**
 * Runs work in a transaction, as {@link Database.transaction} does. What comes while another runs waits, and is
 * committed together with all else that waits: of many credentials that are issued at once, few wait for the disk
 * alone.
 *
 * Where one is refused, nothing of it may stay: all are rolled back, and each half runs again by itself, down to the
 * one. So work changes nothing outside of its transaction.
 */
export async function commitTogether<T>(database: Database, work: Work<T>): Promise<T> {
  // Refused within a transaction of the database: the work would wait for that to end, and it for the work.
  await database.query("SELECT 1");
  return new Promise<unknown>((resolve, reject) => {
    const waiting = { work, resolve, reject };
    const queue = queues.get(database);
    if (queue === undefined) void runQueue(database, [waiting]);
    else queue.push(waiting);
  }) as Promise<T>;
}

async function runQueue(database: Database, queue: Waiting[]): Promise<void> {
  queues.set(database, queue);
  while (queue.length > 0) await runGroup(database, () => queue.splice(0, MAX_TOGETHER));
  queues.delete(database);
}

/** @param take gives the group when the transaction begins: what came while that waited for its turn goes with it */
async function runGroup(database: Database, take: () => readonly Waiting[]): Promise<void> {
  let group: readonly Waiting[] | undefined;
  const seen = { refusal: false };
  try {
    const results = await database.transaction(async (transaction) => {
      // A server that runs the work again, as after a conflict, must not take others for it.
      group ??= take();
      const done: unknown[] = [];
      for (const { work } of group) {
        try {
          done.push(await work(transaction));
        } catch (error) {
          seen.refusal = true;
          throw error;
        }
      }
      return done;
    });
    for (const [index, { resolve }] of (group ?? []).entries()) resolve(results[index]);
  } catch (error) {
    const failed = group ?? take();
    if (seen.refusal && failed.length > 1) {
      const half = failed.length >> 1;
      await runGroup(database, () => failed.slice(0, half));
      await runGroup(database, () => failed.slice(half));
      return;
    }
    // What fails by none of them, such as the commit, fails for all.
    for (const { reject } of failed) reject(error);
  }
}

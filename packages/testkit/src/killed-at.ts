/** As much of a database as is watched. Structural, so that it fits the port. */
interface Executor {
  query(sql: string, parameters?: readonly unknown[]): Promise<unknown>;
}

interface Watched extends Executor {
  transaction(work: (transaction: Executor) => Promise<unknown>): Promise<unknown>;
}

/**
 * A database in which the process kills itself at the n-th of these: before a statement that writes, before
 * and after the end of a transaction. A statement outside of a transaction is one of its own. Reads do not count:
 * what is killed there leaves what it leaves when it is killed before the next write.
 */
export function killedAt<Database extends Watched>(database: Database, at: number): Database {
  let step = 0;
  const reached = (): void => {
    step += 1;
    if (step === at) process.kill(process.pid, "SIGKILL");
  };
  const write = async (executor: Executor, ...call: Parameters<Executor["query"]>): Promise<unknown> => {
    if (!call[0].trimStart().startsWith("SELECT")) reached();
    return executor.query(...call);
  };
  const watched: Watched = {
    async query(sql, parameters) {
      const rows = await write(database, sql, parameters);
      if (!sql.trimStart().startsWith("SELECT")) reached();
      return rows;
    },
    async transaction(work) {
      const result = await database.transaction(async (transaction) => {
        const done = await work({ query: (sql, parameters) => write(transaction, sql, parameters) });
        reached();
        return done;
      });
      reached();
      return result;
    },
  };
  return { ...database, ...watched };
}

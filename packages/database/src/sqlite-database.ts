import { AsyncLocalStorage } from "node:async_hooks";
import { WritError, type Database, type SqlExecutor } from "@writ/core";
import { bindParameters } from "./bind-parameters.js";
import { createQueue } from "./queue.js";
import { retryWhileBusy } from "./retry-while-busy.js";
import type { SqliteConnection } from "./sqlite-connection.js";

/** A transaction from its first statement to the end of its work. */
interface Scope {
  open: boolean;
}

/**
 * The port on one connection. The callers share it, so everything queues: a query from outside
 * never runs within somebody's transaction. Waiting in the queue does not count as waiting for a lock.
 *
 * Within the work of a transaction, calls on the database itself would wait for that work to end
 * and it for them; they throw `ARGUMENT_INVALID`, as do calls after `close`. `close` may be repeated.
 *
 * @param busyTimeoutMs how long to wait for another process's lock
 */
export function createSqliteDatabase(connection: SqliteConnection, busyTimeoutMs: number): Database {
  const queue = createQueue();
  const surrounding = new AsyncLocalStorage<Scope>();
  let closed: Promise<void> | undefined;

  function checkOutside(): void {
    if (surrounding.getStore()?.open === true) {
      throw new WritError("ARGUMENT_INVALID", "within a transaction only its own handle may be used");
    }
  }

  function checkCallable(): void {
    checkOutside();
    if (closed !== undefined) throw new WritError("ARGUMENT_INVALID", "the database has been closed");
  }

  async function runTransaction<T>(work: (transaction: SqlExecutor) => Promise<T>): Promise<T> {
    await retryWhileBusy(() => {
      connection.begin();
    }, busyTimeoutMs);
    const scope = { open: true };
    try {
      const result = await surrounding.run(scope, () => work(createExecutor(connection, scope)));
      scope.open = false;
      checkAlive(connection);
      await retryWhileBusy(() => {
        connection.commit();
      }, busyTimeoutMs);
      return result;
    } catch (error) {
      scope.open = false;
      connection.rollback();
      throw error;
    }
  }

  return {
    query: async (sql, parameters = []) => {
      checkCallable();
      const bindings = bindParameters(parameters);
      return await queue(() => retryWhileBusy(() => connection.run(sql, bindings), busyTimeoutMs));
    },
    transaction: async (work) => {
      checkCallable();
      return await queue(() => runTransaction(work));
    },
    close: async () => {
      checkOutside();
      closed ??= queue(() => {
        connection.close();
      });
      await closed;
    },
  };
}

function createExecutor(connection: SqliteConnection, scope: Scope): SqlExecutor {
  return {
    // The statement runs at the call, so that one which is not awaited is nevertheless part of the transaction.
    query: (sql, parameters = []) =>
      new Promise((resolve) => {
        if (!scope.open) throw new WritError("ARGUMENT_INVALID", "the transaction has ended");
        checkAlive(connection);
        resolve(connection.run(sql, bindParameters(parameters)));
      }),
  };
}

/** SQLite ends a transaction by itself on some failures; what came after would be committed alone. */
function checkAlive(connection: SqliteConnection): void {
  if (!connection.inTransaction) {
    throw new WritError("ARGUMENT_INVALID", "the transaction was rolled back when a statement failed");
  }
}

// Restores a backup, and waits for a line of its standard input after each step that it tells: the wallet's
// file, `open` or `create`, the backup's file, its passphrase.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, restoreWallet } from "../../../dist/index.js";

const [path, mode, backup, passphrase] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = async (step) => {
  console.log(step);
  await answers.next();
};

/** The same store, which tells before and after each write. */
function telling(store, name) {
  const told =
    (method) =>
    async (...given) => {
      await tell(`${name}: ${method}`);
      const result = await store[method](...given);
      await tell(`${name}: ${method} done`);
      return result;
    };
  return {
    ...store,
    initialise: told("initialise"),
    commit: told("commit"),
    succeed: told("succeed"),
    successor: () => telling(store.successor(), "successor"),
  };
}

const database = await openSqliteDatabase({ path, mode });
await restoreWallet(telling(createDatabaseWalletStore(database), "wallet"), () => createReadStream(backup), {
  secret: { type: "passphrase", passphrase },
  newSecret: { type: "raw", key: new Uint8Array(32).fill(2) },
  replace: "existing",
  confirm: () => tell("checked"),
});
process.exit(0);

// Gives a wallet another secret and kills itself before one of the statements that write, or before the
// end of one of the transactions; ends with 0 where there are not so many: path, mode, which one.
import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, rekeyWallet } from "../../dist/index.js";

const [, , path, mode, at] = process.argv;
let step = 0;
function reached() {
  step += 1;
  if (step === Number(at)) process.kill(process.pid, "SIGKILL");
}
const database = await openSqliteDatabase({ path, mode: "open" });
const watched = {
  query: (sql, parameters) => database.query(sql, parameters),
  async transaction(work) {
    const result = await database.transaction(async (transaction) => {
      const done = await work({
        async query(sql, parameters) {
          if (!sql.trimStart().startsWith("SELECT")) reached();
          return transaction.query(sql, parameters);
        },
      });
      reached();
      return done;
    });
    reached();
    return result;
  },
  close: () => database.close(),
};
const raw = (byte) => ({ type: "raw", key: new Uint8Array(32).fill(byte) });
await rekeyWallet(createDatabaseWalletStore(watched), { secret: raw(1), newSecret: raw(2), mode });
await database.close();

import { leafRows, type ReadBytes } from "./sqlite-leaves.js";
import { tagsIn } from "./wallet-rows.js";
import type { StoredRecord } from "./wallet-store.js";

/** A record, and of which of the wallet's root keys its row says that it is. */
export interface RecordRow {
  readonly generation: number;
  readonly record: StoredRecord;
}

/** What the file of a store holds, however its trees are damaged: each row that can be read, in no order. */
export interface WalletRows {
  records(): AsyncIterable<RecordRow>;
  /** Of the manifest, each with its number. */
  pages(): AsyncIterable<readonly [page: number, content: Uint8Array]>;
}

/** The rows of a wallet in an SQLite file, for `surveyWallet` and `saveWallet`. */
export function createSqliteRows(read: ReadBytes): WalletRows {
  return {
    async *records() {
      for await (const row of leafRows(read, ["integer", "bytes", "integer", "bytes", "bytes"])) {
        const [generation, id, revision, sealed, tags] = row as [
          number,
          Uint8Array,
          number,
          Uint8Array,
          Uint8Array,
        ];
        yield { generation, record: { id, revision, sealed, tags: tagsIn(tags) } };
      }
    },
    async *pages() {
      for await (const row of leafRows(read, ["integer", "integer", "bytes"])) {
        const [, page, content] = row as [number, number, Uint8Array];
        yield [page, content];
      }
    },
  };
}

import { sha256, toHex, WritError, type RandomSource } from "@writ/core";

import type { StoredRecord, WalletStore } from "../store/wallet-store.js";
import { eachRecord } from "./each-record.js";
import { exchange, tallyOf, type Exchange } from "./manifest.js";
import { sealRoot } from "./manifest-root.js";
import { followMoments, type Moment, type MomentView } from "./moments.js";
import {
  newRecord,
  sealRecord,
  tagOf,
  type Collection,
  type Label,
  type RecordContent,
  type RecordVersion,
  type VaultRecord,
} from "./record.js";
import type { VaultKeys } from "./vault-keys.js";
import { digestOf, type WalletAnchor } from "./wallet-anchor.js";

/** What one change does, all or nothing. */
export interface VaultChange {
  readonly add?: readonly RecordContent[];
  /** Records, each with what takes its place. */
  readonly replace?: readonly (readonly [VaultRecord, RecordContent])[];
  readonly remove?: readonly VaultRecord[];
  /** Records of another vault, which keep their ids and revisions. */
  readonly copy?: readonly VaultRecord[];
  /** Another header, which wraps the same root key. */
  readonly header?: string;
}

/**
 * Encrypted records over a store (DESIGN 5). Everything that the store sees is sealed or blinded;
 * that equal labels give equal tags, and so how often one recurs, is what it can learn. All that it
 * gives is held against the manifest.
 *
 * Every method throws WritError `RECORD_TAMPERED` or `RECORD_MISSING` where the store does not give
 * what it was given, `WALLET_ROLLED_BACK` where it gives what it had before, `WALLET_REKEYED` where
 * the wallet has another root key by now, and `ARGUMENT_INVALID` once the vault is closed.
 */
export interface Vault {
  /** The records of a collection that carry all of some labels. */
  find(collection: Collection, ...labels: readonly Label[]): Promise<readonly VaultRecord[]>;
  /**
   * The same in the order of their ids, without holding them all at once. That they are all of them
   * is known at the end: whoever acts on a part of them must not mind. Throws `WALLET_CONFLICT` where
   * the wallet is changed meanwhile.
   */
  each(collection: Collection, ...labels: readonly Label[]): AsyncIterable<VaultRecord>;
  /** How many records carry a label. */
  count(collection: Collection, label?: Label): Promise<number>;
  /**
   * Does what `compose` returns. It is asked again where another process changed the wallet in
   * between, so it must look afresh each time: records that it replaces or removes must be as it has
   * just read them. Throws `WALLET_CONFLICT` where that goes on.
   */
  change(compose: () => Promise<VaultChange>): Promise<void>;
  /** What must not be older when the wallet is opened again. */
  anchor(): Promise<Required<WalletAnchor>>;
  /** The sealed root of this moment: no other moment of any wallet has it. */
  root(): Promise<Uint8Array>;
  /** Overwrites the keys as far as JavaScript allows. */
  close(): void;
}

const MAX_ATTEMPTS = 100;

/** The records of a vault whose root has been opened, from a moment on. */
export function vaultOver(
  store: WalletStore,
  keys: VaultKeys,
  generation: number,
  first: Moment,
  random: RandomSource,
): Vault {
  const moments = followMoments(store, keys, generation, first);

  function sealAs(version: RecordVersion, content: RecordContent): StoredRecord {
    moments.assertOpen();
    return sealRecord(keys, version, content, random);
  }

  /** Writes a change over a moment, unless another is quicker. */
  async function commit(view: MomentView, change: VaultChange, records: Exchange): Promise<boolean> {
    const { header } = change;
    const { root: before, pages } = exchange(keys, view.opened, view.pages, records, random);
    const opened = header === undefined ? before : { ...before, headerHash: sha256(header) };
    const counter = view.counter + 1;
    const root = sealRoot(keys, opened, counter, random);
    const kept = new Set(records.in.map(({ id }) => toHex(id)));
    const written = await store.commit(
      {
        root,
        pages,
        records: records.in,
        removed: records.out.map(({ id }) => id).filter((id) => !kept.has(toHex(id))),
        ...(header === undefined ? {} : { header }),
      },
      view.root,
    );
    if (written) moments.made({ counter, root, opened });
    return written;
  }

  const vault: Vault = {
    async find(collection, ...labels) {
      return again(async () => {
        const records: VaultRecord[] = [];
        try {
          for await (const record of vault.each(collection, ...labels)) records.push(record);
          return records;
        } catch (error) {
          if (error instanceof WritError && error.code === "WALLET_CONFLICT") return undefined;
          throw error;
        }
      });
    },
    each: (collection, ...labels) => eachRecord(moments, keys, collection, labels),
    async count(collection, label) {
      const tag = tagOf(keys, collection, label);
      const { opened, pages } = await moments.read({ tags: [tag] });
      return tallyOf(keys, opened, pages, tag).count;
    },
    async change(compose) {
      const secrets = new Set<Uint8Array>();
      await again(async () => {
        // If it is not the newest there is, what is read below says so, and the next attempt knows better.
        const counter = moments.newest();
        const change = await compose();
        if (isNothing(change)) return true;
        for (const { secret } of contentsOf(change)) if (secret !== undefined) secrets.add(secret);
        const { add = [], replace = [], remove = [], copy = [] } = change;
        const gone = [...replace.map(([record]) => record), ...remove];
        const records: Exchange = {
          out: gone.map(({ stored }) => stored),
          in: [
            ...add.map((content, index) => sealAs(newRecord(counter + 1, index, random), content)),
            ...replace.map(([{ stored }, content]) =>
              sealAs({ id: stored.id, revision: stored.revision + 1 }, content),
            ),
            ...copy.map((record) => sealAs(record.stored, record)),
          ],
        };
        const view = await moments.read({
          tags: [...records.out, ...records.in].flatMap(({ tags }) => tags),
        });
        const isCurrent = view.counter === counter && gone.every(({ asOf }) => asOf === counter);
        return isCurrent && (await commit(view, change, records)) ? true : undefined;
      }).finally(() => {
        // Not before: an attempt that comes to nothing is followed by another, perhaps of the same.
        for (const secret of secrets) secret.fill(0);
      });
    },
    async root() {
      return (await moments.read({})).root;
    },
    async anchor() {
      const { counter, root } = await moments.read({});
      return { generation, counter, root: digestOf(root) };
    },
    close() {
      moments.close();
    },
  };
  return vault;
}

function isNothing({ add = [], replace = [], remove = [], copy = [], header }: VaultChange): boolean {
  return header === undefined && add.length + replace.length + remove.length + copy.length === 0;
}

function contentsOf({ add = [], replace = [], copy = [] }: VaultChange): readonly RecordContent[] {
  return [...add, ...replace.map(([, content]) => content), ...copy];
}

/** Repeats an attempt until it comes to something. */
async function again<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new WritError("WALLET_CONFLICT", "other processes keep changing the wallet");
}

import {
  createEnvelope,
  randomUuidUrn,
  systemEnvironment,
  WritError,
  type Argon2Cost,
  type Environment,
  type KeySource,
} from "@writ/core";

import { keyOf, keyRecord } from "../keys/key-record.js";
import type { WalletStore } from "../store/wallet-store.js";
import type { RecordContent } from "../vault/record.js";
import { createVault } from "../vault/open-vault.js";
import type { Vault } from "../vault/vault.js";
import { lookThrough, type SurveyOptions, type WalletSurvey } from "./survey-wallet.js";

/** Where what can be saved goes. */
export interface SaveWalletOptions extends Omit<SurveyOptions, "onWhole"> {
  /** An empty store. */
  readonly into: WalletStore;
  /** What opens the new wallet. */
  readonly newSecret: KeySource;
  /** Cost of Argon2id, where that is a passphrase. */
  readonly cost?: Argon2Cost;
}

/** So many records are written in one step. */
const BATCH = 256;

/**
 * Saves every whole record of a wallet that may be damaged into a new wallet, under a new root key; the
 * damaged one is only read. Records from another time are saved as well, and those of which it cannot be told
 * (`RECORD_AGE_UNAVAILABLE`): the findings name them. A key from another time may have been destroyed since: it is
 * not saved where another is known to be the last writing; where none is, all of which it cannot be told are. What
 * is left out so is named (`notSaved`). What is there more than once is saved once, as it was most certainly last.
 *
 * @returns what was found
 * @throws WritError of `surveyWallet`; `RECORD_MISSING` where none of the keys could be saved;
 *   `ALREADY_EXISTS`; `WALLET_CONFLICT` where the wallet is changed meanwhile; for the secret that opens the new wallet, the codes of `createWallet`
 */
export async function saveWallet(
  store: WalletStore,
  { into, newSecret, cost, ...options }: SaveWalletOptions,
  { random }: Pick<Environment, "random"> = systemEnvironment,
): Promise<WalletSurvey> {
  const { first, chosen } = await wholeKeys(store, options);
  let vault: Vault;
  try {
    const { header, envelope } = await createEnvelope(
      "wallet",
      randomUuidUrn(random),
      newSecret,
      random,
      cost,
    );
    vault = await createVault(into, header, envelope, random, { first });
  } finally {
    wipe(first);
  }
  try {
    const batch: RecordContent[] = [];
    const flush = async (): Promise<void> => {
      const add = batch.splice(0);
      await vault.change(() => Promise.resolve({ add }));
    };
    const { survey, saved } = await lookThrough(store, {
      ...options,
      async onWhole({ collection, value, labels }, leaf) {
        if (collection === "key" || !chosen.has(leaf)) return;
        batch.push({ collection, value, labels });
        if (batch.length >= BATCH) await flush();
      },
    });
    await flush();
    if ([...saved].some((leaf) => !chosen.has(leaf))) {
      throw new WritError("WALLET_CONFLICT", "the wallet was changed while it was saved");
    }
    return survey;
  } finally {
    vault.close();
  }
}

function wipe(keys: readonly RecordContent[]): void {
  for (const { secret } of keys) secret?.fill(0);
}

interface WholeKey {
  readonly leaf: string;
  readonly content: RecordContent & { readonly secret: Uint8Array };
}

/** What is saved. */
interface Chosen {
  /** The keys, of which one is primary. */
  readonly first: readonly RecordContent[];
  /** Leaves of all records that are saved, in hex. */
  readonly chosen: ReadonlySet<string>;
}

async function wholeKeys(store: WalletStore, { secret }: Pick<SurveyOptions, "secret">): Promise<Chosen> {
  const found: WholeKey[] = [];
  const { saved: chosen } = await lookThrough(store, {
    secret,
    onWhole({ collection, value, labels, secret: seed }, leaf) {
      if (collection !== "key") return;
      found.push({ leaf, content: { collection, value, labels, secret: Uint8Array.from(seed) } });
    },
  }).catch((error: unknown) => {
    wipe(found.map(({ content }) => content));
    throw error;
  });
  const keys = found.filter(({ leaf }) => chosen.has(leaf));
  wipe(found.filter((each) => !keys.includes(each)).map(({ content }) => content));
  if (keys.length === 0) throw new WritError("RECORD_MISSING", "none of the wallet's keys can be saved");
  const primary = Math.max(
    0,
    keys.findIndex(({ content }) => keyOf(content).isPrimary),
  );
  const first = keys.map(({ content }, index) =>
    keyRecord(content.secret, { ...keyOf(content), isPrimary: index === primary }),
  );
  return { first, chosen };
}

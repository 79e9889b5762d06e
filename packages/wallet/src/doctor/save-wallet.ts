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
  /**
   * DID of the whole key with which the new wallet opens. To be named where the keys that are saved do not tell,
   * and saved then unless it is known to be from another time. Default: the one with which the wallet opened.
   */
  readonly primary?: string | undefined;
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
 * is left out so is named (`keys`). What is there more than once is saved once, as it was most certainly last. In
 * whose name the new wallet speaks is never guessed: where no saved key says that the wallet opened with it, or
 * several do, `primary` names one.
 *
 * @returns what was found
 * @throws WritError of `surveyWallet`; `RECORD_MISSING` where none of the keys could be saved, or
 *   the primary one has to be named; `NOT_FOUND` where the named one cannot be saved; `ALREADY_EXISTS`; `WALLET_CONFLICT` where the wallet is changed meanwhile; for the secret that opens the new wallet, the codes of `createWallet`
 */
export async function saveWallet(
  store: WalletStore,
  { into, newSecret, cost, primary, ...options }: SaveWalletOptions,
  { random }: Pick<Environment, "random"> = systemEnvironment,
): Promise<WalletSurvey> {
  const { first, chosen } = await wholeKeys(store, { secret: options.secret, primary });
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
      primary,
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

async function wholeKeys(
  store: WalletStore,
  { secret, primary }: Pick<SaveWalletOptions, "secret" | "primary">,
): Promise<Chosen> {
  const found: WholeKey[] = [];
  try {
    const { survey, saved: chosen } = await lookThrough(store, {
      secret,
      primary,
      onWhole({ collection, value, labels, secret: seed }, leaf) {
        if (collection !== "key") return;
        found.push({ leaf, content: { collection, value, labels, secret: Uint8Array.from(seed) } });
      },
    });
    const did = assertPrimary(survey, primary);
    const keys = found.filter(({ leaf }) => chosen.has(leaf));
    wipe(found.filter((each) => !keys.includes(each)).map(({ content }) => content));
    const first = keys.map(({ content }) => {
      const key = keyOf(content);
      return keyRecord(content.secret, { ...key, isPrimary: key.did === did });
    });
    return { first, chosen };
  } catch (error) {
    wipe(found.map(({ content }) => content));
    throw error;
  }
}

/** DID of the key with which the saved wallet opens. */
function assertPrimary({ keys, primary }: WalletSurvey, named: string | undefined): string {
  if (primary !== undefined) return primary;
  if (!keys.some(({ isSaved }) => isSaved)) {
    throw new WritError("RECORD_MISSING", "none of the wallet's keys can be saved");
  }
  if (named !== undefined)
    throw new WritError("NOT_FOUND", "the key that is named is not one that can be saved");
  throw new WritError(
    "RECORD_MISSING",
    "no key that can be saved is known as the one with which the wallet opened",
    {
      hint: "Name the key with which the new wallet is to open.",
    },
  );
}

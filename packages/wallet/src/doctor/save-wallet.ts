import {
  createEnvelope,
  randomUuidUrn,
  systemEnvironment,
  toHex,
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
import { surveyWallet, type SurveyOptions, type WalletSurvey } from "./survey-wallet.js";

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
 * not saved where another is known to be the last writing; where none is, all of which it cannot be told are.
 *
 * @returns what was found
 * @throws WritError of `surveyWallet`; `RECORD_MISSING` where none of the keys could be saved;
 *   `ALREADY_EXISTS`; for the secret that opens the new wallet, the codes of `createWallet`
 */
export async function saveWallet(
  store: WalletStore,
  { into, newSecret, cost, ...options }: SaveWalletOptions,
  { random }: Pick<Environment, "random"> = systemEnvironment,
): Promise<WalletSurvey> {
  const first = await wholeKeys(store, options);
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
    const survey = await surveyWallet(store, {
      ...options,
      async onWhole({ collection, value, labels }) {
        if (collection === "key") return;
        batch.push({ collection, value, labels });
        if (batch.length >= BATCH) await flush();
      },
    });
    await flush();
    return survey;
  } finally {
    vault.close();
  }
}

function wipe(keys: readonly RecordContent[]): void {
  for (const { secret } of keys) secret?.fill(0);
}

interface WholeKey {
  readonly id: string;
  readonly content: RecordContent & { readonly secret: Uint8Array };
}

/**
 * The keys that are whole; one of them is primary. One from another time may have been destroyed since, and so
 * may one of which that cannot be told: they are saved only where there is no better one.
 */
async function wholeKeys(
  store: WalletStore,
  { secret }: Pick<SurveyOptions, "secret">,
): Promise<readonly RecordContent[]> {
  const found: WholeKey[] = [];
  const { findings } = await surveyWallet(store, {
    secret,
    onWhole({ stored, collection, value, labels, secret: seed }) {
      const content = { collection, value, labels, secret: Uint8Array.from(seed) };
      if (collection === "key") found.push({ id: toHex(stored.id), content });
    },
  }).catch((error: unknown) => {
    wipe(found.map(({ content }) => content));
    throw error;
  });
  const named = new Map(findings.map(({ record, code }) => [record, code]));
  const byAge = [undefined, "RECORD_AGE_UNAVAILABLE", "RECORD_TAMPERED"].map((code) =>
    found.filter(({ id }) => named.get(id) === code),
  );
  const keys = byAge.find((some) => some.length > 0) ?? [];
  wipe(found.filter((each) => !keys.includes(each)).map(({ content }) => content));
  if (keys.length === 0) throw new WritError("RECORD_MISSING", "none of the wallet's keys can be saved");
  const primary = Math.max(
    0,
    keys.findIndex(({ content }) => keyOf(content).isPrimary),
  );
  return keys.map(({ content }, index) =>
    keyRecord(content.secret, { ...keyOf(content), isPrimary: index === primary }),
  );
}

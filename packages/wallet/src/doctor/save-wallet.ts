import {
  asJson,
  canonicalize,
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
import type { NamedKeys } from "./saved-records.js";
import { lookThrough, type SurveyOptions, type WalletSurvey } from "./survey-wallet.js";

/** Where what can be saved goes. */
export interface SaveWalletOptions extends Omit<SurveyOptions, "onWhole">, NamedKeys {
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
 * is left out so is listed (`keys`), and saved where `keep` names it. What is there more than once is saved once, as it was most certainly last. In
 * whose name the new wallet speaks is never guessed: where the wallet does not tell which of its keys it opened with,
 * `primary` names it.
 *
 * @returns what was found
 * @throws WritError of `surveyWallet`; `RECORD_MISSING` where no key is whole, or the primary one
 *   has to be named; `NOT_FOUND` where one that is named is not whole; `ALREADY_EXISTS`; `WALLET_CONFLICT` where the wallet is changed meanwhile; for the secret that opens the new wallet, the codes of `createWallet`
 */
export async function saveWallet(
  store: WalletStore,
  { into, newSecret, cost, primary, keep, ...options }: SaveWalletOptions,
  { random }: Pick<Environment, "random"> = systemEnvironment,
): Promise<WalletSurvey> {
  const named = { primary, keep };
  const { first, chosen, keys } = await wholeKeys(store, options, named);
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
      named,
      async onWhole({ collection, value, labels }, leaf) {
        if (collection === "key" || !chosen.has(leaf)) return;
        batch.push({ collection, value, labels });
        if (batch.length >= BATCH) await flush();
      },
    });
    await flush();
    const isSame = saved.size === chosen.size && [...saved].every((leaf) => chosen.has(leaf));
    if (!isSame || canonicalize(asJson(survey.keys)) !== canonicalize(asJson(keys))) {
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
  /** All whole keys. */
  readonly keys: WalletSurvey["keys"];
}

async function wholeKeys(
  store: WalletStore,
  { secret, rows }: Omit<SurveyOptions, "onWhole">,
  named: NamedKeys,
): Promise<Chosen> {
  const found: WholeKey[] = [];
  try {
    const { survey, saved: chosen } = await lookThrough(store, {
      secret,
      named,
      ...(rows === undefined ? {} : { rows }),
      onWhole({ collection, value, labels, secret: seed }, leaf) {
        if (collection !== "key") return;
        found.push({ leaf, content: { collection, value, labels, secret: Uint8Array.from(seed) } });
      },
    });
    const did = primaryOf(survey, named);
    const kept = found.filter(({ leaf }) => chosen.has(leaf));
    wipe(found.filter((each) => !kept.includes(each)).map(({ content }) => content));
    const first = kept.map(({ content }) => {
      const key = keyOf(content);
      return keyRecord(content.secret, { ...key, isPrimary: key.did === did });
    });
    return { first, chosen, keys: survey.keys };
  } catch (error) {
    wipe(found.map(({ content }) => content));
    throw error;
  }
}

/** DID of the key with which the saved wallet opens; all that are named are there. */
function primaryOf({ keys, primary }: WalletSurvey, { primary: named, keep = [] }: NamedKeys): string {
  if (keys.length === 0) throw new WritError("RECORD_MISSING", "none of the wallet's keys is whole");
  const whole = keys.map(({ did }) => did);
  const lost = [...keep, ...(named === undefined ? [] : [named])].find((did) => !whole.includes(did));
  if (lost !== undefined) {
    throw new WritError("NOT_FOUND", `the key ${lost} is not among the whole ones`, {
      hint: `Whole are ${whole.join(", ")}`,
    });
  }
  if (primary !== undefined) return primary;
  throw new WritError("RECORD_MISSING", "with which of its keys the wallet opened cannot be told", {
    hint: "Name the key with which the new wallet is to open.",
  });
}

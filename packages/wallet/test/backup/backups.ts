import { createHash } from "node:crypto";

import {
  asJson,
  canonicalize,
  concatBytes,
  CREDENTIALS_V2,
  encodeBase64url,
  addProof,
  formatTimestamp,
  snapshot,
  utf8,
  type JsonObject,
  type Signer,
} from "@writ/core";
import { Decrypter, Encrypter } from "age-encryption";

import {
  addCredentials,
  backupWallet,
  createKey,
  delegateAuthority,
  exportKey,
  findGenericCredentials,
  freeToDelegate,
  listCredentials,
  listKeys,
  restoreWallet,
  type BackupOptions,
  type BackupSecret,
  type RestoreOptions,
  type Wallet,
  type WalletStore,
} from "../../src/index.js";
import { authorityOf, identityOf, NOW, openWorld, ORGANISATION, rawKey, signerOf } from "../world.js";

export const PASSPHRASE = "a backup's passphrase";
/** The least that is taken, since scrypt is slow on purpose. */
export const TO: BackupOptions["to"] = { type: "passphrase", passphrase: PASSPHRASE, workFactor: 10 };
export const SECRET: BackupSecret = { type: "passphrase", passphrase: PASSPHRASE };
/** What opens a wallet after its restoration. */
export const NEW_SECRET = rawKey(2);

/** All that an iteration yields. */
export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return concatBytes(...chunks);
}

/** Something to be read any number of times, in pieces of a size. */
export function opening(bytes: Uint8Array, pieceBytes = 10_000): () => AsyncIterable<Uint8Array> {
  return async function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      // As of a file: what is read comes later.
      await Promise.resolve();
      yield Uint8Array.from(bytes.subarray(at, at + pieceBytes));
    }
  };
}

/** A wallet's backup, as a whole. */
export function backup(wallet: Wallet, options: Partial<BackupOptions> = {}): Promise<Uint8Array> {
  return collect(backupWallet(wallet, { to: TO, ...options }));
}

/** Restores bytes into a store. */
export function restore(store: WalletStore, bytes: Uint8Array, options: Partial<RestoreOptions> = {}) {
  return restoreWallet(store, opening(bytes), { secret: SECRET, newSecret: NEW_SECRET, ...options });
}

/** A credential in nobody's own vocabulary. */
export async function strangerOf(
  did: string,
  name: string,
  signer: Signer = ORGANISATION,
): Promise<JsonObject> {
  const unsigned = snapshot({
    "@context": [CREDENTIALS_V2],
    type: ["VerifiableCredential"],
    issuer: signer.did,
    validFrom: formatTimestamp(NOW),
    credentialSubject: { id: did, name },
  });
  const proven = await addProof(unsigned, { signer, purpose: "assertionMethod", created: NOW });
  return asJson(proven);
}

/** A wallet with records of every kind. */
export async function openFilled(seed = "filled") {
  const world = await openWorld(seed);
  const { wallet } = world;
  const key = await createKey(wallet, { name: "for reading \u200b only", purposes: ["authentication"] });
  const authority = await authorityOf(wallet.did, { maxHops: 1 });
  await addCredentials(wallet, [
    await identityOf(wallet.did, { name: "canary-agent" }),
    await identityOf(key.did),
    authority,
    await strangerOf(wallet.did, "canary-person"),
  ]);
  await delegateAuthority(wallet, {
    to: signerOf("sub").did,
    grants: [{ id: "part", within: "refunds", actions: ["order.read"] }],
  });
  return { ...world, key };
}

/** All that a wallet knows, its keys' seeds too. */
export async function contentOf(wallet: Wallet) {
  const keys = await listKeys(wallet);
  const byText = (texts: readonly object[]) => texts.map((each) => canonicalize(asJson(each))).sort();
  return {
    did: wallet.did,
    keys,
    seeds: await Promise.all(keys.map(async ({ did }) => encodeBase64url(await exportKey(wallet, did)))),
    credentials: byText(await listCredentials(wallet)),
    generic: byText((await findGenericCredentials(wallet)).map(({ json }) => json)),
    delegations: byText((await freeToDelegate(wallet)).delegations),
  };
}

/** The lines in a backup. */
export async function linesOf(bytes: Uint8Array): Promise<readonly JsonObject[]> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(PASSPHRASE);
  const text = await decrypter.decrypt(bytes, "text");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JsonObject);
}

/** Text as a backup of {@link PASSPHRASE}. */
export async function encrypted(plaintext: string | Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(10);
  return await encrypter.encrypt(plaintext);
}

/** Lines as the inside of a backup, with an end that fits. Texts are taken as they stand. */
export function withEnd(lines: readonly (object | string)[]): string {
  const before = lines.map((line) => `${typeof line === "string" ? line : lineOf(line)}\n`).join("");
  const digest = createHash("sha256").update(utf8(before)).digest();
  const end = { lines: lines.length, sha256: encodeBase64url(digest) };
  return `${before}${canonicalize(end)}\n`;
}

/** As a backup writes it: its secret last. */
function lineOf({ secret, ...line }: { readonly secret?: unknown }): string {
  const text = canonicalize(asJson(line));
  return secret === undefined ? text : `${text.slice(0, -1)},"secret":${JSON.stringify(secret)}}`;
}

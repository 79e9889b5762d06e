import { deriveKey, lengthPrefixed, utf8, type OpenEnvelope } from "@writ/core";

/** The keys of an open wallet, one for each purpose, and what every seal is bound to. */
export interface VaultKeys {
  readonly records: Uint8Array;
  readonly tags: Uint8Array;
  readonly manifest: Uint8Array;
  /** Associated data of a seal: what it is, of which wallet and which of its root keys, and which one. */
  bind(magic: string, ...which: readonly Uint8Array[]): Uint8Array;
  /** Overwrites the keys as far as JavaScript allows. */
  wipe(): void;
}

const FORMAT = Uint8Array.of(1);

/** Derives the keys of a wallet (DESIGN 5). Seals are bound to the count of root keys that its header says. */
export function deriveVaultKeys({ id, generation, rootKey }: OpenEnvelope): VaultKeys {
  const records = deriveKey(rootKey, id, "wallet-records");
  const tags = deriveKey(rootKey, id, "wallet-tags");
  const manifest = deriveKey(rootKey, id, "wallet-manifest");
  return {
    records,
    tags,
    manifest,
    bind: (magic, ...which) =>
      lengthPrefixed(utf8(magic), FORMAT, utf8(id), utf8(String(generation)), ...which),
    wipe() {
      for (const key of [records, tags, manifest, rootKey]) key.fill(0);
    },
  };
}

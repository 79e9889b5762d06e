import {
  deriveKey,
  lengthPrefixed,
  seal,
  unseal,
  utf8,
  type OpenEnvelope,
  type RandomSource,
} from "@writ/core";

/** What the organisation's seeds are sealed in: each bound to the DID of its key. */
export interface SeedBox {
  seal(did: string, seed: Uint8Array, random: RandomSource): Uint8Array;
  /** The seed; `undefined` where it was changed, or sealed for another DID. */
  open(did: string, sealed: Uint8Array): Uint8Array | undefined;
}

/** Lends the box of an envelope, and overwrites its key, and the envelope's, after use. */
export async function withSeedBox<T>(
  { id, rootKey }: OpenEnvelope,
  use: (box: SeedBox) => T | Promise<T>,
): Promise<T> {
  const key = deriveKey(rootKey, id, "organisation-seed");
  rootKey.fill(0);
  const dataFor = (did: string) => lengthPrefixed(utf8("writ/organisation-seed"), utf8(id), utf8(did));
  try {
    return await use({
      seal: (did, seed, random) => seal(key, seed, dataFor(did), random),
      open: (did, sealed) => unseal(key, sealed, dataFor(did)),
    });
  } finally {
    key.fill(0);
  }
}

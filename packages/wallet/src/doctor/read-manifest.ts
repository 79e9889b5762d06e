import { equalBytes, sha256 } from "@writ/core";

import type { WalletRows } from "../store/sqlite-rows.js";
import type { StoreState, WalletStore } from "../store/wallet-store.js";
import { surveyManifest, type ManifestSurvey } from "../vault/manifest.js";
import { openRoot, type Root } from "../vault/manifest-root.js";
import { everyPage, isNodePage, NO_PAGES } from "../vault/pages.js";
import { receivePages } from "../vault/received-view.js";
import type { VaultKeys } from "../vault/vault-keys.js";
import { isDamage } from "./attempt.js";
import type { WalletFinding } from "./survey-wallet.js";

/** A store that may be damaged, and the rows of its file where that may be. */
export interface Damaged {
  readonly store: WalletStore;
  readonly rows: WalletRows | undefined;
}

const PAGES_AT_ONCE = 64;
/** So many rows are tried for one page. */
const MOST_OF_A_PAGE = 8;

/** The manifest as far as it can be read; `undefined` where its root does not open. */
export async function readManifest(
  damagedStore: Damaged,
  keys: VaultKeys,
  state: StoreState,
  findings: WalletFinding[],
): Promise<ManifestSurvey | undefined> {
  const damaged = (of: WalletFinding["of"], detail: string): void => {
    findings.push({ code: "RECORD_TAMPERED", of, detail });
  };
  try {
    const root = openRoot(keys, state);
    if (!equalBytes(root.headerHash, sha256(state.header)))
      damaged("header", "is not the one that the wallet had last");
    const survey = await readSurvey(damagedStore, keys, root);
    for (const page of survey.damagedPages) {
      const detail = `page ${String(page)} is missing or was changed`;
      findings.push({ code: "RECORD_TAMPERED", of: "manifest", page, detail });
    }
    return survey;
  } catch (error) {
    if (!isDamage(error)) throw error;
    damaged("manifest", "its root does not open: which records are missing cannot be told");
    return undefined;
  }
}

/** The manifest with the pages that the index leads to, and in the place of each that is damaged, one that the file holds. */
async function readSurvey({ store, rows }: Damaged, keys: VaultKeys, root: Root): Promise<ManifestSurvey> {
  const pages = new Map(await readPages(store));
  let survey = surveyManifest(keys, root, pages);
  if (rows === undefined || survey.damagedPages.length === 0) return survey;
  const inFile = await pagesInFile(rows);
  for (;;) {
    const others = survey.damagedPages.flatMap((page) => {
      const content = inFile.get(page)?.shift();
      return content === undefined ? [] : [[page, content] as const];
    });
    if (others.length === 0) return survey;
    for (const [page, content] of others) pages.set(page, content);
    // What a page leads to shows once that is whole.
    survey = surveyManifest(keys, root, pages);
  }
}

/** What the file has for each page; somebody may have put more beside it. */
async function pagesInFile(rows: WalletRows): Promise<ReadonlyMap<number, Uint8Array[]>> {
  const found = new Map<number, Uint8Array[]>(everyPage().map((page) => [page, []]));
  for await (const [page, content] of rows.pages()) {
    const same = found.get(page);
    // Of another length it is no node, and each is hashed many times.
    if (isNodePage(page) && content.length !== NO_PAGES.length) continue;
    if (same !== undefined && same.length < MOST_OF_A_PAGE) same.push(content);
  }
  return found;
}

/** All pages that can be read. */
async function readPages(store: WalletStore): Promise<ReadonlyMap<number, Uint8Array>> {
  const all = everyPage();
  const pages = new Map<number, Uint8Array>();
  const readSome = async (some: readonly number[]): Promise<void> => {
    try {
      for (const [page, content] of receivePages(await store.read({ pages: some }))) pages.set(page, content);
    } catch (error) {
      if (!isDamage(error)) throw error;
      // One by one, so that a page which cannot be read takes no others with it.
      if (some.length > 1) for (const page of some) await readSome([page]);
    }
  };
  for (let from = 0; from < all.length; from += PAGES_AT_ONCE) {
    await readSome(all.slice(from, from + PAGES_AT_ONCE));
  }
  return pages;
}

import { WritError, type WritCredential } from "@writ/core";
import type { Wallet } from "@writ/wallet";

import { assertWritable, ifExists, prettyJson, writeOutput } from "./files.js";
import { canOpenWallet, withWallet, type WalletFileOptions } from "./stores.js";
import { show, type SafeText } from "../terminal/safe-text.js";

/** Options of commands that issue a credential. */
export interface HandingOverOptions extends WalletFileOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** The agent or principal that a credential is issued to. */
export interface Holder {
  readonly name: string;
  readonly did: string;
  /** Where its wallet is, if on this machine. */
  readonly wallet?: string;
}

/** More of how a credential is handed over. */
export interface HandingOver {
  /** Where it could go, for a message. */
  readonly places?: string | undefined;
  /** Asked once it is issued: ids of those in whose place it comes. They go from the wallet. */
  readonly replacedBy?: () => Promise<readonly string[]>;
}

/** A credential that was issued, and where it is now. */
export interface HandedOver<C> {
  readonly credential: C;
  readonly wallet: string | undefined;
  readonly out: string | undefined;
  /** Ids of what goes when it is taken from its file into a wallet elsewhere. */
  readonly replaced: readonly string[];
}

/**
 * Issues a credential and hands it over: into the holder's wallet where that is at hand, and into the file that
 * is named. Both are made ready before anything is issued that could then not be kept.
 *
 * @throws WritError `USAGE` where there is neither, `CREDENTIAL_UNEXPECTED` for a wallet of another, those
 *   of files and wallets, and what `issue` throws.
 */
export async function handOver<C extends WritCredential>(
  options: HandingOverOptions,
  holder: Holder,
  issue: () => Promise<C>,
  { places = "--wallet FILE or --out FILE for the credential", replacedBy = nothing }: HandingOver = {},
): Promise<HandedOver<C>> {
  const { out, force } = options;
  const wallet = walletFor(options, holder);
  if (wallet === undefined && out === undefined) {
    throw new WritError("USAGE", `name ${places}`);
  }
  if (out !== undefined) await assertWritable(out, ifExists(force));
  const issueToFile = async (): Promise<C> => {
    const credential = await issue();
    if (out !== undefined) await writeOutput(out, prettyJson([credential]), ifExists(force));
    return credential;
  };
  if (wallet !== undefined) {
    const credential = await intoWallet({ ...options, wallet }, holder, issueToFile, replacedBy);
    return { credential, wallet, out, replaced: [] };
  }
  const credential = await issueToFile();
  return { credential, wallet, out, replaced: await replacedBy() };
}

const nothing = (): Promise<readonly string[]> => Promise.resolve([]);

/** Where a credential is, for a person. */
export function whereIs({
  credential,
  wallet,
  out,
  replaced,
}: HandedOver<WritCredential>): readonly (SafeText | undefined)[] {
  return [
    wallet === undefined ? undefined : show`  is         in the wallet ${wallet}`,
    out === undefined ? undefined : show`  is         in ${out}, for \`${addCommandOf(out, replaced)}\``,
    show`  revoke it  writ revoke ${credential.id}`,
  ];
}

/** How a credential in a file gets into a wallet elsewhere. */
export function addCommandOf(out: string, replaced: readonly string[]): string {
  return ["writ wallet add", out, ...replaced.map((id) => `--supersedes ${id}`)].join(" ");
}

/**
 * The wallet that is named, or the one that the agent was created with. That one is passed over where
 * the credential is written to a file and the wallet cannot be opened without asking.
 */
function walletFor(options: HandingOverOptions, holder: Holder): string | undefined {
  if (options.wallet !== undefined || holder.wallet === undefined) return options.wallet;
  const atHand = canOpenWallet({ ...options, wallet: holder.wallet });
  return options.out === undefined || atHand ? holder.wallet : undefined;
}

/** Opens the wallet before anything is issued, and stores in it what is. */
function intoWallet<C extends WritCredential>(
  options: HandingOverOptions,
  holder: Holder,
  issue: () => Promise<C>,
  replacedBy: () => Promise<readonly string[]>,
): Promise<C> {
  return withWallet(options, async (opened) => {
    if (opened.did !== holder.did) {
      throw new WritError("CREDENTIAL_UNEXPECTED", "the wallet is another's");
    }
    const { addCredentials } = await import("@writ/wallet");
    const credential = await issue();
    const supersedes = await heldOf(opened, await replacedBy());
    await addCredentials(opened, [credential], { supersedes });
    return credential;
  });
}

/** Those of some credentials that a wallet holds. */
export async function heldOf(wallet: Wallet, ids: readonly string[]): Promise<readonly string[]> {
  const { findCredentials, findGenericCredentials } = await import("@writ/wallet");
  const held: string[] = [];
  for (const id of ids) {
    const found = [
      ...(await findCredentials(wallet, { id })),
      ...(await findGenericCredentials(wallet, { id })),
    ];
    if (found.length > 0) held.push(id);
  }
  return held;
}

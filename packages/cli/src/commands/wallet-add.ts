import { isJsonArray, isJsonObject, typeOf, WritError, type JsonObject } from "@writ/core";
import type { Wallet } from "@writ/wallet";
import type { Command } from "commander";

import { command, several, withWalletFile } from "../command.js";
import { inFile, readJson } from "../environment/files.js";
import { heldOf } from "../environment/handing-over.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { withProgress } from "../terminal/progress.js";
import { lines, show } from "../terminal/safe-text.js";

interface Options extends WalletFileOptions {
  readonly supersedes?: readonly string[];
}

export function addCommand(): Command {
  const made = command<Options>(
    "add <files...>",
    "Verify credentials and take them into the wallet",
    "writ wallet add authority.json --wallet refund-bot.wallet",
    async (options, ...files) => {
      const { addCredentials } = await import("@writ/wallet");
      const read = (await Promise.all(files.filter((file) => file !== undefined).map(readDocuments))).flat();
      const documents = read.map(({ document }) => document);
      const { supersedes = [] } = options;
      const isNothingNew = documents.every(({ id }) => supersedes.some((each) => each === id));
      if (supersedes.length > 0 && isNothingNew) {
        throw new WritError("USAGE", "nothing would come in the place of what --supersedes names");
      }
      const answer = await withWallet(options, (wallet) =>
        withProgress("Verifying", async (progress) => {
          const held = await heldOf(wallet, supersedes);
          const renewable = await renewableBy(wallet, documents);
          const added = await addCredentials(wallet, documents, {
            // Whoever says so need not know which of a line of renewals the wallet has had, or has still.
            supersedes: held,
            onProgress({ done, total }) {
              progress.update(done, total);
            },
          }).catch((error: unknown) => {
            throw inFileOf(read, error);
          });
          const left = await heldOf(wallet, renewable);
          const renewed = renewable.filter((id) => !left.includes(id) && !held.includes(id));
          const notHeld = supersedes.filter((id) => !held.includes(id));
          return { added, removed: [...held, ...renewed], notHeld };
        }),
      );
      const { added, removed, notHeld } = answer;
      return {
        json: answer,
        text: lines(
          ...added.map((id) => show`Added ${id}`),
          added.length === 0 ? show`Nothing new: all of it was in the wallet.` : undefined,
          ...removed.map((id) => show`Removed ${id}, in whose place it comes`),
          ...notHeld.map((id) => show`Not removed ${id}: the wallet has none of this id (writ wallet list)`),
        ),
      };
    },
  );
  return withWalletFile(made).option(
    "--supersedes <id>",
    "a credential that goes, if the wallet has it, because one of its type that comes stands in its place; several times if needed",
    several,
  );
}

/** Ids of what some documents might renew: of the same type, by the same issuer, for the same holder. */
async function renewableBy(wallet: Wallet, documents: readonly JsonObject[]): Promise<readonly string[]> {
  const { findCredentials } = await import("@writ/wallet");
  const ids = new Set<string>();
  for (const document of documents) {
    const { credentialSubject } = document;
    const subject = isJsonObject(credentialSubject) ? textIn(credentialSubject, "id") : undefined;
    const issuer = textIn(document, "issuer");
    if (subject === undefined || issuer === undefined) continue;
    const type = typeOf(document);
    const found = await findCredentials(wallet, { subject, issuer, ...(type === undefined ? {} : { type }) });
    for (const { id } of found) ids.add(id);
  }
  return [...ids];
}

function textIn(json: JsonObject, member: string): string | undefined {
  const value = json[member];
  return typeof value === "string" ? value : undefined;
}

/** A document, and where it was found. */
interface ReadDocument {
  readonly document: JsonObject;
  readonly file: string;
  /** JSON Pointer to it in the file. */
  readonly pointer: string;
}

/** A file holds a credential, or an array of them as `--out` writes it. */
async function readDocuments(file: string): Promise<readonly ReadDocument[]> {
  const json = await readJson(file);
  const documents = isJsonArray(json) ? json : [json];
  return documents.map((document, index) => {
    const pointer = isJsonArray(json) ? `/${String(index)}` : "";
    if (!isJsonObject(document)) {
      throw new WritError("JSON_NOT_OBJECT", `${file}: is no credential (no object)`, { pointer });
    }
    if (!Object.hasOwn(document, "@context")) {
      throw new WritError("CONTEXT_NOT_ALLOWED", `${file}: is no credential (no @context)`, { pointer });
    }
    return { document, file, pointer };
  });
}

/** A refusal of one of the documents, which begins with its position, as one of its file. */
function inFileOf(read: readonly ReadDocument[], error: unknown): unknown {
  if (!(error instanceof WritError)) return error;
  const { code, detail, pointer, ...place } = error.problem;
  const [, position = "", ...within] = pointer.split("/");
  const found = read[Number(position)];
  if (position === "" || found === undefined) return error;
  const inside = found.pointer + within.map((token) => `/${token}`).join("");
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return inFile(
    new WritError(code, detail, { ...place, ...hint, pointer: inside, cause: error }),
    found.file,
  );
}

import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

import { asWritCredential, isJsonArray, parseStrictJson, WritError, type JsonText } from "@writ/core";
import type { Agent, EnrolmentOptions, ImportedAgent, Organisation, Renewed } from "@writ/issuer";
import type { Wallet } from "@writ/wallet";

import type { SuiteOptions } from "../command.js";
import { parseDuration } from "./duration.js";
import { assertWritable, prettyJson, readingOf, readInput, writeOutput } from "./files.js";
import type { ImportRow } from "./import-file.js";
import type { WalletKeyOptions } from "./key-options.js";
import { didOfPrincipal } from "./principal-option.js";
import { withWalletOrNew } from "./stores.js";

/** Where identities go, and what holds for rows that say nothing else. */
export interface DeliveryOptions extends WalletKeyOptions, SuiteOptions {
  readonly out?: string;
  readonly wallets?: string;
  readonly ttl: string;
}

/** An agent is enrolled, and its identity could not be kept: no other row would fare better. */
export class NotDelivered extends WritError {
  constructor(cause: WritError) {
    super(cause.code, `an agent is enrolled, and did not get its identity: ${cause.message}`, {
      hint: "The same import again delivers what is missing.",
      cause,
    });
  }
}

/** Whoever is named in a file must not be able to name a path. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Enrols the agent of a row, and delivers its identity: into a file, or into a wallet that is made for it.
 *
 * @param folder of the file that has the row
 * @throws WritError of the row; {@link NotDelivered}; of the organisation's store.
 */
export async function enrolRow(
  organisation: Organisation,
  options: DeliveryOptions,
  folder: string,
  row: ImportRow,
): Promise<ImportedAgent> {
  const { name, request, roles, owner, environment, ttl = options.ttl } = row;
  if (!FILE_NAME.test(name)) {
    throw new WritError("USAGE", "the name cannot be a file's: letters, digits, '.', '_' and '-'");
  }
  const enrolment: EnrolmentOptions = {
    name,
    lifeMs: parseDuration(ttl),
    suite: options.suite,
    ...(roles === undefined ? {} : { roles }),
    ...(owner === undefined ? {} : { owner: await didOfPrincipal(organisation, owner) }),
    ...(environment === undefined ? {} : { environment }),
  };
  if (request === undefined) return intoWallet(organisation, options, enrolment);
  return intoFile(organisation, options, enrolment, await readRequest(folder, request));
}

/** A request lies beside the file, or below it; a pipe that nobody writes into would hold up all that follow. */
async function readRequest(folder: string, request: string): Promise<Uint8Array> {
  const path = resolve(folder, request);
  const inside = relative(folder, path);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new WritError("USAGE", "the request lies outside of the file's folder");
  }
  await readingOf(path);
  return readInput(path);
}

/** Where a credential was issued and did not arrive in its file, another comes. */
async function intoFile(
  organisation: Organisation,
  { out }: DeliveryOptions,
  enrolment: EnrolmentOptions,
  request: JsonText,
): Promise<ImportedAgent> {
  if (out === undefined) throw new WritError("USAGE", "a row with a request needs --out DIR");
  const { importAgent } = await import("@writ/issuer");
  const path = join(out, `${enrolment.name}.json`);
  if (existsSync(path)) {
    const registered = await findRegistered(organisation, enrolment.name);
    if (registered !== undefined && (await holdsCredentialOf(path, registered))) {
      return importAgent(organisation, request, enrolment);
    }
    throw new WritError("FILE_EXISTS", `${path} is there already, and is no credential of the agent`);
  }
  await assertWritable(path, "refuse");
  const imported = await importAgent(organisation, request, enrolment);
  const credential = imported.credential ?? (await renewIdentity(organisation, imported.agent));
  if (credential !== undefined)
    await writeOutput(path, prettyJson([credential]), "refuse").catch(notDelivered);
  return imported;
}

/** Whether a file is as it was written for an agent. */
async function holdsCredentialOf(path: string, { did }: Agent): Promise<boolean> {
  try {
    const read = parseStrictJson(await readInput(path));
    const [first] = isJsonArray(read) ? read : [];
    return asWritCredential(first ?? null).credentialSubject.id === did;
  } catch (error) {
    if (error instanceof WritError) return false;
    throw error;
  }
}

/** The same of a wallet. */
async function intoWallet(
  organisation: Organisation,
  { wallets, ...options }: DeliveryOptions,
  enrolment: EnrolmentOptions,
): Promise<ImportedAgent> {
  if (wallets === undefined) throw new WritError("USAGE", "a row without a request needs --wallets DIR");
  const [{ importAgent }, { addCredentials, findCredentials, requestEnrolment }] = await Promise.all([
    import("@writ/issuer"),
    import("@writ/wallet"),
  ]);
  const wallet = resolve(wallets, `${enrolment.name}.wallet`);
  const registered = await findRegistered(organisation, enrolment.name);
  if (registered !== undefined && !existsSync(wallet)) {
    throw new WritError("ALREADY_EXISTS", "an agent of this name is registered already");
  }
  let isOpen = !existsSync(wallet);
  const work = async (opened: Wallet): Promise<ImportedAgent> => {
    isOpen = true;
    const imported = await importAgent(organisation, await requestEnrolment(opened), {
      ...enrolment,
      wallet,
    });
    const held = await findCredentials(opened, { type: "AgentIdentityCredential" });
    const isHeld = held.some(({ credentialSubject }) => credentialSubject.id === opened.did);
    const credential =
      imported.credential ?? (isHeld ? undefined : await renewIdentity(organisation, imported.agent));
    if (credential !== undefined) await addCredentials(opened, [credential]).catch(notDelivered);
    return imported;
  };
  return withWalletOrNew({ ...options, wallet }, work).catch((error: unknown) => {
    throw isOpen ? error : notOpened(wallet, error);
  });
}

/** Why a wallet that was there does not open: of that row alone, unless no secret was named at all. */
function notOpened(wallet: string, error: unknown): unknown {
  if (!(error instanceof WritError) || error.code === "SECRET_MISSING") return error;
  const { message, hint } = error;
  return new WritError("FILE_UNREADABLE", `the wallet ${wallet} does not open: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function notDelivered(error: unknown): never {
  // Another import was quicker.
  if (!(error instanceof WritError) || error.code === "FILE_EXISTS") throw error;
  throw new NotDelivered(error);
}

async function findRegistered(organisation: Organisation, name: string): Promise<Agent | undefined> {
  const { findAgent } = await import("@writ/issuer");
  return findAgent(organisation, name).catch((error: unknown) => {
    if (error instanceof WritError && error.code === "NOT_FOUND") return undefined;
    throw error;
  });
}

/** The agent's identity anew, if it has one that is live. */
async function renewIdentity(organisation: Organisation, agent: Agent): Promise<Renewed | undefined> {
  const { listIssuedCredentials, renewCredential } = await import("@writ/issuer");
  const issued = await listIssuedCredentials(organisation, agent);
  const newest = issued.find(({ type, state }) => type === "AgentIdentityCredential" && state === "live");
  return newest === undefined ? undefined : renewCredential(organisation, newest.credentialId);
}

import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";

import { asWritCredential, isJsonArray, parseStrictJson, WritError, type JsonText } from "@writ/core";
import type { Agent, EnrolmentOptions, ImportedAgent, Organisation, Renewed } from "@writ/issuer";
import { Option, type Command } from "commander";

import { command, withHome, withSuite, type SuiteOptions } from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { assertWritable, prettyJson, readingOf, readInput, writeOutput } from "../environment/files.js";
import {
  IMPORT_FORMATS,
  readImport,
  type ImportFormat,
  type ImportRow,
  type NumberedRow,
} from "../environment/import-file.js";
import { WALLET_STORE, withKeyOptions, type WalletKeyOptions } from "../environment/key-options.js";
import { didOfPrincipal } from "../environment/principal-option.js";
import { withOrganisation, withWalletOrNew, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { withProgress } from "../terminal/progress.js";
import { bad, bold, lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions, WalletKeyOptions, SuiteOptions {
  readonly format?: ImportFormat;
  readonly out?: string;
  readonly wallets?: string;
  readonly ttl: string;
}

/** What came of a row. */
interface Outcome {
  readonly row: number;
  readonly name?: string;
  readonly outcome: "enrolled" | "registered" | "refused";
  readonly did?: string;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly pointer?: string;
    readonly hint?: string;
  };
}

/** Whoever is named in a file must not be able to name a path. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** So many are enrolled at the same time. */
const AT_ONCE = 64;
/** So many refusals are shown to a person. */
const MAX_SHOWN = 20;

export function importCommand(): Command {
  const made = command<Options>(
    "import <file>",
    "Enrol many agents from a file; the same again goes on where it was broken off",
    "writ agent import fleet.csv --home acme --out identities",
    importFile,
  );
  return withKeyOptions(withSuite(withHome(made)), WALLET_STORE)
    .addOption(
      new Option("--format <format>", "how the file is written (default: by its name's end)").choices(
        IMPORT_FORMATS,
      ),
    )
    .option("--out <dir>", "for rows with a request: where each agent's credential goes, as NAME.json")
    .option("--wallets <dir>", "for rows without: where each agent's wallet is made, as NAME.wallet")
    .option("--ttl <duration>", "how long a credential lives, where the row does not say", "24h");
}

async function importFile(options: Options, file = ""): Promise<Answer> {
  const format = options.format ?? IMPORT_FORMATS.find((each) => file.endsWith(`.${each}`));
  if (format === undefined) throw new WritError("USAGE", "name the --format of the file: csv or jsonl");
  const { out, wallets } = options;
  if (out === undefined && wallets === undefined) {
    throw new WritError("USAGE", "name --out DIR for credentials, or --wallets DIR for wallets");
  }
  // Before anybody is asked for a passphrase.
  let total = 0;
  for await (const _ of readImport(file, format)) total += 1;
  const outcomes: Outcome[] = [];
  await withOrganisation(options, (organisation) =>
    withProgress("Enrolling", async (progress) => {
      const all = outcomesOf(organisation, options, dirname(resolve(file)), readImport(file, format));
      for await (const outcome of all) {
        outcomes.push(outcome);
        progress.update(outcomes.length, total);
      }
    }),
  );
  return answerOf(outcomes);
}

/** What comes of each row, in their order; what is enrolled at the same time is committed together. */
async function* outcomesOf(
  organisation: Organisation,
  options: Options,
  folder: string,
  rows: AsyncIterable<NumberedRow>,
): AsyncGenerator<Outcome> {
  // A wallet may have to be asked about.
  const atOnce = options.wallets === undefined ? AT_ONCE : 1;
  const begun: Promise<Outcome>[] = [];
  const last = new Map<string, Promise<Outcome>>();
  try {
    for await (const row of rows) {
      const subjects = subjectsOf(row);
      const before = subjects.flatMap((subject) => last.get(subject) ?? []);
      const outcome = Promise.allSettled(before).then(() => outcomeOf(organisation, options, folder, row));
      for (const subject of subjects) last.set(subject, outcome);
      // What fails is told when its turn comes.
      outcome.catch(() => undefined);
      begun.push(outcome);
      if (begun.length === atOnce) yield* begun.splice(0, 1);
    }
    yield* begun;
  } finally {
    await Promise.allSettled(begun);
  }
}

/** What a row is about: rows of one name, or one request, follow one another as in the file. */
function subjectsOf(numbered: NumberedRow): readonly string[] {
  if (!("row" in numbered)) return [];
  const { name, request } = numbered.row;
  return [`name ${name}`, ...(request === undefined ? [] : [`request ${request}`])];
}

/** Goes on where one is refused: the others are none the worse for it. */
async function outcomeOf(
  organisation: Organisation,
  options: Options,
  folder: string,
  numbered: NumberedRow,
): Promise<Outcome> {
  const { number } = numbered;
  const name = "row" in numbered ? { name: numbered.row.name } : {};
  try {
    if ("error" in numbered) throw numbered.error;
    const { agent, credential } = await enrol(organisation, options, folder, numbered.row);
    return {
      row: number,
      ...name,
      outcome: credential === undefined ? "registered" : "enrolled",
      did: agent.did,
    };
  } catch (error) {
    // What is no matter of the row, such as a disk that is full, ends it all.
    if (!(error instanceof WritError) || !isOfRow(error)) throw error;
    const { code, message, hint, problem } = error;
    const { pointer } = problem;
    return {
      row: number,
      ...name,
      outcome: "refused",
      error: {
        code,
        message,
        ...(pointer === "" ? {} : { pointer }),
        ...(hint === undefined ? {} : { hint }),
      },
    };
  }
}

function isOfRow({ code }: WritError): boolean {
  return !code.startsWith("DATABASE_") && !["KEY_ROTATED", "SECRET_MISSING", "UNLOCK_FAILED"].includes(code);
}

async function enrol(
  organisation: Organisation,
  options: Options,
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
  if (!path.startsWith(folder + sep)) {
    throw new WritError("USAGE", "the request lies outside of the file's folder");
  }
  await readingOf(path);
  return readInput(path);
}

/** Where a credential was issued and did not arrive in its file, another comes. */
async function intoFile(
  organisation: Organisation,
  { out }: Options,
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
  const credential = imported.credential ?? (await issueAgain(organisation, imported.agent));
  if (credential !== undefined) await writeOutput(path, prettyJson([credential]), "refuse");
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
  { wallets, ...options }: Options,
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
  return withWalletOrNew({ ...options, wallet }, async (opened) => {
    const imported = await importAgent(organisation, await requestEnrolment(opened), {
      ...enrolment,
      wallet,
    });
    const held = await findCredentials(opened, { type: "AgentIdentityCredential" });
    const isHeld = held.some(({ credentialSubject }) => credentialSubject.id === opened.did);
    const credential =
      imported.credential ?? (isHeld ? undefined : await issueAgain(organisation, imported.agent));
    if (credential !== undefined) await addCredentials(opened, [credential]);
    return imported;
  });
}

async function findRegistered(organisation: Organisation, name: string): Promise<Agent | undefined> {
  const { findAgent } = await import("@writ/issuer");
  return findAgent(organisation, name).catch((error: unknown) => {
    if (error instanceof WritError && error.code === "NOT_FOUND") return undefined;
    throw error;
  });
}

/** The agent's identity anew, if it has one that is live. */
async function issueAgain(organisation: Organisation, agent: Agent): Promise<Renewed | undefined> {
  const { listIssuedCredentials, renewCredential } = await import("@writ/issuer");
  const issued = await listIssuedCredentials(organisation, agent);
  const newest = issued.find(({ type, state }) => type === "AgentIdentityCredential" && state === "live");
  return newest === undefined ? undefined : renewCredential(organisation, newest.credentialId);
}

function answerOf(outcomes: readonly Outcome[]): Answer {
  const count = (outcome: Outcome["outcome"]) => outcomes.filter((each) => each.outcome === outcome).length;
  const refused = outcomes.filter(({ outcome }) => outcome === "refused");
  const more = refused.length - MAX_SHOWN;
  return {
    exitCode: refused.length === 0 ? 0 : 1,
    json: { items: outcomes },
    text: lines(
      show`Enrolled ${count("enrolled")} agents; ${count("registered")} were before, ${refused.length} are refused`,
      ...refused
        .slice(0, MAX_SHOWN)
        .map(
          ({ row, name = "", error }) =>
            show`  ${bad("refused")} row ${row} ${bold(name)}: ${error?.code ?? ""} ${error?.message ?? ""}${error?.pointer === undefined ? "" : ` at ${error.pointer}`}`,
        ),
      more > 0 ? show`  and ${more} more` : undefined,
    ),
  };
}

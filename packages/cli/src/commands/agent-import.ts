import { dirname, resolve } from "node:path";

import { WritError } from "@writ/core";
import type { Organisation } from "@writ/issuer";
import { Option, type Command } from "commander";

import { command, withHome, withSuite } from "../command.js";
import { enrolRow, NotDelivered, type DeliveryOptions } from "../environment/enrol-row.js";
import {
  IMPORT_FORMATS,
  readImport,
  type ImportFormat,
  type NumberedRow,
} from "../environment/import-file.js";
import { WALLET_STORE, withKeyOptions } from "../environment/key-options.js";
import { withOrganisation, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { withProgress } from "../terminal/progress.js";
import { bad, bold, lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions, DeliveryOptions {
  readonly format?: ImportFormat;
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
    const { agent, credential } = await enrolRow(organisation, options, folder, numbered.row);
    return {
      row: number,
      ...name,
      outcome: credential === undefined ? "registered" : "enrolled",
      did: agent.did,
    };
  } catch (error) {
    // What is no matter of the row, such as a disk that is full, ends it all.
    if (!(error instanceof WritError) || error instanceof NotDelivered || !isOfRow(error)) throw error;
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

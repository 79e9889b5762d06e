import { TextDecoder } from "node:util";

import {
  asJson,
  label,
  list,
  object,
  parseShape,
  parseStrictJsonObject,
  text,
  WritError,
  type JsonValue,
  type Shape,
} from "@writ/core";

import { readingOf } from "./files.js";

/** How the agents of a file are written: with a line of column names first, or as JSON objects, one on a line. */
export const IMPORT_FORMATS = ["csv", "jsonl"] as const;

export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** An agent that a file asks for. */
export interface ImportRow {
  readonly name: string;
  /** Path of its enrolment request, from the folder of the file. */
  readonly request?: string;
  /** In CSV separated by `;`. */
  readonly roles?: readonly string[];
  /** DID or name of a principal. */
  readonly owner?: string;
  readonly environment?: string;
  /** Such as `24h`. */
  readonly ttl?: string;
}

/** A row with its number, the first being 1; or why it is none. */
export type NumberedRow = { readonly number: number } & (
  { readonly row: ImportRow } | { readonly error: WritError }
);

const MAX_LINE_CHARACTERS = 16_384;
/** What comes of each is kept until the end. */
const MAX_ROWS = 100_000;

const importRow: Shape<ImportRow> = object<ImportRow>(
  {
    name: label,
    request: text({ maxLength: 1024, what: "a path" }),
    roles: list(label, 64),
    owner: text({ maxLength: 1024, what: "a DID or a name" }),
    environment: label,
    ttl: text({ maxLength: 8, what: "a duration" }),
  },
  ["request", "roles", "owner", "environment", "ttl"],
);

/**
 * The agents of a file of any size, one after the other. A row that is none does not end it.
 *
 * @throws WritError `FILE_UNREADABLE`, `ENCODING_INVALID`, `TOO_LARGE`; `USAGE` for CSV that cannot be told into rows.
 */
export async function* readImport(path: string, format: ImportFormat): AsyncGenerator<NumberedRow> {
  const read = await readingOf(path);
  let number = 0;
  for await (const parse of format === "csv" ? csvRows(path, read()) : jsonRows(read())) {
    number += 1;
    if (number > MAX_ROWS) {
      throw new WritError("TOO_LARGE", `the file has more than ${String(MAX_ROWS)} rows`, {
        hint: "Import it in parts.",
      });
    }
    yield numbered(number, parse);
  }
}

function numbered(number: number, parse: () => JsonValue): NumberedRow {
  try {
    return { number, row: parseShape(importRow, parse()) };
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    return { number, error };
  }
}

async function* jsonRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<() => JsonValue> {
  let rest = "";
  for await (const text of textOf(bytes)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_CHARACTERS) throw new WritError("TOO_LARGE", "a line of the file is too long");
    for (const line of lines) if (line.trim() !== "") yield () => parseStrictJsonObject(line);
  }
  if (rest.trim() !== "") yield () => parseStrictJsonObject(rest);
}

async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of bytes) yield decode(decoder, chunk);
  yield decode(decoder);
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new WritError("ENCODING_INVALID", "the file is not UTF-8", { cause });
  }
}

/** The first line names the columns. An empty cell says nothing. */
async function* csvRows(path: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<() => JsonValue> {
  const [{ parse }, { pipeline, Readable }] = await Promise.all([import("csv-parse"), import("node:stream")]);
  const parser = parse({
    bom: true,
    columns: assertColumns,
    // A row that says less than it might is judged by itself.
    relax_column_count_less: true,
    max_record_size: MAX_LINE_CHARACTERS,
    skip_empty_lines: true,
    trim: true,
  });
  // What fails before the parser fails in it, and is thrown below.
  pipeline(Readable.from(textOf(bytes)), parser, () => undefined);
  try {
    for await (const record of parser as AsyncIterable<Readonly<Record<string, string>>>) {
      yield () =>
        asJson(
          Object.fromEntries(
            Object.entries(record)
              .filter(([, cell]) => cell !== "")
              .map(([column, cell]) => [column, column === "roles" ? cellsOf(cell) : cell]),
          ),
        );
    }
  } catch (error) {
    if (error instanceof WritError) throw error;
    throw new WritError(
      "USAGE",
      `${path} is no CSV: ${error instanceof Error ? error.message : "unreadable"}`,
      {
        hint: COLUMNS,
        cause: error,
      },
    );
  }
}

const COLUMNS = "The first line names the columns: name, request, roles, owner, environment, ttl.";

/** The later of two columns of one name would take the place of the other unseen. */
function assertColumns(columns: string[]): string[] {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new WritError("USAGE", `the file has the column "${twice}" twice`);
  if (columns.includes("name")) return columns;
  throw new WritError("USAGE", 'the first line of the file names no column "name"', { hint: COLUMNS });
}

function cellsOf(cell: string): readonly string[] {
  return cell
    .split(";")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

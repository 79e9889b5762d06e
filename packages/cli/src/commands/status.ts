import { lstat } from "node:fs/promises";
import { join } from "node:path";

import {
  parseStrictJsonObject,
  STATUS_LIST_LIMITS,
  WritError,
  type JsonObject,
  type StatusListCredential,
} from "@writ/core";
import { Command } from "commander";

import { command, withHome } from "../command.js";
import { durationText } from "../environment/duration.js";
import { assertWritable, inFile, prettyJson, readInput, writeOutput } from "../environment/files.js";
import { withOrganisation, withRegistry, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { lines, show, table, type SafeText } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly out: string;
}

export function statusCommand(): Command {
  const made = command<Options>(
    "publish",
    "Sign the status lists as they stand now, and write them to a folder",
    "writ status publish --home acme --out public/status",
    publish,
  );
  return new Command("status")
    .description("Publish status lists, and show them")
    .addCommand(
      withHome(made).requiredOption("--out <dir>", "folder; lists of the same address are replaced"),
    )
    .addCommand(showCommand());
}

function showCommand(): Command {
  const made = command<HomeOptions>(
    "show",
    "Show the status lists: how full each is, and how much of it is set",
    "writ status show --home acme",
    async (options) => {
      const { listStatusLists } = await import("@writ/issuer");
      const items = await withRegistry(options, listStatusLists);
      const rows = items.map(({ listId, purpose, used, set, address }) => [
        listId,
        purpose,
        used,
        set,
        address,
      ]);
      return {
        json: { items },
        text:
          rows.length === 0
            ? show`Nothing was issued yet, so there is no list.`
            : table(["list", "purpose", "used", "set", "address"], rows),
      };
    },
  );
  return withHome(made);
}

async function publish(options: Options): Promise<Answer> {
  const { publishStatusLists, STATUS_LIST_LIFE_MS, tightestStatusAgeMs } = await import("@writ/issuer");
  const fileOf = (listId: string): string => join(options.out, `${listId}.json`);
  // Before anybody has to wait for it.
  await assertWritable(fileOf("r1"), "replace");
  const { lists, maxAgeMs } = await withOrganisation(options, async (organisation) => ({
    maxAgeMs: await tightestStatusAgeMs(organisation.database, organisation),
    lists: await publishStatusLists(
      organisation,
      async ({ listId, credential }) => {
        await assertReplaceable(fileOf(listId), credential);
        await writeOutput(fileOf(listId), prettyJson(credential), "replace", "public");
      },
      {
        published: async (listId) => ((await isFile(fileOf(listId))) ? readInput(fileOf(listId)) : undefined),
      },
    ),
  }));
  const items = lists.map(({ listId, credential: { id, validUntil } }) => ({
    id,
    file: fileOf(listId),
    validUntil,
  }));
  return {
    json: { items, ...(maxAgeMs === undefined ? {} : { maxAgeSeconds: maxAgeMs / 1000 }) },
    text:
      items.length === 0
        ? show`Nothing was issued yet, so there is no list to publish.`
        : lines(
            ...items.map(({ id, file, validUntil }) => show`${file}  ${id}, valid until ${validUntil}`),
            tightness(maxAgeMs, STATUS_LIST_LIFE_MS),
          ),
  };
}

/** What an operator is told whose lists are relied on for less long than they live. */
function tightness(maxAgeMs: number | undefined, lifeMs: number): SafeText | undefined {
  if (maxAgeMs === undefined || maxAgeMs >= lifeMs) return undefined;
  const everyMs = Math.max(1000, Math.floor(maxAgeMs / 2000) * 1000);
  return show`Some authority takes no list older than ${durationText(maxAgeMs)}: publish at least every ${durationText(everyMs)}.`;
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Only a list of the same address and issuer may be replaced. */
async function assertReplaceable(file: string, { id, issuer }: StatusListCredential): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isFile()) throw new WritError("FILE_EXISTS", `${file} is not a file`);
  const there = await readList(file);
  if (there["id"] === id && there["issuer"] === issuer) return;
  throw new WritError("FILE_EXISTS", `${file} is not an older version of this list`, {
    hint: "Publish each organisation's lists into a folder of its own.",
  });
}

async function readList(file: string): Promise<JsonObject> {
  const bytes = await readInput(file);
  try {
    return parseStrictJsonObject(bytes, STATUS_LIST_LIMITS);
  } catch (error) {
    throw inFile(error, file);
  }
}

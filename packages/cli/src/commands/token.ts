import { formatTimestamp, WritError } from "@writ/core";
import type { TokenRecord, TokenScope } from "@writ/service";
import { Command, Option } from "commander";

import { command, withHome } from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { openTokens } from "../environment/service-stores.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, lines, show, type SafeText } from "../terminal/safe-text.js";

/** What a token may be for; the service's own list, which is not loaded to show help. */
const SCOPES = ["issue", "status"] as const satisfies readonly TokenScope[];

interface CreateOptions extends HomeOptions {
  readonly name: string;
  readonly scope: readonly TokenScope[];
  readonly life?: number;
}

export function tokenCommand(): Command {
  return new Command("token")
    .description("Bearer tokens for the issuing endpoints of `writ serve`")
    .addCommand(createCommand())
    .addCommand(
      withHome(
        command<HomeOptions>("list", "List the tokens of a home", "writ token list --home acme", list),
      ),
    )
    .addCommand(
      withHome(
        command<HomeOptions>(
          "revoke <id>",
          "End a token for good, at once",
          "writ token revoke urn:uuid:5f0c… --home acme",
          revoke,
        ),
      ),
    );
}

function createCommand(): Command {
  const made = command<CreateOptions>(
    "create",
    "Make a token; its text is shown this once, and kept nowhere",
    "writ token create --home acme --name 'web shop' --scope issue status --life 30d",
    create,
  );
  return withHome(made)
    .requiredOption("--name <name>", "what it is for")
    .addOption(new Option("--scope <scopes...>", "what it permits").choices(SCOPES).makeOptionMandatory())
    .option("--life <duration>", "how long it is good: 30d; until it is revoked unless given", parseDuration);
}

function create({ name, scope, life, ...home }: CreateOptions): Promise<Answer> {
  return withRegistry(home, async ({ database }) => {
    const tokens = await openTokens(database);
    const lifeMs = life === undefined ? {} : { lifeMs: life };
    const { token, record } = await tokens.create({ name, scopes: [...new Set(scope)], ...lifeMs });
    return {
      json: { token, ...recordJson(record) },
      text: lines(show`${bold(token)}`, show`Keep it where secrets are kept: it is not shown again.`),
    };
  });
}

function list(home: HomeOptions): Promise<Answer> {
  return withRegistry(home, async ({ database }) => {
    const records = await (await openTokens(database)).list();
    return {
      json: { items: records.map(recordJson) },
      text: records.length === 0 ? show`There are no tokens.` : lines(...records.map(recordLine)),
    };
  });
}

function revoke(home: HomeOptions, id?: string): Promise<Answer> {
  return withRegistry(home, async ({ database }) => {
    if (id === undefined) throw new WritError("USAGE", "name the token by its id");
    const record = await (await openTokens(database)).revoke(id);
    return { json: recordJson(record), text: show`${record.name} is no longer accepted.` };
  });
}

function recordJson({ id, name, scopes, created, expires, revoked }: TokenRecord): object {
  const times = Object.entries({ created, expires, revoked }).flatMap(([what, time]) =>
    time === undefined ? [] : [[what, formatTimestamp(time)] as const],
  );
  return { id, name, scopes, ...Object.fromEntries(times) };
}

function recordLine({ id, name, scopes, expires, revoked }: TokenRecord): SafeText {
  const state =
    revoked !== undefined
      ? `revoked ${formatTimestamp(revoked)}`
      : expires === undefined
        ? "until it is revoked"
        : `until ${formatTimestamp(expires)}`;
  return show`${id}  ${name}  ${scopes.join(", ")}  ${state}`;
}

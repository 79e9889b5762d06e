import { formatTimestamp } from "@writ/core";
import type { Role, RoleFrame } from "@writ/issuer";
import { Command } from "commander";

import { command, parseCount, withHome } from "../command.js";
import { durationText, parseDuration } from "../environment/duration.js";
import { readGrants } from "../environment/grants-file.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { grantLines } from "../terminal/authority-lines.js";
import { bold, indent, lines, show, table } from "../terminal/safe-text.js";

interface SetOptions extends HomeOptions {
  readonly grants?: string | false;
  readonly maxTtl?: string | false;
  readonly redelegate?: string;
}

export function roleCommand(): Command {
  return new Command("role")
    .description("Name sets of grants: the template, and the frame, of what agents may be granted")
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(showCommand());
}

function setCommand(): Command {
  const made = command<SetOptions>(
    "set <name>",
    "Make a role, or change what is named of it; what was granted by it stays as it is",
    "writ role set refund-clerk --home acme --grants refunds.json --max-ttl 8h --redelegate 1",
    async (options, name = "") => {
      const { setRole } = await import("@writ/issuer");
      const { grants, maxTtl, redelegate } = options;
      const named = {
        ...(typeof grants === "string" ? { grants: await readGrants(grants) } : {}),
        ...(typeof maxTtl === "string" ? { maxLifeMs: parseDuration(maxTtl) } : {}),
        ...(redelegate === undefined ? {} : { maxHops: parseCount(redelegate) }),
      };
      const role = await withRegistry(options, (registry) =>
        setRole(registry, name, (before) => ({ ...keptOf(before, options), ...named })),
      );
      return answerOf("Set the role", role);
    },
  );
  return withHome(made)
    .option(
      "--grants <file>",
      "JSON array of grants (docs/grants.md), within which all of theirs lie (default: as before; of a new role, a name alone that frames nothing)",
    )
    .option(
      "--no-grants",
      "from now on a name alone: other roles and the rules say what its agents may be granted",
    )
    .option(
      "--max-ttl <duration>",
      "the longest life of such an authority: 90s, 15m, 8h, 7d (default: as before)",
    )
    .option("--no-max-ttl", "from now on as long as the rules say")
    .option(
      "--redelegate <n>",
      "how many times it may be handed on at most (default: as before; of a new role, not at all)",
    );
}

/** What stays of a role: all but what is taken from it. A frame never falls away because it was not named. */
function keptOf(before: RoleFrame | undefined, { grants, maxTtl }: SetOptions): RoleFrame {
  const { grants: framing, maxLifeMs, maxHops } = before ?? {};
  return {
    ...(framing === undefined || grants === false ? {} : { grants: framing }),
    ...(maxLifeMs === undefined || maxTtl === false ? {} : { maxLifeMs }),
    ...(maxHops === undefined ? {} : { maxHops }),
  };
}

function listCommand(): Command {
  const made = command<HomeOptions>(
    "list",
    "List the roles",
    "writ role list --home acme",
    async (options) => {
      const { listRoles } = await import("@writ/issuer");
      const roles = await withRegistry(options, listRoles);
      const rows = roles.map((role) => [
        role.name,
        (role.grants ?? []).map(({ id }) => id).join(", "),
        lifeOf(role),
        String(role.maxHops ?? 0),
      ]);
      return {
        json: { items: roles.map(asItem) },
        text:
          rows.length === 0 ? show`No roles.` : table(["name", "grants", "longest life", "handed on"], rows),
      };
    },
  );
  return withHome(made);
}

function showCommand(): Command {
  const made = command<HomeOptions>(
    "show <name>",
    "Show what agents of a role may be granted",
    "writ role show refund-clerk --home acme",
    async (options, name = "") => {
      const { findRole } = await import("@writ/issuer");
      return answerOf("Role", await withRegistry(options, (registry) => findRole(registry, name)));
    },
  );
  return withHome(made);
}

function answerOf(what: string, role: Role): Answer {
  const { name, grants = [], maxHops = 0 } = role;
  return {
    json: asItem(role),
    text: lines(
      show`${what} ${bold(name)}`,
      ...(grants.length === 0
        ? [show`  no grants: a name alone, that frames nothing and bounds nothing`]
        : [show`  longest life ${lifeOf(role)}`, show`  handed on    ${maxHops}`]),
      ...grantLines(grants).map((line) => indent(line)),
    ),
  };
}

function asItem({ changed, ...role }: Role): object {
  return { ...role, changed: formatTimestamp(changed) };
}

function lifeOf({ maxLifeMs }: Role): string {
  return maxLifeMs === undefined ? "as the rules say" : durationText(maxLifeMs);
}

import { formatTimestamp, WritError } from "@writ/core";
import type { Registry, RevocationScope } from "@writ/issuer";
import type { Command } from "commander";

import { command, parseDidOption, withHome } from "../command.js";
import { confirm } from "../environment/confirm.js";
import { parseDuration } from "../environment/duration.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, lines, show, type SafeText } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly agent?: string;
  readonly issuedWithin?: string;
  readonly issuer?: string;
  readonly reason?: string;
  readonly cascade?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** So many credentials are shown to a person who is asked. */
const MAX_SHOWN = 20;

const LATER = "It takes effect at verifiers with the next `writ status publish`.";

export function revokeCommand(): Command {
  const made = command<Options>(
    "revoke [credential-id]",
    "Revoke a credential for good, or many, and with each everything that was delegated from it",
    "writ revoke urn:uuid:0e9a… --home acme --reason 'key lost'",
    revoke,
  );
  return withHome(made)
    .option("--agent <name>", "all that this agent has")
    .option(
      "--issued-within <duration>",
      "all that the organisation's key has signed in the last: 15m, 8h, 7d",
    )
    .option("--issuer <did>", "with --issued-within: by a key that the organisation had", parseDidOption)
    .option("--reason <text>", "for the records; it is not published")
    .option("--cascade", "with a credential: all that is on record as handed on of it, too")
    .option("--dry-run", "list what would be revoked, and revoke nothing")
    .option("--yes", "do not ask before it is revoked");
}

async function revoke(options: Options, credentialId?: string): Promise<Answer> {
  const { agent, issuedWithin, reason, dryRun } = options;
  const named = [credentialId, agent, issuedWithin].filter((each) => each !== undefined);
  if (named.length !== 1) {
    throw new WritError("USAGE", "name one of: a credential, --agent, --issued-within");
  }
  if (options.issuer !== undefined && issuedWithin === undefined) {
    throw new WritError("USAGE", "--issuer goes with --issued-within");
  }
  if (options.cascade === true && credentialId === undefined) {
    throw new WritError("USAGE", "--cascade goes with a credential: of an agent it is so anyway");
  }
  if (credentialId === undefined || options.cascade === true || dryRun === true) {
    return revokeMany(options, credentialId);
  }
  const { revokeCredential } = await import("@writ/issuer");
  await withRegistry(options, async (registry) => {
    if (options.yes !== true) await confirm(show`${credentialId} is revoked for good.`, "Revoke it?");
    await revokeCredential(registry, credentialId, reason);
  });
  return {
    json: { credentialId, revoked: true },
    text: lines(show`Revoked ${credentialId}`, show`${LATER}`),
  };
}

async function revokeMany(options: Options, credentialId?: string): Promise<Answer> {
  const { listRevocable, revokeCredentials } = await import("@writ/issuer");
  const { reason, dryRun = false, yes } = options;
  return withRegistry(options, async (registry) => {
    const { scope, of } = await scopeOf(registry, options, credentialId);
    const found = await listRevocable(registry, scope);
    if (dryRun)
      return { json: { items: found, revoked: false }, text: listed("Would be revoked", of, found) };
    if (yes !== true && found.length > 0) {
      await confirm(
        listed("To be revoked for good", of, found),
        `Revoke ${String(found.length)} credentials?`,
      );
    }
    // Those that are there by now: what was issued meanwhile is meant as well.
    const items = await revokeCredentials(registry, scope, reason);
    return {
      json: { items, revoked: true },
      text: lines(listed("Revoked", of, items), items.length === 0 ? undefined : show`${LATER}`),
    };
  });
}

async function scopeOf(
  registry: Registry,
  { agent, issuedWithin = "", issuer }: Options,
  credentialId?: string,
): Promise<{ readonly scope: RevocationScope; readonly of: SafeText }> {
  const { findAgent } = await import("@writ/issuer");
  if (credentialId !== undefined) {
    return { scope: { cascadeFrom: credentialId }, of: show`${credentialId}, and what was handed on of it` };
  }
  if (agent !== undefined) {
    const { agentId, name } = await findAgent(registry, agent);
    return { scope: { agentId }, of: show`all that ${bold(name)} has` };
  }
  const issuedSince = registry.clock() - parseDuration(issuedWithin);
  const by = issuer === undefined ? {} : { issuer };
  return {
    scope: { issuedSince, ...by },
    of: show`all that ${issuer ?? registry.did} has issued since ${formatTimestamp(issuedSince)}`,
  };
}

function listed(what: string, of: SafeText, ids: readonly string[]): SafeText {
  const more = ids.length - MAX_SHOWN;
  return lines(
    show`${what}: ${of}, ${ids.length} credentials`,
    ...ids.slice(0, MAX_SHOWN).map((id) => show`  ${id}`),
    more > 0 ? show`  and ${more} more` : undefined,
  );
}

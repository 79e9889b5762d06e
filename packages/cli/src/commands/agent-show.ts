import { formatTimestamp, systemClock } from "@writ/core";
import type { IssuedAuthority } from "@writ/issuer";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { authorityLines, namesIn } from "../terminal/authority-lines.js";
import { relativeTime } from "../terminal/relative-time.js";
import { bold, indent, lines, show, table, type SafeText } from "../terminal/safe-text.js";
import { stateText } from "../terminal/state-text.js";

/** So much of the end of an id tells it from others in the same table. */
const SHORT_ID = 12;

export function agentShowCommand(): Command {
  const made = command<HomeOptions>(
    "show <name>",
    "Show an agent: its key, its owner, its state, what it may do, and all that was issued to it",
    "writ agent show refund-bot --home acme",
    async (options, name = "") => {
      const { findAgent, listAgentKeys, listAuthorities, listIssuedCredentials } =
        await import("@writ/issuer");
      const { agent, authorities, issued, keys, names } = await withRegistry(options, async (registry) => {
        const found = await findAgent(registry, name);
        return {
          agent: found,
          authorities: await listAuthorities(registry, found),
          issued: await listIssuedCredentials(registry, found),
          keys: await listAgentKeys(registry, found),
          names: await namesIn(registry),
        };
      });
      const now = systemClock();
      const { agentId, did, owner, roles, wallet, created, state } = agent;
      const credentials = issued.map(({ validUntil, ...credential }) => ({
        ...credential,
        validUntil: formatTimestamp(validUntil),
      }));
      const former = keys.flatMap(({ did: key, until }) =>
        until === undefined ? [] : [{ did: key, until: formatTimestamp(until) }],
      );
      return {
        json: {
          ...agent,
          created: formatTimestamp(created),
          formerKeys: former,
          authorities: authorities.map(({ credentialId, validUntil, authority }) => ({
            credentialId,
            validUntil: formatTimestamp(validUntil),
            credentialSubject: authority,
          })),
          credentials,
        },
        text: lines(
          show`${bold(agent.name)} ${stateText(state)}`,
          show`  agent id   ${agentId}`,
          show`  did        ${did}`,
          ...former.map(({ did: key, until }) => show`  before     ${key}, until ${until}`),
          show`  owner      ${owner}`,
          roles.length === 0 ? undefined : show`  roles      ${roles.join(", ")}`,
          show`  enrolled   ${formatTimestamp(created)}, ${relativeTime(created, now)}`,
          wallet === undefined ? undefined : show`  wallet     ${wallet}`,
          show``,
          ...(authorities.length === 0
            ? [show`It may do nothing now, as far as this organisation says.`]
            : authorities.flatMap((each) => mayDo(each, names, now))),
          show``,
          table(
            ["credential", "type", "until", "", "state", "in place of"],
            issued.map(({ credentialId, type, validUntil, state: its, inPlaceOf = "" }) => [
              credentialId,
              type,
              formatTimestamp(validUntil),
              relativeTime(validUntil, now),
              stateText(its),
              inPlaceOf.slice(-SHORT_ID),
            ]),
          ),
        ),
      };
    },
  );
  return withHome(made);
}

/** One of the authorities that an agent has now. */
function mayDo(
  { credentialId, validUntil, authority }: IssuedAuthority,
  names: ReadonlyMap<string, string>,
  now: number,
): readonly SafeText[] {
  return [
    show`${bold("may")}, until ${formatTimestamp(validUntil)}, ${relativeTime(validUntil, now)}, by ${credentialId}`,
    ...authorityLines(authority, names).map((line) => indent(line)),
  ];
}

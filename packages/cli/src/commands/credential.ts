import { formatTimestamp, systemClock } from "@writ/core";
import type { CredentialRecord } from "@writ/issuer";
import { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { authorityLines, named, namesIn } from "../terminal/authority-lines.js";
import { eventItem, eventTable } from "../terminal/event-table.js";
import { issuedItem } from "../terminal/issued.js";
import { relativeTime } from "../terminal/relative-time.js";
import { bold, indent, jsonLine, lines, show, type SafeText } from "../terminal/safe-text.js";
import { stateText } from "../terminal/state-text.js";

export function credentialCommand(): Command {
  return new Command("credential")
    .description("Show what a credential says that was issued, and what became of it")
    .addCommand(showCommand());
}

function showCommand(): Command {
  const made = command<HomeOptions>(
    "show <credential>",
    "Show what a credential says, to whom it was issued, by whose word, and what became of it",
    "writ credential show urn:uuid:8a4f06c5-5d0c-4d2b-9d6c-6a4f3c9f1c55 --home acme",
    async (options, id = "") => {
      const { findCredential, listEvents } = await import("@writ/issuer");
      const { records, events, names } = await withRegistry(options, async (registry) => ({
        records: await findCredential(registry, id),
        events: await listEvents(registry, { credentialId: id }),
        names: await namesIn(registry),
      }));
      const now = systemClock();
      return {
        json: { items: records.map(asItem), events: events.map(eventItem) },
        text: lines(
          ...records.map((record) => recordText(record, names, now)),
          events.length === 0 ? undefined : lines(show``, eventTable(events, now)),
        ),
      };
    },
  );
  return withHome(made);
}

function asItem({ issued, content, authority: _, ...record }: CredentialRecord): object {
  return {
    ...issuedItem(record),
    issued: formatTimestamp(issued),
    ...(content === undefined ? {} : { credentialSubject: content }),
  };
}

function recordText(record: CredentialRecord, names: ReadonlyMap<string, string>, now: number): SafeText {
  const { credentialId, type, subject, holder, issuer, issued, validUntil, state } = record;
  const { reason, inPlaceOf, replacedBy, delegated } = record;
  const time = (at: number): SafeText => show`${formatTimestamp(at)}, ${relativeTime(at, now)}`;
  return lines(
    show`${bold(type)} ${stateText(state)}${reason === undefined ? "" : `: ${reason}`}`,
    show`  id           ${credentialId}`,
    show`  to           ${holder === undefined ? subject : `${holder}, ${subject}`}`,
    show`  by           ${named(issuer, names)}`,
    delegated && show`  within       ${delegated.parent}`,
    show`  issued       ${time(issued)}`,
    show`  until        ${time(validUntil)}`,
    inPlaceOf === undefined ? undefined : show`  in place of  ${inPlaceOf}`,
    ...replacedBy.map((id) => show`  replaced by  ${id}`),
    ...saidLines(record, names).map((line) => indent(line)),
  );
}

/** What it says: an authority in words, what else was signed as it was. */
function saidLines(
  { content, authority }: CredentialRecord,
  names: ReadonlyMap<string, string>,
): readonly SafeText[] {
  if (authority !== undefined) return authorityLines(authority, names);
  if (content === undefined) return [show`What it says is not on record, its status is.`];
  const { id: _, ...claims } = content;
  return Object.entries(claims).map(
    ([name, value]) => show`${name.padEnd(12)} ${typeof value === "string" ? value : jsonLine({ value })}`,
  );
}

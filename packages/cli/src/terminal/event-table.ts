import { formatTimestamp } from "@writ/core";
import type { RegistryEvent } from "@writ/issuer";

import { relativeTime } from "./relative-time.js";
import { dim, table, type SafeText } from "./safe-text.js";

/** What was done, one below the other. */
export function eventTable(events: readonly RegistryEvent[], now: number): SafeText {
  return table(
    ["", "when", "", "who", "what", "of", "why"],
    events.map(({ number, at, operator, action, agentId, credentialId, reason }) => [
      dim(number),
      formatTimestamp(at),
      relativeTime(at, now),
      operator ?? "",
      action,
      credentialId ?? agentId ?? "",
      reason ?? "",
    ]),
  );
}

/** The same for programs. */
export function eventItem(event: RegistryEvent): object {
  return { ...event, at: formatTimestamp(event.at) };
}

import { formatTimestamp } from "@writ/core";
import type { IssuedCredential } from "@writ/issuer";

import { relativeTime } from "./relative-time.js";
import { table, type SafeText } from "./safe-text.js";
import { stateText } from "./state-text.js";

/** Credentials on record, one below the other. */
export function issuedTable(issued: readonly IssuedCredential[], now: number): SafeText {
  return table(
    ["credential", "type", "to", "until", "", "state"],
    issued.map(({ credentialId, type, holder, subject, validUntil, state }) => [
      credentialId,
      type,
      holder ?? subject,
      formatTimestamp(validUntil),
      relativeTime(validUntil, now),
      stateText(state),
    ]),
  );
}

/** The same for programs. */
export function issuedItem({ validUntil, ...issued }: IssuedCredential): object {
  return { ...issued, validUntil: formatTimestamp(validUntil) };
}

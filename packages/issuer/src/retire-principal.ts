import { recordEvent } from "./events.js";
import type { StateChange } from "./agent-states.js";
import type { Registry } from "./organisation.js";
import { principalByDid, type Principal } from "./principals.js";
import { entriesOfPrincipal, setEntry } from "./status-entries.js";

/**
 * Retires a principal for good, such as a person who has left: its identity is revoked, nothing more is granted in its
 * name, and the agents that it owned get nothing more until they have another owner. The same again changes nothing.
 *
 * @param reason for the records; it is not published
 * @throws WritError `NOT_FOUND`.
 */
export function retirePrincipal(
  registry: Registry,
  { did }: Pick<Principal, "did">,
  reason?: string,
): Promise<StateChange> {
  return registry.database.transaction(async (transaction) => {
    const { name, state } = await principalByDid(transaction, did);
    if (state === "retired") return { credentials: [] };
    await transaction.query("UPDATE principals SET state = 'retired' WHERE did = $1", [did]);
    await recordEvent(transaction, registry, {
      action: "principal.retired",
      reason,
      details: { did, name },
    });
    const entries = await entriesOfPrincipal(transaction, registry, did);
    for (const entry of entries) {
      await setEntry(transaction, registry, entry, { purpose: "revocation", reason, alongWith: "nothing" });
    }
    return { credentials: entries.map(({ name: id }) => id) };
  });
}

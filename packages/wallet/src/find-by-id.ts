import type { Label, VaultRecord } from "./vault/record.js";
import type { Vault } from "./vault/vault.js";

/** The records of the credentials that bear an id, or have it for a digest where they bear none. */
export async function findById(
  vault: Vault,
  collection: "credential" | "generic",
  id: string,
  ...labels: readonly Label[]
): Promise<readonly VaultRecord[]> {
  const bearing = await vault.find(collection, ["id", id], ...labels);
  if (bearing.length > 0 || collection === "credential") return bearing;
  const digested = await vault.find(collection, ["digest", id], ...labels);
  return digested.filter((record) => record.labels.every(([name]) => name !== "id"));
}

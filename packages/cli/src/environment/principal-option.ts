import { isDid } from "@writ/core";
import type { Registry } from "@writ/issuer";

/**
 * The DID that an option names: itself, or the name of a principal of the organisation.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function didOfPrincipal(registry: Registry, didOrName: string): Promise<string> {
  if (isDid(didOrName)) return didOrName;
  const { findPrincipal } = await import("@writ/issuer");
  return (await findPrincipal(registry, didOrName)).did;
}

import { fromRoot, type Chain, type Presentation } from "@writ/core";

import type { StatusListDemand } from "./status-source.js";

/**
 * How old the lists of a presentation may be: the tightest `statusMaxAgeSeconds` of the grant that the
 * invocation names and of those it stands within (DESIGN 3). It is what a source is asked for; whether
 * the lists are young enough is for `decide`.
 */
export function statusDemandOf(
  { invocation }: Presentation,
  chains: readonly Chain[],
): Pick<StatusListDemand, "maxAgeMs"> {
  const seconds = chains
    .filter(({ digestMultibase }) => digestMultibase === invocation?.authority.digestMultibase)
    .flatMap(({ grants }) => grants.filter(({ written }) => written.id === invocation?.authority.grant))
    .flatMap((grant) => fromRoot(grant))
    .flatMap(({ written }) => written.statusMaxAgeSeconds ?? []);
  return seconds.length === 0 ? {} : { maxAgeMs: Math.min(...seconds) * 1000 };
}

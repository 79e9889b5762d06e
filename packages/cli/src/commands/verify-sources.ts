import {
  createDidWebDriver,
  createResolver,
  parseTimestamp,
  problemOf,
  WritError,
  type Clock,
  type DidResolver,
} from "@writ/core";
import type { StatusListSource, TrustedOrganisation, TrustPolicy } from "@writ/verifier";

import { requireFolder } from "../environment/folders.js";
import { withSuccessionFiles } from "../environment/successions.js";

/** What any verification goes by. */
export interface SourceOptions {
  readonly trust?: readonly string[];
  readonly principal?: readonly string[];
  readonly succession?: readonly string[];
  readonly status?: readonly string[];
  readonly online?: boolean;
  readonly didWeb?: boolean;
  readonly now?: string;
}

/** Where the caller let status lists come from. */
export type StatusGiven = "none" | "folders" | "online";

/** What the caller gave a verification to go by, for hints. */
export interface SourcesGiven {
  readonly trust: boolean;
  readonly status: StatusGiven;
  readonly didWeb: boolean;
}

/** Trust, clock, and where status lists and the documents of DIDs come from. */
export interface VerifySources {
  readonly trust: TrustPolicy;
  readonly clock: Clock;
  readonly status: StatusListSource;
  readonly resolver: DidResolver;
}

/** Nothing is fetched that was not asked for. */
export async function openSources(
  options: SourceOptions,
): Promise<{ readonly sources: VerifySources; readonly given: SourcesGiven }> {
  const clock = clockOf(options);
  const {
    createFolderStatusSource,
    createHttpsStatusSource,
    createSafeFetch,
    noStatusSource,
    trustOrganisations,
  } = await import("@writ/verifier");
  const trusted = trustOrganisations(trustedBy(options));
  const fetch = createSafeFetch();
  const resolver = createResolver(options.didWeb === true ? { web: createDidWebDriver(fetch) } : {});
  const trust = await withSuccessionFiles(trusted, options.succession ?? [], { clock, resolver });
  const statusSources = {
    none: () => noStatusSource,
    folders: async () =>
      firstOf(
        await Promise.all(
          (options.status ?? []).map(async (folder) => createFolderStatusSource(await requireFolder(folder))),
        ),
      ),
    online: () => createHttpsStatusSource(fetch),
  };
  const status = statusGiven(options);
  return {
    sources: {
      trust,
      clock,
      status: await statusSources[status](),
      resolver,
    },
    given: { trust: trust.identityIssuers.length > 0, status, didWeb: options.didWeb === true },
  };
}

function statusGiven({ status, online }: SourceOptions): StatusGiven {
  if (status === undefined) return online === true ? "online" : "none";
  if (online === true) throw new WritError("USAGE", "--status and --online exclude each other");
  return "folders";
}

/** What the first of several sources has that has it: what is in a folder is judged by its signature later. */
function firstOf(sources: readonly StatusListSource[]): StatusListSource {
  return {
    async get(address) {
      for (const source of sources) {
        const list = await source.get(address);
        if (list !== null) return list;
      }
      return null;
    },
  };
}

/** Principals belong to an organisation, so with several of them there must be no doubt to which. */
function trustedBy({ trust = [], principal = [] }: SourceOptions): readonly (string | TrustedOrganisation)[] {
  const [did, ...others] = trust;
  if (principal.length === 0) return trust;
  if (did === undefined || others.length > 0) {
    throw new WritError("USAGE", "--principal goes with exactly one --trust");
  }
  return [{ did, principals: principal }];
}

function clockOf({ now }: SourceOptions): () => number {
  if (now === undefined) return Date.now;
  const fault = problemOf(() => parseTimestamp(now));
  if (fault !== undefined)
    throw new WritError("USAGE", `--now: ${fault.detail}`, { hint: "Such as 2026-11-23T08:00:00Z." });
  return () => parseTimestamp(now);
}

import { RecentMap } from "../runtime/recent-map.js";

/** More than are pinned, with those inside them. */
const MAX_CONTEXTS = 128;

const read = new RecentMap<string, unknown>(MAX_CONTEXTS);

/**
 * Where the reference libraries keep contexts that they have read: reading them takes ten times as long as
 * all else about a document. They would keep them in common with whoever uses them in the same process, who may
 * have other contexts under the same addresses; these are kept apart.
 */
export async function createContextResolver(): Promise<object> {
  // Of the same release as those libraries use, whose inner interface this is.
  const { default: ContextResolver } = await import("jsonld/lib/ContextResolver.js");
  return new ContextResolver({ sharedCache: read });
}

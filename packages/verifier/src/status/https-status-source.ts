import { parseShape, STATUS_LIST_LIMITS, statusListAddress, WritError, type SafeFetch } from "@writ/core";

import type { StatusListSource } from "./status-source.js";

const ACCEPT = "application/vc, application/vc+ld+json, application/ld+json, application/json";

/** Pages for people: what a server shows in place of a list that is not there, with the code 200. */
const PAGES: ReadonlySet<string | undefined> = new Set(["text/html", "application/xhtml+xml"]);

/**
 * Lists from the addresses that they bear, over https (DESIGN 4.9). A list that is at hand is
 * revalidated by its entity tag. Every question is a request: a cache goes around it.
 *
 * Its `get` throws `RESOURCE_INVALID` for an address that no list of Writ's bears, `FETCH_REFUSED`,
 * `FETCH_UNAVAILABLE` and `STATUS_UNAVAILABLE`.
 */
export function createHttpsStatusSource(fetch: SafeFetch): StatusListSource {
  return {
    async get(address, { etag } = {}) {
      const url = parseShape(statusListAddress, address);
      const fetched = await fetch(url, {
        maxBytes: STATUS_LIST_LIMITS.maxBytes,
        accept: ACCEPT,
        ...(etag === undefined ? {} : { etag }),
      });
      switch (fetched.status) {
        case "not-found":
          return null;
        case "unchanged":
          return "unchanged";
        case "ok": {
          if (PAGES.has(mediaTypeOf(fetched.contentType))) {
            throw new WritError("STATUS_UNAVAILABLE", "a page lies at the address, not a status list");
          }
          return { text: fetched.body, ...(fetched.etag === undefined ? {} : { etag: fetched.etag }) };
        }
      }
    },
  };
}

function mediaTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(";")[0]?.trim().toLowerCase();
}

import type { IncomingMessage } from "node:http";

import { WritError, type FetchDemand, type Fetched, type SafeFetch } from "@writ/core";

import type { AddressPolicy, HostLookup } from "./checked-lookup.js";
import { parseFetchAddress, type FetchAddress } from "./parse-fetch-address.js";
import { isEntityTag, readResponse } from "./read-response.js";

/** How a safe fetch is made; for closed networks and tests, as the machine is set up unless given. */
export interface SafeFetchOptions {
  readonly lookup?: HostLookup;
  /** `"public"` unless given. A rule of one's own must say no to all that strangers may not reach. */
  readonly addresses?: AddressPolicy;
  /** Certificates in PEM that are trusted instead of those that come with the runtime. */
  readonly certificateAuthorities?: readonly string[];
  /** How long one fetch may take in all, from the look-up to the last byte: 5 s unless given. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 5000;
const MAX_TIMEOUT_MS = 60_000;
const MAX_HEADER_BYTES = 8 * 1024;

/**
 * A fetch that can be led nowhere but to public https servers (DESIGN 4.9): the addresses of a host
 * are checked in the look-up of the connection itself, no redirect is followed, no proxy is used, and
 * time and size are bounded. Each fetch is a connection of its own, which is gone when it ends.
 *
 * @throws WritError `ARGUMENT_INVALID` where the time is not between 1 and 60,000 ms. The fetch throws
 *   `FETCH_REFUSED` or `FETCH_UNAVAILABLE`.
 */
export function createSafeFetch(options: SafeFetchOptions = {}): SafeFetch {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    throw new WritError("ARGUMENT_INVALID", "a fetch takes between 1 and 60,000 milliseconds");
  }
  return async (url, { etag, ...demand }) => {
    const address = parseFetchAddress(url);
    // A tag that no server can have given asks for nothing.
    const condition = etag !== undefined && isEntityTag(etag) ? { etag } : {};
    try {
      return await exchange(address, { ...demand, ...condition }, options, timeoutMs);
    } catch (cause) {
      if (cause instanceof WritError) throw cause;
      throw new WritError("FETCH_UNAVAILABLE", "the connection failed", { cause });
    }
  };
}

/** One request and its answer. Whatever comes of it, the connection is destroyed at its end. */
async function exchange(
  { host, port, path }: FetchAddress,
  demand: FetchDemand,
  { lookup, addresses = "public", certificateAuthorities }: SafeFetchOptions,
  timeoutMs: number,
): Promise<Fetched> {
  // Loaded here, so that a runtime without sockets can still verify with what it is given.
  const [{ request }, { checkedLookup, systemLookup }] = await Promise.all([
    import("node:https"),
    import("./checked-lookup.js"),
  ]);
  const outgoing = request({
    host,
    port,
    path,
    method: "GET",
    // A connection of its own: none that is kept, and none by way of a proxy.
    agent: false,
    headers: {
      accept: demand.accept,
      "accept-encoding": "identity",
      "user-agent": "writ",
      ...(demand.etag === undefined ? {} : { "if-none-match": demand.etag }),
    },
    lookup: checkedLookup(lookup ?? systemLookup, addresses),
    // Said outright, because a variable of the environment changes what holds where nothing is said.
    rejectUnauthorized: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    ...(certificateAuthorities === undefined ? {} : { ca: [...certificateAuthorities] }),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new WritError("FETCH_UNAVAILABLE", "it took too long"));
    }, timeoutMs);
  });
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on("response", resolve).on("error", reject);
      // An answer that is none, such as a change of protocol, ends without either.
      outgoing.on("close", () => {
        reject(new WritError("FETCH_UNAVAILABLE", "the connection ended without an answer"));
      });
    });
    outgoing.end();
    return await Promise.race([late, answered.then((response) => readResponse(response, demand))]);
  } finally {
    clearTimeout(timer);
    // With the connection ends the look-up, or the reading of an answer, that came too late.
    outgoing.destroy();
  }
}

/** What is asked of a {@link SafeFetch}. */
export interface FetchDemand {
  /** What is larger is not read. */
  readonly maxBytes: number;
  /** The media types that will do, as in the header `Accept`. */
  readonly accept: string;
  /** The entity tag of what is at hand already: answered by `unchanged` where it still stands. */
  readonly etag?: string;
}

/** What a {@link SafeFetch} found. */
export type Fetched =
  | {
      readonly status: "ok";
      readonly body: Uint8Array;
      /** The server's word for this version, if it gave one that can be sent back. */
      readonly etag?: string;
      /** What the server calls it; not to be relied on. */
      readonly contentType?: string;
    }
  | { readonly status: "unchanged" }
  | { readonly status: "not-found" };

/**
 * Port: reads what lies at an https address that others chose (DESIGN 4.9). An implementation reaches
 * public addresses only, follows no redirect, and comes to an end in bounded time. What it returns is
 * not trusted. The caller has verified the signature over the address, or trusts who it leads to.
 *
 * @throws WritError `FETCH_REFUSED` where the address may not be fetched, `FETCH_UNAVAILABLE` where it
 *   could not be.
 */
export type SafeFetch = (url: string, demand: FetchDemand) => Promise<Fetched>;

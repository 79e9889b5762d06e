import { STATUS_LIST_LIMITS, WritError, type Fetched, type SafeFetch } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createHttpsStatusSource } from "../../src/index.js";

const ADDRESS = "https://status.acme.example/lists/r1";
const body = new TextEncoder().encode("{}");

/** A source whose fetch answers so, and what the fetch was asked. */
function sourceOf(answer: Fetched | WritError) {
  const asked: unknown[] = [];
  const fetch: SafeFetch = (...demand) => {
    asked.push(demand);
    return answer instanceof WritError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { source: createHttpsStatusSource(fetch), asked };
}

describe("createHttpsStatusSource", () => {
  it("asks for the address that the list bears, within the limit of lists", async () => {
    const { source, asked } = sourceOf({ status: "ok", body });
    expect(await source.get(ADDRESS)).toEqual({ text: body });
    const accept = "application/vc, application/vc+ld+json, application/ld+json, application/json";
    expect(asked).toEqual([[ADDRESS, { maxBytes: STATUS_LIST_LIMITS.maxBytes, accept }]]);
  });

  it("passes entity tags on, in both directions", async () => {
    const { source, asked } = sourceOf({ status: "ok", body, etag: '"2"', contentType: "application/vc" });
    expect(await source.get(ADDRESS, { etag: '"1"' })).toEqual({ text: body, etag: '"2"' });
    expect(asked).toMatchObject([[ADDRESS, { etag: '"1"' }]]);
    const { source: still } = sourceOf({ status: "unchanged" });
    expect(await still.get(ADDRESS, { etag: '"1"' })).toBe("unchanged");
  });

  it("row 120: has none where there is none", async () => {
    expect(await sourceOf({ status: "not-found" }).source.get(ADDRESS)).toBeNull();
  });

  it.each(["text/html", "text/html; charset=utf-8", "TEXT/HTML ;charset=utf-8", "application/xhtml+xml"])(
    "row 120: takes no page for a list (%s)",
    async (contentType) => {
      const { source } = sourceOf({ status: "ok", body, contentType });
      expect(await codeOfAsync(() => source.get(ADDRESS))).toBe("STATUS_UNAVAILABLE");
    },
  );

  it.each(["FETCH_REFUSED", "FETCH_UNAVAILABLE"] as const)("passes %s on", async (code) => {
    const { source } = sourceOf(new WritError(code, "no"));
    expect(await codeOfAsync(() => source.get(ADDRESS))).toBe(code);
  });

  it.each([
    ["row 131: http", "http://status.acme.example/r1"],
    ["row 131: file", "file:///etc/passwd"],
    ["row 131: data", "data:,{}"],
    ["another name than an address", "urn:writ:list:1"],
    ["row 130: a user", "https://user@status.acme.example/r1"],
    ["row 127: full-width digits", "https://１２７.０.０.１/r1"],
    ["row 127: IPv6", "https://[::1]/r1"],
    ["a query", "https://status.acme.example/r1?x=1"],
    ["a fragment", "https://status.acme.example/r1#list"],
    ["dot segments", "https://status.acme.example/../r1"],
    ["a needless port", "https://status.acme.example:443/r1"],
    ["a host alone", "https://status.acme.example"],
  ])("asks nobody for what no list bears: %s", async (_, address) => {
    const { source, asked } = sourceOf({ status: "ok", body });
    expect(await codeOfAsync(() => source.get(address))).toBe("RESOURCE_INVALID");
    expect(asked).toEqual([]);
  });
});

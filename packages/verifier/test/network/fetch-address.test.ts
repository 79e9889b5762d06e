import type { LookupOptions } from "node:dns";

import { WritError } from "@writ/core";
import { codeOf, codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createSafeFetch, type HostLookup, type SafeFetchOptions } from "../../src/index.js";
import { checkedLookup, systemLookup } from "../../src/network/checked-lookup.js";
import { isPublicAddress } from "../../src/network/is-public-address.js";
import { countSockets, NOTHING, type Reached } from "./count-sockets.js";
import { AUTHORITY, loopbackFetch, openServer } from "./loopback-server.js";

const DEMAND = { maxBytes: 1000, accept: "application/json" };

/** How a fetch is refused, and what it reached out for until then. */
async function refusalOf(url: string, options: SafeFetchOptions = {}): Promise<readonly [string, Reached]> {
  let code = "";
  const reached = await countSockets(async () => {
    code = await codeOfAsync(() => createSafeFetch(options)(url, DEMAND));
  });
  return [code, reached];
}

describe("an address that may not be fetched", () => {
  it.each([
    ["row 127: metadata of a cloud", "https://169.254.169.254/latest/"],
    ["row 127: mapped IPv4", "https://[::ffff:a9fe:a9fe]/"],
    ["row 127: one number", "https://2130706433/"],
    ["row 127: hexadecimal", "https://0x7f.1/"],
    ["row 127: full-width digits", "https://１２７.０.０.１/"],
    ["row 127: octal", "https://0177.0.0.1/"],
    ["a public IP address", "https://8.8.8.8/"],
    ["a public IPv6 address", "https://[2606:4700:4700::1111]/"],
    ["row 130: a user", "https://user@acme.example/"],
    ["row 130: a user and a password", "https://user:word@acme.example/"],
    ["row 130: a password alone", "https://:word@acme.example/"],
    ["row 130: an empty user", "https://@acme.example/"],
    ["row 130: another host as user", "https://acme.example@169.254.169.254/"],
    ["row 131: http", "http://acme.example/"],
    ["row 131: file", "file:///etc/passwd"],
    ["row 131: file on a host", "file://acme.example/etc/passwd"],
    ["row 131: data", "data:application/json,{}"],
    ["row 131: gopher", "gopher://acme.example/"],
    ["row 131: ftp", "ftp://acme.example/"],
    ["row 131: blob", "blob:https://acme.example/0e9a"],
    ["upper case", "https://ACME.example/"],
    ["an upper-case scheme", "HTTPS://acme.example/"],
    ["a trailing dot", "https://acme.example./"],
    ["a needless port", "https://acme.example:443/"],
    ["a port with zeros", "https://acme.example:0444/"],
    ["a fragment", "https://acme.example/a#b"],
    ["an empty fragment", "https://acme.example/a#"],
    ["no path", "https://acme.example"],
    ["dot segments", "https://acme.example/a/../b"],
    ["escaped dot segments", "https://acme.example/%2e%2e/b"],
    ["a backslash", "https://acme.example\\b"],
    ["a backslash before another host", "https://acme.example\\@169.254.169.254/"],
    ["white space around", " https://acme.example/"],
    ["a tab within", "https://acme.exa\tmple/"],
    ["a line feed", "https://acme.example/a\nb"],
    ["a space in the path", "https://acme.example/a b"],
    ["a letter outside ASCII", "https://acmé.example/"],
    ["a soft hyphen", "https://ac\u00ADme.example/"],
    ["one slash", "https:/acme.example/"],
    ["one label", "https://localhost/"],
    ["an underscore", "https://a_b.example/"],
    ["a label that begins with a hyphen", "https://-a.example/"],
    ["a label that is too long", `https://${"a".repeat(64)}.example/`],
    ["a host that is too long", `https://${"a.".repeat(127)}example/`],
    ["an address that is too long", `https://acme.example/${"a".repeat(4096)}`],
    ["no address", "acme.example"],
    ["nothing", ""],
  ])("is refused before anything is reached out for: %s", async (_, url) => {
    const looked: string[] = [];
    const lookup: HostLookup = (host) => {
      looked.push(host);
      return Promise.resolve(["93.184.215.14"]);
    };
    expect(await refusalOf(url, { lookup })).toEqual(["FETCH_REFUSED", NOTHING]);
    expect(looked).toEqual([]);
  });
});

describe("a host whose name leads inside", () => {
  it.each([
    ["row 127: link-local", ["169.254.169.254"]],
    ["loopback", ["127.0.0.1"]],
    ["row 127: mapped", ["::ffff:a9fe:a9fe"]],
    ["a private address behind a public one", ["93.184.215.14", "10.0.0.1"]],
    ["a private address before a public one", ["10.0.0.1", "93.184.215.14"]],
    ["a private IPv6 address among public IPv4", ["93.184.215.14", "fd00::1"]],
    ["a private IPv4 address among public IPv6", ["2606:4700:4700::1111", "192.168.1.1"]],
    ["what is no address", ["metadata.internal"]],
    ["row 127: a number", ["2130706433"]],
  ])("is refused before a connection: %s", async (_, addresses) => {
    const lookup = () => Promise.resolve(addresses);
    expect(await refusalOf("https://acme.example/", { lookup })).toEqual(["FETCH_REFUSED", NOTHING]);
  });

  it("is refused by a rule of one's own, what is no address in any case", async () => {
    const url = "https://acme.example/";
    const addresses = (address: string) => address !== "127.0.0.2";
    const none = { addresses, lookup: () => Promise.resolve(["127.0.0.2"]) };
    expect(await refusalOf(url, none)).toEqual(["FETCH_REFUSED", NOTHING]);
    const odd = { addresses, lookup: () => Promise.resolve(["0x7f.1"]) };
    expect(await refusalOf(url, odd)).toEqual(["FETCH_REFUSED", NOTHING]);
  });

  it("cannot be told where the name has no address, or the look-up fails", async () => {
    const url = "https://acme.example/";
    expect(await refusalOf(url, { lookup: () => Promise.resolve([]) })).toEqual([
      "FETCH_UNAVAILABLE",
      NOTHING,
    ]);
    const failing = { lookup: () => Promise.reject(new Error("SERVFAIL")) };
    expect(await refusalOf(url, failing)).toEqual(["FETCH_UNAVAILABLE", NOTHING]);
  });

  it("row 128: is not asked for a second time: the connection goes where the check was", async () => {
    const server = await openServer((_, response) => response.end("{}"));
    const answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]];
    let asked = 0;
    const fetch = createSafeFetch({
      lookup: () => Promise.resolve(answers[asked++] ?? []),
      addresses: (address) => address === "127.0.0.1",
      certificateAuthorities: [AUTHORITY],
    });
    const url = `https://acme.example:${String(server.port)}/`;
    const reached = await countSockets(async () => {
      expect(await fetch(url, DEMAND)).toMatchObject({ status: "ok" });
    });
    expect([asked, reached, server.connections()]).toEqual([1, { sockets: 1, lookups: 0 }, 1]);
    expect(await codeOfAsync(() => fetch(url, DEMAND))).toBe("FETCH_REFUSED");
    expect(server.connections()).toBe(1);
  });

  it("is tried at its other addresses, of either family, when one does not answer", async () => {
    const server = await openServer((_, response) => response.end("{}"));
    const fetch = loopbackFetch({
      // Nobody listens at the first two.
      lookup: () => Promise.resolve(["::1", "127.0.0.2", "127.0.0.1"]),
      addresses: () => true,
    });
    const url = `https://acme.example:${String(server.port)}/`;
    expect(await fetch(url, DEMAND)).toMatchObject({ status: "ok" });
    expect(server.connections()).toBe(1);
  });

  it("is looked up by the machine where no other look-up is given, and checked alike", async () => {
    // A name that no public server has; whether the machine knows it is its own affair.
    const [code, reached] = await refusalOf("https://a.localhost/");
    expect(["FETCH_REFUSED", "FETCH_UNAVAILABLE"]).toContain(code);
    expect(reached).toEqual({ sockets: 0, lookups: 1 });
    expect((await systemLookup("localhost")).map(isPublicAddress)).toContain(false);
  });
});

describe("the look-up of a connection", () => {
  const lookup = () => Promise.resolve(["2606:4700:4700::1111", "93.184.215.14"]);
  const answerTo = (options: LookupOptions, from: HostLookup) =>
    new Promise((resolve) => {
      checkedLookup(from, "public")("acme.example", options, (...answer) => resolve(answer));
    });

  it("gives all that was checked to who tries them all, and the first to who takes one", async () => {
    const [first, second] = [
      { address: "2606:4700:4700::1111", family: 6 },
      { address: "93.184.215.14", family: 4 },
    ];
    expect(await answerTo({ all: true }, lookup)).toEqual([null, [first, second]]);
    expect(await answerTo({}, lookup)).toEqual([null, first.address, first.family]);
    // An address of the other family spoils the answer, although the connection would not go there.
    expect(await answerTo({ family: 4 }, () => Promise.resolve(["93.184.215.14", "::1"]))).toMatchObject([
      { code: "FETCH_REFUSED" },
      "",
    ]);
  });
});

describe("createSafeFetch", () => {
  it.each([0, -1, 1.5, NaN, Infinity, 60_001])("takes no time of %d ms", (timeoutMs) => {
    expect(codeOf(() => createSafeFetch({ timeoutMs }))).toBe("ARGUMENT_INVALID");
  });

  it("keeps the cause of a failure, and tells nothing of the address", async () => {
    const cause = new Error("SERVFAIL");
    const fetch = createSafeFetch({ lookup: () => Promise.reject(cause) });
    const error: unknown = await fetch("https://acme.example/hidden?word=1", DEMAND).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WritError);
    expect(error).toMatchObject({ code: "FETCH_UNAVAILABLE", message: "the connection failed", cause });
  });
});

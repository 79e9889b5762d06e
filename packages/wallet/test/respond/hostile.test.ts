import { WritError } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { respond } from "../../src/index.js";
import {
  answer,
  asking,
  authentication,
  AUTHORITY,
  byExample,
  CHALLENGE,
  dcql,
  DOMAIN,
  example,
  explain,
  IDENTITY,
  openAgent,
  vpr,
} from "./requests.js";

const WHO = "AgentIdentityCredential";
const deep = (levels: number): unknown => (levels === 0 ? "" : { a: deep(levels - 1) });
const many = <T>(count: number, item: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => item(index));
const queries = (count: number) => many(count, (index) => asking(`q${String(index)}`, IDENTITY));
const claimed = (claims: readonly unknown[], members: object = {}) =>
  dcql([asking("a", IDENTITY, { claims, ...members })]);
const sets = (credential_sets: unknown) => dcql([asking("a", IDENTITY)], {}, { credential_sets });

const A = "/dcql_query/credentials/0";

describe("a request that means harm is refused, with a code and a place", () => {
  it.each<readonly [row: string, request: object | string, code: string, pointer: string]>([
    ["row 1: a member twice", `{"query":[],"query":[]}`, "JSON_DUPLICATE_KEY", "/query"],
    ["row 2: __proto__ as a member", `{"query":{"__proto__":{}}}`, "JSON_FORBIDDEN_KEY", "/query/__proto__"],
    ["row 2: __proto__ as an id", dcql([asking("__proto__", IDENTITY)]), "JSON_FORBIDDEN_KEY", `${A}/id`],
    ["row 2: constructor as an id", dcql([asking("constructor", IDENTITY)]), "JSON_FORBIDDEN_KEY", `${A}/id`],
    ["row 4: 64 KiB", vpr(byExample(example(WHO)), { interact: "x".repeat(65_536) }), "TOO_LARGE", ""],
    ["row 6: no UTF-8", "\u{FEFF}{}", "JSON_ENCODING", ""],
    ["row 8: a number beyond 2^53", `{"query":9007199254740993}`, "NUMBER_UNSAFE", "/query"],
    ["row 13: no credential query", dcql([]), "ARRAY_EMPTY", "/dcql_query/credentials"],
    ["row 13: no query", vpr([]), "ARRAY_EMPTY", "/query"],
    ["row 13: no example", vpr(byExample()), "ARRAY_EMPTY", "/query/credentialQuery"],
    ["row 13: no claim", claimed([]), "ARRAY_EMPTY", `${A}/claims`],
    ["row 13: a claim without a path", claimed([{ path: [] }]), "ARRAY_EMPTY", `${A}/claims/0/path`],
    ["row 13: no value", claimed([{ path: ["a"], values: [] }]), "ARRAY_EMPTY", `${A}/claims/0/values`],
    [
      "row 13: an empty option",
      sets([{ options: [[]] }]),
      "ARRAY_EMPTY",
      "/dcql_query/credential_sets/0/options/0",
    ],
    ["row 14: what follows the request", "{} {}", "JSON_SYNTAX", ""],
    [
      "row 15: NUL in the challenge",
      vpr(authentication(), { challenge: "a\0" }),
      "CHAR_FORBIDDEN",
      "/challenge",
    ],
    [
      "row 15: a bidi mark in the domain",
      vpr(authentication(), { domain: "a\u202E" }),
      "CHAR_FORBIDDEN",
      "/domain",
    ],
    ["row 15: NUL in an id", dcql([asking("a\0", IDENTITY)]), "CHAR_FORBIDDEN", `${A}/id`],
    [
      "row 16: a challenge that is not NFC",
      vpr(authentication(), { challenge: "e\u0301" }),
      "NOT_NFC",
      "/challenge",
    ],
    ["row 17: a list", [], "JSON_NOT_OBJECT", ""],
    ["row 18: a query that is a text", vpr("x" as never), "SCHEMA_INVALID", "/query"],
    ["row 18: credentials that are no list", dcql({} as never), "SCHEMA_INVALID", "/dcql_query/credentials"],
    [
      "row 101: no challenge",
      vpr(authentication(), { challenge: undefined }),
      "SCHEMA_INVALID",
      "/challenge",
    ],
    ["row 101: an empty challenge", vpr(authentication(), { challenge: "" }), "SCHEMA_INVALID", "/challenge"],
    ["row 101: no nonce", dcql([asking("a", IDENTITY)], { nonce: undefined }), "SCHEMA_INVALID", "/nonce"],
    [
      "row 102: another domain",
      vpr(authentication(), { domain: `${DOMAIN}.evil` }),
      "DOMAIN_MISMATCH",
      "/domain",
    ],
    [
      "row 102: a domain with a trailing dot",
      vpr(authentication(), { domain: `${DOMAIN}.` }),
      "DOMAIN_MISMATCH",
      "/domain",
    ],
    ["row 102: several domains", vpr(authentication(), { domain: [DOMAIN] }), "SCHEMA_INVALID", "/domain"],
    [
      "row 102: another client",
      dcql([asking("a", IDENTITY)], { client_id: "https://evil" }),
      "DOMAIN_MISMATCH",
      "/client_id",
    ],
    ["an id with spaces", dcql([asking("a b", IDENTITY)]), "SCHEMA_INVALID", `${A}/id`],
    ["an empty id", dcql([asking("", IDENTITY)]), "SCHEMA_INVALID", `${A}/id`],
    ["an id of 129 letters", dcql([asking("a".repeat(129), IDENTITY)]), "SCHEMA_INVALID", `${A}/id`],
    [
      "one id for two queries",
      dcql([asking("a", IDENTITY), asking("a", AUTHORITY)]),
      "DUPLICATE_ITEM",
      "/dcql_query/credentials/1/id",
    ],
    [
      "one id for two claims",
      claimed([
        { id: "c", path: ["a"] },
        { id: "c", path: ["b"] },
      ]),
      "DUPLICATE_ITEM",
      `${A}/claims/1/id`,
    ],
    ["17 queries", dcql(queries(17)), "TOO_MANY_ITEMS", "/dcql_query/credentials"],
    [
      "17 examples",
      vpr(byExample(...many(17, () => example(WHO)))),
      "TOO_MANY_ITEMS",
      "/query/credentialQuery",
    ],
    [
      "17 examples in two queries",
      vpr(many(2, () => byExample(...many(9, () => example(WHO))))),
      "TOO_MANY_ITEMS",
      "/query",
    ],
    [
      "17 queries of a presentation request",
      vpr(many(17, () => authentication())),
      "TOO_MANY_ITEMS",
      "/query",
    ],
    ["129 claims", claimed(many(129, () => ({ path: ["a"] }))), "TOO_MANY_ITEMS", `${A}/claims`],
    [
      "129 claims in two queries",
      dcql([
        asking("a", IDENTITY, { claims: many(65, () => ({ path: ["a"] })) }),
        asking("b", IDENTITY, { claims: many(64, () => ({ path: ["a"] })) }),
      ]),
      "TOO_MANY_ITEMS",
      "/dcql_query/credentials",
    ],
    [
      "65 values",
      claimed([{ path: ["a"], values: many(65, (index) => index) }]),
      "TOO_MANY_ITEMS",
      `${A}/claims/0/values`,
    ],
    ["a path of 17 parts", claimed([{ path: many(17, () => null) }]), "TOO_MANY_ITEMS", `${A}/claims/0/path`],
    [
      "17 sets",
      sets(many(17, () => ({ options: [["a"]] }))),
      "TOO_MANY_ITEMS",
      "/dcql_query/credential_sets",
    ],
    [
      "33 options",
      sets([{ options: many(33, () => ["a"]) }]),
      "TOO_MANY_ITEMS",
      "/dcql_query/credential_sets/0/options",
    ],
    [
      "33 sets of claims",
      claimed([{ id: "c", path: ["a"] }], { claim_sets: many(33, () => ["c"]) }),
      "TOO_MANY_ITEMS",
      `${A}/claim_sets`,
    ],
    [
      "513 values in examples",
      vpr(byExample(...many(4, () => example(WHO, { credentialSubject: { a: many(127, String) } })))),
      "TOO_MANY_ITEMS",
      "/query",
    ],
    ["129 items", vpr(authentication(), { interact: many(129, String) }), "TOO_MANY_ITEMS", "/interact"],
    [
      "a value of 1025 letters",
      claimed([{ path: ["a"], values: ["a".repeat(1025)] }]),
      "SCHEMA_INVALID",
      `${A}/claims/0/values/0`,
    ],
    [
      "a value with a fraction",
      claimed([{ path: ["a"], values: [0.5] }]),
      "SCHEMA_INVALID",
      `${A}/claims/0/values/0`,
    ],
    [
      "a value that is an object",
      claimed([{ path: ["a"], values: [{}] }]),
      "SCHEMA_INVALID",
      `${A}/claims/0/values/0`,
    ],
    ["an index below 0", claimed([{ path: [-1] }]), "SCHEMA_INVALID", `${A}/claims/0/path/0`],
    [
      "a set that names no query",
      sets([{ options: [["b"]] }]),
      "SCHEMA_INVALID",
      "/dcql_query/credential_sets/0/options/0/0",
    ],
    [
      "a set that names no claim",
      claimed([{ path: ["a"] }], { claim_sets: [["c"]] }),
      "SCHEMA_INVALID",
      `${A}/claim_sets/0/0`,
    ],
    [
      "sets of claims without claims",
      dcql([asking("a", IDENTITY, { claim_sets: [["c"]] })]),
      "SCHEMA_INVALID",
      `${A}/claim_sets/0/0`,
    ],
    [
      "`multiple` that is a text",
      dcql([asking("a", IDENTITY, { multiple: "no" })]),
      "SCHEMA_INVALID",
      `${A}/multiple`,
    ],
    ["no types", dcql([asking("a", IDENTITY, { meta: {} })]), "SCHEMA_INVALID", `${A}/meta/type_values`],
    [
      "an authority of no known kind",
      dcql([asking("a", IDENTITY, { trusted_authorities: [{ type: "x", values: ["x"] }] })]),
      "SCHEMA_INVALID",
      "/dcql_query",
    ],
    [
      "an authority's key that is no base64url",
      dcql([asking("a", IDENTITY, { trusted_authorities: [{ type: "aki", values: ["%"] }] })]),
      "SCHEMA_INVALID",
      "/dcql_query",
    ],
    [
      "an example without a type",
      vpr(byExample({ example: {} })),
      "SCHEMA_INVALID",
      "/query/credentialQuery/0/example/type",
    ],
    [
      "an example whose context is an object",
      vpr(byExample({ example: { type: WHO, "@context": {} } })),
      "SCHEMA_INVALID",
      "/query/credentialQuery/0/example/@context",
    ],
    [
      "an issuer without a name",
      vpr(byExample(example(WHO, {}, { trustedIssuer: [{}] }))),
      "SCHEMA_INVALID",
      "/query/credentialQuery/0/trustedIssuer/0/issuer",
    ],
    [
      "a query of another type",
      vpr([authentication(), { type: "ZcapQuery" }]),
      "REQUEST_UNSUPPORTED",
      "/query/1/type",
    ],
    ["a query whose type every object has", vpr({ type: "toString" }), "REQUEST_UNSUPPORTED", "/query/type"],
    ["neither language", { nonce: CHALLENGE, scope: "com.example.id" }, "REQUEST_UNSUPPORTED", ""],
    [
      "both languages",
      { ...vpr(authentication()), ...dcql([asking("a", IDENTITY)]) },
      "REQUEST_UNSUPPORTED",
      "",
    ],
    [
      "a request that is signed",
      dcql([asking("a", IDENTITY)], { request: "ey…" }),
      "REQUEST_UNSUPPORTED",
      "/request",
    ],
    [
      "a request that lies elsewhere",
      dcql([asking("a", IDENTITY)], { request_uri: "https://a" }),
      "REQUEST_UNSUPPORTED",
      "/request_uri",
    ],
    [
      "a transaction",
      dcql([asking("a", IDENTITY)], { transaction_data: ["e30"] }),
      "REQUEST_UNSUPPORTED",
      "/transaction_data",
    ],
    [
      "an origin that is not told as one",
      dcql([asking("a", IDENTITY)], { response_mode: "dc_api" }),
      "DOMAIN_MISMATCH",
      "/response_mode",
    ],
  ])("%s", async (_row, request, code, pointer) => {
    const agent = await openAgent();
    expect(await refusalOfAsync(() => answer(agent, request))).toEqual({ code, pointer });
  });

  it("row 3: depth", async () => {
    const agent = await openAgent();
    const refusal = await refusalOfAsync(() => answer(agent, vpr(authentication(), { interact: deep(20) })));
    expect(refusal.code).toBe("JSON_TOO_DEEP");
    const text = `${'{"query":'.repeat(3000)}1${"}".repeat(3000)}`;
    expect(await codeOfAsync(() => answer(agent, text))).toBe("JSON_TOO_DEEP");
  });

  it("row 7: half a surrogate pair", async () => {
    const agent = await openAgent();
    const request = vpr(authentication(), { challenge: "\uD800" });
    expect(await codeOfAsync(() => answer(agent, request))).toBe("JSON_SURROGATE");
  });

  it.each([
    ["a circle", () => Object.assign([], { toJSON: () => circle() })],
    ["a bigint", () => ({ query: 1n })],
    [
      "a getter that throws",
      () => ({
        get query(): unknown {
          throw new TypeError("no");
        },
      }),
    ],
  ])("an object that is not of JSON: %s", async (_name, make) => {
    const agent = await openAgent();
    expect(await codeOfAsync(() => answer(agent, make()))).toBe("JSON_SYNTAX");
  });

  it.each(["", undefined, null, 1, {}, [DOMAIN]])("without a word of who is expected: %j", async (domain) => {
    const { wallet } = await openAgent();
    const options = { expectedDomain: domain as string };
    expect(await codeOfAsync(() => respond(wallet, vpr(authentication()), options))).toBe("ARGUMENT_INVALID");
  });

  it("texts that would slow a pattern down are compared, and not searched with", async () => {
    const agent = await openAgent();
    const slow = `${"a".repeat(1000)}!`;
    const claim = { path: ["credentialSubject", "name"], values: [slow, "(a+)+$", "^(.*)*$"] };
    expect((await explain(agent, claimed([claim]))).missing).toMatchObject([{ reason: "claims" }]);
    const named = { path: ["credentialSubject", "name"], values: [".*"] };
    expect((await explain(agent, claimed([named]))).complete).toBe(false);
    const type = `https://a/${"a:".repeat(1000)}`;
    expect((await explain(agent, dcql([asking("a", type)]))).missing).toMatchObject([{ reason: "type" }]);
  });

  it("over the Digital Credentials API the origin counts, and a client_id does not", async () => {
    const agent = await openAgent();
    const request = dcql([asking("a", IDENTITY)], { response_mode: "dc_api", client_id: "https://evil" });
    const answered = await answer(agent, request, { expectedDomain: `origin:${DOMAIN}` });
    expect(answered).toMatchObject({ vpToken: { a: [{ proof: { domain: `origin:${DOMAIN}` } }] } });
  });

  it("what is refused is told without what was sent", async () => {
    const agent = await openAgent();
    const secret = "canary-in-the-request";
    const request = dcql([
      asking("a", IDENTITY, { trusted_authorities: [{ type: secret, values: [secret] }] }),
    ]);
    const error = await answer(agent, request).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(WritError);
    const { message, problems, hint } = error as WritError;
    expect(JSON.stringify([message, problems, hint])).not.toContain(secret);
  });

  it("members that nobody reads are passed over", async () => {
    const agent = await openAgent();
    const query = asking("a", IDENTITY, {
      extension: { a: [1] },
      claims: [{ path: ["id"], contains: ["x"] }],
    });
    expect((await explain(agent, dcql([query], { state: "s" }, { later: true }))).complete).toBe(true);
  });
});

function circle(): object {
  const made: Record<string, unknown> = {};
  made["query"] = made;
  return made;
}

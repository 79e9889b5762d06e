import { answers, refusesAsk, type Vector, type Wish } from "./vector.js";

type Code = Parameters<typeof refusesAsk>[1];

/** An invocation that is refused as such, under a grant that limits nothing but actions. */
const refused = (name: string, what: string, wish: Wish, pointer: string, code: Code = "SCHEMA_INVALID") =>
  answers(`form-ask-${name}`, what, [{ actions: ["*"] }], refusesAsk(pointer, code, wish));

const HOST = "https://files.example";

/** Outside the grammar, which normalises nothing. */
const RESOURCES: readonly (readonly [string, string, string, Code?])[] = [
  ["dots", "HOSTILE 136: a .. segment.", `${HOST}/files/a/../b`],
  ["dots-final", "HOSTILE 136: a final .. segment.", `${HOST}/files/a/..`],
  ["dot", "HOSTILE 136: a . segment.", `${HOST}/files/./b`],
  ["dots-escaped-lower", "HOSTILE 136: .. in lower-case escapes.", `${HOST}/files/a/%2e%2e/b`],
  ["dots-escaped", "HOSTILE 136: .. in escapes.", `${HOST}/files/a/%2E%2E/b`],
  ["dots-half-escaped", "HOSTILE 136: .. with an escaped separator.", `${HOST}/files/a/..%2Fb`],
  ["dots-twice-escaped", "HOSTILE 229: .. escaped twice.", `${HOST}/files/a/%252e%252e/b`],
  ["slash-escaped", "HOSTILE 136: an escaped separator.", `${HOST}/files/a%2Fb`],
  ["slash-double", "HOSTILE 136: an empty segment.", `${HOST}/files//b`],
  ["slash-double-final", "HOSTILE 136: an empty segment at the end.", `${HOST}/files/b//`],
  ["backslash", "HOSTILE 136: a backslash.", `${HOST}/files\\b`],
  ["backslash-escaped", "HOSTILE 136: an escaped backslash.", `${HOST}/files%5Cb`],
  ["semicolon", "HOSTILE 229: a path parameter.", `${HOST}/files/a;v=1`],
  ["semicolon-escaped", "HOSTILE 229: an escaped semicolon.", `${HOST}/files/a%3Bv=1`],
  ["query", "HOSTILE 229: a query.", `${HOST}/files/a?b=1`],
  ["fragment", "HOSTILE 229: a fragment.", `${HOST}/files/a#b`],
  ["port-443", "HOSTILE 229: a port that is needless.", `${HOST}:443/files`],
  ["port-zero-led", "A port has no leading zero.", `${HOST}:08443/files`],
  ["host-dot", "HOSTILE 229: a host with a trailing dot.", `${HOST}./files`],
  ["host-case", "HOSTILE 229: a host in upper case.", "https://Files.example/files"],
  ["user", "A user.", "https://me@files.example/files"],
  ["scheme-case", "HOSTILE 229: URN: in upper case.", "URN:acme:orders:7"],
  ["scheme-http", "http: is none.", "http://files.example/files"],
  ["relative", "A relative reference.", "/files/a"],
  ["star", "HOSTILE 229: * is no resource.", `${HOST}/files/*`],
  ["kelvin", "HOSTILE 137: the Kelvin sign, which normalises to K.", `${HOST}/\u212a`, "NOT_NFC"],
  ["ligature", "HOSTILE 137: a ligature is not ASCII.", `${HOST}/\ufb01les`],
  ["escape-needless", "An escape of an unreserved byte.", `${HOST}/%41`],
  ["escape-lower", "An escape in lower-case hex.", `${HOST}/caf%c3%a9`],
  ["escape-half", "Half an escape.", `${HOST}/a%2`],
  ["escape-control", "An escaped control.", `${HOST}/a%00`],
  ["escape-utf8", "Escapes that are not UTF-8.", `${HOST}/a%FF`],
  ["escape-overlong", "HOSTILE 136: an overlong / is not UTF-8.", `${HOST}/a%C0%AFb`],
  ["space", "A space.", `${HOST}/a b`],
];

const resources = RESOURCES.map(([name, what, resource, code = "RESOURCE_INVALID"]) =>
  refused(`resource-${name}`, what, { resource }, "/resource", code),
);

export const formOfInvocations: readonly Vector[] = [
  ...resources,
  refused("resource-empty", "An empty text.", { resource: "" }, "/resource"),
  refused("resource-null", "null names nothing.", { resource: null }, "/resource"),
  refused("action-star", "HOSTILE 229: an invocation names one action.", { action: "*" }, "/action"),
  refused("action-tree", "HOSTILE 229: not a tree of actions.", { action: "refund.*" }, "/action"),
  refused("action-case", "HOSTILE 137: lower case.", { action: "Refund.create" }, "/action"),
  refused("action-empty", "An empty text.", { action: "" }, "/action"),
  refused("action-list", "One action, not several.", { action: ["refund.create"] }, "/action"),
  refused("args-list", "args is an object.", { args: [1] }, "/args"),
  refused("args-null", "args may be absent, not null.", { args: null }, "/args"),
  refused(
    "args-fraction",
    "HOSTILE 156: fractions are given as texts.",
    { args: { amount: 1.5 } },
    "/args/amount",
    "NUMBER_NOT_INTEGER",
  ),
  refused(
    "args-deep-fraction",
    "HOSTILE 156: at any depth.",
    { args: { a: [{ b: 0.1 }] } },
    "/args/a/0/b",
    "NUMBER_NOT_INTEGER",
  ),
  refused("nonce-empty", "A nonce is not empty.", { nonce: "" }, "/nonce"),
  refused("nonce-long", "A nonce has at most 128 characters.", { nonce: "n".repeat(129) }, "/nonce"),
];

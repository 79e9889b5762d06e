import { utf8 } from "@writ/core";

import { parsed, rewritten, type Documents } from "./documents.js";
import { refused, type Given, type Vector } from "./vector.js";

const AMOUNT = "/invocation/args/amount";
const CREDENTIAL = { verify: "credential" } as const;

/** Section A of HOSTILE.md: bytes and JSON. */
export async function bytes(documents: Documents): Promise<readonly Vector[]> {
  const good = documents.presentation();
  const identity = documents.identity();
  const replaced = (from: string, to: string): Promise<Given> => rewritten(good, from, to);
  const inIdentity = (from: string, to: string): Promise<Given> => rewritten(identity, from, to);
  const amount = (text: string): Promise<Given> => replaced("12000", text);
  const named = (name: string): Promise<Given> => documents.identity({ "/credentialSubject/name": name });
  const asked = (member: string, value: unknown): Promise<Given> =>
    documents.presentation({ presentation: { [`/invocation/${member}`]: value } });
  const granted = (changes: Readonly<Record<string, unknown>>): Promise<Given> => documents.root(changes);
  const { input = "" } = await identity;
  /** The identity with bytes instead of the name, which are no UTF-8 perhaps. */
  const namedInBytes = (...name: readonly number[]): Given => {
    const [before = "", after = ""] = input.split("refund-bot");
    return inBase64(utf8(before), Uint8Array.from(name), utf8(after));
  };

  return Promise.all([
    refused(
      "001-duplicate-key",
      "a member name twice",
      replaced('"holder":', '"holder":"did:key:z6Mk","holder":'),
      "JSON_DUPLICATE_KEY /holder",
    ),
    refused(
      "001-duplicate-key-escaped",
      "a member name twice, once with an escape",
      inIdentity('"agentId":', '"\\u0061gentId":"urn:uuid:00000000-0000-4000-8000-000000000000","agentId":'),
      "JSON_DUPLICATE_KEY /credentialSubject/agentId",
    ),
    refused(
      "002-forbidden-key",
      "__proto__ as a member name",
      replaced('"holder":', '"__proto__":{},"holder":'),
      "JSON_FORBIDDEN_KEY /__proto__",
    ),
    ...["constructor", "prototype"].map((name) =>
      refused(
        `002-forbidden-key-${name}`,
        `${name} as a member name`,
        inIdentity('"agentId":', `"${name}":{},"agentId":`),
        `JSON_FORBIDDEN_KEY /credentialSubject/${name}`,
      ),
    ),
    refused(
      "003-depth",
      "nested 3,000 levels",
      replaced('"orderId":"EU-77"', `"orderId":${"[".repeat(3000)}${"]".repeat(3000)}`),
      `JSON_TOO_DEEP /invocation/args/orderId${"/0".repeat(29)}`,
    ),
    refused(
      "003-depth-33",
      "nested 33 levels, one more than is allowed",
      replaced('"orderId":"EU-77"', `"orderId":${"[".repeat(30)}${"]".repeat(30)}`),
      `JSON_TOO_DEEP /invocation/args/orderId${"/0".repeat(29)}`,
    ),
    refused(
      "004-too-large",
      "a byte more than 256 KiB",
      { ...CREDENTIAL, input: input.padEnd(256 * 1024 + 1) },
      "TOO_LARGE",
    ),
    refused(
      "005-items",
      "20,000 items in an array",
      replaced('"orderId":"EU-77"', `"orderId":[${"1,".repeat(19_999)}1]`),
      "TOO_MANY_ITEMS /invocation/args/orderId",
    ),
    refused(
      "005-items-257",
      "257 items in an array, one more than is allowed",
      replaced('"orderId":"EU-77"', `"orderId":[${"1,".repeat(256)}1]`),
      "TOO_MANY_ITEMS /invocation/args/orderId",
    ),
    refused("006-utf-8", "a byte that UTF-8 does not have", namedInBytes(0xff), "JSON_ENCODING"),
    refused("006-overlong", "a slash in two bytes", namedInBytes(0xc0, 0xaf), "JSON_ENCODING"),
    refused(
      "006-surrogate",
      "half of a surrogate pair in UTF-8",
      namedInBytes(0xed, 0xa0, 0x80),
      "JSON_ENCODING",
    ),
    refused(
      "006-byte-order-mark",
      "a byte order mark",
      inBase64(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(input)),
      "JSON_ENCODING",
    ),
    refused(
      "007-surrogate",
      "half of a surrogate pair as an escape",
      inIdentity("refund-bot", "refund-\\ud800"),
      "JSON_SURROGATE /credentialSubject/name",
    ),
    refused(
      "008-unsafe-integer",
      "an integer beyond 2^53−1",
      amount("9007199254740993"),
      `NUMBER_UNSAFE ${AMOUNT}`,
    ),
    refused(
      "009-infinite",
      "a number that is too large to be one",
      amount("1e400"),
      `NUMBER_UNSAFE ${AMOUNT}`,
    ),
    refused("009-infinity", "Infinity", amount("Infinity"), `JSON_SYNTAX ${AMOUNT}`),
    refused("009-nan", "NaN", amount("NaN"), `JSON_SYNTAX ${AMOUNT}`),
    refused(
      "010-fraction",
      "a fraction in the invocation",
      asked("args", { orderId: "EU-77", amount: 1.5 }),
      `NUMBER_NOT_INTEGER ${AMOUNT}`,
    ),
    refused(
      "010-fraction-granted",
      "a fraction in a grant",
      granted({ "/credentialSubject/grants/0/spend/perAction": 0.1 }),
      "NUMBER_NOT_INTEGER /credentialSubject/grants/0/spend/perAction",
    ),
    refused(
      "010-fraction-rounded",
      "a fraction that would be read as an integer",
      amount("12000.00000000000000000001"),
      `NUMBER_UNSAFE ${AMOUNT}`,
    ),
    refused("011-minus-zero", "minus zero", amount("-0"), `NUMBER_UNSAFE ${AMOUNT}`),
    refused(
      "012-null",
      "a null member",
      documents.identity({ "/validUntil": null }),
      "VALUE_NULL /validUntil",
    ),
    refused(
      "012-null-item",
      "null in an array",
      documents.identity({ "/credentialSubject/roles": ["clerk", null] }),
      "VALUE_NULL /credentialSubject/roles/1",
    ),
    refused(
      "013-empty-array",
      "an empty array",
      documents.identity({ "/credentialSubject/roles": [] }),
      "ARRAY_EMPTY /credentialSubject/roles",
    ),
    ...[
      ["trailing", "a second value after the document", `${input}{}`, ""],
      ["comment", "a comment", `/* signed */${input}`, ""],
      ["truncated", "a document that ends in its middle", input.slice(0, -1), ""],
      ["trailing-comma", "a comma after the last member", `${input.slice(0, -1)},}`, ""],
      ["quotes", "single quotes", input.replaceAll('"', "'"), ""],
    ].map(([name = "", what = "", text = "", pointer = ""]) =>
      refused(`014-${name}`, what, { ...CREDENTIAL, input: text }, `JSON_SYNTAX ${pointer}`),
    ),
    refused("015-nul", "NUL in a name", named("refund\u0000bot"), "CHAR_FORBIDDEN /credentialSubject/name"),
    refused(
      "015-bidi",
      "a mark that turns the direction of what follows",
      named("refund\u202Etob"),
      "CHAR_FORBIDDEN /credentialSubject/name",
    ),
    refused(
      "015-zero-width",
      "a character without width in an action",
      asked("action", "refund.\u200Bcreate"),
      "CHAR_FORBIDDEN /invocation/action",
    ),
    refused(
      "015-zero-width-resource",
      "a character without width in a resource",
      asked("resource", "https://orders.example/v1/orders/eu/7\u200D7"),
      "CHAR_FORBIDDEN /invocation/resource",
    ),
    refused(
      "016-nfd",
      "a name in normalisation form D",
      named("Jose\u0301"),
      "NOT_NFC /credentialSubject/name",
    ),
    ...(
      [
        ["array", "an array", JSON.stringify([parsed(await identity)]), "JSON_NOT_OBJECT"],
        ["string", "a string", JSON.stringify(input), "JSON_NOT_OBJECT"],
        ["number", "a number", "1", "JSON_NOT_OBJECT"],
        ["null", "null", "null", "JSON_NOT_OBJECT"],
        ["nothing", "no bytes at all", "", "JSON_SYNTAX"],
      ] as const
    ).map(([name, what, text, code]) => refused(`017-${name}`, what, { ...CREDENTIAL, input: text }, code)),
    refused(
      "018-proof-string",
      "a proof that is a string",
      rewritten(identity, JSON.stringify(parsed(await identity)["proof"]), '"signed"'),
      "SCHEMA_INVALID /proof",
    ),
    refused(
      "018-type-object",
      "a type that is an object",
      documents.identity({ "/type": { "0": "VerifiableCredential", "1": "AgentIdentityCredential" } }),
      "TYPE_UNSUPPORTED /type",
    ),
  ]);
}

function inBase64(...parts: readonly Uint8Array[]): Given {
  return { ...CREDENTIAL, inputBase64: Buffer.concat(parts).toString("base64") };
}

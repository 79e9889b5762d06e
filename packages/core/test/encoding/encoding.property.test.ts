import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { encodeDidKey, parseDidKey, parseMultikey } from "../../src/did/did-key.js";
import { decodeBase58, encodeBase58 } from "../../src/encoding/base58.js";
import { decodeBase64url, encodeBase64url } from "../../src/encoding/base64url.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { AGENT, ORGANISATION, SERVICE } from "../fixtures.js";

/** A text with a stretch of it replaced; the odd characters are those that decoders are lenient about. */
function nearly(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const pieces = [
    "",
    "",
    "=",
    "==",
    " ",
    "\n",
    "+",
    "/",
    "-",
    "_",
    "0",
    "O",
    "I",
    "l",
    "1",
    "z",
    "u",
    "A",
    "\u0430",
    "#",
  ];
  return fc
    .tuple(texts, fc.nat(130), fc.nat(2), fc.constantFrom(...pieces))
    .map(
      ([text, at, length, piece]) =>
        text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + length),
    );
}

const anything = fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 140 }));
const bytes = fc.uint8Array({ maxLength: 90 });

interface Codec {
  readonly inputs: fc.Arbitrary<string>;
  readonly codes: RegExp;
  /** The text that encodes what another one decodes to. */
  readonly again: (text: string) => string;
}

const dids = fc.constantFrom(AGENT.did, ORGANISATION.did, SERVICE.did);
const multicodecs = fc.constantFrom([0xed, 0x01], [0xed], [0xed, 0x81, 0x00], [0x80, 0x26], [0xec, 0x01], []);
/** Keys of all lengths; few of 32 bytes under the right codec, which it takes a while to check. */
const madeUp = fc
  .tuple(multicodecs, fc.uint8Array({ maxLength: 40 }))
  .map(([codec, key]) => `did:key:z${encodeBase58(Uint8Array.from([...codec, ...key]))}`);

const CODECS: Readonly<Record<string, Codec>> = {
  base64url: {
    inputs: fc.oneof(bytes.map(encodeBase64url), nearly(bytes.map(encodeBase64url)), anything),
    codes: /^ENCODING_INVALID$/,
    again: (text) => encodeBase64url(decodeBase64url(text)),
  },
  base58: {
    inputs: fc.oneof(bytes.map(encodeBase58), nearly(bytes.map(encodeBase58)), anything),
    codes: /^ENCODING_INVALID$/,
    again: (text) => encodeBase58(decodeBase58(text)),
  },
  "did:key": {
    inputs: fc.oneof(
      { weight: 1, arbitrary: dids },
      { weight: 2, arbitrary: nearly(dids) },
      { weight: 2, arbitrary: madeUp },
      { weight: 2, arbitrary: nearly(madeUp) },
      { weight: 2, arbitrary: anything },
      { weight: 2, arbitrary: anything.map((text) => `did:key:z${text}`) },
    ),
    codes: /^(?:DID_SYNTAX|ENCODING_INVALID|KEY_TYPE|KEY_INVALID)$/,
    again: (text) => encodeDidKey(parseDidKey(text)),
  },
};

describe.each(Object.entries(CODECS))("%s", (name, { inputs, codes, again }) => {
  it(
    "has one text for what it decodes to, and refuses all others with a code",
    { timeout: PROPERTY_TIMEOUT_MS },
    () => {
      let accepted = 0;
      const run = fc.check(
        fc.property(inputs, (text) => {
          let encoded: string | undefined;
          const refusal = problemOf(() => {
            encoded = again(text);
          });
          if (refusal === undefined) accepted++;
          if (refusal === undefined ? encoded !== text : !codes.test(refusal.code)) {
            throw new Error(refusal?.code ?? `encodes as ${encoded ?? ""}`);
          }
        }),
        name === "did:key" ? cases(2_000, 200_000) : cases(4_000, 400_000),
      );
      expect(fc.defaultReportMessage(run)).toBeUndefined();
      expect(accepted).toBeGreaterThan(run.numRuns / 20);
    },
  );
});

describe("a multikey", () => {
  it("is read by parseMultikey exactly where its did:key is", () => {
    const refusalOf = (parse: () => unknown): string | undefined => problemOf(parse)?.code;
    const run = fc.check(
      fc.property(nearly(dids), (did) => {
        fc.pre(did.startsWith("did:key:z") && did.length <= 112);
        return refusalOf(() => parseDidKey(did)) === refusalOf(() => parseMultikey(did.slice(8)));
      }),
      cases(500, 20_000),
    );
    expect(fc.defaultReportMessage(run)).toBeUndefined();
  });
});

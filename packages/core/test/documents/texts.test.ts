import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { agentIdentityCredential } from "../../src/documents/identity-credential.js";
import { authorityCredential } from "../../src/documents/authority-credential.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import * as fixtures from "../fixtures.js";

const { edit } = fixtures;

const INVISIBLE = [
  "\u0000",
  "\n",
  "\u007f",
  "\u0085",
  "\u00ad",
  "\u061c",
  "\u200b",
  "\u200d",
  "\u200e",
  "\u202e",
  "\u2028",
  "\u2066",
  "\u2069",
  "\ufeff",
  "\u{e0041}",
];

describe("texts that deceive (rows 15 and 16)", () => {
  it.each(INVISIBLE.map((character) => [character.codePointAt(0)?.toString(16), character]))(
    "U+%s is refused in names, actions and resources",
    (_, character) => {
      const refusals = [
        refusalOf(() =>
          parseDocument(
            edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": `a${character}b` }),
            agentIdentityCredential,
          ),
        ),
        refusalOf(() =>
          parseDocument(
            edit(fixtures.ROOT_AUTHORITY, { "/credentialSubject/grants/0/actions/0": `a${character}b` }),
            authorityCredential,
          ),
        ),
        refusalOf(() =>
          parseDocument(
            edit(fixtures.ROOT_AUTHORITY, {
              "/credentialSubject/grants/0/resources/0": `https://a/${character}b`,
            }),
            authorityCredential,
          ),
        ),
        refusalOf(() =>
          parseDocument(
            edit(fixtures.ROOT_AUTHORITY, {
              "/credentialSubject/grants/0/args": { [`/${character}`]: { any: true } },
            }),
            authorityCredential,
          ),
        ),
      ];
      expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => "CHAR_FORBIDDEN"));
      expect(refusals[0]?.pointer).toBe("/credentialSubject/name");
      expect(refusals[2]?.pointer).toBe("/credentialSubject/grants/0/resources/0");
    },
  );

  it("a name that is not in form C is refused, never normalised", () => {
    const nfd = edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": "Zoe\u0308" });
    expect(refusalOf(() => parseDocument(nfd, agentIdentityCredential))).toEqual({
      code: "NOT_NFC",
      pointer: "/credentialSubject/name",
    });
    const nfc = edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": "Zoë \u{1f916}" });
    expect(parseDocument(nfc, agentIdentityCredential)).toBe(nfc);
  });

  it.each([
    ["", "empty"],
    ["x".repeat(129), "too long"],
  ])("a name %j is refused", (name) => {
    const document = edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": name });
    expect(refusalOf(() => parseDocument(document, agentIdentityCredential))).toEqual({
      code: "SCHEMA_INVALID",
      pointer: "/credentialSubject/name",
    });
  });
});

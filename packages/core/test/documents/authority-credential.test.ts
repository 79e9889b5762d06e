import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { authorityCredential } from "../../src/documents/authority-credential.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import * as fixtures from "../fixtures.js";
import { refuses } from "./refuses.js";

const { edit, NOW } = fixtures;

const GRANT = "/credentialSubject/grants/0";

refuses("an authority credential", fixtures.ROOT_AUTHORITY, authorityCredential, [
  [
    "10 a fraction in a range",
    { [`${GRANT}/args/~1amount/range/max`]: 1.5 },
    "NUMBER_NOT_INTEGER",
    `${GRANT}/args/~1amount/range/max`,
  ],
  [
    "10 a fraction in equals",
    { [`${GRANT}/args/~1x`]: { equals: [0.5] } },
    "NUMBER_NOT_INTEGER",
    `${GRANT}/args/~1x/equals/0`,
  ],
  [
    "10 a fraction in oneOf",
    { [`${GRANT}/args/~1x`]: { oneOf: [0.5] } },
    "NUMBER_NOT_INTEGER",
    `${GRANT}/args/~1x/oneOf/0`,
  ],
  [
    "10 a fraction in spend",
    { [`${GRANT}/spend/perAction`]: 0.5 },
    "NUMBER_NOT_INTEGER",
    `${GRANT}/spend/perAction`,
  ],
  [
    "10 a fraction in maxHops",
    { "/credentialSubject/redelegation/maxHops": 0.5 },
    "NUMBER_NOT_INTEGER",
    "/credentialSubject/redelegation/maxHops",
  ],
  [
    "144 maxHops 10",
    { "/credentialSubject/redelegation/maxHops": 10 },
    "SCHEMA_INVALID",
    "/credentialSubject/redelegation/maxHops",
  ],
  [
    "144 maxHops -1",
    { "/credentialSubject/redelegation/maxHops": -1 },
    "SCHEMA_INVALID",
    "/credentialSubject/redelegation/maxHops",
  ],
  ["139 no actions", { [`${GRANT}/actions`]: [] }, "ARRAY_EMPTY", `${GRANT}/actions`],
  ["139 no grants", { "/credentialSubject/grants": [] }, "ARRAY_EMPTY", "/credentialSubject/grants"],
  ["30 an unknown dimension", { [`${GRANT}/limit`]: 1 }, "SCHEMA_INVALID", `${GRANT}/limit`],
  [
    "30 an unknown constraint",
    { [`${GRANT}/args/~1x`]: { regex: ".*" } },
    "SCHEMA_INVALID",
    `${GRANT}/args/~1x/regex`,
  ],
  ["156 a unit in spaces", { [`${GRANT}/spend/unit`]: " EUR" }, "SCHEMA_INVALID", `${GRANT}/spend/unit`],
  ["158 perAction 0", { [`${GRANT}/spend/perAction`]: 0 }, "SCHEMA_INVALID", `${GRANT}/spend/perAction`],
  ["219 within at a root", { [`${GRANT}/within`]: "refunds" }, "GRANT_WITHIN", `${GRANT}/within`],
  [
    "219 two grants of one id",
    { "/credentialSubject/grants/1": { id: "refunds", actions: ["a"] } },
    "GRANT_DUPLICATE",
    "/credentialSubject/grants/1/id",
  ],
  ["219 a grant id in capitals", { [`${GRANT}/id`]: "Refunds" }, "SCHEMA_INVALID", `${GRANT}/id`],
  [
    "152 a parent without digest",
    { "/credentialSubject/parent": { id: fixtures.idOf("p") } },
    "SCHEMA_INVALID",
    "/credentialSubject/parent/digestMultibase",
  ],
  [
    "227 a root without status",
    { "/credentialStatus": undefined, "/validUntil": "2026-11-23T09:00:00Z" },
    "STATUS_MISSING",
    "/credentialStatus",
  ],
]);

const DIGEST = "/credentialSubject/parent/digestMultibase";
const good = (fixtures.CHILD_AUTHORITY["credentialSubject"] as { parent: { digestMultibase: string } }).parent
  .digestMultibase;

refuses("a child", fixtures.CHILD_AUTHORITY, authorityCredential, [
  ["219 without within", { [`${GRANT}/within`]: undefined }, "GRANT_WITHIN", `${GRANT}/within`],
  [
    "153 two parents",
    { "/credentialSubject/parent": [{}, { a: 1 }] },
    "SCHEMA_INVALID",
    "/credentialSubject/parent",
  ],
  [
    "81 a digest with tail bits",
    { [DIGEST]: `${good.slice(0, -1)}${good.endsWith("A") ? "B" : "-"}` },
    "ENCODING_INVALID",
    DIGEST,
  ],
  ["80 a digest with padding", { [DIGEST]: `${good}=` }, "SCHEMA_INVALID", DIGEST],
  ["75 a digest in another base", { [DIGEST]: `z${good.slice(1)}` }, "SCHEMA_INVALID", DIGEST],
  ["75 a digest by another hash", { [DIGEST]: `uEy${good.slice(3)}` }, "SCHEMA_INVALID", DIGEST],
  ["a digest too short", { [DIGEST]: good.slice(0, -1) }, "SCHEMA_INVALID", DIGEST],
  [
    "227 without status over an hour",
    { "/credentialStatus": undefined, "/validUntil": "2026-11-23T09:00:01Z" },
    "LIFE_TOO_LONG",
    "/validUntil",
  ],
]);

describe("a child without status (row 227)", () => {
  const hour = edit(fixtures.CHILD_AUTHORITY, {
    "/credentialStatus": undefined,
    "/validUntil": "2026-11-23T09:00:00Z",
  });
  const signed = (created: number): Promise<JsonObject> =>
    signDocument(hour, { signer: fixtures.AGENT, purpose: "assertionMethod", created });

  it("may live an hour, and begin 60 s after its proof", async () => {
    for (const created of [NOW, NOW - 60_000, NOW + 60_000]) {
      const document = await signed(created);
      expect(parseDocument(document, authorityCredential)).toBe(document);
    }
  });

  it("may not begin later", async () => {
    const document = await signed(NOW - 61_000);
    expect(refusalOf(() => parseDocument(document, authorityCredential))).toEqual({
      code: "STATUS_MISSING",
      pointer: "/validFrom",
    });
  });

  it("may not be signed without a time", async () => {
    const document = edit(await signed(NOW), { "/proof/created": undefined });
    expect(refusalOf(() => parseDocument(document, authorityCredential))).toEqual({
      code: "STATUS_MISSING",
      pointer: "/validFrom",
    });
  });

  it("is bound by each proof of a set", async () => {
    const set = [(await signed(NOW))["proof"], (await signed(NOW - 61_000))["proof"]];
    const document = edit(hour, { "/proof": set });
    expect(refusalOf(() => parseDocument(document, authorityCredential)).code).toBe("STATUS_MISSING");
  });
});

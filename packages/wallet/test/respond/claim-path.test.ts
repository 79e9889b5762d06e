import type { JsonObject } from "@writ/core";
import { describe, expect, it } from "vitest";

import { claimsBeyond, selectClaims, type ClaimPath } from "../../src/respond/claim-path.js";

/** The credential of OpenID4VP 1.0, section 7.3, with a null added. */
const ARTHUR: JsonObject = {
  name: "Arthur Dent",
  address: { street_address: "42 Market Street", locality: "Milliways", postal_code: "12345" },
  degrees: [
    { type: "Bachelor of Science", university: "University of Betelgeuse" },
    { type: "Master of Science", university: "University of Betelgeuse", honours: true },
  ],
  nationalities: ["British", "Betelgeusian"],
  towel: null,
};

describe("selectClaims", () => {
  it.each<readonly [path: ClaimPath, selected: readonly unknown[]]>([
    [["name"], ["Arthur Dent"]],
    [["address"], [ARTHUR["address"]]],
    [["address", "street_address"], ["42 Market Street"]],
    [
      ["degrees", null, "type"],
      ["Bachelor of Science", "Master of Science"],
    ],
    [["degrees", null, "honours"], [true]],
    [["nationalities", 1], ["Betelgeusian"]],
    [["nationalities", 2], []],
    [["nationalities", "length"], []],
    [["name", 0], []],
    [["name", null], []],
    [["address", 0], []],
    [["degrees", "type"], []],
    [["towel"], []],
    [["shoes"], []],
    [["toString"], []],
    [[null], []],
  ])("selects of %j", (path, selected) => {
    expect(selectClaims(ARTHUR, path)).toEqual(selected);
  });
});

describe("claimsBeyond", () => {
  const document = { issuer: "did:a", credentialSubject: { id: "did:b", type: "Person", ...ARTHUR } };
  const below = (...path: ClaimPath): ClaimPath => ["credentialSubject", ...path];

  it("is nothing where all was asked for", () => {
    expect(claimsBeyond(document, "all")).toEqual([]);
    expect(claimsBeyond(document, [["credentialSubject"]])).toEqual([]);
  });

  it("is each claim about the subject that no path leads to", () => {
    expect(claimsBeyond(document, [["issuer"]])).toEqual([
      "/credentialSubject/name",
      "/credentialSubject/address",
      "/credentialSubject/degrees",
      "/credentialSubject/nationalities",
      "/credentialSubject/towel",
    ]);
    const asked = [below("address", "locality"), below("degrees", null, "type"), below("nationalities", 1)];
    expect(claimsBeyond(document, asked)).toEqual([
      "/credentialSubject/name",
      "/credentialSubject/address/street_address",
      "/credentialSubject/address/postal_code",
      "/credentialSubject/degrees/0/university",
      "/credentialSubject/degrees/1/university",
      "/credentialSubject/degrees/1/honours",
      "/credentialSubject/nationalities/0",
      "/credentialSubject/towel",
    ]);
  });

  it("tells several subjects apart", () => {
    const couple = {
      credentialSubject: [
        { id: "did:b", name: "A" },
        { id: "did:c", name: "B" },
      ],
    };
    expect(claimsBeyond(couple, [below(0, "name")])).toEqual(["/credentialSubject/1"]);
  });
});

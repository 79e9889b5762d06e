import { readdirSync, readFileSync } from "node:fs";

import { codeOf } from "@writ/testkit";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";

import { jsonSchemas } from "../../src/documents/json-schemas.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import { edit, NOW, ORGANISATION } from "../fixtures.js";
import { VALID } from "./valid.js";

const FOLDER = new URL("../../schemas/", import.meta.url);
const schemas = jsonSchemas();

describe("the published schemas", () => {
  it("are all there, and nothing else", () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(schemas).sort());
  });

  it.each(Object.keys(schemas))(
    "%s is up to date (else: node packages/core/scripts/write-schemas.js)",
    (name) => {
      expect(readFileSync(new URL(name, FOLDER), "utf8")).toBe(
        `${JSON.stringify(schemas[name], undefined, 2)}\n`,
      );
    },
  );
});

/** Values of every type; none is what any member of Writ's documents may be. */
const WRONG = [null, true, -1.5, "\u0000", [], [{}], {}];

describe.each(VALID)("the schema of the $name", ({ document, shape, schema }) => {
  const validate: ValidateFunction = new Ajv2020({ allErrors: false }).compile(
    schemas[`${schema}.schema.json`] as object,
  );

  it("takes the document, signed and unsigned", async () => {
    const signed = await signDocument(document, {
      signer: ORGANISATION,
      purpose: "assertionMethod",
      created: NOW,
    });
    expect([validate(document), validate(signed)]).toEqual([true, true]);
  });

  it.each(Object.keys(document).filter((member) => member !== "credentialStatus" && member !== "invocation"))(
    "wants %s, as Writ does",
    (member) => {
      const without = edit(document, { [`/${member}`]: undefined });
      expect(validate(without)).toBe(false);
      expect(codeOf(() => parseDocument(without, shape))).toBe("SCHEMA_INVALID");
    },
  );

  it.each(Object.keys(document))("refuses values of another type for %s, as Writ does", (member) => {
    const broken = WRONG.map((value) => edit(document, { [`/${member}`]: value }));
    // A text of one control character is a text for the schema; only Writ looks closer.
    const structural = broken.filter((_, index) => WRONG[index] !== "\u0000");
    expect(structural.map((altered) => validate(altered))).toEqual(structural.map(() => false));
    expect(broken.map((altered) => codeOf(() => parseDocument(altered, shape)))).toEqual(
      broken.map(() => expect.stringMatching(/^[A-Z_]+$/) as unknown),
    );
  });

  it("refuses unknown members, as Writ does", () => {
    const altered = edit(document, { "/extra": 1 });
    expect(validate(altered)).toBe(false);
    expect(codeOf(() => parseDocument(altered, shape))).toBe("SCHEMA_INVALID");
  });
});

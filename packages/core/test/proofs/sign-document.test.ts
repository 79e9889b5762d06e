import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { AGENT_IDENTITY, NOW, ORGANISATION, SERVICE } from "../fixtures.js";
import { faults, signed } from "./signed.js";

describe("signDocument", () => {
  it("leaves the caller's document as it was, and freezes its own", async () => {
    const document = structuredClone(AGENT_IDENTITY);
    const copy = await signed({}, document);
    expect(document).toEqual(AGENT_IDENTITY);
    expect(Object.isFrozen(copy["proof"])).toBe(true);
  });

  it("replaces the proof that was there", async () => {
    expect(await signed({}, await signed({ signer: SERVICE }))).toEqual(await signed());
  });

  it("writes what the proof is for", async () => {
    const more = { purpose: "authentication", expires: NOW + 300_000, challenge: "c", domain: "d" } as const;
    expect(await signed(more)).toMatchObject({
      proof: {
        type: "DataIntegrityProof",
        cryptosuite: "eddsa-jcs-2022",
        "@context": AGENT_IDENTITY["@context"],
        created: "2026-11-23T08:00:00Z",
        expires: "2026-11-23T08:05:00Z",
        verificationMethod: ORGANISATION.verificationMethod,
        proofPurpose: "authentication",
        challenge: "c",
        domain: "d",
      },
    });
  });

  it("signs a document without context", async () => {
    const document = await signed({}, { a: 1 });
    expect(document["proof"]).not.toHaveProperty("@context");
    expect(await faults(document)).toEqual([]);
  });

  it.each([
    ["challenge", ""],
    ["challenge", "c\u202e"],
    ["domain", ""],
  ])("does not hand out a proof with the %s %j", async (member, value) => {
    const refused = refusalOfAsync(() => signed({ [member]: value }));
    expect((await refused).pointer).toBe(`/proof/${member}`);
  });

  it("signs a document whose context is one text", async () => {
    const document = await signed({}, { "@context": "https://www.w3.org/ns/credentials/v2", a: 1 });
    expect(document["proof"]).toMatchObject({ "@context": "https://www.w3.org/ns/credentials/v2" });
    expect(await faults(document)).toEqual([]);
  });

  it("refuses what is not strict JSON", async () => {
    expect(await codeOfAsync(() => signed({}, { a: 2 ** 53 }))).toBe("NUMBER_UNSAFE");
    expect(await codeOfAsync(() => signed({}, { a: "\ud800" }))).toBe("JSON_SURROGATE");
  });

  it("refuses a suite that it does not have", async () => {
    expect(await codeOfAsync(() => signed({ suite: "eddsa-jcs-2023" as "eddsa-jcs-2022" }))).toBe(
      "SUITE_UNKNOWN",
    );
  });
});

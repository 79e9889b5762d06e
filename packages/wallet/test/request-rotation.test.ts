import { asJson, checkSignedByEach, createResolver } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createKey, requestRotation } from "../src/index.js";
import { NOW, openWorld, START } from "./world.js";

describe("requestRotation", () => {
  it("says that one key follows the other, signed by both", async () => {
    const { wallet } = await openWorld();
    const { did } = await createKey(wallet);
    const statement = await requestRotation(wallet, did);
    expect(statement).toMatchObject({ predecessor: wallet.did, successor: did, validFrom: START });
    const expected = { dids: [wallet.did, did], purpose: "assertionMethod", now: NOW } as const;
    const options = { resolver: createResolver() };
    expect(await checkSignedByEach(asJson(statement), expected, options)).toEqual([]);
  });

  it("takes another key of the wallet, which is for that", async () => {
    const { wallet } = await openWorld();
    const { did } = await createKey(wallet, { purposes: ["authentication"] });
    const codeOf = (successor: string) => codeOfAsync(() => requestRotation(wallet, successor));
    expect(await codeOf(did)).toBe("KEY_PURPOSE");
    expect(await codeOf("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")).toBe("NOT_FOUND");
    expect(await codeOf(wallet.did)).toBe("SUCCESSION_INVALID");
  });
});

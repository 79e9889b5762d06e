import { codeOfAsync } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, type Outcome } from "./outcome.js";
import { CHALLENGE, compose, DOMAIN, openWorld, reissue, STRANGER, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

async function verified(text: string): Promise<Outcome> {
  return outcomeOf(await verifyPresentation(text, world.expectations));
}

describe("challenge and domain (HOSTILE 101 to 103)", () => {
  const signed = (proof: object) => compose(world.lead.signer, [world.lead.identity], { proof });

  it.each<readonly [object, readonly string[]]>([
    [{ challenge: "challenge-2" }, ["CHALLENGE_MISMATCH /proof/challenge"]],
    [{ challenge: `${CHALLENGE} ` }, ["CHALLENGE_MISMATCH /proof/challenge"]],
    [{ challenge: undefined }, ["CHALLENGE_MISMATCH /proof/challenge"]],
    [{ domain: `${DOMAIN}.evil` }, ["DOMAIN_MISMATCH /proof/domain"]],
    [{ domain: `${DOMAIN}.` }, ["DOMAIN_MISMATCH /proof/domain"]],
    [{ domain: `${DOMAIN}/` }, ["DOMAIN_MISMATCH /proof/domain"]],
    [{ domain: "https://SHOP.example" }, ["DOMAIN_MISMATCH /proof/domain"]],
    [{ domain: "shop.example" }, ["DOMAIN_MISMATCH /proof/domain"]],
    [{ domain: undefined }, ["DOMAIN_MISMATCH /proof/domain"]],
    [
      { domain: "a", challenge: "b" },
      ["CHALLENGE_MISMATCH /proof/challenge", "DOMAIN_MISMATCH /proof/domain"],
    ],
  ])("are compared as exact text: %j", async (proof, problems) => {
    expect(await verified(await signed(proof))).toEqual(refused("challenge", ...problems));
  });

  it("are texts", async () => {
    const text = await signed({});
    const list = text.replace(`"domain":"${DOMAIN}"`, `"domain":["${DOMAIN}"]`);
    expect(await verified(list)).toEqual(refused("profile", "SCHEMA_INVALID /proof/domain"));
    const empty = text.replace(CHALLENGE, "");
    expect(await verified(empty)).toEqual(refused("profile", "SCHEMA_INVALID /proof/challenge"));
  });

  it("are compared in every proof", async () => {
    const [one, other] = [
      JSON.parse(await signed({})),
      JSON.parse(await signed({ domain: "https://b.example" })),
    ] as [{ proof: object }, { proof: object }];
    const text = JSON.stringify({ ...one, proof: [one.proof, other.proof] });
    expect(await verified(text)).toEqual(refused("challenge", "DOMAIN_MISMATCH /proof/1/domain"));
  });

  it.each(["expectedChallenge", "expectedDomain"])("are not expected to be empty: %s", async (name) => {
    const text = await signed({});
    const call = () => verifyPresentation(text, { ...world.expectations, [name]: "" });
    expect(await codeOfAsync(call)).toBe("ARGUMENT_INVALID");
  });

  it("stand in a proof for authentication", async () => {
    expect(await verified(await signed({ purpose: "assertionMethod" }))).toEqual(
      refused("signature", "PROOF_PURPOSE /proof/proofPurpose"),
    );
    const wrong = await reissue(
      world.lead.identity,
      world.organisation.signer,
      {},
      { purpose: "authentication" },
    );
    expect(await verified(await compose(world.lead.signer, [wrong]))).toEqual(
      refused("signature", "PROOF_PURPOSE /verifiableCredential/0/proof/proofPurpose"),
    );
    const foreign = await reissue(world.lead.identity, STRANGER);
    expect(await verified(await compose(world.lead.signer, [foreign]))).toEqual(
      refused("signature", "ISSUER_MISMATCH /verifiableCredential/0/proof/verificationMethod"),
    );
  });
});

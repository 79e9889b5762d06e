import { asJson, createSeedSigner, signDocument, type JsonObject, type SignOptions } from "@writ/core";
import { revokeCredential } from "@writ/issuer";
import { refusalOfAsync, seededRandom } from "@writ/testkit";
import { createPresentation, type PresentationOptions } from "@writ/wallet";
import { describe, expect, it } from "vitest";

import { DOMAIN, NOW, openServiceWorld, SERVICE, type ServiceWorld, V2 } from "./world.js";

const HOLDER = createSeedSigner(seededRandom("holder")(32));

async function presented(proof: Partial<SignOptions> = {}): Promise<JsonObject> {
  const document = { "@context": [V2], type: ["VerifiablePresentation"], holder: HOLDER.did };
  const signed = await signDocument(document, {
    signer: HOLDER,
    purpose: "authentication",
    created: NOW,
    challenge: "c-1",
    domain: DOMAIN,
    ...proof,
  });
  return asJson(signed);
}

describe("a presentation of anybody's", () => {
  it.each<readonly [string, object, readonly string[]]>([
    ["what it was made for", { challenge: "c-1", domain: DOMAIN }, []],
    ["nothing", {}, []],
    ["another challenge", { challenge: "c-2", domain: DOMAIN }, ["CHALLENGE_MISMATCH /proof/challenge"]],
    ["another domain", { domain: "https://x.example" }, ["DOMAIN_MISMATCH /proof/domain"]],
  ])("is verified against %s", async (_, options, problems) => {
    const world = await openServiceWorld();
    const { status, body } = await world.call("verifyPresentation", {
      verifiablePresentation: await presented(),
      options,
    });
    const { verified, errors } = body as { verified: boolean; errors: readonly Record<string, string>[] };
    expect(errors.map(({ code, pointer }) => `${code ?? ""} ${pointer ?? ""}`)).toEqual(problems);
    expect([status, verified]).toEqual(problems.length > 0 ? [400, false] : [200, true]);
    expect((body as JsonObject)["holder"]).toBe(verified ? HOLDER.did : undefined);
  });

  it.each([
    [{ challenge: "" }, "/options/challenge"],
    [{ domain: ["a"] }, "/options/domain"],
  ])("is not verified against %j", async (options, pointer) => {
    const world = await openServiceWorld();
    const body = { verifiablePresentation: await presented(), options };
    const refused = refusalOfAsync(() => world.call("verifyPresentation", body));
    expect(await refused).toEqual({ code: "SCHEMA_INVALID", pointer });
  });
});

const ORDER = { action: "order.create", resource: "https://shop.example/orders/7" };

async function present(world: ServiceWorld, options: Partial<PresentationOptions> = {}): Promise<object> {
  const { body } = await world.call("createChallenge");
  const { challenge, domain } = body as { challenge: string; domain: string };
  const made = await createPresentation(world.wallet, { challenge, domain, invocation: ORDER, ...options });
  return made.presentation;
}

describe("authorisation", () => {
  it("answers an allow with the decision and the effective authority", async () => {
    const world = await openServiceWorld();
    const { status, body } = await world.call("authorize", { presentation: await present(world) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      verified: true,
      holder: world.agent.did,
      agent: { name: "order-bot" },
      invocation: ORDER,
      authority: {
        principal: world.organisation.did,
        grant: "orders",
        effective: { actions: ["order.create"], audience: [SERVICE] },
        text: [
          "May do: order.create",
          `Only at: ${SERVICE}`,
          "Sets no limit by: resources, args, spend, rate, meter, when, approval, statusMaxAgeSeconds",
        ],
      },
      decision: { outcome: "allow", asOf: "2026-11-23T08:00:00Z", singleUse: "ledger" },
      checks: { "single-use": "established", signature: "established" },
      problems: [],
    });
  });

  it("takes each challenge once, and only its own", async () => {
    const world = await openServiceWorld();
    const presentation = await present(world);
    expect(await world.call("authorize", { presentation })).toHaveProperty("status", 200);
    expect(await world.call("authorize", { presentation })).toMatchObject({
      status: 400,
      body: { verified: false, problems: [{ code: "CHALLENGE_USED", pointer: "/proof/challenge" }] },
    });
    const other = await present(world, { challenge: "a".repeat(32) });
    expect(await world.call("authorize", { presentation: other })).toMatchObject({
      status: 400,
      body: { problems: [{ code: "CHALLENGE_UNKNOWN" }] },
    });
  });

  it("denies what was not granted, and what was revoked", async () => {
    const world = await openServiceWorld();
    const invocation = { ...ORDER, action: "order.cancel" };
    expect(
      await world.call("authorize", { presentation: await present(world, { invocation }) }),
    ).toMatchObject({
      status: 403,
      body: { verified: true, decision: { outcome: "deny" }, problems: [{ code: "NOT_ALLOWED" }] },
    });
    const rows = await world.organisation.database.query(
      "SELECT id FROM credentials WHERE type = 'DelegatedAuthorityCredential'",
    );
    const presentation = await present(world);
    await revokeCredential(world.organisation, rows[0]?.["id"] as string);
    expect(await world.call("authorize", { presentation })).toMatchObject({
      status: 400,
      body: { verified: false, problems: [{ code: "REVOKED" }] },
    });
  });

  it("is for presentations that ask for something", async () => {
    const world = await openServiceWorld();
    const { body } = await world.call("createChallenge");
    const { challenge } = body as { challenge: string };
    const { presentation } = await createPresentation(world.wallet, { challenge, domain: DOMAIN });
    expect(await world.call("authorize", { presentation })).toMatchObject({
      status: 400,
      body: { problems: [{ code: "SCHEMA_INVALID", pointer: "/invocation" }] },
    });
  });

  it("is not offered where nobody is trusted", async () => {
    const { operations } = await openServiceWorld();
    expect(operations.map(({ id }) => id)).toContain("authorize");
    const without = await openServiceWorld({ authorization: undefined as never });
    expect(without.operations.map(({ id }) => id)).toEqual([
      "issueCredential",
      "updateCredentialStatus",
      "getStatusList",
      "verifyCredential",
      "verifyPresentation",
      "resolveIdentifier",
    ]);
  });
});

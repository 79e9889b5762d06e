import { grantAuthority, revokeCredential } from "@writ/issuer";
import {
  addCredentials,
  createPresentation,
  delegateAuthority,
  renewalDomain,
  renewDue,
  revokeDelegation,
  type CredentialRenewal,
  type DelegationStatusPort,
} from "@writ/wallet";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { verifyPresentation } from "../src/index.js";
import { CHALLENGE, DOMAIN, EU, HOUR, openWorld, REFUNDS, type World } from "./world.js";

let world: World;
beforeAll(async () => {
  world = await openWorld("revoked delegation");
});
afterAll(() => world.close());

/** An organisation that sets a credential of its own aside for each delegation, and lends its entries. */
function lendEntries({ organisation, lead }: World): DelegationStatusPort {
  const lent = new Map<string, string>();
  return {
    async allocate({ credentialId }) {
      const { id, credentialStatus = [] } = await grantAuthority(organisation, lead.agent, {
        grants: [REFUNDS],
      });
      lent.set(credentialId, id);
      return credentialStatus;
    },
    revoke: ({ credentialId }) => revokeCredential(organisation, lent.get(credentialId) ?? ""),
  };
}

describe("a delegation with status entries of the organisation's", () => {
  it("outlives an hour, and is refused once it is revoked; what stands beside it is not", async () => {
    const { lead, sub, clock, expectations } = world;
    const status = lendEntries(world);
    const handOn = async () => {
      const options = { to: sub.agent.did, grants: [EU], lifeMs: 4 * HOUR };
      const { credential, bundle } = await delegateAuthority(lead.wallet, options, { status });
      await addCredentials(sub.wallet, bundle);
      return credential.id;
    };
    const [one, other] = [await handOn(), await handOn()];
    clock.advance(3 * HOUR);
    const verify = async (authority: string) => {
      const asked = { challenge: CHALLENGE, domain: DOMAIN, authority };
      const { presentation } = await createPresentation(sub.wallet, asked);
      const result = await verifyPresentation(JSON.stringify(presentation), {
        ...expectations,
        status: await world.source(),
      });
      return result.verified ? [] : result.problems.map(({ code }) => code);
    };
    expect([await verify(one), await verify(other)]).toEqual([[], []]);
    await revokeDelegation(lead.wallet, one, { status });
    expect([await verify(one), await verify(other)]).toEqual([["REVOKED"], []]);
  });
});

describe("a request for renewal", () => {
  it("is verified as any presentation by whom it is for, and by no service", async () => {
    const other = await openWorld("renewal request");
    onTestFinished(() => other.close());
    const { organisation, lead, clock, expectations } = other;
    clock.advance(7 * HOUR);
    const outcomes: unknown[] = [];
    const port: CredentialRenewal = {
      domain: DOMAIN,
      challenge: () => Promise.resolve(CHALLENGE),
      async renew(_, request) {
        for (const expectedDomain of [renewalDomain(DOMAIN), DOMAIN]) {
          const result = await verifyPresentation(JSON.stringify(request), {
            ...expectations,
            expectedDomain,
          });
          outcomes.push(result.verified || result.problems.map(({ code }) => code));
        }
        return [await grantAuthority(organisation, lead.agent, { grants: [REFUNDS], maxHops: 2 })];
      },
    };
    const { renewed, failed } = await renewDue(lead.wallet, port);
    expect(failed).toEqual([]);
    expect(renewed).toMatchObject([{ differs: [], endsAt: clock() + 8 * HOUR }]);
    expect(outcomes).toEqual([true, ["DOMAIN_MISMATCH"]]);
  });
});

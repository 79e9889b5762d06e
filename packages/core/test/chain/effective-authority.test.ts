import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { describeGrant } from "../../src/authority/describe.js";
import { effectiveAuthority } from "../../src/chain/effective-authority.js";
import { deepFreeze } from "../../src/json/json-value.js";
import { build, credentials, PRINCIPAL, type LinkChanges } from "../authority/credentials.js";

const authorityOf = (...changes: readonly LinkChanges[]) =>
  effectiveAuthority(build(credentials(...changes)));

describe("the effective authority of a chain", () => {
  it("says for whom, from whom, until when, how deep, and what", () => {
    const chain = build(
      credentials(
        {
          maxHops: 4,
          grants: [{ id: "g", actions: ["do.*"], audience: ["did:web:s"], statusMaxAgeSeconds: 300 }],
        },
        { maxHops: 2, grants: [{ id: "small", within: "g", actions: ["do.this"], statusMaxAgeSeconds: 60 }] },
      ),
    );
    const effective = { actions: ["do.this"], audience: ["did:web:s"], statusMaxAgeSeconds: 60 };
    const authority = effectiveAuthority(chain);
    expect(JSON.parse(JSON.stringify(authority))).toEqual({
      principal: PRINCIPAL,
      rootIssuer: PRINCIPAL,
      digestMultibase: chain.digestMultibase,
      validFrom: "2026-11-23T08:00:00Z",
      validUntil: "2026-11-24T08:00:00Z",
      remainingHops: 2,
      grants: [{ id: "small", effective }],
    });
    expect(authority.grants.map(({ text }) => text)).toEqual([describeGrant(effective)]);
    expect(authority.grants[0]?.text.slice(0, 2)).toEqual(["May do: do.this", "Only at: did:web:s"]);
  });

  it("tells the root's issuer from the principal", () => {
    expect(authorityOf({ issuer: "did:web:org" }, {})).toMatchObject({
      principal: PRINCIPAL,
      rootIssuer: "did:web:org",
    });
  });

  it("is valid when every link is, as the tightest wrote it, by instants and not by texts", () => {
    const chain = build(
      credentials(
        { validFrom: "2026-11-23T09:00:00+02:00", validUntil: "2026-11-25T00:00:00Z" },
        { validFrom: "2026-11-23T08:00:00Z", validUntil: "2026-11-25T01:00:00+02:00" },
      ),
    );
    const tightest = { validFrom: "2026-11-23T08:00:00Z", validUntil: "2026-11-25T01:00:00+02:00" };
    expect(effectiveAuthority(chain)).toMatchObject(tightest);
    // It does not rest on links that lie within each other.
    const reversed = { ...chain, links: [...chain.links].reverse() };
    expect(effectiveAuthority(reversed)).toMatchObject(tightest);
  });

  it("can be handed on as deep as each link permits, and the longest chain no deeper", () => {
    expect(authorityOf({ maxHops: null }).remainingHops).toBe(0);
    expect(authorityOf({ maxHops: 9 }).remainingHops).toBe(9);
    expect(authorityOf({ maxHops: 9 }, { maxHops: 3 }, { maxHops: 0 }).remainingHops).toBe(0);
    expect(authorityOf({ maxHops: 9 }, { maxHops: 8 }, { maxHops: 4 }).remainingHops).toBe(4);
    // One that Rule B would refuse is held to the tightest all the same.
    const { links, ...chain } = build(credentials({ maxHops: 2 }, { maxHops: 1 }));
    const [root, leaf] = links.map(({ credential }) => credential);
    if (root === undefined || leaf === undefined) throw new Error("two links");
    const withHops = (maxHops: number) => ({
      credential: { ...leaf, credentialSubject: { ...leaf.credentialSubject, redelegation: { maxHops } } },
      pointer: "",
    });
    const above = { credential: root, pointer: "" };
    expect(effectiveAuthority({ ...chain, links: [above, withHops(7)] }).remainingHops).toBe(1);
    expect(effectiveAuthority({ ...chain, links: [withHops(0), withHops(0)] }).remainingHops).toBe(0);
    const ten = Array.from({ length: 10 }, () => withHops(99));
    expect(effectiveAuthority({ ...chain, links: ten }).remainingHops).toBe(0);
  });

  it("has its words when it is frozen, too", () => {
    const authority = deepFreeze(authorityOf({}));
    expect(Object.isFrozen(authority.grants[0])).toBe(true);
    expect(authority.grants[0]?.text[0]).toBe("May do: do");
  });

  it("is of a chain with a link at least", () => {
    const chain = { ...build(credentials({})), links: [] };
    expect(codeOf(() => effectiveAuthority(chain))).toBe("ARGUMENT_INVALID");
  });
});

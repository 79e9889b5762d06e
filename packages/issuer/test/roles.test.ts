import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  changeAgent,
  enrolAgent,
  findRole,
  grantAuthority,
  listEvents,
  listRoles,
  renewCredential,
  rotateAgent,
  setIssuanceRules,
  setRole,
  supersedeAuthority,
  type GrantOptions,
  type RoleFrame,
} from "../src/index.js";
import { changedMeanwhile, DAY, openWorld, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

const HOUR = 3600 * SECOND;
const ACCOUNT = "urn:uuid:5be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11";
const meter = { ledger: signerOf("ledger").did, account: ACCOUNT };
const UUID_URN = /^urn:uuid:/;

/** What a clerk may be granted: refunds up to a budget, on its own account, approved by a second pair of eyes over 50. */
const REFUNDS = {
  id: "refunds",
  actions: ["refund.*"],
  spend: { unit: "EUR", amountAt: "/amount", perAction: 10_000, budget: 50_000 },
  statusMaxAgeSeconds: 300,
  meter,
};
const CLERK: RoleFrame = { grants: [REFUNDS], maxLifeMs: 8 * HOUR, maxHops: 1 };

async function openWithClerk(frame: RoleFrame = CLERK, roles: readonly string[] = ["clerk"]) {
  const { organisation, clock, database } = await openWorld();
  await setRole(organisation, "clerk", frame);
  await setRole(organisation, "reader", { grants: [{ id: "read", actions: ["order.read"] }] });
  const { agent } = await enrolAgent(organisation, await requestOf(signerOf("a")), { name: "a", roles });
  return { organisation, clock, database, agent };
}

describe("a role", () => {
  it("is set, set anew, listed and found, and each time is an event", async () => {
    const { organisation, clock } = await openWorld();
    await setRole(organisation, "clerk", CLERK);
    clock.advance(HOUR);
    await setRole(organisation, "bare", {});
    await setRole(organisation, "clerk", { grants: [{ id: "read", actions: ["order.read"] }] });
    const changed = organisation.clock();
    expect(await listRoles(organisation)).toEqual([
      { name: "bare", changed },
      { name: "clerk", changed, grants: [{ id: "read", actions: ["order.read"] }] },
    ]);
    expect((await findRole(organisation, "bare")).name).toBe("bare");
    expect(await codeOfAsync(() => findRole(organisation, "clerks"))).toBe("NOT_FOUND");
    const events = await listEvents(organisation, { action: "role.set" });
    expect(events.map(({ details }) => details)).toEqual([
      { name: "clerk", ...CLERK },
      { name: "bare" },
      { name: "clerk", grants: [{ id: "read", actions: ["order.read"] }] },
    ]);
  });

  it("is changed undisturbed by whoever else changes it", async () => {
    const { organisation } = await openWorld();
    await Promise.all(
      Array.from({ length: 8 }, () =>
        setRole(organisation, "clerk", (before) => ({ ...CLERK, maxHops: (before?.maxHops ?? 0) + 1 })),
      ),
    );
    expect(await findRole(organisation, "clerk")).toMatchObject({ ...CLERK, maxHops: 8 });
  });

  it.each<readonly [string, string, RoleFrame, string]>([
    ["no name", "", {}, "/name"],
    ["no grants", "a", { grants: [] }, "/grants"],
    ["a grant that is none", "a", { grants: [{ id: "x" } as never] }, "/grants/0/actions"],
    ["a life over 90 days", "a", { maxLifeMs: 90 * DAY + 1 }, "/maxLifeMs"],
    ["ten hops", "a", { maxHops: 10 }, "/maxHops"],
  ])("is refused with %s", async (_, name, frame, pointer) => {
    const { organisation } = await openWorld();
    const refused = await refusalOfAsync(() => setRole(organisation, name, frame));
    expect(refused).toMatchObject({ pointer });
    expect(await listRoles(organisation)).toEqual([]);
  });

  it("is kept as it was when it was given", async () => {
    const { organisation } = await openWorld();
    const frame = { grants: [REFUNDS] };
    const setting = setRole(organisation, "clerk", frame);
    frame.grants[0] = { ...REFUNDS, actions: ["*"] };
    await setting;
    expect((await findRole(organisation, "clerk")).grants).toEqual([REFUNDS]);
    let reads = 0;
    const roles = {
      *[Symbol.iterator]() {
        yield reads++ === 0 ? "clerk" : "admin";
      },
    } as unknown as readonly string[];
    const { agent, credential } = await enrolAgent(organisation, await requestOf(signerOf("a")), {
      name: "a",
      roles,
    });
    expect([agent.roles, credential.credentialSubject.roles]).toEqual([["clerk"], ["clerk"]]);
  });

  it("must be there for an agent to bear it", async () => {
    const { organisation, database } = await openWorld();
    const before = await rowCounts(database);
    const request = await requestOf(signerOf("a"));
    const enrolling = () => enrolAgent(organisation, request, { name: "a", roles: ["clark"] });
    expect(await codeOfAsync(enrolling)).toBe("NOT_FOUND");
    expect(await rowCounts(database)).toEqual(before);
  });
});

describe("what an agent of a role is granted", () => {
  it("by the role, are the role's grants, metered on an account of its own", async () => {
    const { organisation, agent } = await openWithClerk();
    const first = await grantAuthority(organisation, agent, { roles: ["clerk"] });
    const second = await grantAuthority(organisation, agent, { roles: ["clerk"] });
    const own = { ledger: meter.ledger, account: expect.stringMatching(UUID_URN) as string };
    expect(first.credentialSubject.grants).toEqual([{ ...REFUNDS, meter: own }]);
    const accounts = [first, second].map(
      ({ credentialSubject }) => credentialSubject.grants[0]?.meter?.account,
    );
    expect(new Set([...accounts, ACCOUNT]).size).toBe(3);
  });

  it("by a list, says itself what the role says and it leaves open", async () => {
    const { organisation, agent } = await openWithClerk();
    const narrower = { id: "small", actions: ["refund.create"], spend: { ...REFUNDS.spend, perAction: 500 } };
    const { credentialSubject } = await grantAuthority(organisation, agent, { grants: [narrower] });
    expect(credentialSubject.grants).toEqual([
      {
        ...narrower,
        statusMaxAgeSeconds: 300,
        meter: { ledger: meter.ledger, account: expect.stringMatching(UUID_URN) as string },
      },
    ]);
  });

  it("lies in any of its roles, first in the grant of its id", async () => {
    const { organisation, agent } = await openWithClerk(CLERK, ["clerk", "reader"]);
    const wide = { id: "read", actions: ["*"] };
    await setRole(organisation, "boss", { grants: [{ ...wide, id: "all", statusMaxAgeSeconds: 60 }] });
    const boss = await changeAgent(organisation, agent, { roles: ["boss", "reader"] });
    const read = { id: "read", actions: ["order.read"] };
    const { credentialSubject } = await grantAuthority(organisation, boss, {
      grants: [read],
      roles: ["boss"],
    });
    expect(credentialSubject.grants).toEqual([read, { ...wide, id: "all", statusMaxAgeSeconds: 60 }]);
  });

  const beyond: readonly (readonly [string, GrantOptions, object])[] = [
    [
      "an action that the role lacks",
      { grants: [{ id: "refunds", actions: ["payout.create"] }] },
      { pointer: "/credentialSubject/grants/0/actions/0" },
    ],
    [
      "a greater amount",
      {
        grants: [
          {
            ...REFUNDS,
            spend: { ...REFUNDS.spend, perAction: 10_001 },
            meter: { ...meter, account: ACCOUNT.replace("5", "6") },
          },
        ],
      },
      { pointer: "/credentialSubject/grants/0/spend/perAction" },
    ],
    [
      "the account of the role",
      { grants: [REFUNDS] },
      { pointer: "/credentialSubject/grants/0/meter/account" },
    ],
    ["another role", { roles: ["reader"] }, { pointer: "" }],
    ["a longer life", { roles: ["clerk"], lifeMs: 8 * HOUR + SECOND }, { pointer: "/validUntil" }],
    ["more hops", { roles: ["clerk"], maxHops: 2 }, { pointer: "/credentialSubject/redelegation" }],
  ];
  it.each(beyond)("row 171: is refused with %s", async (_, options, problem) => {
    const { organisation, agent, database } = await openWithClerk();
    const before = await rowCounts(database);
    const refused = await refusalOfAsync(() => grantAuthority(organisation, agent, options));
    expect(refused).toMatchObject({ code: "ISSUANCE_RULE", ...problem });
    expect(await rowCounts(database)).toEqual(before);
  });

  it("has the life and the hops of one and the same role", async () => {
    const grants = [{ id: "read", actions: ["order.read"] }];
    const { organisation, agent } = await openWithClerk({ grants, maxLifeMs: HOUR, maxHops: 1 });
    await setRole(organisation, "long", { grants, maxLifeMs: DAY });
    const both = await changeAgent(organisation, agent, { roles: ["clerk", "long"] });
    const grant = (lifeMs: number, maxHops: number) =>
      grantAuthority(organisation, both, { grants, lifeMs, maxHops });
    expect((await grant(HOUR, 1)).credentialSubject.redelegation).toEqual({ maxHops: 1 });
    expect((await grant(DAY, 0)).credentialSubject.redelegation).toBeUndefined();
    expect(await refusalOfAsync(() => grant(DAY, 1))).toMatchObject({
      code: "ISSUANCE_RULE",
      pointer: "/validUntil",
    });
  });

  it("has the life and the hops of a role that frames it, not of another", async () => {
    const grants = [{ id: "read", actions: ["order.read"] }];
    const { organisation, agent } = await openWithClerk({ grants, maxLifeMs: HOUR });
    const writes = [{ id: "write", actions: ["order.write"] }];
    await setRole(organisation, "writer", { grants: writes, maxLifeMs: DAY, maxHops: 1 });
    const both = await changeAgent(organisation, agent, { roles: ["clerk", "writer"] });
    const bounded = (lifeMs: number, maxHops: number) =>
      refusalOfAsync(() => grantAuthority(organisation, both, { grants, lifeMs, maxHops }));
    expect(await bounded(DAY, 0)).toMatchObject({ code: "ISSUANCE_RULE", pointer: "/validUntil" });
    expect(await bounded(HOUR, 1)).toMatchObject({
      code: "ISSUANCE_RULE",
      pointer: "/credentialSubject/redelegation",
    });
  });

  it("is bounded by the role that is named, whatever another permits", async () => {
    const grants = [{ id: "read", actions: ["order.read"] }];
    const { organisation, agent } = await openWithClerk({ grants, maxLifeMs: HOUR });
    await setRole(organisation, "long", { grants, maxLifeMs: DAY, maxHops: 1 });
    const both = await changeAgent(organisation, agent, { roles: ["clerk", "long"] });
    const grant = (roles: readonly string[], lifeMs: number, maxHops = 0) =>
      grantAuthority(organisation, both, { roles, lifeMs, maxHops });
    const { id } = await grant(["clerk"], HOUR);
    for (const roles of [["clerk"], ["long", "clerk"]]) {
      const refused = await refusalOfAsync(() => grant(roles, HOUR + SECOND));
      expect(refused).toMatchObject({ code: "ISSUANCE_RULE", pointer: "/validUntil" });
      expect(await refusalOfAsync(() => grant(roles, HOUR, 1))).toMatchObject({
        code: "ISSUANCE_RULE",
        pointer: "/credentialSubject/redelegation",
      });
    }
    const longer = () => supersedeAuthority(organisation, id, { roles: ["clerk"], lifeMs: DAY });
    expect(await codeOfAsync(longer)).toBe("ISSUANCE_RULE");
    expect((await grant(["long"], DAY, 1)).credentialSubject.redelegation).toEqual({ maxHops: 1 });
  });

  it("is not framed by a role without grants, and refused without any where the rules say so", async () => {
    const { organisation, agent } = await openWithClerk({});
    const anything = { grants: [{ id: "all", actions: ["*"] }], lifeMs: 90 * DAY, maxHops: 9 };
    const { credentialSubject } = await grantAuthority(organisation, agent, anything);
    expect(credentialSubject.grants).toEqual(anything.grants);
    expect(await codeOfAsync(() => grantAuthority(organisation, agent, { roles: ["clerk"] }))).toBe(
      "ISSUANCE_RULE",
    );
    await setIssuanceRules(organisation, { withoutRole: "nothing" });
    expect(await refusalOfAsync(() => grantAuthority(organisation, agent, anything))).toMatchObject({
      code: "ISSUANCE_RULE",
      pointer: "/credentialSubject/grants",
    });
  });

  it("is held to the roles as they are when it is renewed, superseded or issued to another key", async () => {
    const { organisation, agent } = await openWithClerk();
    const granted = await grantAuthority(organisation, agent, { roles: ["clerk"] });
    const renewed = await renewCredential(organisation, granted.id);
    expect(renewed.credentialSubject).toEqual(granted.credentialSubject);
    // The role says more from now on: what was granted before it does not say so.
    await setRole(organisation, "clerk", {
      ...CLERK,
      grants: [{ ...REFUNDS, audience: [signerOf("shop").did] }],
    });
    const codeOf = (act: () => Promise<unknown>) => codeOfAsync(act);
    expect(await codeOf(() => renewCredential(organisation, granted.id))).toBe("ISSUANCE_RULE");
    const credential = await supersedeAuthority(organisation, granted.id, { roles: ["clerk"] });
    const [before, after] = [granted, credential].map(({ credentialSubject }) => credentialSubject.grants[0]);
    expect(after).toEqual({ ...before, audience: [signerOf("shop").did] });
    // And its meter is the same, though the role's grant was expanded anew.
    expect(after?.meter).toEqual(before?.meter);
    await setRole(organisation, "clerk", {
      ...CLERK,
      maxHops: 0,
      grants: [{ ...REFUNDS, actions: ["refund.read"] }],
    });
    const wider = () =>
      supersedeAuthority(organisation, credential.id, {
        grants: [{ id: "refunds", actions: ["refund.create"] }],
      });
    expect(await codeOf(wider)).toBe("ISSUANCE_RULE");
    const rotated = await rotateAgent(organisation, agent, {
      type: "lost-key",
      request: await requestOf(signerOf("next")),
    });
    expect(rotated.credentials.map(({ type }) => type[1])).toEqual(["AgentIdentityCredential"]);
    expect(rotated.refused).toMatchObject([
      { credentialId: credential.id, problem: { code: "ISSUANCE_RULE" } },
    ]);
  });
});

describe("changeAgent", () => {
  it("is not overtaken by an identity that was composed before", async () => {
    const { organisation, agent } = await openWithClerk();
    const [issued] = await listEvents(organisation, { agentId: agent.agentId, action: "credential.issued" });
    const late = changedMeanwhile(organisation, () => changeAgent(organisation, agent, { roles: [] }));
    const renewing = () => renewCredential(late, issued?.credentialId ?? "");
    expect(await refusalOfAsync(renewing)).toMatchObject({
      code: "ISSUANCE_RULE",
      pointer: "/credentialSubject",
    });
  });

  it("changes what the next identity says, and records that", async () => {
    const { organisation, agent } = await openWithClerk();
    const changed = await changeAgent(organisation, agent, {
      roles: ["reader", "reader"],
      environment: "test",
      reason: "moved",
    });
    expect(changed).toEqual({ ...agent, roles: ["reader"], environment: "test" });
    const [issued] = await listEvents(organisation, { agentId: agent.agentId, action: "credential.issued" });
    const renewed = await renewCredential(organisation, issued?.credentialId ?? "");
    expect(renewed.credentialSubject).toMatchObject({ roles: ["reader"], environment: "test" });
    expect(await listEvents(organisation, { action: "agent.changed" })).toMatchObject([
      { reason: "moved", details: { roles: ["reader"], environment: "test" } },
    ]);
  });

  it.each([
    ["a role that is not there", { roles: ["king"] }, "NOT_FOUND"],
    ["an owner who is nobody's principal", { owner: signerOf("stranger").did }, "ISSUANCE_RULE"],
    ["an environment that is no text to show", { environment: "" }, "SCHEMA_INVALID"],
  ])("refuses %s", async (_, change, code) => {
    const { organisation, agent } = await openWithClerk();
    expect(await codeOfAsync(() => changeAgent(organisation, agent, change))).toBe(code);
    expect(await listEvents(organisation, { action: "agent.changed" })).toEqual([]);
  });
});

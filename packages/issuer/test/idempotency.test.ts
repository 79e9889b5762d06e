import { integerOf, type JsonObject } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  changeAgent,
  enrolAgent,
  enrolPrincipal,
  grantAuthority,
  issueGenericCredential,
  listEvents,
  renewCredential,
  revokeCredential,
  setRole,
  setIssuanceRules,
  retirePrincipal,
  registerPrincipal,
  rotateOrganisation,
  setCredentialStatus,
  supersedeAuthority,
  suspendAgent,
  type EnrolmentOptions,
  type GenericIssueOptions,
  type GrantOptions,
  type Organisation,
  type PrincipalEnrolment,
  type RenewalOptions,
  type SupersedingOptions,
} from "../src/index.js";
import type { StatusPurpose } from "../src/status-lists.js";
import { DAY, enrol, openWorld, rawKey, reopen, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };
const HOUR = 3600 * SECOND;
const BADGE: JsonObject = {
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  type: ["VerifiableCredential"],
  credentialSubject: { id: "did:example:somebody" },
};

async function openGranting() {
  const { clock, ...world } = await openWorld();
  const agent = await enrol(world.organisation, "a");
  const grant = (idempotencyKey = "order 1", by: Organisation = world.organisation) =>
    grantAuthority(by, agent, { grants: [READ], idempotencyKey });
  return { ...world, clock, agent, grant };
}

/** The organisation, killed when it is asked for a signature. */
function killedAtSigning(organisation: Organisation): Organisation {
  const sign = () => Promise.reject(new Error("killed"));
  return { ...organisation, signer: { ...organisation.signer, sign } };
}

describe("a request that is made again by its idempotency key", () => {
  it("answers with the same credential and the same signature, and records nothing", async () => {
    const { organisation, database, clock, agent } = await openGranting();
    const request = await requestOf(signerOf("b"));
    const person = await requestOf(signerOf("c"));
    const first = await grantAuthority(organisation, agent, { grants: [READ] });
    const requests: readonly (() => Promise<unknown>)[] = [
      () => enrolAgent(organisation, request, { name: "b", idempotencyKey: "1" }),
      () => enrolPrincipal(organisation, person, { name: "c", type: "Person", idempotencyKey: "2" }),
      () => grantAuthority(organisation, agent, { grants: [READ], idempotencyKey: "3" }),
      () => renewCredential(organisation, first.id, { idempotencyKey: "4" }),
      () => supersedeAuthority(organisation, first.id, { grants: [READ], idempotencyKey: "5" }),
      () => issueGenericCredential(organisation, BADGE, { idempotencyKey: "6" }),
      () =>
        issueGenericCredential(organisation, BADGE, {
          status: ["suspension", "revocation"],
          idempotencyKey: "7",
        }),
    ];
    for (const ask of requests) {
      const issued = await ask();
      const before = await rowCounts(database);
      const events = await listEvents(organisation, {});
      clock.advance(SECOND);
      // The signature is among it.
      expect(await ask()).toEqual(issued);
      expect(await rowCounts(database)).toEqual(before);
      expect(await listEvents(organisation, {})).toEqual(events);
    }
  });

  it("answers with what was recorded and never signed", async () => {
    const { organisation, database, clock, grant } = await openGranting();
    await expect(grant("order 1", killedAtSigning(organisation))).rejects.toThrow("killed");
    const before = await rowCounts(database);
    clock.advance(SECOND);
    const { id } = await grant();
    expect(await rowCounts(database)).toEqual(before);
    const [row] = await database.query(
      "SELECT id, digest FROM credentials WHERE idempotency_key = 'order 1'",
    );
    expect(row).toMatchObject({ id, digest: expect.stringMatching(/^uEi/) as string });
  });

  it("is issued once, however many ask at the same time, by whatever connection", async () => {
    const { organisation, database, path, grant } = await openGranting();
    const other = { ...organisation, database: await reopen(path) };
    const badge = () => issueGenericCredential(organisation, BADGE, { idempotencyKey: "badge" });
    const all = await Promise.all([grant(), grant(), grant("order 1", other), grant(), badge(), badge()]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(2);
    const [row] = await database.query(
      "SELECT count(*) AS n FROM credentials WHERE idempotency_key IS NOT NULL",
    );
    expect(row && integerOf(row, "n")).toBe(2);
  });

  describe("is refused where it asks for something else", () => {
    const asked = async (clerk: boolean) => {
      const { organisation, agent } = await openGranting();
      const b = await enrol(organisation, "b");
      await setRole(organisation, "reader", { grants: [READ], maxHops: 2 });
      const readers = clerk ? await changeAgent(organisation, agent, { roles: ["reader"] }) : agent;
      const alice = signerOf("alice").did;
      await registerPrincipal(organisation, { did: alice, name: "alice", type: "Person" });
      const first = await grantAuthority(organisation, readers, { grants: [READ] });
      const second = await grantAuthority(organisation, readers, { grants: [READ] });
      return { organisation, agent: readers, b, alice, first, second };
    };
    const KEY = { idempotencyKey: "1" };
    const WIDE = { grants: [{ ...READ, actions: ["order.list"] }] };
    type World = Awaited<ReturnType<typeof asked>>;
    type Ask = (world: World) => Promise<unknown>;
    const rdfc = { suite: "eddsa-rdfc-2022" } as const;
    const grant =
      (options: Partial<GrantOptions>, who: "agent" | "b" = "agent"): Ask =>
      ({ organisation, [who]: agent }) =>
        grantAuthority(organisation, agent, { grants: [READ], ...KEY, ...options });
    const renew =
      (which: "first" | "second", options: RenewalOptions = {}): Ask =>
      ({ organisation, [which]: { id } }) =>
        renewCredential(organisation, id, { ...KEY, ...options });
    const supersede =
      (which: "first" | "second", options: Partial<SupersedingOptions> = {}): Ask =>
      ({ organisation, [which]: { id } }) =>
        supersedeAuthority(organisation, id, { grants: [READ], ...KEY, ...options });
    const enrolling =
      (options: Partial<EnrolmentOptions>, who = "new"): Ask =>
      async ({ organisation }) =>
        enrolAgent(organisation, await requestOf(signerOf(who)), { name: "new", ...KEY, ...options });
    const principal =
      (options: Partial<PrincipalEnrolment>, who = "new"): Ask =>
      async ({ organisation }) =>
        enrolPrincipal(organisation, await requestOf(signerOf(who)), {
          name: "new",
          type: "Person",
          ...KEY,
          ...options,
        });
    const generic =
      (options: GenericIssueOptions, badge: JsonObject = BADGE): Ask =>
      ({ organisation }) =>
        issueGenericCredential(organisation, badge, { ...KEY, ...options });
    it.each<readonly [string, Ask, readonly Ask[]]>([
      [
        "a grant",
        grant({}),
        [
          grant(WIDE),
          grant({ lifeMs: HOUR }),
          grant({ maxHops: 1 }),
          grant(rdfc),
          grant({}, "b"),
          (world) => grant({ principal: world.alice })(world),
          generic({}),
          renew("first"),
        ],
      ],
      [
        "a renewal",
        renew("first"),
        [renew("second"), renew("first", { lifeMs: HOUR }), renew("first", rdfc)],
      ],
      [
        "a superseding",
        supersede("first"),
        [
          supersede("second"),
          supersede("first", WIDE),
          supersede("first", { lifeMs: HOUR }),
          supersede("first", { maxHops: 1 }),
          supersede("first", rdfc),
        ],
      ],
      [
        "an enrolment",
        enrolling({}),
        [
          enrolling({}, "other"),
          enrolling({ name: "other" }),
          enrolling({ roles: ["reader"] }),
          enrolling({ environment: "prod" }),
          enrolling({ lifeMs: HOUR }),
          enrolling(rdfc),
          (world) => enrolling({ owner: world.alice })(world),
        ],
      ],
      [
        "a principal's enrolment",
        principal({}),
        [
          principal({}, "other"),
          principal({ name: "other" }),
          principal({ type: "Role" }),
          principal({ lifeMs: HOUR }),
          principal(rdfc),
        ],
      ],
      [
        "a credential of another vocabulary",
        generic({}),
        [
          generic({ status: ["revocation"] }),
          generic({ credentialId: "badge-1" }),
          generic(rdfc),
          generic({}, { ...BADGE, credentialSubject: { id: "did:example:another" } }),
        ],
      ],
    ])("%s", async (_, first, others) => {
      const world = await asked(false);
      await first(world);
      for (const other of others) expect(await codeOfAsync(() => other(world))).toBe("IDEMPOTENCY_MISMATCH");
    });

    it("a grant of roles", async () => {
      const world = await asked(true);
      await grant({ grants: [], roles: ["reader"] })(world);
      expect(await codeOfAsync(() => grant({})(world))).toBe("IDEMPOTENCY_MISMATCH");
    });

    it("but not where it says the same in other words", async () => {
      const world = await asked(false);
      const { organisation, agent } = world;
      const first = await grant({})(world);
      const spelt = { roles: [], suite: "eddsa-jcs-2022", maxHops: 0, principal: organisation.did } as const;
      expect(await grant(spelt)(world)).toEqual(first);
      const status = ["revocation", "revocation"] as const;
      const badge = () => issueGenericCredential(organisation, BADGE, { status, idempotencyKey: "2" });
      expect((await badge()).id).toBe((await badge()).id);
      for (const key of ["", "x".repeat(129)]) {
        const keyed = () => grantAuthority(organisation, agent, { grants: [READ], idempotencyKey: key });
        expect(await codeOfAsync(keyed)).toBe("SCHEMA_INVALID");
      }
    });
  });

  it("gets nothing that would not be handed out any more", async () => {
    const { organisation, clock, agent, grant } = await openGranting();
    const revoked = await grant("revoked");
    await revokeCredential(organisation, revoked.id);
    expect(await codeOfAsync(() => grant("revoked"))).toBe("REVOKED");
    const suspended = await grant("suspended");
    await setCredentialStatus(organisation, suspended.id, { purpose: "suspension", to: "set" });
    expect(await codeOfAsync(() => grant("suspended"))).toBe("SUSPENDED");
    await grant("ended");
    clock.advance(DAY);
    expect(await codeOfAsync(() => grant("ended"))).toBe("EXPIRED");
    await grant("with its agent");
    await suspendAgent(organisation, agent);
    expect(await codeOfAsync(() => grant("with its agent"))).toBe("SUSPENDED");
  });

  it("gets nothing signed by a key that the organisation had", async () => {
    const { organisation, database, clock, agent } = await openGranting();
    const alice = signerOf("alice").did;
    await registerPrincipal(organisation, { did: alice, name: "alice", type: "Person" });
    const grant = (idempotencyKey: string, by: Organisation) =>
      grantAuthority(by, agent, { grants: [READ], principal: alice, idempotencyKey });
    await grant("order 1", organisation);
    await expect(grant("never signed", killedAtSigning(organisation))).rejects.toThrow("killed");
    const random = seededRandom("next");
    const { organisation: next } = await rotateOrganisation(database, rawKey(1), { clock, random });
    for (const key of ["order 1", "never signed"]) {
      expect(await codeOfAsync(() => grant(key, organisation))).toBe("KEY_ROTATED");
      expect(await codeOfAsync(() => grant(key, next))).toBe("ISSUER_MISMATCH");
    }
  });

  it("hands out nothing where the organisation got another key while it signed", async () => {
    const { organisation, database, clock, grant } = await openGranting();
    const sign: Organisation["signer"]["sign"] = async (data) => {
      await rotateOrganisation(database, rawKey(1), { clock, random: seededRandom("next") });
      return organisation.signer.sign(data);
    };
    const rotating = { ...organisation, signer: { ...organisation.signer, sign } };
    expect(await codeOfAsync(() => grant("order 1", rotating))).toBe("KEY_ROTATED");
    const rows = await database.query("SELECT digest FROM credentials WHERE idempotency_key = 'order 1'");
    expect(rows).toEqual([{ digest: null }]);
  });
});

describe("what was recorded and never signed", () => {
  /** An authority and an identity in that state, of an agent with a role. */
  async function openUnsigned() {
    const { organisation, database, clock } = await openWorld();
    await setRole(organisation, "reader", { grants: [READ] });
    const alice = signerOf("alice").did;
    await registerPrincipal(organisation, { did: alice, name: "alice", type: "Person" });
    const request = await requestOf(signerOf("a"));
    const { agent, credential } = await enrolAgent(organisation, request, { name: "a", roles: ["reader"] });
    const grant = (by: Organisation = organisation) =>
      grantAuthority(by, agent, { roles: ["reader"], principal: alice, idempotencyKey: "grant" });
    const renew = (by: Organisation = organisation) =>
      renewCredential(by, credential.id, { idempotencyKey: "renew" });
    for (const ask of [grant, renew])
      await expect(ask(killedAtSigning(organisation))).rejects.toThrow("killed");
    return { organisation, database, clock, agent, alice, grant, renew };
  }
  type World = Awaited<ReturnType<typeof openUnsigned>>;

  it.each<readonly [string, (world: World) => Promise<unknown>, "grant" | "renew"]>([
    [
      "the rules are narrower",
      ({ organisation }) =>
        setIssuanceRules(organisation, { maxLifeMs: { DelegatedAuthorityCredential: 60_000 } }),
      "grant",
    ],
    [
      "the role is another",
      ({ organisation }) =>
        setRole(organisation, "reader", { grants: [{ ...READ, actions: ["order.list"] }] }),
      "grant",
    ],
    [
      "the principal is retired",
      ({ organisation, alice }) => retirePrincipal(organisation, { did: alice }),
      "grant",
    ],
    [
      "the agent has other roles",
      ({ organisation, agent }) => changeAgent(organisation, agent, { roles: [] }),
      "renew",
    ],
  ])("is not signed where %s since", async (_, change, which) => {
    const world = await openUnsigned();
    await change(world);
    expect(await codeOfAsync(() => world[which]())).toBe("ISSUANCE_RULE");
  });

  it("is not signed as whoever can write to the registry has it", async () => {
    const changed = async (sql: string, ask: "grant" | "renew" = "grant") => {
      const world = await openUnsigned();
      const { organisation, database } = world;
      await database.query(sql);
      let signed = 0;
      const sign: Organisation["signer"]["sign"] = (data) => {
        signed += 1;
        return organisation.signer.sign(data);
      };
      const code = await codeOfAsync(() =>
        world[ask]({ ...organisation, signer: { ...organisation.signer, sign } }),
      );
      expect(signed).toBe(0);
      return code;
    };
    const [where, other] = ["WHERE idempotency_key IS NOT NULL", signerOf("other").did];
    const { agent } = await openUnsigned();
    const content = (from: string, to: string) =>
      `UPDATE credentials SET content = replace(content, '${from}', '${to}') ${where}`;
    expect(await changed(content(agent.did, other))).toBe("RECORD_TAMPERED");
    expect(await changed(content(agent.did, other), "renew")).toBe("RECORD_TAMPERED");
    expect(await changed(content("order.read", "order.write"))).toBe("ISSUANCE_RULE");
    expect(await changed(content("reader", "writer"), "renew")).toBe("ISSUANCE_RULE");
    expect(await changed(`UPDATE credentials SET subject = '${other}' ${where}`)).toBe("RECORD_TAMPERED");
    expect(await changed(`UPDATE credentials SET agent_id = NULL ${where}`)).toBe("DATABASE_INVALID");
    expect(await changed(`UPDATE credentials SET valid_until = 1900000000000 ${where}`)).toBe(
      "VALIDITY_INVALID",
    );
    expect(await changed(`UPDATE credentials SET digest = 'uEiA' ${where}`)).toBe("RECORD_TAMPERED");
    const entries = `credential_id IN (SELECT id FROM credentials ${where})`;
    expect(await changed(`DELETE FROM status_entries WHERE list_id = 'r1' AND ${entries}`)).toBe(
      "RECORD_TAMPERED",
    );
    expect(await changed("UPDATE agents SET state = 'suspended'")).toBe("AGENT_INACTIVE");
  });

  it("is not signed with other status entries than it was allocated", async () => {
    const harm = async (sql: string) => {
      const { organisation, database, grant } = await openGranting();
      await grant();
      await database.query(sql);
      return codeOfAsync(() => grant("order 1", organisation));
    };
    const own = "credential_id = (SELECT id FROM credentials WHERE idempotency_key IS NOT NULL)";
    // Two of one purpose, and none of the other.
    const twice = `UPDATE status_entries SET list_id = 'r1', entry_index = 131071 WHERE list_id = 's1' AND ${own}`;
    expect(await harm(twice)).toBe("RECORD_TAMPERED");
    const third = `INSERT INTO status_entries SELECT 'r1', 131071, credential_id, 0 FROM status_entries
      WHERE list_id = 'r1' AND ${own}`;
    expect(await harm(third)).toBe("RECORD_TAMPERED");
  });

  it("says of a principal what the registry does, of one that is active", async () => {
    const open = async () => {
      const { organisation, database } = await openWorld();
      const request = await requestOf(signerOf("c"));
      const enrolC = (by: Organisation) =>
        enrolPrincipal(by, request, { name: "c", type: "Person", idempotencyKey: "c" });
      return { organisation, database, enrolC };
    };
    const changed = await open();
    await expect(changed.enrolC(killedAtSigning(changed.organisation))).rejects.toThrow("killed");
    await changed.database.query(
      `UPDATE credentials SET content = replace(content, '"c"', '"Chief Officer"')`,
    );
    expect(await codeOfAsync(() => changed.enrolC(changed.organisation))).toBe("ISSUANCE_RULE");
    const retired = await open();
    await retired.enrolC(retired.organisation);
    await retired.database.query("UPDATE principals SET state = 'retired'");
    expect(await codeOfAsync(() => retired.enrolC(retired.organisation))).toBe("ISSUANCE_RULE");
  });

  it("is not handed out where another was, also in others' vocabulary", async () => {
    const { organisation, database } = await openWorld();
    const badge = () => issueGenericCredential(organisation, BADGE, { idempotencyKey: "badge" });
    await badge();
    await database.query("UPDATE credentials SET digest = 'uEiA'");
    expect(await codeOfAsync(badge)).toBe("RECORD_TAMPERED");
  });

  it("is not signed without the status that was asked for", async () => {
    const { organisation, database } = await openWorld();
    const status: StatusPurpose[] = ["revocation"];
    const badge = (by: Organisation) =>
      issueGenericCredential(by, BADGE, { status, idempotencyKey: "badge" });
    const killed = badge(killedAtSigning(organisation));
    status.pop();
    await expect(killed).rejects.toThrow("killed");
    const [row] = await database.query("SELECT count(*) AS n FROM status_entries");
    expect(row && integerOf(row, "n")).toBe(1);
    status.push("revocation");
    await database.query("DELETE FROM status_entries");
    expect(await codeOfAsync(() => badge(organisation))).toBe("RECORD_TAMPERED");
  });
});

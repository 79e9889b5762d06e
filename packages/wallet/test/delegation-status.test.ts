import { digestMultibase, parseTimestamp, WritError, type StatusEntry } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  delegateAuthority,
  freeToDelegate,
  listDelegations,
  revokeDelegation,
  type DelegationStatus,
} from "../src/index.js";
import { entry, openLead, openStatus, PAY, payments, READ, SUB } from "./delegated.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, openWorld, ORGANISATION, signerOf } from "./world.js";

const never = new Promise<never>(() => undefined);

describe("a delegation whose status the organisation keeps", () => {
  it("is signed with the entries that its port gave, and may live as long as its parent", async () => {
    const { wallet, parent, handOn } = await openLead();
    const port = openStatus(() => [entry("71"), entry("72", { list: "s1", statusPurpose: "suspension" })]);
    const credential = await handOn(30, { lifeMs: 8 * HOUR }, port);
    expect(credential.credentialStatus).toEqual([
      entry("71"),
      entry("72", { list: "s1", statusPurpose: "suspension" }),
    ]);
    expect(credential.validUntil).toBe(parent.validUntil);
    expect(port.requests).toEqual([
      {
        credentialId: credential.id,
        issuer: wallet.did,
        subject: SUB,
        parentId: parent.id,
        rootIssuer: ORGANISATION.did,
        validUntil: parent.validUntil,
      },
    ]);
    expect(await listDelegations(wallet)).toMatchObject([
      { id: credential.id, state: "live", isRevocable: true, remainingMs: 8 * HOUR },
    ]);
  });

  it("lives for an hour unless told otherwise", async () => {
    const { handOn } = await openLead();
    const credential = await handOn(30, {}, openStatus());
    expect(parseTimestamp(credential.validUntil)).toBe(NOW + HOUR);
  });

  it("asks for no entry for what is refused", async () => {
    const { wallet, handOn } = await openLead();
    const port = openStatus();
    const refused = [
      () => handOn(101, {}, port),
      () => handOn(1, { lifeMs: 8 * HOUR + 1000 }, port),
      () => handOn(1, { maxHops: 2 }, port),
      () => handOn(1, { to: wallet.did }, port),
      () => handOn(1, { lifeMs: 0 }, port),
    ];
    const codes = await Promise.all(refused.map(codeOfAsync));
    expect(codes).toEqual([
      "ATTENUATION_VIOLATED",
      "CHAIN_VALIDITY",
      "CHAIN_HOPS",
      "CHAIN_SUBJECT_REPEATED",
      "VALIDITY_INVALID",
    ]);
    expect(port.requests).toEqual([]);
    expect(await listDelegations(wallet)).toEqual([]);
  });

  it("has the root's organisation keep it, also where its parent has no status", async () => {
    const lead = await openLead();
    const middle = await openWorld("middle");
    const first = await delegateAuthority(lead.wallet, {
      to: middle.wallet.did,
      grants: [payments("part", 50, 1, { within: "pay" })],
      maxHops: 1,
    });
    await addCredentials(middle.wallet, [...first.bundle, await identityOf(middle.wallet.did)]);
    const port = openStatus();
    const second = await delegateAuthority(
      middle.wallet,
      { to: SUB, grants: [payments("bit", 5, 2, { within: "part" })] },
      port,
    );
    expect(second.credential.credentialStatus).toHaveLength(1);
    expect(port.requests[0]).toMatchObject({ rootIssuer: ORGANISATION.did, parentId: first.credential.id });
  });
});

/** A getter that throws what is no error. */
function trapped(): object {
  return Object.defineProperty({}, "type", {
    enumerable: true,
    get() {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a hostile port throws anything
      throw "a text";
    },
  });
}

type Hostile = readonly [what: string, answer: (parent: readonly StatusEntry[]) => unknown];

const HOSTILE: readonly Hostile[] = [
  ["nothing", () => undefined],
  ["null", () => null],
  ["no list", () => entry("1")],
  ["an empty list", () => []],
  ["a text", () => "entries"],
  ["a getter that throws", () => [trapped()]],
  ["a suspension only", () => [entry("1", { statusPurpose: "suspension" })]],
  ["an entry that says more", () => [{ ...entry("1"), statusSize: 2 }]],
  ["an index with a zero before it", () => [entry("007")]],
  ["an index that is a number", () => [{ ...entry("1"), statusListIndex: 1 }]],
  ["one entry twice", () => [entry("1"), entry("1")]],
  ["1,000 entries", () => Array.from({ length: 1000 }, (_, index) => entry(String(index)))],
  ["lists of another host", () => [entry("1", { base: "https://evil.example/status/" })]],
  ["lists below the organisation's", () => [entry("1", { list: "r1/deeper" })]],
  ["lists beside the organisation's", () => [entry("1", { base: "https://acme.example/" })]],
  [
    "lists whose address only begins alike",
    () => [entry("1", { base: "https://acme.example/status.evil/" })],
  ],
  ["lists over http", () => [entry("1", { base: "http://acme.example/status/" })]],
  [
    "a list of the organisation's, and one that is not",
    () => [entry("1"), entry("2", { base: "https://x.example/" })],
  ],
  ["the parent's own entry", (parent) => parent],
];

describe("a status port that is hostile", () => {
  it.each(HOSTILE)("gets nothing signed for %s", async (_, answer) => {
    const { wallet, parent, handOn } = await openLead();
    const port = openStatus(() => answer(parent.credentialStatus ?? []));
    expect(await codeOfAsync(() => handOn(30, {}, port))).toBe("STATUS_ENTRY_INVALID");
    expect(await listDelegations(wallet)).toEqual([]);
  });

  it("is asked for each entry once, so that what is checked is what is signed", async () => {
    const { handOn } = await openLead();
    let reads = 0;
    const statusListIndex = () => (reads++ === 0 ? "71" : "1");
    const given = Object.defineProperty({ ...entry("0") }, "statusListIndex", {
      enumerable: true,
      get: statusListIndex,
    });
    expect(
      (
        await handOn(
          30,
          {},
          openStatus(() => [given]),
        )
      ).credentialStatus,
    ).toEqual([entry("71")]);
    expect(reads).toBe(1);
  });

  it.each<readonly [string, () => unknown, string]>([
    ["throws at once", () => raise(new Error("no")), "STATUS_UNAVAILABLE"],
    ["throws what is no error", () => raise("no"), "STATUS_UNAVAILABLE"],
    ["throws nothing", () => raise(undefined), "STATUS_UNAVAILABLE"],
    ["refuses with a code", () => raise(new WritError("FORBIDDEN", "not you")), "FORBIDDEN"],
    [
      "refuses with a code of its own",
      () => raise(new WritError("PWNED" as "FORBIDDEN", "x")),
      "STATUS_UNAVAILABLE",
    ],
    ["never answers", () => never, "STATUS_UNAVAILABLE"],
  ])("%s, and nothing is signed or remembered", async (_, allocate, code) => {
    const { wallet, handOn } = await openLead();
    const port = { ...openStatus(allocate), timeoutMs: 20 };
    expect(await codeOfAsync(() => handOn(30, {}, port))).toBe(code);
    expect(await listDelegations(wallet)).toEqual([]);
  });

  it("is told when it is not waited for any more, and not asked where nobody waits", async () => {
    const { handOn } = await openLead();
    const abort = new AbortController();
    let given: AbortSignal | undefined;
    const port = openStatus((_, signal) => {
      given = signal;
      abort.abort();
      return never;
    });
    expect(await codeOfAsync(() => handOn(30, {}, { ...port, signal: abort.signal }))).toBe(
      "STATUS_UNAVAILABLE",
    );
    expect(given?.aborted).toBe(true);
    expect(await codeOfAsync(() => handOn(30, {}, { ...port, signal: abort.signal }))).toBe(
      "STATUS_UNAVAILABLE",
    );
    expect(port.requests).toHaveLength(1);
  });

  it.each([0, -1, 0.5, NaN, 600_001])("is not waited for %s ms", async (timeoutMs) => {
    const { handOn } = await openLead();
    expect(await codeOfAsync(() => handOn(30, {}, { ...openStatus(), timeoutMs }))).toBe("ARGUMENT_INVALID");
  });
});

function raise(what: unknown): never {
  throw what;
}

describe("revokeDelegation", () => {
  it("has the organisation revoke it, and remembers when that was confirmed", async () => {
    const { wallet, clock, handOn } = await openLead();
    const port = openStatus();
    const { id, credentialStatus } = await handOn(30, {}, port);
    clock.advance(MINUTE);
    const slow: DelegationStatus = {
      status: {
        ...port.status,
        revoke(revocation, signal) {
          clock.advance(5);
          return port.status.revoke(revocation, signal);
        },
      },
    };
    const revoked = await revokeDelegation(wallet, id, slow);
    expect(revoked).toMatchObject({ id, state: "revoked", revokedAt: NOW + MINUTE + 5 });
    expect(port.revocations).toEqual([{ credentialId: id, entries: credentialStatus }]);
    expect(await listDelegations(wallet)).toEqual([revoked]);
    expect(await listDelegations(wallet, { state: "revoked", to: SUB })).toEqual([revoked]);
    expect(await listDelegations(wallet, { state: "live" })).toEqual([]);
  });

  it("again changes nothing, and asks nobody", async () => {
    const { wallet, clock, handOn } = await openLead();
    const port = openStatus();
    const { id } = await handOn(30, {}, port);
    const first = await revokeDelegation(wallet, id, port);
    clock.advance(MINUTE);
    expect(await revokeDelegation(wallet, id, port)).toMatchObject({ revokedAt: first.revokedAt });
    expect(port.revocations).toHaveLength(1);
  });

  it("by two at once is remembered once, as it was confirmed to the first", async () => {
    const { wallet, handOn, clock } = await openLead();
    const port = openStatus();
    const { id } = await handOn(30, {}, port);
    const inside: DelegationStatus = {
      status: {
        ...port.status,
        async revoke() {
          await revokeDelegation(wallet, id, port);
          clock.advance(MINUTE);
        },
      },
    };
    expect(await revokeDelegation(wallet, id, inside)).toMatchObject({ revokedAt: NOW });
    expect(await listDelegations(wallet)).toMatchObject([{ revokedAt: NOW }]);
  });

  it("stays revoked after its end, until it is forgotten", async () => {
    const { wallet, clock, handOn } = await openLead();
    const port = openStatus();
    const { id } = await handOn(30, {}, port);
    await revokeDelegation(wallet, id, port);
    clock.advance(2 * HOUR);
    expect(await listDelegations(wallet)).toMatchObject([{ state: "revoked", remainingMs: 0 }]);
  });

  it("says when one without status ends by itself", async () => {
    const { wallet, handOn } = await openLead();
    const { id, validUntil } = await handOn(30);
    const error: unknown = await revokeDelegation(wallet, id, openStatus()).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "STATUS_MISSING" });
    expect((error as WritError).hint).toContain(validUntil);
  });

  it("refuses what was never handed on", async () => {
    const { wallet, parent } = await openLead();
    const port = openStatus();
    expect(await codeOfAsync(() => revokeDelegation(wallet, parent.id, port))).toBe("NOT_FOUND");
    expect(port.revocations).toEqual([]);
  });

  it.each<readonly [string, () => Promise<void>, string]>([
    ["refuses", () => Promise.reject(new WritError("FORBIDDEN", "not you")), "FORBIDDEN"],
    ["fails", () => Promise.reject(new Error("down")), "STATUS_UNAVAILABLE"],
    ["never answers", () => never, "STATUS_UNAVAILABLE"],
  ])("remembers nothing where the organisation %s", async (_, revoke, code) => {
    const { wallet, handOn } = await openLead();
    const port = openStatus();
    const { id } = await handOn(30, {}, port);
    const failing = { status: { ...port.status, revoke }, timeoutMs: 20 };
    expect(await codeOfAsync(() => revokeDelegation(wallet, id, failing))).toBe(code);
    expect(await listDelegations(wallet)).toMatchObject([{ state: "live" }]);
    expect(await revokeDelegation(wallet, id, port)).toMatchObject({ state: "revoked" });
  });
});

describe("what was revoked", () => {
  const budgetOf = async ({ wallet }: Awaited<ReturnType<typeof openLead>>, grant = 0) =>
    (await freeToDelegate(wallet)).grants[grant]?.free.spend?.budget;

  it("counts until it ends, where no age of status lists is set", async () => {
    const lead = await openLead();
    const port = openStatus();
    const { id } = await lead.handOn(30, { lifeMs: 2 * HOUR }, port);
    await revokeDelegation(lead.wallet, id, port);
    lead.clock.advance(2 * HOUR - 1);
    expect(await budgetOf(lead)).toBe(70);
    expect((await freeToDelegate(lead.wallet)).delegations).toMatchObject([{ id }]);
    lead.clock.advance(1);
    expect(await budgetOf(lead)).toBe(100);
    expect((await freeToDelegate(lead.wallet)).delegations).toEqual([]);
  });

  it.each([
    ["the parent's grant sets", { statusMaxAgeSeconds: 300 }, {}, 300],
    ["its own grant sets", {}, { statusMaxAgeSeconds: 120 }, 120],
    ["its own grant sets below the parent's", { statusMaxAgeSeconds: 300 }, { statusMaxAgeSeconds: 60 }, 60],
  ])("counts for the age that %s, and a minute", async (_, above, own, seconds) => {
    const lead = await openLead({ grants: [{ ...PAY, ...above }, READ] });
    const port = openStatus();
    const { id } = await lead.handOn(30, { lifeMs: 2 * HOUR, grant: own }, port);
    expect(await budgetOf(lead)).toBe(70);
    lead.clock.advance(10 * MINUTE);
    await revokeDelegation(lead.wallet, id, port);
    lead.clock.advance(seconds * 1000 + MINUTE - 1);
    expect(await budgetOf(lead)).toBe(70);
    lead.clock.advance(1);
    expect(await budgetOf(lead)).toBe(100);
  });

  it("counts for each of its grants apart", async () => {
    const lead = await openLead({ grants: [{ ...PAY, statusMaxAgeSeconds: 60 }, payments("more", 50, 9)] });
    const port = openStatus();
    const parts = [payments("a", 30, 1, { within: "pay" }), payments("b", 20, 2, { within: "more" })];
    const options = { to: SUB, grants: parts, lifeMs: 2 * HOUR };
    const { credential } = await delegateAuthority(lead.wallet, options, port);
    await revokeDelegation(lead.wallet, credential.id, port);
    expect([await budgetOf(lead), await budgetOf(lead, 1)]).toEqual([70, 30]);
    lead.clock.advance(2 * MINUTE);
    expect([await budgetOf(lead), await budgetOf(lead, 1)]).toEqual([100, 30]);
    expect((await freeToDelegate(lead.wallet)).delegations).toHaveLength(1);
  });

  it("counts against the authority that renews its parent, which has the same accounts", async () => {
    const lead = await openLead();
    await lead.handOn(30);
    const renewed = await authorityOf(lead.wallet.did, {
      grants: [PAY, READ],
      maxHops: 2,
      members: { validUntil: "2026-11-23T20:00:00Z" },
    });
    await addCredentials(lead.wallet, [renewed]);
    const free = await freeToDelegate(lead.wallet);
    // Of the two, the one that ends last: nobody has to name it.
    expect(free.authority.id).toBe(renewed.id);
    expect(free.grants[0]?.free.spend?.budget).toBe(70);
    const child = await lead.handOn(10);
    expect(child.credentialSubject.parent?.digestMultibase).toBe(digestMultibase(renewed));
    expect(await budgetOf(lead)).toBe(60);
    // Also where it says something else of the same account.
    const more = await authorityOf(lead.wallet.did, { grants: [PAY], maxHops: 1 });
    await addCredentials(lead.wallet, [more]);
    expect((await freeToDelegate(lead.wallet, { authority: more.id })).delegations).toHaveLength(2);
    // Another organisation's account of this name is another account, and so is another of this one's.
    const apart = await authorityOf(lead.wallet.did, { grants: [payments("pay", 9, 8)], maxHops: 1 });
    await addCredentials(lead.wallet, [apart]);
    expect((await freeToDelegate(lead.wallet, { authority: apart.id })).delegations).toEqual([]);
    const foreign = await authorityOf(lead.wallet.did, {
      signer: signerOf("foreign"),
      grants: [PAY, READ],
      maxHops: 2,
    });
    await addCredentials(lead.wallet, [foreign]);
    expect((await freeToDelegate(lead.wallet, { authority: foreign.id })).delegations).toEqual([]);
  });

  it("is not what a stranger's authority stands for, though it says the same and ends later", async () => {
    const lead = await openLead();
    const options = { grants: [PAY, READ], maxHops: 2, members: { validUntil: "2026-11-23T20:00:00Z" } };
    const forged = await authorityOf(lead.wallet.did, { ...options, signer: signerOf("foreign") });
    const { authority: own } = await freeToDelegate(lead.wallet);
    await addCredentials(lead.wallet, [forged]);
    expect((await freeToDelegate(lead.wallet)).authority.id).toBe(own.id);
    // Where the stranger vouches for the agent as well, nobody but its owner can say whose it is.
    await addCredentials(lead.wallet, [await identityOf(lead.wallet.did, { signer: signerOf("foreign") })]);
    expect(await codeOfAsync(() => freeToDelegate(lead.wallet))).toBe("AUTHORITY_AMBIGUOUS");
  });

  it("counts on where another authority of the account is asked about, which may set another age", async () => {
    const lead = await openLead({ grants: [{ ...PAY, statusMaxAgeSeconds: 60 }, READ] });
    const other = await authorityOf(lead.wallet.did, {
      grants: [{ ...PAY, statusMaxAgeSeconds: 1 }],
      maxHops: 1,
    });
    await addCredentials(lead.wallet, [other]);
    const port = openStatus();
    const { id } = await lead.handOn(30, { authority: lead.parent.id, lifeMs: 2 * HOUR }, port);
    await revokeDelegation(lead.wallet, id, port);
    lead.clock.advance(2 * MINUTE);
    const freeOf = async (authority: string) =>
      (await freeToDelegate(lead.wallet, { authority })).grants[0]?.free.spend?.budget;
    expect(await freeOf(lead.parent.id)).toBe(100);
    expect(await freeOf(other.id)).toBe(70);
  });
});

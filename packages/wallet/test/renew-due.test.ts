import {
  asJson,
  checkSignedBy,
  createResolver,
  digestMultibase,
  isIdentity,
  parseTimestamp,
  presentation as presentationShape,
  parseDocument,
  WritError,
  type AuthorityCredential,
  type IdentityCredential,
} from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createKey,
  createPresentation,
  delegateAuthority,
  findCredentials,
  listCredentials,
  openWallet,
  renewalDomain,
  renewDue,
  useKey,
  type RenewalReport,
  type Wallet,
} from "../src/index.js";
import { dueAt, retryAt } from "../src/renewal/due.js";
import { vaultOf } from "../src/wallet.js";
import { DOMAIN, honestPort, later, openAgent, openPort } from "./renewing.js";
import { OTHER, SUB } from "./delegated.js";
import {
  authorityOf,
  HOUR,
  identityOf,
  MINUTE,
  NOW,
  openWorld,
  ORGANISATION,
  rawKey,
  REFUNDS,
  signerOf,
} from "./world.js";

const CHILD = { ...REFUNDS, id: "eu", within: "refunds" };
const THIRD = 1 / 3;
const dueOf = (credential: AuthorityCredential | IdentityCredential | object): number =>
  dueAt(credential as IdentityCredential, digestMultibase(credential), THIRD);
const idsIn = async (wallet: Wallet) => (await listCredentials(wallet)).map(({ id }) => id).toSorted();

describe("when a credential is due", () => {
  const lived = { validFrom: "2026-11-23T08:00:00Z", validUntil: "2026-11-23T18:00:00Z" };

  it("is with a third of its life, or up to a tenth of it sooner, as its digest decides", () => {
    const times = Array.from({ length: 1000 }, (_, index) => dueAt(lived, `digest ${String(index)}`, THIRD));
    const latest = Math.floor(parseTimestamp(lived.validUntil) - (10 * HOUR) / 3);
    expect(Math.max(...times)).toBeLessThanOrEqual(latest);
    expect(Math.min(...times)).toBeGreaterThan(latest - HOUR - 1);
    // Spread over all of it: no tenth of the time has twice its share.
    const tenths = Array.from({ length: 10 }, (_, tenth) => {
      const from = latest - HOUR + (tenth * HOUR) / 10;
      return times.filter((time) => time > from && time <= from + HOUR / 10).length;
    });
    expect(Math.max(...tenths)).toBeLessThan(200);
    expect(Math.min(...tenths)).toBeGreaterThan(50);
    expect(dueAt(lived, "digest 1", THIRD)).toBe(times[1]);
  });

  it("is twice as late after each failure, up to an hour, and never beyond a quarter of what is left", () => {
    const far = { ...lived, validUntil: "2026-12-23T08:00:00Z" };
    const waits = Array.from({ length: 12 }, (_, index) => retryAt(far, "digest", index + 1, NOW) - NOW);
    for (const [index, wait] of waits.entries()) {
      const longest = Math.min(30_000 * 2 ** index, HOUR);
      expect(wait).toBeGreaterThanOrEqual(longest / 2);
      expect(wait).toBeLessThan(longest);
    }
    expect(retryAt(far, "digest", 5000, NOW) - NOW).toBeLessThan(HOUR);
    const end = parseTimestamp(lived.validUntil);
    expect(retryAt(lived, "digest", 12, end - 8 * MINUTE)).toBe(end - 6 * MINUTE);
    expect(retryAt(lived, "digest", 12, end - 1000)).toBe(end + 9000);
    expect(retryAt(far, "digest", 3, NOW)).not.toBe(retryAt(far, "tsegid", 3, NOW));
  });
});

describe("renewDue", () => {
  it("asks for nothing that is not due, and says when to come back", async () => {
    const { wallet, clock, identity, authority } = await openAgent();
    const port = honestPort();
    const first = Math.min(dueOf(identity), dueOf(authority));
    expect(await renewDue(wallet, port)).toEqual({
      renewed: [],
      failed: [],
      redelegate: [],
      nextDueAt: first,
    });
    clock.advance(first - NOW - 1);
    // A timer is not set for less than ten seconds.
    expect(await renewDue(wallet, port)).toMatchObject({ renewed: [], nextDueAt: first - 1 + 10_000 });
    expect(port.asked).toEqual([]);
    clock.advance(1);
    expect((await renewDue(wallet, port)).renewed).toHaveLength(1);
    expect(port.asked).toHaveLength(1);
  });

  it("renews identity and authority, and tells what happens while it does", async () => {
    const { wallet, clock, identity, authority, listening } = await openAgent();
    clock.advance(6 * HOUR);
    const report = await renewDue(wallet, honestPort(), listening);
    const ends = NOW + 14 * HOUR;
    expect(report.failed).toEqual([]);
    expect(new Set(report.renewed.map(({ credentialId }) => credentialId))).toEqual(
      new Set([identity.id, authority.id]),
    );
    for (const { endsAt, differs } of report.renewed) expect([endsAt, differs]).toEqual([ends, []]);
    const ofIdentity = report.renewed.find(({ credentialId }) => credentialId === identity.id);
    const ofAuthority = report.renewed.find(({ credentialId }) => credentialId === authority.id);
    // An identity gives way at once; an authority stays until it ends, for what was handed on of it.
    expect(await idsIn(wallet)).toEqual(
      [ofIdentity?.renewedId, authority.id, ofAuthority?.renewedId].toSorted(),
    );
    const told = listening.events.filter((event) => event.type !== "renewal.due");
    expect(told.map(({ credentialId }) => credentialId).toSorted()).toEqual(
      [identity.id, authority.id].toSorted(),
    );
    expect(listening.events).toContainEqual({
      type: "renewal.due",
      credentialId: authority.id,
      issuer: ORGANISATION.did,
      subject: wallet.did,
      endsAt: NOW + 8 * HOUR,
    });
    expect(listening.events).toContainEqual({ type: "renewal.done", ...ofAuthority });
    expect(listening.events.every((event) => Object.isFrozen(event))).toBe(true);
    // What was renewed is the one that is used from now on, without being named.
    const { presentation } = await createPresentation(wallet, {
      challenge: "c",
      domain: "d",
      authority: String(ofAuthority?.renewedId),
    });
    expect(presentation.verifiableCredential).toHaveLength(2);
  });

  it("asks nobody for what was renewed, until that is due in its turn", async () => {
    const { wallet, clock } = await openAgent();
    const port = honestPort();
    clock.advance(6 * HOUR);
    const { nextDueAt = 0 } = await renewDue(wallet, port);
    expect(port.asked).toHaveLength(2);
    const fresh = (await listCredentials(wallet)).filter(
      ({ validUntil }) => parseTimestamp(validUntil) === NOW + 14 * HOUR,
    );
    expect(nextDueAt).toBe(Math.min(...fresh.map(dueOf)));
    clock.advance(HOUR);
    await renewDue(wallet, port);
    expect(port.asked).toHaveLength(2);
    clock.advance(nextDueAt - clock());
    expect((await renewDue(wallet, port)).renewed).toHaveLength(1);
  });

  it("goes on for days, and nothing ever ends", async () => {
    const { wallet, clock, listening } = await openAgent();
    let serial = 0;
    const port = openPort(async ({ credential }) => {
      serial++;
      const from = Math.floor(clock() / 1000) * 1000;
      const iso = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
      return [
        await later(credential, {
          members: { validFrom: iso(from), validUntil: iso(from + 8 * HOUR) },
        }),
      ];
    });
    while (clock() < NOW + 72 * HOUR) {
      const { nextDueAt = 0, failed } = await renewDue(wallet, port, listening);
      expect(failed).toEqual([]);
      clock.advance(nextDueAt - clock());
    }
    // Every 4.5 to 5.4 hours, for each of the two.
    expect(serial).toBeGreaterThanOrEqual(2 * 13);
    expect(serial).toBeLessThanOrEqual(2 * 17);
    expect(listening.events.filter(({ type }) => type === "credential.ended")).toEqual([]);
    expect((await listCredentials(wallet)).length).toBeLessThanOrEqual(4);
  });

  it("signs a request for the port's domain and challenge, which shows what is to be renewed", async () => {
    const { wallet, clock, identity, authority } = await openAgent();
    const port = honestPort();
    clock.advance(6 * HOUR);
    await renewDue(wallet, port, { concurrency: 1 });
    expect(port.asked.map(({ credential }) => credential.id).toSorted()).toEqual(
      [identity.id, authority.id].toSorted(),
    );
    for (const [index, { credential, request }] of port.asked.entries()) {
      const { holder, verifiableCredential, proof, invocation } = parseDocument(
        asJson(request),
        presentationShape,
      );
      expect(holder).toBe(wallet.did);
      expect(invocation).toBeUndefined();
      expect(proof).toMatchObject({
        domain: `urn:writ:renewal:${DOMAIN}`,
        challenge: `challenge ${String(index + 1)}`,
        proofPurpose: "authentication",
        created: "2026-11-23T14:00:00Z",
        expires: "2026-11-23T14:05:00Z",
      });
      const shown = verifiableCredential.map(({ id }) => id);
      expect(shown[0]).toBe(credential.id);
      expect(shown).toHaveLength(isIdentity(credential) ? 1 : 2);
      const signer = { did: wallet.did, purpose: "authentication", now: clock() } as const;
      const { problems } = await checkSignedBy(asJson(request), signer, { resolver: createResolver() });
      expect(problems).toEqual([]);
    }
    expect(renewalDomain(DOMAIN)).toBe(`urn:writ:renewal:${DOMAIN}`);
  });

  it("renews the credentials of all the wallet's keys, each with its own", async () => {
    const { wallet, clock } = await openAgent();
    const { did } = await createKey(wallet);
    await addCredentials(await useKey(wallet, did), [await identityOf(did)]);
    const mute = await createKey(wallet, { purposes: ["assertionMethod"] });
    await addCredentials(wallet, [await identityOf(mute.did)]);
    clock.advance(6 * HOUR);
    const port = honestPort();
    const { renewed, failed } = await renewDue(wallet, port);
    expect(renewed).toHaveLength(3);
    expect(port.asked.map(({ request }) => request.holder).toSorted()).toEqual(
      [wallet.did, wallet.did, did].toSorted(),
    );
    // One that may not sign requests fails alone.
    expect(failed).toMatchObject([{ code: "KEY_PURPOSE", failures: 1 }]);
  });

  it("leaves the credentials of other issuers to their own ports", async () => {
    const { wallet, clock } = await openAgent();
    const partner = signerOf("partner");
    const foreign = await identityOf(wallet.did, { signer: partner });
    await addCredentials(wallet, [foreign]);
    clock.advance(6 * HOUR);
    const port = honestPort({ signer: partner });
    const { renewed, nextDueAt } = await renewDue(wallet, port, { issuers: [partner.did] });
    expect(renewed.map(({ credentialId }) => credentialId)).toEqual([foreign.id]);
    expect(port.asked).toHaveLength(1);
    expect(nextDueAt).toBeGreaterThan(NOW + 8 * HOUR);
  });

  it("does nothing in a wallet that holds nothing", async () => {
    const { wallet } = await openWorld("new");
    expect(await renewDue(wallet, honestPort())).toEqual({ renewed: [], failed: [], redelegate: [] });
  });

  it("tells once that a credential has ended, and does not ask for it", async () => {
    const { wallet, clock, store, random, identity, authority, listening } = await openAgent();
    clock.advance(8 * HOUR);
    const port = honestPort();
    expect(await renewDue(wallet, port, listening)).toEqual({ renewed: [], failed: [], redelegate: [] });
    const ended = [identity.id, authority.id].map((credentialId) => ({
      type: "credential.ended",
      credentialId,
      endedAt: NOW + 8 * HOUR,
    }));
    expect(listening.events).toHaveLength(2);
    expect(listening.events).toEqual(expect.arrayContaining(ended));
    await renewDue(await openWallet(store, rawKey(1), { clock, random }), port, listening);
    expect(listening.events).toHaveLength(2);
    expect(port.asked).toEqual([]);
  });

  it("does not tell of the end of what was renewed, nor ask once more where the answer said something else", async () => {
    const { wallet, clock, authority, listening } = await openAgent();
    clock.advance(6 * HOUR);
    const wider = { grants: [{ ...REFUNDS, actions: ["refund.*"] }] };
    const port = openPort(async ({ credential }) => [
      await later(credential, isIdentity(credential) ? {} : { subject: wider }),
    ]);
    const { renewed } = await renewDue(wallet, port);
    expect(renewed.find(({ credentialId }) => credentialId === authority.id)?.differs).toEqual(["grants"]);
    clock.advance(HOUR);
    await renewDue(wallet, port, listening);
    clock.advance(HOUR);
    await renewDue(wallet, port, listening);
    expect(port.asked).toHaveLength(2);
    expect(listening.events).toEqual([]);
  });

  it("asks again where what came in its place is held no more", async () => {
    const { wallet, clock, authority } = await openAgent();
    clock.advance(6 * HOUR);
    const port = openPort(async ({ credential }) => [
      await later(
        credential,
        isIdentity(credential) ? {} : { subject: { grants: [{ ...REFUNDS, id: "r" }] } },
      ),
    ]);
    const { renewed } = await renewDue(wallet, port);
    const lost = renewed.find(({ credentialId }) => credentialId === authority.id)?.renewedId ?? "";
    const [held] = await findCredentials(wallet, { id: lost });
    const another = await later(held as AuthorityCredential, {
      subject: { grants: [{ ...REFUNDS, id: "s" }] },
    });
    await addCredentials(wallet, [another], { supersedes: [lost] });
    await renewDue(wallet, port);
    expect(port.asked.filter(({ credential }) => credential.id === authority.id)).toHaveLength(2);
  });

  it("passes over what another process is asking for, and takes over from one that died", async () => {
    const { wallet, clock, store, random } = await openAgent();
    clock.advance(6 * HOUR);
    const other = await openWallet(store, rawKey(1), { clock, random });
    let inside: RenewalReport | undefined;
    const second = honestPort();
    const port = openPort(async ({ credential }) => {
      inside ??= await renewDue(other, second);
      return [await later(credential)];
    });
    const report = await renewDue(wallet, port, { concurrency: 2, timeoutMs: 1000 });
    expect(report.renewed).toHaveLength(2);
    expect(inside?.renewed).toEqual([]);
    expect(second.asked).toEqual([]);

    const dead = await openAgent();
    dead.clock.advance(6 * HOUR);
    let isDead = false;
    const dying = {
      ...dead.store,
      commit: (...change: Parameters<typeof dead.store.commit>) =>
        isDead ? Promise.reject(new Error("killed")) : dead.store.commit(...change),
    };
    const killed = await openWallet(dying, rawKey(1), dead);
    const killer = openPort(() => {
      isDead = true;
      return Promise.reject(new Error("no"));
    });
    await expect(renewDue(killed, killer, { concurrency: 1, timeoutMs: 1000 })).rejects.toThrow("killed");
    const heir = honestPort();
    expect(await renewDue(dead.wallet, heir)).toMatchObject({ renewed: [{}] });
    dead.clock.advance(12_000 - 1);
    expect((await renewDue(dead.wallet, heir)).renewed).toEqual([]);
    dead.clock.advance(1);
    expect((await renewDue(dead.wallet, heir)).renewed).toHaveLength(1);
  });

  it("is done once by two processes that begin at the same time", async () => {
    const { wallet, clock, store, random } = await openAgent();
    clock.advance(6 * HOUR);
    const other = await openWallet(store, rawKey(1), { clock, random });
    const ports = [honestPort(), honestPort()] as const;
    const reports = await Promise.all([renewDue(wallet, ports[0]), renewDue(other, ports[1])]);
    expect(reports.flatMap(({ renewed }) => renewed)).toHaveLength(2);
    expect([...ports[0].asked, ...ports[1].asked]).toHaveLength(2);
    expect(await listCredentials(wallet)).toHaveLength(3);
  });

  it("passes over what another process has renewed since it looked", async () => {
    const { wallet, clock, store, random } = await openAgent();
    clock.advance(6 * HOUR);
    const other = await openWallet(store, rawKey(1), { clock, random });
    const second = honestPort();
    const port = openPort(async ({ credential }) => {
      await renewDue(other, second);
      return [await later(credential)];
    });
    expect((await renewDue(wallet, port, { concurrency: 1 })).renewed).toHaveLength(1);
    expect([port.asked.length, second.asked.length]).toEqual([1, 1]);
  });

  it("is not put off by a clock that was ahead for a while", async () => {
    const { wallet, clock } = await openAgent();
    clock.advance(6 * HOUR);
    const failing = openPort(() => Promise.reject(new Error("down")));
    await renewDue(wallet, failing);
    clock.advance(-4 * HOUR);
    const { nextDueAt } = await renewDue(wallet, honestPort(), { whenLeft: 0.9 });
    expect(nextDueAt).toBeGreaterThan(NOW + 2 * HOUR);
    expect((await listCredentials(wallet)).length).toBe(3);
  });

  it("forgets what it knew of credentials that are gone", async () => {
    const { wallet, clock, identity } = await openAgent();
    clock.advance(6 * HOUR);
    const failing = openPort(() => Promise.reject(new Error("down")));
    await renewDue(wallet, failing);
    await addCredentials(wallet, [await later(identity)]);
    const { failed } = await renewDue(wallet, failing);
    expect(failed).toEqual([]);
    expect(await vaultOf(wallet).count("renewal")).toBe(1);
    clock.advance(MINUTE);
    expect((await renewDue(wallet, failing)).failed).toMatchObject([{ failures: 2 }]);
  });

  it.each([
    { whenLeft: 0 },
    { whenLeft: 0.91 },
    { whenLeft: NaN },
    { concurrency: 0 },
    { concurrency: 65 },
    { concurrency: 1.5 },
    { timeoutMs: 0 },
    { timeoutMs: 600_001 },
  ])("refuses %o", async (options) => {
    const { wallet } = await openAgent();
    expect(await codeOfAsync(() => renewDue(wallet, honestPort(), options))).toBe("ARGUMENT_INVALID");
  });

  it.each(["", "x".repeat(401), undefined])("refuses a port of the name %j", async (domain) => {
    const { wallet } = await openAgent();
    const port = { ...honestPort(), domain: domain as string };
    expect(await codeOfAsync(() => renewDue(wallet, port))).toBe("ARGUMENT_INVALID");
  });

  it("fails of a wallet that is closed", async () => {
    const { wallet } = await openAgent();
    wallet.close();
    expect(await codeOfAsync(() => renewDue(wallet, honestPort()))).toBe("ARGUMENT_INVALID");
  });
});

describe("what was handed on under an authority that was renewed", () => {
  it("is named until it was handed on again, or has ended", async () => {
    const { wallet, clock, authority } = await openAgent();
    clock.advance(6 * HOUR - 10 * MINUTE);
    const handOn = async (to: string, parent: string) =>
      (await delegateAuthority(wallet, { to, grants: [CHILD], authority: parent })).credential;
    const one = await handOn(SUB, authority.id);
    const two = await handOn(OTHER, authority.id);
    clock.advance(10 * MINUTE);
    const port = honestPort();
    const report = await renewDue(wallet, port);
    const renewedId =
      report.renewed.find(({ credentialId }) => credentialId === authority.id)?.renewedId ?? "";
    const endsAt = NOW + 6 * HOUR + 50 * MINUTE;
    const named = (delegationId: string, to: string) => ({
      delegationId,
      to,
      endsAt,
      under: authority.id,
      renewedId,
    });
    expect(report.redelegate).toHaveLength(2);
    expect(report.redelegate).toEqual(expect.arrayContaining([named(one.id, SUB), named(two.id, OTHER)]));
    // Nobody has to name the one that was renewed.
    const again = await delegateAuthority(wallet, { to: SUB, grants: [CHILD] });
    expect(again.credential.credentialSubject.parent?.id).toBe(renewedId);
    expect((await renewDue(wallet, port)).redelegate).toEqual([named(two.id, OTHER)]);
    clock.advance(50 * MINUTE);
    expect((await renewDue(wallet, port)).redelegate).toEqual([]);
  });

  it("is not named while its authority was not renewed", async () => {
    const { wallet, clock } = await openAgent();
    clock.advance(6 * HOUR);
    await delegateAuthority(wallet, { to: SUB, grants: [CHILD] });
    const { redelegate } = await renewDue(
      wallet,
      openPort(() => Promise.reject(new WritError("FORBIDDEN", "no"))),
    );
    expect(redelegate).toEqual([]);
  });
});

describe("an authority that another agent handed on", () => {
  it("is renewed with the parent that was renewed before it", async () => {
    const lead = await openAgent();
    const sub = await openWorld("sub");
    const hand = async (parent: string) =>
      delegateAuthority(lead.wallet, { to: sub.wallet.did, grants: [CHILD], authority: parent });
    const first = await hand(lead.authority.id);
    await addCredentials(sub.wallet, [...first.bundle.map(asJson), await identityOf(sub.wallet.did)]);
    for (const { clock } of [lead, sub]) clock.advance(50 * MINUTE);
    const fresh = await authorityOf(lead.wallet.did, {
      maxHops: 1,
      members: { validUntil: "2026-11-23T20:00:00Z" },
    });
    await addCredentials(lead.wallet, [fresh]);
    const port = openPort(async () => (await hand(fresh.id)).bundle);
    const { renewed, failed } = await renewDue(sub.wallet, port, { issuers: [lead.wallet.did] });
    expect(failed).toEqual([]);
    expect(renewed).toMatchObject([{ credentialId: first.credential.id, differs: [] }]);
    // What was shown is the whole chain, and who is in it.
    expect(port.asked[0]?.request.verifiableCredential).toHaveLength(4);
    expect(await idsIn(sub.wallet)).toContain(fresh.id);
  });
});

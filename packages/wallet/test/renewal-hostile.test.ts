import { isIdentity, WritError, type JsonObject, type WritCredential } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createKey,
  listCredentials,
  renewDue,
  useKey,
  type CredentialRenewal,
  type RenewalEvent,
} from "../src/index.js";
import { honestPort, later, openAgent, openPort, type Asked } from "./renewing.js";
import { authorityOf, HOUR, identityOf, NOW, openWorld, ORGANISATION, signerOf } from "./world.js";

const STRANGER = signerOf("stranger");
const never = new Promise<never>(() => undefined);

/** An agent whose authority alone is due. */
async function openDue() {
  const agent = await openAgent();
  await addCredentials(agent.wallet, [await later(agent.identity, { hours: 100 })]);
  agent.clock.advance(6 * HOUR);
  const before = await listCredentials(agent.wallet);
  return { ...agent, before };
}

type Hostile = readonly [what: string, answer: (asked: Asked) => unknown, code: string];

const one =
  (change: (credential: WritCredential) => Promise<object>) =>
  async ({ credential }: Asked): Promise<readonly object[]> => [await change(credential)];

const HOSTILE: readonly Hostile[] = [
  ["nothing at all", () => undefined, "RENEWAL_INVALID"],
  ["null", () => null, "RENEWAL_INVALID"],
  ["an empty list", () => [], "RENEWAL_INVALID"],
  ["what only looks like a list", () => ({ length: 1, 0: {} }), "RENEWAL_INVALID"],
  ["a text", () => "credential", "RENEWAL_INVALID"],
  ["a list of texts", () => ["credential"], "RENEWAL_INVALID"],
  ["a list with a hole", () => new Array<object>(1), "RENEWAL_INVALID"],
  ["no credential", () => [{}], "CONTEXT_NOT_ALLOWED"],
  ["the same again", ({ credential }) => [credential], "RENEWAL_INVALID"],
  ["one that ends as it does", one((credential) => later(credential, { hours: 0 })), "RENEWAL_INVALID"],
  ["an older one", one((credential) => later(credential, { hours: -1 })), "RENEWAL_INVALID"],
  [
    "one that begins when it has ended",
    one((credential) => later(credential, { members: { validFrom: "2026-11-23T16:00:01Z" } })),
    "RENEWAL_INVALID",
  ],
  ["one by another issuer", one((credential) => later(credential, { signer: STRANGER })), "RENEWAL_INVALID"],
  [
    "one that another signed in the issuer's name",
    one((credential) => later(credential, { signer: STRANGER, members: { issuer: ORGANISATION.did } })),
    "ISSUER_MISMATCH",
  ],
  [
    "one that was changed after it was signed",
    one(async (credential) => ({ ...(await later(credential)), validUntil: "2026-11-24T08:00:00Z" })),
    "SIGNATURE_INVALID",
  ],
  [
    "one for another subject",
    one((credential) => later(credential, { subject: { id: STRANGER.did } })),
    "RENEWAL_INVALID",
  ],
  [
    "one for another principal",
    one((credential) => later(credential, { subject: { principal: STRANGER.did } })),
    "RENEWAL_INVALID",
  ],
  [
    "an identity for an authority",
    one((credential) =>
      identityOf(credential.credentialSubject.id, { members: { validUntil: "2026-12-24T08:00:00Z" } }),
    ),
    "RENEWAL_INVALID",
  ],
  [
    "one of the same id",
    one((credential) => later(credential, { members: { id: credential.id } })),
    "CREDENTIAL_DUPLICATE",
  ],
  [
    "two that would do",
    async ({ credential }) => [await later(credential), await later(credential, { hours: 7 })],
    "RENEWAL_INVALID",
  ],
  [
    "another authority beside it",
    async ({ credential }) => [
      await later(credential),
      await authorityOf(credential.credentialSubject.id, { signer: STRANGER }),
    ],
    "RENEWAL_INVALID",
  ],
  [
    "a stranger's credential beside it",
    async ({ credential }) => [await later(credential), await identityOf(STRANGER.did)],
    "CREDENTIAL_UNEXPECTED",
  ],
  [
    "a credential in others' vocabulary beside it",
    async ({ credential }) => [
      await later(credential),
      {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        type: ["VerifiableCredential"],
        issuer: STRANGER.did,
        credentialSubject: { name: "somebody" },
      },
    ],
    "RENEWAL_INVALID",
  ],
  [
    "1,000 credentials",
    async ({ credential }) => new Array<JsonObject>(1000).fill(await later(credential)),
    "TOO_MANY_ITEMS",
  ],
  [
    "a credential of 300 KiB",
    one(async (credential) => ({ ...(await later(credential)), filling: "x".repeat(300 * 1024) })),
    "TOO_LARGE",
  ],
  [
    "a getter that throws what is no error",
    one((credential) =>
      Promise.resolve(
        Object.defineProperty({ ...credential }, "issuer", { enumerable: true, get: () => raise("gotcha") }),
      ),
    ),
    "RENEWAL_INVALID",
  ],
  ["a number that JSON has not", () => [{ big: 1n }], "RENEWAL_INVALID"],
];

function raise(what: unknown): never {
  throw what;
}

/** What is to be seen of a renewal that failed of one credential. */
const failing = (credentialId: string, code: string) => ({
  renewed: [],
  failed: [{ credentialId, code, failures: 1 }],
});

describe("what a hostile port answers", () => {
  it.each(HOSTILE)("is not taken in: %s", async (_, answer, code) => {
    const { wallet, authority, before } = await openDue();
    const report = await renewDue(wallet, openPort(answer));
    expect(report).toMatchObject(failing(authority.id, code));
    expect(await listCredentials(wallet)).toEqual(before);
  });

  it("is not taken in where it vouches for another agent", async () => {
    const { wallet, clock, identity } = await openAgent();
    clock.advance(6 * HOUR);
    const agentId = "urn:uuid:00000000-0000-4000-8000-000000000001";
    const port = openPort(async ({ credential }) => [
      await later(credential, isIdentity(credential) ? { subject: { agentId } } : {}),
    ]);
    const { failed } = await renewDue(wallet, port);
    expect(failed).toMatchObject([{ credentialId: identity.id, code: "RENEWAL_INVALID" }]);
  });

  it("is not taken in where it is for another key of the same wallet", async () => {
    const { wallet, authority } = await openDue();
    const { did } = await createKey(wallet);
    await addCredentials(await useKey(wallet, did), [
      await identityOf(did, { members: { validUntil: "2026-12-24T08:00:00Z" } }),
    ]);
    const port = openPort(async ({ credential }) => [await later(credential, { subject: { id: did } })]);
    expect(await renewDue(wallet, port)).toMatchObject(failing(authority.id, "RENEWAL_INVALID"));
  });

  it("is read once, so that what is checked is what is stored", async () => {
    const { wallet } = await openDue();
    let reads = 0;
    const port = openPort(async ({ credential }) => {
      const { issuer: _, ...rest } = await later(credential);
      const issuer = () => (reads++ === 0 ? ORGANISATION.did : STRANGER.did);
      return [Object.defineProperty(rest, "issuer", { enumerable: true, get: issuer })];
    });
    expect((await renewDue(wallet, port)).failed).toEqual([]);
    expect(reads).toBe(1);
  });
});

type Broken = readonly [what: string, port: Partial<CredentialRenewal>, code: string];

const BROKEN: readonly Broken[] = [
  ["throws at once", { renew: () => raise(new Error("no")) }, "RENEWAL_UNAVAILABLE"],
  ["throws a text", { renew: () => raise("no") }, "RENEWAL_UNAVAILABLE"],
  ["throws nothing", { renew: () => raise(undefined) }, "RENEWAL_UNAVAILABLE"],
  ["refuses", { renew: () => Promise.reject(new WritError("FORBIDDEN", "not you")) }, "FORBIDDEN"],
  [
    "refuses with a code of its own",
    { renew: () => raise(new WritError("x" as "FORBIDDEN", "")) },
    "RENEWAL_UNAVAILABLE",
  ],
  ["never answers", { renew: () => never }, "RENEWAL_UNAVAILABLE"],
  ["gives no challenge", { challenge: () => Promise.reject(new Error("no")) }, "RENEWAL_UNAVAILABLE"],
  ["never gives a challenge", { challenge: () => never }, "RENEWAL_UNAVAILABLE"],
  ["gives an empty challenge", { challenge: () => Promise.resolve("") }, "RENEWAL_INVALID"],
  [
    "gives a challenge that is too long",
    { challenge: () => Promise.resolve("x".repeat(513)) },
    "RENEWAL_INVALID",
  ],
  [
    "gives a challenge that is no text",
    { challenge: () => Promise.resolve(7 as unknown as string) },
    "RENEWAL_INVALID",
  ],
];

describe("a port that", () => {
  it.each(BROKEN)("%s fails for one credential, and for nobody else", async (_, broken, code) => {
    const { wallet, authority, before, listening } = await openDue();
    const port = openPort(() => [], broken);
    const report = await renewDue(wallet, port, { ...listening, timeoutMs: 20 });
    expect(report).toMatchObject(failing(authority.id, code));
    const { retryAt = 0 } = report.failed[0] ?? {};
    expect(report.nextDueAt).toBe(retryAt);
    expect(retryAt).toBeGreaterThanOrEqual(NOW + 6 * HOUR + 15_000);
    expect(retryAt).toBeLessThan(NOW + 6 * HOUR + 30_000);
    expect(listening.events.map(({ type }) => type)).toEqual(["renewal.due", "renewal.failed"]);
    expect(listening.events[1]).toEqual({ type: "renewal.failed", ...report.failed[0] });
    expect(await listCredentials(wallet)).toEqual(before);
  });

  it("fails is left alone until its time, and asked later and later", async () => {
    const { wallet, clock } = await openDue();
    const port = openPort(() => raise(new Error("down")));
    const waits: number[] = [];
    for (let round = 1; round <= 6; round++) {
      const { failed, nextDueAt = 0 } = await renewDue(wallet, port);
      expect(failed).toMatchObject([{ failures: round, retryAt: nextDueAt }]);
      expect(port.asked).toHaveLength(round);
      waits.push(nextDueAt - clock());
      clock.advance(nextDueAt - clock() - 1);
      expect((await renewDue(wallet, port)).failed).toEqual([]);
      clock.advance(1);
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(15_000 * 2 ** index);
      expect(wait).toBeLessThan(30_000 * 2 ** index);
    }
    // A success ends the row.
    expect((await renewDue(wallet, honestPort())).renewed).toHaveLength(1);
  });

  it("works for some renews these, whatever the others come to", async () => {
    const { wallet, clock } = await openWorld("many");
    const identity = await identityOf(wallet.did);
    const authorities = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        authorityOf(wallet.did, { grants: [{ id: `g${String(index)}`, actions: ["a"] }] }),
      ),
    );
    await addCredentials(wallet, [identity, ...authorities]);
    clock.advance(6 * HOUR);
    let running = 0;
    let most = 0;
    const port = openPort(async ({ credential }) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      running--;
      const position = authorities.findIndex(({ id }) => id === credential.id);
      if (position % 3 === 0) throw new Error("no");
      if (position % 3 === 1) return [];
      return [await later(credential)];
    });
    const { renewed, failed } = await renewDue(wallet, port, { concurrency: 3 });
    expect(most).toBe(3);
    expect(failed.map(({ code }) => code).toSorted()).toEqual([
      "RENEWAL_INVALID",
      "RENEWAL_INVALID",
      "RENEWAL_INVALID",
      "RENEWAL_UNAVAILABLE",
      "RENEWAL_UNAVAILABLE",
      "RENEWAL_UNAVAILABLE",
    ]);
    expect(renewed).toHaveLength(4);
  });

  it("gives a life that is over at once is not asked without pause", async () => {
    const { wallet, clock, authority } = await openDue();
    const port = openPort(async ({ credential }) => [await later(credential, { hours: 1 / 3600 })]);
    const { renewed, nextDueAt } = await renewDue(wallet, port);
    expect(renewed).toMatchObject([{ credentialId: authority.id }]);
    expect(nextDueAt).toBe(clock() + 10_000);
  });
});

describe("calling it off", () => {
  it("leaves what was not asked for, and counts nothing against what was", async () => {
    const { wallet, clock, listening } = await openAgent();
    clock.advance(6 * HOUR);
    const abort = new AbortController();
    const signals: AbortSignal[] = [];
    const port = openPort(({ signal }) => {
      signals.push(signal);
      abort.abort();
      return never;
    });
    const report = await renewDue(wallet, port, { ...listening, concurrency: 1, signal: abort.signal });
    expect(report).toEqual({ renewed: [], failed: [], redelegate: [], nextDueAt: clock() + 10_000 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await renewDue(wallet, port, { ...listening, signal: abort.signal })).failed).toEqual([]);
    expect(listening.events.map(({ type }) => type)).toEqual(["renewal.due"]);
    expect(port.asked).toHaveLength(1);
    // Nothing is put off by it.
    expect((await renewDue(wallet, honestPort())).renewed).toHaveLength(2);
  });
});

describe("a listener that", () => {
  it.each<readonly [string, (event: RenewalEvent) => unknown]>([
    ["throws", () => raise(new Error("listener"))],
    ["throws what is no error", () => raise(undefined)],
    ["rejects", () => Promise.reject(new Error("listener"))],
    ["never ends", () => never],
  ])("%s disturbs nothing", async (_, onEvent) => {
    const { wallet } = await openDue();
    const { renewed } = await renewDue(wallet, honestPort(), {
      onEvent: (event) => onEvent(event) as undefined,
    });
    expect(renewed).toHaveLength(1);
  });

  it("is told nothing but plain data", async () => {
    const { wallet, listening } = await openDue();
    await renewDue(wallet, honestPort(), listening);
    expect(JSON.parse(JSON.stringify(listening.events))).toEqual(listening.events);
    expect(JSON.stringify(listening.events)).not.toContain("proof");
  });
});

it("a wallet that cannot remember the failure says so", async () => {
  const { wallet } = await openDue();
  const port = openPort(() => {
    wallet.close();
    return raise(new Error("down"));
  });
  expect(await codeOfAsync(() => renewDue(wallet, port))).toBe("ARGUMENT_INVALID");
  expect(port.asked).toHaveLength(1);
});

import {
  asJson,
  digestMultibase,
  signDocument,
  snapshot,
  type DidResolver,
  type JsonObject,
  type SignOptions,
} from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  countCredentials,
  createKey,
  createMemoryWalletStore,
  delegateAuthority,
  destroyKey,
  eachCredential,
  findCredentials,
  findGenericCredentials,
  listCredentials,
  makePrimary,
  respond,
  useKey,
  type CredentialFilter,
  type Wallet,
  type WalletStore,
} from "../src/index.js";
import { authorityOf, HOUR, identityOf, NOW, openWorld, ORGANISATION, REFUNDS, signerOf } from "./world.js";

const V2 = "https://www.w3.org/ns/credentials/v2";
const ALUMNUS = "https://university.example/terms#AlumniCredential";
const UNIVERSITY = signerOf("university");
const STRANGER = signerOf("stranger");

/** A credential of somebody else's vocabulary, signed. */
async function alumnus(subject: string | undefined, members: object = {}, suite?: SignOptions["suite"]) {
  const unsigned = snapshot({
    "@context": [V2],
    type: ["VerifiableCredential", ALUMNUS],
    issuer: { id: UNIVERSITY.did, name: "University" },
    validFrom: "2026-01-01T00:00:00Z",
    credentialSubject: { ...(subject === undefined ? {} : { id: subject }), name: "Ada" },
    ...members,
  });
  const options = { signer: UNIVERSITY, purpose: "assertionMethod", created: NOW, suite } as const;
  return asJson(await signDocument(unsigned, options));
}

const until = (hours: number): object => ({
  validUntil: new Date(NOW + hours * HOUR).toISOString().replace(".000", ""),
});

async function idsOf(wallet: Wallet): Promise<readonly string[]> {
  return (await listCredentials(wallet)).map(({ id }) => id).sort();
}

describe("credentials of others' vocabulary", () => {
  it("are verified, kept and found, with an id or without", async () => {
    const { wallet } = await openWorld();
    const named = await alumnus(wallet.did, { id: "urn:uuid:0f5a5f0e-8d58-4b0b-9a1c-0a2c3d4e5f60" });
    const nameless = await alumnus(wallet.did, {}, "eddsa-rdfc-2022");
    const digest = digestMultibase(nameless);
    expect(await addCredentials(wallet, [named, nameless])).toEqual([named["id"], digest]);
    expect(await addCredentials(wallet, [named, nameless, nameless])).toEqual([]);
    const held = await findGenericCredentials(wallet, { type: ALUMNUS, issuer: UNIVERSITY.did });
    expect(held.map(({ json }) => json)).toEqual(expect.arrayContaining([named, nameless]));
    expect(held).toHaveLength(2);
    expect(await findGenericCredentials(wallet, { digestMultibase: digest })).toMatchObject([{ digest }]);
    expect(await findGenericCredentials(wallet, { subject: STRANGER.did })).toEqual([]);
    expect(await listCredentials(wallet)).toEqual([]);
    expect(await countCredentials(wallet)).toBe(2);
  });

  it("without an id go by their digests", async () => {
    const { wallet } = await openWorld();
    const id = "urn:uuid:0f5a5f0e-8d58-4b0b-9a1c-0a2c3d4e5f60";
    const [named, nameless, later] = [
      await alumnus(wallet.did, { id }),
      await alumnus(wallet.did),
      await alumnus(wallet.did, { validFrom: "2026-01-02T00:00:00Z" }),
    ];
    const digest = digestMultibase(nameless);
    await addCredentials(wallet, [named, nameless]);
    const found = async (filter: CredentialFilter) =>
      (await findGenericCredentials(wallet, filter)).map(({ json }) => json);
    expect(await found({ id: digest, type: ALUMNUS })).toEqual([nameless]);
    expect(await found({ id: digest, type: "Other" })).toEqual([]);
    expect(await found({ id })).toEqual([named]);
    // One that bears an id goes by that alone.
    expect(await found({ id: digestMultibase(named) })).toEqual([]);
    const notHeld = { supersedes: [digestMultibase(named)] };
    expect(await codeOfAsync(() => addCredentials(wallet, [later], notHeld))).toBe("NOT_FOUND");
    for (const [given, supersedes] of [
      [[], [digest]],
      [[nameless], [digest]],
    ] as const) {
      // Something would go, and nothing would come.
      expect(await codeOfAsync(() => addCredentials(wallet, given, { supersedes }))).toBe("ARGUMENT_INVALID");
    }
    await addCredentials(wallet, [later], { supersedes: [digest] });
    expect(await found({})).toEqual(expect.arrayContaining([named, later]));
    expect(await countCredentials(wallet)).toBe(2);
  });

  it("answer requests", async () => {
    const { wallet } = await openWorld();
    const document = await alumnus(wallet.did);
    await addCredentials(wallet, [document, await identityOf(wallet.did)]);
    const request = {
      query: { type: "QueryByExample", credentialQuery: { example: { type: ALUMNUS } } },
      challenge: "c",
      domain: "https://shop.example",
    };
    const answer = await respond(wallet, request, { expectedDomain: "https://shop.example" });
    expect(answer).toMatchObject({
      language: "vpr",
      presentation: { holder: wallet.did, verifiableCredential: [document] },
    });
  });

  const refused: readonly (readonly [string, (did: string) => Promise<JsonObject>, string, string])[] = [
    ["of a stranger", () => alumnus(STRANGER.did), "CREDENTIAL_UNEXPECTED", "/0"],
    ["of nobody in particular", () => alumnus(undefined), "CREDENTIAL_UNEXPECTED", "/0"],
    [
      "that was changed",
      async (did) => ({ ...(await alumnus(did)), validFrom: "2026-01-02T00:00:00Z" }),
      "SIGNATURE_INVALID",
      "/0/proof",
    ],
    [
      "that somebody else signed",
      async (did) => alumnus(did, { issuer: STRANGER.did }),
      "ISSUER_MISMATCH",
      "/0/proof",
    ],
    [
      "that has ended",
      (did) => alumnus(did, { validUntil: "2026-11-23T08:00:00Z" }),
      "EXPIRED",
      "/0/validUntil",
    ],
    [
      "with an inline context",
      async (did) => ({
        ...(await alumnus(did)),
        "@context": [V2, { grade: "https://evil.example/grade" }],
      }),
      "CONTEXT_NOT_ALLOWED",
      "/0/@context/1",
    ],
  ];

  it.each(refused)("row 189: are refused %s", async (_, document, code, pointer) => {
    const { wallet } = await openWorld();
    expect(await refusalOfAsync(async () => addCredentials(wallet, [await document(wallet.did)]))).toEqual({
      code,
      pointer,
    });
    expect(await countCredentials(wallet)).toBe(0);
  });

  it("are refused beside another of the same id", async () => {
    const { wallet } = await openWorld();
    const id = { id: "urn:uuid:0f5a5f0e-8d58-4b0b-9a1c-0a2c3d4e5f60" };
    await addCredentials(wallet, [await alumnus(wallet.did, id)]);
    const other = await alumnus(wallet.did, { ...id, validFrom: "2026-01-03T00:00:00Z" });
    expect(await codeOfAsync(() => addCredentials(wallet, [other]))).toBe("CREDENTIAL_DUPLICATE");
  });

  it("are verified with the resolver that is given", async () => {
    const { wallet } = await openWorld();
    const asked: string[] = [];
    const resolver: DidResolver = {
      resolve(did) {
        asked.push(did);
        return Promise.reject(new Error("not reached"));
      },
    };
    const document = await alumnus(wallet.did);
    expect(await codeOfAsync(() => addCredentials(wallet, [document], { resolver }))).toBe("DID_UNAVAILABLE");
    expect(asked).toEqual([UNIVERSITY.did]);
  });
});

it("tells how far the verification of many has come", async () => {
  const { wallet } = await openWorld();
  const documents = await Promise.all(Array.from({ length: 3 }, () => authorityOf(wallet.did)));
  const seen: unknown[] = [];
  await addCredentials(wallet, documents, { onProgress: (progress) => seen.push(progress) });
  expect(seen).toEqual([0, 1, 2].map((done) => ({ done, total: 3 })));
});

describe("renewed credentials", () => {
  it("an identity takes the place of the one that it renews", async () => {
    const { wallet } = await openWorld();
    const first = await identityOf(wallet.did);
    const foreign = await identityOf(wallet.did, { signer: UNIVERSITY });
    const renewed = await identityOf(wallet.did, { members: until(9) });
    await addCredentials(wallet, [first, foreign]);
    await addCredentials(wallet, [renewed]);
    expect(await idsOf(wallet)).toEqual([foreign.id, renewed.id].sort());
  });

  it.each([
    ["that ends no later", until(8)],
    ["that has not begun", { validFrom: "2026-11-23T09:00:00Z", ...until(10) }],
  ])("an identity %s takes nobody's place", async (_, members) => {
    const { wallet } = await openWorld();
    const first = await identityOf(wallet.did);
    await addCredentials(wallet, [first]);
    const next = await identityOf(wallet.did, { members });
    await addCredentials(wallet, [next]);
    expect(await idsOf(wallet)).toEqual([first.id, next.id].sort());
  });

  it("an authority that says the same stays until it has ended", async () => {
    const { wallet, clock } = await openWorld();
    const first = await authorityOf(wallet.did);
    const other = await authorityOf(wallet.did, { grants: [{ ...REFUNDS, id: "others" }] });
    await addCredentials(wallet, [first, other]);
    clock.advance(4 * HOUR);
    const second = await authorityOf(wallet.did, { members: until(12) });
    await addCredentials(wallet, [second]);
    expect(await idsOf(wallet)).toEqual([first.id, other.id, second.id].sort());
    clock.advance(4 * HOUR);
    const third = await authorityOf(wallet.did, { members: until(16) });
    await addCredentials(wallet, [third]);
    // What says something else is not renewed by it, though it has ended as well.
    expect(await idsOf(wallet)).toEqual([other.id, second.id, third.id].sort());
  });

  it("those that are superseded go with what comes, or nothing does", async () => {
    const { wallet } = await openWorld();
    const [wide, narrow] = [await authorityOf(wallet.did), await authorityOf(wallet.did)];
    await addCredentials(wallet, [wide]);
    const unknown = { supersedes: ["urn:uuid:00000000-0000-4000-8000-000000000000"] };
    expect(await codeOfAsync(() => addCredentials(wallet, [narrow], unknown))).toBe("NOT_FOUND");
    expect(await idsOf(wallet)).toEqual([wide.id]);
    await addCredentials(wallet, [narrow], { supersedes: [wide.id] });
    expect(await idsOf(wallet)).toEqual([narrow.id]);
  });
});

describe("many credentials of one kind", () => {
  it("are held against what is held once, and not each by itself", async () => {
    const store = createMemoryWalletStore();
    let read = 0;
    const counting: WalletStore = {
      ...store,
      async read(query) {
        const view = await store.read(query);
        read += view.records.length;
        return view;
      },
    };
    const { wallet } = await openWorld("many", counting);
    const many = () => Promise.all(Array.from({ length: 20 }, () => authorityOf(wallet.did)));
    await addCredentials(wallet, await many());
    const news = await many();
    read = 0;
    await addCredentials(wallet, news);
    expect(read).toBeLessThan(50);
  });
});

describe("a credential that is held", () => {
  const brief = { expires: NOW + 1000 };

  it("gives way to the same one where its proofs have ended, and not before", async () => {
    const { wallet, clock } = await openWorld();
    const lasting = await alumnus(wallet.did);
    const { proof, ...unsigned } = lasting;
    const options = { signer: STRANGER, purpose: "assertionMethod", created: NOW, ...brief } as const;
    const strangers = await signDocument(snapshot(unsigned), options);
    const ending = { ...unsigned, proof: [proof, strangers.proof] } as JsonObject;
    const digest = digestMultibase(lasting);
    const identity = await identityOf(wallet.did);
    const { proof: _proof, ...rest } = identity;
    const { proof: briefProof } = await signDocument(snapshot(rest), { ...options, signer: ORGANISATION });
    expect(await addCredentials(wallet, [ending])).toEqual([digest]);
    expect(await addCredentials(wallet, [{ ...rest, proof: briefProof }])).toEqual([identity.id]);
    clock.advance(999);
    expect(await addCredentials(wallet, [lasting, identity])).toEqual([]);
    clock.advance(1);
    expect(await addCredentials(wallet, [lasting, identity, lasting])).toEqual([digest, identity.id]);
    expect((await findGenericCredentials(wallet)).map(({ json }) => json)).toEqual([lasting]);
    expect(await listCredentials(wallet)).toEqual([identity]);
    expect(await addCredentials(wallet, [lasting, identity])).toEqual([]);
  });

  it("is not renewed by an older one that lasts longer", async () => {
    const { wallet, clock } = await openWorld();
    const before = await identityOf(wallet.did, { members: until(100) });
    clock.advance(HOUR);
    const begun = { validFrom: "2026-11-23T09:00:00Z", ...until(50) };
    const now = await identityOf(wallet.did, { members: begun });
    await addCredentials(wallet, [now]);
    await addCredentials(wallet, [before]);
    expect(await idsOf(wallet)).toEqual([before.id, now.id].sort());
  });

  it("is not renewed by one whose proof ends sooner", async () => {
    const { wallet } = await openWorld();
    const lasting = await identityOf(wallet.did);
    const ending = await identityOf(wallet.did, { members: until(20), proof: brief });
    await addCredentials(wallet, [lasting]);
    await addCredentials(wallet, [ending]);
    expect(await idsOf(wallet)).toEqual([lasting.id, ending.id].sort());
    // And the reverse: the one whose proof ends goes.
    await addCredentials(wallet, [await identityOf(wallet.did, { members: until(7) })]);
    expect(await idsOf(wallet)).not.toContain(ending.id);
  });

  it("and has lost its parent keeps nothing else out", async () => {
    const { wallet, clock } = await openWorld();
    const grants = [{ ...REFUNDS, within: "refunds" }];
    const parent = await authorityOf(STRANGER.did, { maxHops: 1, members: until(100) });
    const child = await authorityOf(wallet.did, { signer: STRANGER, parent, grants, members: until(100) });
    await addCredentials(wallet, [parent, child]);
    const minute = { members: { validUntil: "2026-11-23T08:01:00Z" } };
    const between = signerOf("between");
    const ending = await authorityOf(UNIVERSITY.did, { maxHops: 2, ...minute });
    const under = { signer: UNIVERSITY, parent: ending };
    const middle = await authorityOf(between.did, { ...under, grants, maxHops: 1, ...minute });
    const below = await authorityOf(wallet.did, { signer: between, parent: middle, grants, ...minute });
    await addCredentials(wallet, [ending, middle, below]);
    clock.advance(61_000);
    const renewed = await authorityOf(UNIVERSITY.did, { maxHops: 2 });
    const other = [{ ...REFUNDS, within: "refunds", actions: ["refund.create"] }];
    const next = await authorityOf(wallet.did, { signer: UNIVERSITY, parent: renewed, grants: other });
    await addCredentials(wallet, [renewed, next]);
    expect(await idsOf(wallet)).toEqual(
      [parent, child, middle, below, renewed, next].map(({ id }) => id).sort(),
    );
    const theirs = await identityOf(STRANGER.did);
    expect(await addCredentials(wallet, [theirs])).toEqual([theirs.id]);
    // Whom nothing leads to, or only what can no more be shown, is still a stranger.
    for (const { did } of [signerOf("nobody"), between]) {
      const stranger = await identityOf(did);
      expect(await codeOfAsync(() => addCredentials(wallet, [stranger]))).toBe("CREDENTIAL_UNEXPECTED");
    }
    // And a chain that comes has to be whole.
    const orphan = await authorityOf(wallet.did, { signer: UNIVERSITY, parent: ending, grants });
    expect(await codeOfAsync(() => addCredentials(wallet, [orphan]))).toBe("CHAIN_PARENT_MISSING");
  });
});

describe("what is superseded", () => {
  it("is not what comes: two that are held do not take each other's place", async () => {
    const { wallet } = await openWorld();
    const [one, other] = [await identityOf(wallet.did), await identityOf(wallet.did, { signer: STRANGER })];
    await addCredentials(wallet, [one, other]);
    const third = await authorityOf(wallet.did);
    for (const given of [
      [one, other],
      [one, other, third],
    ]) {
      const mutual = () => addCredentials(wallet, given, { supersedes: [one.id, other.id] });
      expect(await codeOfAsync(mutual)).toBe("ARGUMENT_INVALID");
    }
    expect(await idsOf(wallet)).toEqual([one.id, other.id].sort());
  });

  it("is so by one of its type and its holder, of whatever kind and key", async () => {
    const { wallet } = await openWorld();
    const identity = await identityOf(wallet.did);
    const authority = await authorityOf(wallet.did);
    await addCredentials(wallet, [identity, authority, await alumnus(wallet.did)]);
    const another = await authorityOf(wallet.did);
    const supersede = (comes: object, goes: { readonly id: string }) => () =>
      addCredentials(wallet, [comes], { supersedes: [goes.id] });
    expect(await codeOfAsync(supersede(another, identity))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(supersede(await alumnus(wallet.did), authority))).toBe("ARGUMENT_INVALID");
    // The identity of whoever handed on to it is of the type, and not the agent's.
    const parent = await authorityOf(STRANGER.did, { maxHops: 1 });
    const grants = [{ ...REFUNDS, within: "refunds" }];
    const child = await authorityOf(wallet.did, { signer: STRANGER, parent, grants });
    await addCredentials(wallet, [parent, child]);
    const theirs = await identityOf(STRANGER.did);
    expect(await codeOfAsync(supersede(theirs, identity))).toBe("ARGUMENT_INVALID");
    // Nor the agent's own in the place of theirs.
    await addCredentials(wallet, [theirs]);
    expect(await codeOfAsync(supersede(await identityOf(wallet.did), theirs))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(supersede(another, parent))).toBe("ARGUMENT_INVALID");
    // What they have with another key comes in the place of it, with all that hangs on it.
    const next = await authorityOf(UNIVERSITY.did, { maxHops: 1 });
    const moved = await identityOf(UNIVERSITY.did);
    const renewed = await authorityOf(wallet.did, { signer: UNIVERSITY, parent: next, grants });
    await addCredentials(wallet, [next, moved, renewed], { supersedes: [parent.id, theirs.id, child.id] });
    const { did } = await createKey(wallet, { name: "next" });
    const first = await authorityOf(did);
    await addCredentials(wallet, [first], { supersedes: [authority.id] });
    expect(await idsOf(wallet)).toContain(first.id);
    expect(await idsOf(wallet)).not.toContain(authority.id);
    // Also where the key of before is destroyed, and for one of another's by the same subject.
    await destroyKey(wallet, did);
    const last = await authorityOf(wallet.did);
    await addCredentials(wallet, [last], { supersedes: [first.id] });
    const again = await identityOf(UNIVERSITY.did, { signer: STRANGER });
    await addCredentials(wallet, [again], { supersedes: [moved.id] });
    expect(await idsOf(wallet)).toEqual(expect.arrayContaining([last.id, again.id]));
    expect(await idsOf(wallet)).not.toEqual(expect.arrayContaining([first.id]));
    expect(await idsOf(wallet)).not.toEqual(expect.arrayContaining([moved.id]));
  });

  it("is so by the same holder's where nothing hangs on it any more", async () => {
    const { wallet } = await openWorld();
    const chain = async () => {
      const parent = await authorityOf(STRANGER.did, { maxHops: 1 });
      const grants = [{ ...REFUNDS, within: "refunds" }];
      const child = await authorityOf(wallet.did, { signer: STRANGER, parent, grants });
      return [parent, child, await identityOf(STRANGER.did)] as const;
    };
    const [parent, child, before] = await chain();
    await addCredentials(wallet, [parent, child, before]);
    const own = await authorityOf(wallet.did);
    await addCredentials(wallet, [own], { supersedes: [child.id] });
    const again = await chain();
    await addCredentials(wallet, again, { supersedes: [before.id] });
    const left = [parent, own, ...again].map(({ id }) => id);
    expect(await idsOf(wallet)).toEqual(left.sort());
  });

  it("is the agent's own also where one of its keys handed on to another", async () => {
    const { wallet } = await openWorld();
    const { did } = await createKey(wallet, { name: "next" });
    const parent = await authorityOf(wallet.did, { maxHops: 1 });
    await addCredentials(wallet, [await identityOf(wallet.did), parent]);
    const { bundle } = await delegateAuthority(wallet, {
      to: did,
      grants: [{ ...REFUNDS, within: "refunds" }],
    });
    await addCredentials(wallet, bundle);
    const moved = await authorityOf(did);
    await addCredentials(wallet, [moved], { supersedes: [parent.id] });
    expect(await idsOf(wallet)).not.toContain(parent.id);
  });

  it("is of a destroyed key only where no chain needs it", async () => {
    const { wallet, signer } = await openWorld();
    const [identity, root] = [await identityOf(wallet.did), await authorityOf(wallet.did, { maxHops: 2 })];
    await addCredentials(wallet, [identity, root]);
    const grants = [{ ...REFUNDS, within: "refunds" }];
    const on = await authorityOf(STRANGER.did, { signer, parent: root, grants, maxHops: 1 });
    const { did } = await createKey(wallet, { name: "next" });
    await makePrimary(wallet, did);
    const now = await useKey(wallet, did);
    await destroyKey(now, wallet.did);
    const back = await authorityOf(did, { signer: STRANGER, parent: on, grants });
    await addCredentials(now, [on, back]);
    const theirs = await identityOf(STRANGER.did);
    const next = await identityOf(did);
    const supersede = (comes: object, goes: { readonly id: string }) =>
      addCredentials(now, [comes], { supersedes: [goes.id] });
    for (const [comes, goes] of [
      [theirs, identity],
      [next, identity],
      [await authorityOf(did), root],
      [await authorityOf(did), on],
    ] as const) {
      expect(await codeOfAsync(() => supersede(comes, goes))).toBe("ARGUMENT_INVALID");
    }
    // All that hangs together may go at once, and what nothing hangs on goes alone.
    const own = await authorityOf(did);
    await addCredentials(now, [own], { supersedes: [root.id, on.id, back.id] });
    expect(await codeOfAsync(() => supersede(own, identity))).toBe("ARGUMENT_INVALID");
    await supersede(next, identity);
    expect(await idsOf(now)).toEqual([own.id, next.id].sort());
  });

  it("is needed by what comes with it, too", async () => {
    const { wallet } = await openWorld();
    const grants = [{ ...REFUNDS, within: "refunds" }];
    const parent = await authorityOf(STRANGER.did, { maxHops: 1 });
    const child = await authorityOf(wallet.did, { signer: STRANGER, parent, grants });
    await addCredentials(wallet, [parent, child]);
    const other = await authorityOf(wallet.did, { signer: STRANGER, parent, grants });
    const supersedes = [parent.id, child.id];
    expect(await codeOfAsync(() => addCredentials(wallet, [other], { supersedes }))).toBe("ARGUMENT_INVALID");
    expect(await idsOf(wallet)).toEqual([parent.id, child.id].sort());
  });

  it("has one without a type of its own in the place of another", async () => {
    const { wallet } = await openWorld();
    const [one, other] = [
      await alumnus(wallet.did, { type: ["VerifiableCredential"] }),
      await alumnus(wallet.did, { type: ["VerifiableCredential"], validFrom: "2026-01-02T00:00:00Z" }),
    ];
    await addCredentials(wallet, [one]);
    await addCredentials(wallet, [other], { supersedes: [digestMultibase(one)] });
    expect(await countCredentials(wallet)).toBe(1);
  });

  it("is the one of two of the same id in whose place it comes", async () => {
    const { wallet } = await openWorld();
    const authority = await authorityOf(wallet.did);
    const named = await alumnus(wallet.did, { id: authority.id });
    await addCredentials(wallet, [authority, named]);
    await addCredentials(wallet, [await alumnus(wallet.did)], { supersedes: [authority.id] });
    expect(await idsOf(wallet)).toEqual([authority.id]);
    expect(await findGenericCredentials(wallet, { id: authority.id })).toEqual([]);
  });

  it("may be what comes is held already", async () => {
    const { wallet } = await openWorld();
    const [wide, narrow] = [await authorityOf(wallet.did), await authorityOf(wallet.did)];
    await addCredentials(wallet, [wide, narrow]);
    expect(await addCredentials(wallet, [narrow], { supersedes: [wide.id] })).toEqual([]);
    expect(await idsOf(wallet)).toEqual([narrow.id]);
  });
});

describe("finding", () => {
  it("by any of id, type, issuer and subject, reading only what fits", async () => {
    const { wallet, store } = await openWorld();
    const parent = await authorityOf(STRANGER.did, { maxHops: 1 });
    const child = await authorityOf(wallet.did, {
      signer: STRANGER,
      parent,
      grants: [{ ...REFUNDS, within: "refunds" }],
    });
    const identity = await identityOf(wallet.did);
    await addCredentials(wallet, [identity, child, parent]);
    const type = "DelegatedAuthorityCredential";
    const found = async (filter: Parameters<typeof findCredentials>[1]) =>
      (await findCredentials(wallet, filter)).map(({ id }) => id).sort();
    expect(await found({ id: identity.id })).toEqual([identity.id]);
    expect(await found({ type })).toEqual([child.id, parent.id].sort());
    expect(await found({ type, issuer: STRANGER.did })).toEqual([child.id]);
    expect(await found({ issuer: ORGANISATION.did })).toEqual([identity.id, parent.id].sort());
    expect(await found({ subject: STRANGER.did, issuer: STRANGER.did })).toEqual([]);
    expect(await found({ digestMultibase: digestMultibase(parent) })).toEqual([parent.id]);
    const streamed: string[] = [];
    for await (const { id } of eachCredential(wallet)) streamed.push(id);
    expect(streamed.sort()).toEqual([identity.id, child.id, parent.id].sort());
    expect((await store.state()).counter).toBe(1);
  });

  it("takes credentials of each of the wallet's keys", async () => {
    const { wallet } = await openWorld();
    const { did } = await createKey(wallet);
    const identity = await identityOf(did);
    expect(await addCredentials(wallet, [identity])).toEqual([identity.id]);
  });
});

import {
  createResolver,
  didKeyDocument,
  type Signer,
  composeSuccessionStatement,
  createSuccessionStatement,
  signSuccessionStatement,
} from "@writ/core";
import { fixedClock, refusalOfAsync, seededRandom } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createTrustPolicy,
  trustOrganisations,
  verifyCredential,
  verifyPresentation,
  withSuccessions,
  type SuccessionOptions,
  type TrustPolicy,
} from "../src/index.js";
import { outcomeOf, refused, VERIFIED } from "./outcome.js";
import { compose, NOW, openWorld, reissue, signerOf, START, type World } from "./world.js";

const clock = fixedClock(START);
const [A, B, C, D, EVIL] = ["a", "b", "c", "d", "evil"].map(signerOf) as [
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
];
let serial = 0;
const environment = () => ({ clock, random: seededRandom(`succession ${String(serial++)}`) });

/** A statement, signed by both, as text. */
async function from(predecessor: Signer, successor: Signer, at?: number): Promise<string> {
  const time = at === undefined ? {} : { from: at };
  return JSON.stringify(await createSuccessionStatement({ predecessor, successor, ...time }, environment()));
}

/** What a statement is, without its second proof, or with more of them. */
async function altered(
  text: string | Promise<string>,
  change: (proofs: readonly object[]) => unknown,
): Promise<string> {
  const statement = JSON.parse(await text) as { readonly proof: readonly object[] };
  return JSON.stringify({ ...statement, proof: change(statement.proof) });
}

async function refusal(
  statements: readonly (string | Promise<string>)[],
  policy: TrustPolicy = trustOrganisations([A.did]),
  options: SuccessionOptions = {},
): Promise<string> {
  const texts: string[] = [];
  for (const text of statements) texts.push(await text);
  const { code, pointer } = await refusalOfAsync(() => withSuccessions(policy, texts, { clock, ...options }));
  return `${code} ${pointer}`;
}

describe("a succession", () => {
  it("gives the successor all that the predecessor had, and leaves it status lists", async () => {
    const policy = createTrustPolicy({
      identityIssuers: [C.did, A.did],
      authorityRoots: [
        { did: C.did },
        { did: A.did, principals: [D.did], resources: ["https://a.example/"] },
      ],
      statusIssuers: [
        { issuer: A.did, lists: [D.did] },
        { issuer: C.did, lists: [A.did] },
      ],
    });
    expect(await withSuccessions(policy, [await from(A, B)], { clock })).toEqual({
      identityIssuers: [C.did, B.did],
      authorityRoots: [
        { did: C.did },
        { did: B.did, principals: [D.did, A.did], resources: ["https://a.example/"] },
      ],
      statusIssuers: [
        { issuer: A.did, lists: [D.did] },
        { issuer: C.did, lists: [A.did, B.did] },
        { issuer: B.did, lists: [D.did, A.did] },
      ],
    });
  });

  it("gives no authority to the successor of an issuer of identity alone", async () => {
    const policy = createTrustPolicy({ identityIssuers: [A.did], authorityRoots: [] });
    expect(await withSuccessions(policy, [await from(A, B)], { clock })).toMatchObject({
      identityIssuers: [B.did],
      authorityRoots: [],
    });
  });

  it("leads on, whatever the order of the statements", async () => {
    const [one, two, three] = [await from(A, B), await from(B, C), await from(C, D)];
    const policy = trustOrganisations([A.did]);
    const expected = await withSuccessions(policy, [one, two, three], { clock });
    expect(expected).toMatchObject({
      identityIssuers: [D.did],
      authorityRoots: [{ did: D.did, principals: [A.did, B.did, C.did] }],
    });
    for (const order of [
      [three, two, one],
      [two, three, one],
      [three, one, two],
    ]) {
      expect(await withSuccessions(policy, order, { clock })).toEqual(expected);
    }
  });

  it("begins at its time, that included", async () => {
    const text = from(A, B, NOW + 1000);
    expect(await refusal([text])).toBe("NOT_YET_VALID /0/validFrom");
    const later = { clock: fixedClock("2026-11-23T08:00:01Z") };
    expect(await withSuccessions(trustOrganisations([A.did]), [await text], later)).toMatchObject({
      identityIssuers: [B.did],
    });
    expect(await refusal([text], trustOrganisations([A.did]), { clock: () => Number.NaN })).toBe(
      "NOT_YET_VALID /0/validFrom",
    );
  });
});

describe("row 232: a statement is refused", () => {
  it.each<readonly [string, (proofs: readonly object[]) => unknown, string]>([
    ["signed by the predecessor alone", ([first]) => first, "PROOF_MISSING /0/proof"],
    ["signed by the predecessor alone, in a set", ([first]) => [first], "PROOF_MISSING /0/proof"],
    ["row 45: signed by the successor alone", ([, second]) => [second], "PROOF_MISSING /0/proof"],
    ["signed by nobody", () => undefined, "PROOF_MISSING /0/proof"],
    [
      "signed twice by one of them",
      ([first, second]) => [first, second, { ...first, created: "2026-11-23T07:00:00Z" }],
      "ISSUER_MISMATCH /0/proof/2/verificationMethod",
    ],
    ["the same proof twice", ([first]) => [first, first], "DUPLICATE_ITEM /0/proof/1"],
    [
      "with one proof in the other's name",
      ([first]) => [first, { ...first, verificationMethod: B.verificationMethod }],
      "SIGNATURE_INVALID /0/proof/1",
    ],
    [
      "for another purpose",
      ([first, second]) => [{ ...first, proofPurpose: "authentication" }, second],
      "SIGNATURE_INVALID /0/proof/0",
    ],
  ])("%s", async (_, change, expected) => {
    expect(await refusal([altered(from(A, B), change)])).toBe(expected);
  });

  it("signed by somebody else beside them, or instead of one", async () => {
    const [ours, theirs] = (await Promise.all([from(A, B), from(A, EVIL)])).map(
      (text) => JSON.parse(text) as { readonly proof: readonly object[] },
    );
    const [foreign] = theirs?.proof.slice(1) ?? [];
    const [first, second] = ours?.proof ?? [];
    expect(await refusal([JSON.stringify({ ...ours, proof: [first, second, foreign] })])).toBe(
      "ISSUER_MISMATCH /0/proof/2/verificationMethod",
    );
    expect(await refusal([JSON.stringify({ ...ours, proof: [first, foreign] })])).toBe(
      "ISSUER_MISMATCH /0/proof/1/verificationMethod",
    );
    // What the predecessor signed for one successor is nothing to another.
    expect(await refusal([JSON.stringify({ ...theirs, proof: [first, foreign] })])).toBe(
      "SIGNATURE_INVALID /0/proof/0",
    );
  });

  it("for authentication, although both signed it so", async () => {
    const unsigned = composeSuccessionStatement({ predecessor: A.did, successor: B.did }, environment());
    const proofs = await Promise.all(
      [A, B].map(async (signer) => {
        const signed = await reissue(unsigned, signer, {}, { purpose: "authentication" });
        return signed.proof;
      }),
    );
    expect(await refusal([JSON.stringify({ ...unsigned, proof: proofs })])).toBe(
      "PROOF_PURPOSE /0/proof/0/proofPurpose",
    );
  });

  it.each<readonly [string, () => readonly Promise<string>[], string]>([
    ["by whom nobody trusts", () => [from(EVIL, B)], "ISSUER_UNTRUSTED /0/predecessor"],
    ["not led to by the others", () => [from(A, B), from(C, D)], "ISSUER_UNTRUSTED /1/predecessor"],
    [
      "two successors of one predecessor",
      () => [from(A, B), from(A, EVIL)],
      "SUCCESSION_INVALID /1/predecessor",
    ],
    ["a circle of two", () => [from(A, B), from(B, A)], "SUCCESSION_INVALID /0/successor"],
    [
      "a circle of three, beside a line",
      () => [from(D, EVIL), from(A, B), from(B, C), from(C, A)],
      "SUCCESSION_INVALID /1/successor",
    ],
  ])("%s", async (_, statements, expected) => {
    expect(await refusal(statements(), trustOrganisations([A.did, D.did]))).toBe(expected);
  });

  it("by a predecessor that has been succeeded", async () => {
    const policy = await withSuccessions(trustOrganisations([A.did]), [await from(A, B)], { clock });
    expect(await refusal([from(A, EVIL)], policy)).toBe("ISSUER_UNTRUSTED /0/predecessor");
  });

  it("whose successor is its predecessor", async () => {
    const text = (await from(A, B)).replace(`"successor":"${B.did}"`, `"successor":"${A.did}"`);
    expect(await refusal([text])).toBe("SUCCESSION_INVALID /0/successor");
  });

  it.each<readonly [string, (text: string) => string, string]>([
    ["no JSON", (text) => text.slice(1), "JSON_SYNTAX /1"],
    ["another member", (text) => text.replace("{", '{"name":"x",'), "SCHEMA_INVALID /1/name"],
    ["another type", (text) => text.replace("SuccessionStatement", "Other"), "SCHEMA_INVALID /1/type"],
    ["another time", (text) => text.replace("08:00:00Z", "07:00:00Z"), "SIGNATURE_INVALID /1/proof/0"],
    ["a keyword", (text) => text.replace("{", '{"@id":"x",'), "KEY_NOT_PLAIN /1/@id"],
  ])("with %s", async (_, change, expected) => {
    expect(await refusal([from(A, B), change(await from(B, C))])).toBe(expected);
  });
});

describe("a DID over the network", () => {
  const webOf = (signer: Signer, did: string): Signer => ({
    ...signer,
    did,
    verificationMethod: signer.verificationMethod.replaceAll(signer.did, did),
  });
  const [OLD, NEW] = [webOf(A, "did:web:old.example"), webOf(B, "did:web:new.example")];

  function webResolver() {
    const asked: string[] = [];
    const keys = new Map([
      [OLD.did, A.did],
      [NEW.did, B.did],
    ]);
    const resolver = createResolver({
      web: (did) => {
        asked.push(did);
        const key = keys.get(did) ?? EVIL.did;
        const didDocument = JSON.parse(
          JSON.stringify(didKeyDocument(key)).replaceAll(key, did),
        ) as ReturnType<typeof didKeyDocument>;
        return Promise.resolve({ didResolutionMetadata: {}, didDocument, didDocumentMetadata: {} });
      },
    });
    return { resolver, asked };
  }

  it("is resolved where it is trusted, or where one that is trusted has named it", async () => {
    const { resolver, asked } = webResolver();
    const policy = trustOrganisations([OLD.did]);
    const after = await withSuccessions(policy, [await from(OLD, NEW)], { clock, resolver });
    expect(after).toMatchObject({ identityIssuers: [NEW.did] });
    expect(asked).toEqual([OLD.did, NEW.did]);
  });

  it("is not resolved before the predecessor's signature has verified", async () => {
    const { resolver, asked } = webResolver();
    const forged = altered(from(A, NEW), ([first, second]) => [
      second,
      { ...first, created: "2026-11-23T07:00:00Z" },
    ]);
    expect(await refusal([forged], trustOrganisations([A.did]), { resolver })).toBe(
      "SIGNATURE_INVALID /0/proof/1",
    );
    expect(await refusal([from(OLD, NEW)], trustOrganisations([A.did]), { resolver })).toBe(
      "ISSUER_UNTRUSTED /0/predecessor",
    );
    expect(asked).toEqual([]);
  });
});

describe("after a succession", () => {
  let world: World;
  let after: TrustPolicy;
  beforeAll(async () => {
    world = await openWorld("successions");
    const { signer, did } = world.organisation;
    after = await withSuccessions(trustOrganisations([did]), [await from(signer, B)], { clock });
  });
  afterAll(() => world.close());

  it("the old key issues nothing any more", async () => {
    const options = { ...world.expectations, trust: after };
    for (const credential of [world.root, world.lead.identity]) {
      const result = await verifyCredential(JSON.stringify(credential), options);
      expect(outcomeOf(result)).toEqual(refused("issuer", "ISSUER_UNTRUSTED /issuer"));
    }
  });

  it("the new key issues in the old name, and the old key signs the lists", async () => {
    const { lead, root, expectations } = world;
    const renewed = await Promise.all(
      [lead.identity, root].map((credential) => reissue(credential, B, { "/issuer": B.did })),
    );
    const text = await compose(lead.signer, renewed);
    const presented = async (trust: TrustPolicy) =>
      outcomeOf(await verifyPresentation(text, { ...expectations, trust }));
    expect(await presented(after)).toEqual(VERIFIED);
    expect((await presented(trustOrganisations([B.did]))).failed).toBe("issuer");
  });
});

describe("signing in two steps", () => {
  it("comes to the same, in either order", async () => {
    const dids = { predecessor: A.did, successor: B.did };
    const unsigned = composeSuccessionStatement({ ...dids, from: NOW }, environment());
    expect(unsigned).toMatchObject({ ...dids, validFrom: START });
    const handedOver = await signSuccessionStatement(unsigned, A, { clock });
    const forth = await signSuccessionStatement(handedOver, B, { clock });
    const back = await signSuccessionStatement(await signSuccessionStatement(unsigned, B, { clock }), A, {
      clock,
    });
    for (const statement of [forth, back]) {
      const text = JSON.stringify(statement);
      const policy = await withSuccessions(trustOrganisations([A.did]), [text], { clock });
      expect(policy.identityIssuers).toEqual([B.did]);
    }
    expect(await refusal([JSON.stringify(handedOver)])).toBe("PROOF_MISSING /0/proof");
  });

  it("is for the two alone, once each", async () => {
    const unsigned = composeSuccessionStatement({ predecessor: A.did, successor: B.did }, environment());
    const handedOver = await signSuccessionStatement(unsigned, A, { clock });
    expect((await refusalOfAsync(() => signSuccessionStatement(unsigned, C, { clock }))).code).toBe(
      "ARGUMENT_INVALID",
    );
    expect((await refusalOfAsync(() => signSuccessionStatement(handedOver, A, { clock }))).code).toBe(
      "ALREADY_EXISTS",
    );
    const same = () => createSuccessionStatement({ predecessor: A, successor: A }, environment());
    expect(await refusalOfAsync(same)).toEqual({ code: "SUCCESSION_INVALID", pointer: "/successor" });
  });
});

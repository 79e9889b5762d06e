import { addProof, asJson, SUITE_NAMES, type GenericProof, type JsonObject } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { checkDomain } from "../../src/challenges/check-challenge.js";
import {
  createMemoryChallengeStore,
  noStatusSource,
  trustOrganisations,
  unbound,
  verifyGenericPresentation,
  type GenericPresentationOptions,
  type VerifyGenericPresentationResult,
} from "../../src/index.js";
import { edit } from "../edit.js";
import { CHALLENGE, DAY, DOMAIN, NOW, STRANGER } from "../world.js";
import {
  CREDENTIAL,
  CREDENTIAL_V1,
  HOLDER,
  ISSUER,
  OTHER,
  presentationOf,
  PRESENTING,
  publishedLists,
  sign,
  TERMS,
  TERMS_BYTES,
  told,
  V1,
  V2,
} from "./documents.js";

const ALL = [
  ...["json", "profile", "signature", "holder", "issuer", "time", "status", "resources"],
  ...["challenge", "domain"],
];

async function verify(
  document: JsonObject,
  options: Partial<GenericPresentationOptions> = {},
): Promise<VerifyGenericPresentationResult> {
  const status = options.status ?? (await publishedLists());
  return verifyGenericPresentation(JSON.stringify(document), {
    trust: trustOrganisations([ISSUER.did]),
    resources: new Map([[TERMS, TERMS_BYTES]]),
    clock: () => NOW,
    expectedChallenge: CHALLENGE,
    expectedDomain: DOMAIN,
    ...options,
    status,
  });
}

const both = async (context = V2): Promise<JsonObject> =>
  presentationOf(context, await sign(CREDENTIAL), await sign(CREDENTIAL_V1));

/** What is said of a presentation that its holder signs, changed before that. */
async function verdict(
  changes: Readonly<Record<string, unknown>>,
  options: Partial<GenericPresentationOptions> = {},
) {
  return told(await verify(await sign(edit(await both(), changes), PRESENTING), options));
}

function refusedBy(check: string, ...problems: readonly string[]): unknown {
  const at = ALL.indexOf(check);
  return {
    established: ALL.slice(0, at),
    failed: [check],
    open: [...ALL.slice(at + 1), "single-use"],
    problems,
  };
}

describe.each(SUITE_NAMES)("a presentation of others, signed by %s", (suite) => {
  it.each<readonly [string, string, readonly JsonObject[], readonly string[]]>([
    ["VC 2.0, with credentials of both models", V2, [CREDENTIAL, CREDENTIAL_V1], []],
    ["VC 1.1", V1, [CREDENTIAL_V1], ["status", "resources"]],
  ])("is verified under %s", async (_, context, documents, nothing) => {
    const credentials = await Promise.all(documents.map((document) => sign(document, { suite })));
    const signed = await sign(presentationOf(context, ...credentials), { ...PRESENTING, suite });
    const result = await verify(signed);
    const established = ALL.filter((name) => !nothing.includes(name));
    expect(told(result)).toEqual({ established, failed: [], open: [...nothing, "single-use"], problems: [] });
    expect(result).toMatchObject({
      verified: true,
      kind: "generic-presentation",
      holder: HOLDER.did,
      asOf: NOW,
    });
    expect(result).toHaveProperty("presentation", signed);
    expect(result).toHaveProperty("credentials", credentials);
  });

  it("tells the status of each credential by its place", async () => {
    const document = presentationOf(
      V2,
      await sign(CREDENTIAL_V1, { suite }),
      await sign(CREDENTIAL, { suite }),
    );
    expect(await verify(await sign(document, { ...PRESENTING, suite }))).toMatchObject({
      statuses: [
        { pointer: "/verifiableCredential/1/credentialStatus/0", purpose: "revocation", value: 0 },
        {
          pointer: "/verifiableCredential/1/credentialStatus/1",
          purpose: "message",
          value: 2,
          message: "m 0x2",
        },
      ],
    });
  });

  it("rows 95, 96: is refused where its holder has not signed it", async () => {
    const document = presentationOf(V2, await sign(CREDENTIAL, { suite }));
    const stolen = await sign(document, { ...PRESENTING, suite, signer: STRANGER });
    expect(told(await verify(stolen))).toEqual(refusedBy("signature", "HOLDER_MISMATCH /proof"));
    const issued = await sign(document, { ...PRESENTING, suite, purpose: "assertionMethod" });
    expect(told(await verify(issued))).toEqual(refusedBy("signature", "PROOF_PURPOSE /proof/proofPurpose"));
  });

  it("is refused where a credential in it was altered, whoever signs it then", async () => {
    const altered = edit(await sign(CREDENTIAL, { suite }), { "/validUntil": "2029-01-01T00:00:00Z" });
    const signed = await sign(presentationOf(V2, await sign(CREDENTIAL_V1), altered), {
      ...PRESENTING,
      suite,
    });
    const problem = "SIGNATURE_INVALID /verifiableCredential/1/proof";
    expect(told(await verify(signed))).toEqual(refusedBy("signature", problem));
  });
});

describe("the occasion of another's presentation", () => {
  it("is not established where nothing is expected", async () => {
    const options = {
      trust: "anybody",
      clock: () => NOW,
      status: await publishedLists(),
      expectedChallenge: unbound,
      expectedDomain: unbound,
    } as const;
    const result = await verifyGenericPresentation(
      JSON.stringify(await sign(await both(), PRESENTING)),
      options,
    );
    expect(told(result)).toMatchObject({
      failed: [],
      open: ["issuer", "resources", "challenge", "domain", "single-use"],
    });
  });

  it("rows 100 to 103: is refused for another challenge or domain, or none", async () => {
    const said = async (more: object) =>
      told(await verify(await sign(await both(), { ...PRESENTING, ...more })));
    const challenge = refusedBy("challenge", "CHALLENGE_MISMATCH /proof/challenge");
    const domain = refusedBy("domain", "DOMAIN_MISMATCH /proof/domain");
    expect(await said({ challenge: "challenge-2" })).toEqual(challenge);
    expect(await said({ challenge: `${CHALLENGE} ` })).toEqual(challenge);
    expect(await said({ challenge: undefined })).toEqual(challenge);
    expect(await said({ domain: `${DOMAIN}.` })).toEqual(domain);
    expect(await said({ domain: undefined })).toEqual(domain);
  });

  it("row 102: is for the one domain that is expected, in a set of that alone, and for no other", async () => {
    const signed = await sign(await both(), { ...PRESENTING, suite: "eddsa-rdfc-2022" });
    const proof = signed["proof"] as JsonObject & GenericProof;
    // In RDF a text and a set of it are one: the signature stays good.
    expect(told(await verify(edit(signed, { "/proof/domain": [DOMAIN] }))).problems).toEqual([]);
    for (const domain of [
      [DOMAIN, "https://b.example"],
      ["https://b.example", DOMAIN],
      ["https://b.example"],
    ]) {
      expect(checkDomain({ proof: { ...proof, domain } }, DOMAIN)).toMatchObject([
        { code: "DOMAIN_MISMATCH", pointer: "/proof/domain" },
      ]);
    }
  });

  it("row 101: is a text, where the caller demands it", async () => {
    const signed = await sign(await both(), PRESENTING);
    expect(await codeOfAsync(() => verify(signed, { expectedChallenge: "" }))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => verify(signed, { expectedDomain: "" }))).toBe("ARGUMENT_INVALID");
    const resources = { [TERMS]: TERMS_BYTES } as unknown as ReadonlyMap<string, Uint8Array>;
    expect(await codeOfAsync(() => verify(signed, { resources }))).toBe("ARGUMENT_INVALID");
    for (const name of ["expectedChallenge", "expectedDomain", "trust"]) {
      const forgotten = { [name]: undefined } as unknown as Partial<GenericPresentationOptions>;
      expect(await codeOfAsync(() => verify(signed, forgotten))).toBe("ARGUMENT_INVALID");
    }
  });

  it("row 100: is used up, where a store gave the challenge out", async () => {
    const store = createMemoryChallengeStore({ clock: () => NOW, random: seededRandom("challenges") });
    const challenge = await store.create();
    const signed = await sign(await both(), { ...PRESENTING, challenge });
    const asked = () => verify(signed, { expectedChallenge: { issuedBy: store } }).then(told);
    expect(await asked()).toMatchObject({ failed: [], open: [] });
    expect(await asked()).toMatchObject({
      failed: ["single-use"],
      problems: ["CHALLENGE_USED /proof/challenge"],
    });
  });

  it("row 60: is over with its proof", async () => {
    const found = await verify(await sign(await both(), PRESENTING), { clock: () => NOW + 5 * 60_000 });
    expect(told(found)).toEqual(refusedBy("signature", "PROOF_EXPIRED /proof/expires"));
  });

  it("is that of every proof for authentication, not of what others say", async () => {
    const signed = await sign(await both(), PRESENTING);
    const witnessed = await addProof(signed, { signer: OTHER, purpose: "assertionMethod", created: NOW });
    expect(told(await verify(asJson(witnessed))).failed).toEqual([]);
    const again = await addProof(signed, { ...PRESENTING, challenge: "challenge-2" });
    expect(told(await verify(asJson(again)))).toEqual(
      refusedBy("challenge", "CHALLENGE_MISMATCH /proof/1/challenge"),
    );
  });
});

describe("the holder of another's presentation", () => {
  it("row 97: is not established where there is none, whoever has signed", async () => {
    const found = await verdict({ "/holder": undefined });
    expect(found).toMatchObject({ failed: [], open: ["holder", "single-use"] });
    const result = await verify(await sign(edit(await both(), { "/holder": undefined }), PRESENTING));
    expect(result).not.toHaveProperty("holder");
  });

  it("may be an object with an id", async () => {
    const result = await verify(
      await sign(edit(await both(), { "/holder": { id: HOLDER.did } }), PRESENTING),
    );
    expect(result).toMatchObject({ verified: true, holder: HOLDER.did });
    expect(await verdict({ "/holder": { id: OTHER.did } })).toEqual(
      refusedBy("signature", "HOLDER_MISMATCH /proof"),
    );
  });
});

describe("the credentials in another's presentation", () => {
  it("may be none, which establishes nothing, or one alone", async () => {
    const none = await verdict({ "/verifiableCredential": undefined });
    const open = ["issuer", "time", "status", "resources", "single-use"];
    const established = ALL.filter((name) => !open.includes(name));
    expect(none).toEqual({ established, failed: [], open, problems: [] });
    const one = await verify(
      await sign(edit(await both(), { "/verifiableCredential": await sign(CREDENTIAL) }), PRESENTING),
    );
    expect(one).toHaveProperty("credentials.length", 1);
    expect(one).toHaveProperty("statuses.0.pointer", "/verifiableCredential/credentialStatus/0");
  });

  it("are each checked as they are alone, and told by their place", async () => {
    expect(await verdict({}, { trust: trustOrganisations([OTHER.did]) })).toEqual(
      refusedBy(
        "issuer",
        "ISSUER_UNTRUSTED /verifiableCredential/0/issuer",
        "ISSUER_UNTRUSTED /verifiableCredential/1/issuer",
      ),
    );
    const status = await publishedLists(5);
    expect(await verdict({}, { status })).toEqual(
      refusedBy("status", "REVOKED /verifiableCredential/0/credentialStatus/0"),
    );
    const resources = new Map([[TERMS, new Uint8Array(1)]]);
    expect(await verdict({}, { resources })).toEqual(
      refusedBy("resources", "DIGEST_MISMATCH /verifiableCredential/0/relatedResource"),
    );
    expect((await verdict({}, { resources: new Map() })).open).toEqual(["resources", "single-use"]);
    const late = await sign(edit(CREDENTIAL_V1, { "/expirationDate": "2026-11-23T08:00:00Z" }));
    expect(await verdict({ "/verifiableCredential/1": late })).toEqual(
      refusedBy("time", "EXPIRED /verifiableCredential/1/expirationDate"),
    );
    const unknown = await sign(edit(CREDENTIAL, { "/undefined": "x" }));
    // The credentials of a presentation are among its own terms.
    const undefinedTerm = refusedBy("signature", "JSON_LD_INVALID");
    expect(await verdict({ "/verifiableCredential/0": unknown })).toEqual(undefinedTerm);
    expect(await verdict({ "/undefined": "x" })).toEqual(undefinedTerm);
  });

  it("are not asked for dates, status, issuer and resources where only the proofs count", async () => {
    const found = await verify(await sign(await both(), { ...PRESENTING, expires: NOW + 1000 * DAY }), {
      scope: "proofs",
      status: noStatusSource,
      trust: trustOrganisations([]),
      clock: () => NOW + 999 * DAY,
    });
    expect(told(found)).toEqual({
      established: ["json", "profile", "signature", "holder", "challenge", "domain"],
      failed: [],
      open: ["issuer", "time", "status", "resources", "single-use"],
      problems: [],
    });
  });

  it.each<readonly [string, unknown, string]>([
    ["a token", "eyJhbGciOiJub25lIn0.e30.", "ENVELOPE_UNSUPPORTED /verifiableCredential/0"],
    [
      "an enveloped credential",
      { "@context": V2, id: "data:application/vc+jwt,e", type: "EnvelopedVerifiableCredential" },
      "ENVELOPE_UNSUPPORTED /verifiableCredential/0/type",
    ],
    [
      "a presentation",
      { "@context": [V2], type: "VerifiablePresentation" },
      "TYPE_UNSUPPORTED /verifiableCredential/0/type",
    ],
    ["a credential without proof", CREDENTIAL, "PROOF_MISSING /verifiableCredential/0/proof"],
  ])("row 104: are not %s", async (_, credential, problem) => {
    const found = await verdict({ "/verifiableCredential": [credential] });
    expect(found.problems).toEqual([problem]);
    expect(found.failed).toEqual([problem.startsWith("PROOF") ? "signature" : "profile"]);
  });
});

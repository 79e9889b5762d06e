import {
  asJson,
  expandedTypes,
  isJsonObject,
  parseShape,
  writCredential,
  WritError,
  type JsonObject,
  type JsonValue,
} from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { DcqlPresentation, DcqlPresentationResult, DcqlQuery, type DcqlW3cVcCredential } from "dcql";
import { fc } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { writCandidate, type Candidate } from "../../src/respond/candidate.js";
import { candidatesFor } from "../../src/respond/candidates-for.js";
import { assertTakenByLibrary } from "../../src/respond/dcql-library.js";
import type { LdpQuery } from "../../src/respond/dcql-shape.js";
import { dcqlMatcher } from "../../src/respond/match-dcql.js";
import { parseRequest } from "../../src/respond/parse-request.js";
import { planAnswer } from "../../src/respond/respond.js";
import { authorityOf, identityOf, NOW, REFUNDS, signerOf } from "../world.js";
import {
  answer,
  asking,
  AUTHORITY,
  dcql,
  DOMAIN,
  IDENTITY,
  openAgent,
  openDelegate,
  VC,
} from "./requests.js";

/** A credential as the package knows it. */
const asLibrary = (document: JsonObject): DcqlW3cVcCredential =>
  ({
    credential_format: "ldp_vc",
    cryptographic_holder_binding: true,
    type: expandedTypes(document),
    claims: document,
  }) as unknown as DcqlW3cVcCredential;

/** What a verifier does by the package: of each presentation it judges the credential that stands first. */
function judge(query: object, vpToken: object): boolean {
  const dcqlQuery = DcqlQuery.parse(query as DcqlQuery.Input);
  DcqlQuery.validate(dcqlQuery);
  const parsed = DcqlPresentation.parse(JSON.parse(JSON.stringify(vpToken)) as DcqlPresentation.Input);
  const judged = Object.entries(parsed).map(([id, presentations]) => [
    id,
    [presentations].flat().map((presentation) => {
      const { verifiableCredential = [] } = presentation as JsonObject;
      const [first] = [verifiableCredential].flat();
      return asLibrary(isJsonObject(first) ? first : {});
    }),
  ]);
  const result = DcqlPresentationResult.fromDcqlPresentation(Object.fromEntries(judged) as never, {
    dcqlQuery,
  });
  DcqlPresentationResult.validate(result);
  return result.can_be_satisfied;
}

describe("the dcql package", () => {
  it("takes the answers for what its queries ask", async () => {
    const sub = await openDelegate();
    const claims = [
      { id: "g", path: ["credentialSubject", "grants", null, "id"], values: ["eu", "us"] },
      { id: "x", path: ["credentialSubject", "shoeSize"] },
      { id: "p", path: ["credentialSubject", "principal"] },
    ];
    const credentials = [
      asking("who", IDENTITY, { multiple: true }),
      asking("what", AUTHORITY, { claims, claim_sets: [["x"], ["g", "p"]] }),
      asking("none", "urn:none"),
    ];
    const query = { credentials, credential_sets: [{ options: [["none"], ["who", "what"]] }] };
    // As a verifier by the package sends it: with its defaults written out.
    const sent = DcqlQuery.parse(query as DcqlQuery.Input);
    const answered = await answer(sub, { ...dcql([]), dcql_query: sent });
    if (answered.language !== "dcql") throw new Error("not in DCQL");
    expect(Object.keys(answered.vpToken)).toEqual(["who", "what"]);
    expect(judge(query, answered.vpToken)).toBe(true);
    expect(() =>
      judge({ credentials: [asking("who", AUTHORITY)] }, { who: answered.vpToken["who"] }),
    ).toThrow("Invalid Presentation record");
  });

  it("has the last word on what is shown", async () => {
    const identity = await identityOf(signerOf("agent").did);
    const query = asking("who", AUTHORITY) as LdpQuery;
    const taken = (asked: LdpQuery) => assertTakenByLibrary([[asked, [identity]]]);
    expect(await codeOfAsync(() => taken(query))).toBe("REQUEST_UNSUPPORTED");
    const several = { ...query, meta: { type_values: [[IDENTITY]] } };
    await expect(taken(several)).resolves.toBeUndefined();
    const twice = assertTakenByLibrary([[several, [identity, identity]]]);
    expect(await codeOfAsync(() => twice)).toBe("REQUEST_UNSUPPORTED");
  });

  it("is asked before anything is signed", async () => {
    const agent = await openAgent();
    const request = await parseRequest(dcql([asking("who", IDENTITY)]));
    const other = await authorityOf(agent.wallet.did);
    expect(await codeOfAsync(() => request.assertTaken(new Map([["who", [other]]])))).toBe(
      "REQUEST_UNSUPPORTED",
    );
    const shown: unknown[] = [];
    const refusing = {
      ...request,
      assertTaken: (documents: ReadonlyMap<string, readonly object[]>) => {
        shown.push(...documents);
        return Promise.reject(new WritError("REQUEST_UNSUPPORTED", "not for us"));
      },
    };
    const options = { expectedDomain: DOMAIN, holder: agent.wallet.did, now: NOW };
    const candidates = await candidatesFor(agent.wallet, {});
    expect(await codeOfAsync(() => planAnswer(refusing, candidates, options))).toBe("REQUEST_UNSUPPORTED");
    expect(shown).toEqual([["who", [agent.identity]]]);
  });

  it("matches as the wallet does, whatever is asked", async () => {
    const holder = signerOf("agent").did;
    const documents = [
      await identityOf(holder),
      await identityOf(holder, { signer: signerOf("other"), name: "other" }),
      await authorityOf(holder),
      await authorityOf(holder, { grants: [REFUNDS, { id: "read", actions: ["order.read"] }], maxHops: 2 }),
    ].map((document) => parseShape(writCredential, document));
    const candidates = documents.map(writCandidate).filter((each): each is Candidate => each !== undefined);
    const scalars = [...new Set(documents.flatMap((document) => [...scalarsIn(asJson(document))]))];
    const names = fc.constantFrom(
      ...["credentialSubject", "grants", "id", "actions", "name", "owner", "spend", "perAction", "issuer"],
      ...["type", "principal", "redelegation", "maxHops", "shoeSize", "credentialStatus", "statusPurpose"],
    );
    const path = fc.array(fc.oneof({ weight: 4, arbitrary: names }, fc.constant(null), fc.nat(2)), {
      minLength: 1,
      maxLength: 5,
    });
    const below = path.map((rest) => ["credentialSubject", ...rest]);
    const claim = (index: number) =>
      fc.record(
        {
          id: fc.constant(`c${String(index)}`),
          path: fc.oneof(path, below),
          values: fc.array(fc.constantFrom(...scalars, "x", 1, true), { minLength: 1, maxLength: 3 }),
        },
        { requiredKeys: ["id", "path"] },
      );
    const query = fc
      .record(
        {
          type: fc.constantFrom(VC, IDENTITY, AUTHORITY, "urn:none"),
          claims: fc.tuple(claim(0), claim(1), claim(2)),
          claim_sets: fc.array(fc.subarray(["c0", "c1", "c2"], { minLength: 1 }), {
            minLength: 1,
            maxLength: 3,
          }),
        },
        { requiredKeys: ["type"] },
      )
      .map(
        ({ type, claims, claim_sets }) =>
          asking(
            "a",
            type,
            claims === undefined ? {} : { claims, ...(claim_sets === undefined ? {} : { claim_sets }) },
          ) as LdpQuery,
      );
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(query, fc.constantFrom(...candidates), (asked, candidate) => {
        const { matches } = dcqlMatcher(asked)(candidate);
        const parsed = DcqlQuery.parse({ credentials: [asked] } as unknown as DcqlQuery.Input);
        const library = DcqlQuery.query(parsed, [asLibrary(asJson(candidate.document))]);
        seen.add(matches);
        expect({ matches, asked }).toEqual({ matches: library.can_be_satisfied, asked });
      }),
      { numRuns: 1000 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});

function* scalarsIn(value: JsonValue): Generator<string | number | boolean> {
  if (typeof value === "object") for (const each of Object.values(value ?? {})) yield* scalarsIn(each);
  else yield value;
}

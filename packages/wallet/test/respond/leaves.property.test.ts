import {
  asJson,
  digestMultibase,
  isAuthority,
  isIdentity,
  type JsonObject,
  type WritCredential,
} from "@writ/core";
import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it, vi } from "vitest";

import { addCredentials, delegateAuthority, listCredentials } from "../../src/index.js";
import { authorityOf, identityOf, openWorld, REFUNDS, signerOf } from "../world.js";
import {
  answer,
  asking,
  AUTHORITY,
  byExample,
  dcql,
  example,
  IDENTITY,
  openAgent,
  VC,
  vpr,
} from "./requests.js";

vi.setConfig({ testTimeout: PROPERTY_TIMEOUT_MS });

const OTHER = signerOf("other organisation");

/** A wallet with more than any request needs: two organisations' identities, authority of three kinds. */
async function openRich() {
  const lead = await openAgent([REFUNDS], [{ id: "read", actions: ["order.read"] }]);
  const sub = await openWorld("rich");
  const [refunds] = lead.granted;
  const { bundle } = await delegateAuthority(lead.wallet, {
    to: sub.wallet.did,
    authority: refunds?.id ?? "",
    grants: [{ ...REFUNDS, id: "eu", within: "refunds" }],
  });
  const { did } = sub.wallet;
  await addCredentials(sub.wallet, [
    ...bundle,
    await identityOf(did, { name: "one" }),
    await identityOf(did, { name: "two", signer: OTHER }),
    await authorityOf(did, { grants: [{ id: "pay", actions: ["payout.create"] }], signer: OTHER }),
    await authorityOf(did),
  ]);
  return sub;
}

const TYPES = { [IDENTITY]: "AgentIdentityCredential", [AUTHORITY]: "DelegatedAuthorityCredential" };

describe("nothing leaves the wallet but what was asked for, and what it takes to verify that", () => {
  it("whatever is asked", async () => {
    const rich = await openRich();
    const { did } = rich.wallet;
    const held = await listCredentials(rich.wallet);
    const byDigest = new Map(held.map((credential) => [digestMultibase(credential), credential]));
    const values = ["one", "two", "eu", "pay", "refunds", "nobody"];
    const queryAmong = (documents: readonly WritCredential[], names: readonly string[]) =>
      fc.record(
        {
          type: fc.constantFrom(
            ...([IDENTITY, AUTHORITY] as const).filter((type) =>
              documents.some((each) => each.type.some((one) => one === TYPES[type])),
            ),
          ),
          name: fc.constantFrom(...names),
          issuer: fc.constantFrom(...new Set(documents.map(({ issuer }) => issuer))),
        },
        { requiredKeys: ["type"] },
      );
    // Half of them for what is there, in one credential; half for whatever, which mostly is not.
    const query = fc.oneof(
      queryAmong(held, values),
      fc
        .constantFrom(...held.filter(({ credentialSubject: { id } }) => id === did))
        .chain((document) => queryAmong([document], namesOf(document))),
    );
    type Asked = typeof query extends fc.Arbitrary<infer T> ? T : never;
    const isAsked = (document: WritCredential, { type, name, issuer }: Asked): boolean =>
      document.credentialSubject.id === did &&
      document.type.some((each) => each === TYPES[type]) &&
      (issuer === undefined || document.issuer === issuer) &&
      (name === undefined || namesOf(document).includes(name));
    const toDcql = ({ type, name, issuer }: Asked, index: number) => {
      const path = ["credentialSubject", ...(type === IDENTITY ? ["name"] : ["grants", null, "id"])];
      const claims = [
        ...(name === undefined ? [] : [{ path, values: [name] }]),
        ...(issuer === undefined ? [] : [{ path: ["issuer"], values: [issuer] }]),
      ];
      const members = { multiple: index % 2 === 0, ...(claims.length === 0 ? {} : { claims }) };
      return asking(`q${String(index)}`, type, members);
    };
    const toExample = ({ type, name, issuer }: Asked) =>
      example(
        TYPES[type],
        {
          ...(name === undefined
            ? {}
            : { credentialSubject: type === IDENTITY ? { name } : { grants: { id: name } } }),
        },
        issuer === undefined ? {} : { trustedIssuer: [{ issuer, required: true }] },
      );

    /** What of a presentation is neither an answer to one of the queries nor evidence for one. */
    const stray = (shown: readonly WritCredential[], queries: readonly Asked[]): readonly string[] => {
      const answers = shown.filter((document) => queries.some((each) => isAsked(document, each)));
      const allowed = new Set(answers.map(digestMultibase));
      for (const answered of answers.filter(isAuthority)) {
        const subjects = new Set<string>();
        let root: WritCredential = answered;
        for (let link: WritCredential | undefined = answered; link !== undefined && isAuthority(link);) {
          root = link;
          allowed.add(digestMultibase(link));
          subjects.add(link.credentialSubject.id);
          link = byDigest.get(link.credentialSubject.parent?.digestMultibase ?? "");
        }
        for (const subject of subjects) {
          const identities = shown.filter(
            (each) => isIdentity(each) && each.credentialSubject.id === subject,
          );
          // One is enough: what the root says, where it is shown.
          const one = identities.find(({ issuer }) => issuer === root.issuer) ?? identities[0];
          if (one !== undefined) allowed.add(digestMultibase(one));
        }
      }
      return shown.filter((document) => !allowed.has(digestMultibase(document))).map(({ id }) => id);
    };

    const seen = { answered: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(query, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.constantFrom("least" as const, "all-asked" as const),
        async (queries, inDcql, disclosure) => {
          const request = inDcql ? dcql(queries.map(toDcql)) : vpr(byExample(...queries.map(toExample)));
          const impossible = queries.some((each) => !held.some((document) => isAsked(document, each)));
          const code = await answer(rich, request, { disclosure }).then(
            () => "answered",
            (error: unknown) => (error as { readonly code?: unknown }).code,
          );
          expect(code).toBe(impossible ? "CREDENTIAL_MISSING" : "answered");
          if (impossible) {
            seen.refused++;
            return;
          }
          const answered = await answer(rich, request, { disclosure });
          seen.answered++;
          const presentations =
            answered.language === "vpr"
              ? [{ shown: answered.presentation, asked: queries }]
              : queries.flatMap((each, index) =>
                  (answered.vpToken[`q${String(index)}`] ?? []).map((shown) => ({ shown, asked: [each] })),
                );
          expect(presentations.length).toBeGreaterThan(0);
          for (const { shown, asked } of presentations) {
            const documents = asJson(shown)["verifiableCredential"] as readonly JsonObject[] as never;
            expect(stray(documents, asked)).toEqual([]);
          }
        },
      ),
      cases(200, 2_000),
    );

    expect(Object.values(seen).every((count) => count > 20)).toBe(true);
  });

  it("and an answer to everything is no more than one credential of it", async () => {
    const rich = await openRich();
    const answered = await answer(rich, dcql([asking("any", VC)]));
    expect(answered.explanation.presentations).toHaveLength(1);
    const roles = answered.explanation.presentations.flatMap(({ credentials }) =>
      credentials.map(({ role }) => role),
    );
    expect(roles.filter((role) => role === "answer")).toHaveLength(1);
  });
});

function namesOf(document: WritCredential): readonly string[] {
  if (isAuthority(document)) return document.credentialSubject.grants.map(({ id }) => id);
  return isIdentity(document) ? [document.credentialSubject.name] : [];
}

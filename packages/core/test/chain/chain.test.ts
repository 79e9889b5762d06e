import {
  authorityCredential,
  digestMultibase,
  evaluate,
  parseShape,
  type Grant,
  type JsonValue,
} from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { buildChain } from "../../src/chain/chain.js";
import { problemOf } from "../../src/errors/writ-error.js";
import {
  build,
  credentials,
  idAt,
  PRINCIPAL,
  refusal,
  subjectAt,
  type LinkChanges,
} from "../authority/credentials.js";
import { asks } from "../authority/grants.js";

/** A chain of so many links in good order. */
function ofLength(length: number): readonly LinkChanges[] {
  return Array.from({ length }, () => ({}));
}

describe("a chain in good order", () => {
  it("is given from the root, with the last link's digest and its folded grants", () => {
    const all = credentials({}, {}, {});
    const chain = build(all);
    expect(chain.links.map(({ credential }) => credential)).toEqual(all);
    expect(chain.links.map(({ pointer }) => pointer)).toEqual(["/at/0", "/at/1", "/at/2"]);
    expect(chain.principal).toBe(PRINCIPAL);
    expect(chain.digestMultibase).toBe(digestMultibase(all[2] as (typeof all)[number]));
    expect(chain.grants.map(({ link, written }) => [link, written.id, written.within])).toEqual([
      [2, "g", "g"],
    ]);
    expect(evaluate(chain.grants[0] as (typeof chain.grants)[number], asks({})).denials).toEqual([]);
  });

  it("may be a root alone", () => {
    const chain = build(credentials({}));
    expect(chain.links).toHaveLength(1);
    expect(chain.grants.map(({ link }) => link)).toEqual([0]);
  });

  it("may be found by another road: by digest alone, whatever else lies there", () => {
    const [root, child] = credentials({}, {});
    const [other] = credentials({ maxHops: 0 });
    const present = [other, child, root].map((credential) => ({
      credential: credential as NonNullable<typeof credential>,
      pointer: "",
    }));
    const chain = buildChain(present[1] as (typeof present)[number], (digest) =>
      present.find(({ credential }) => digestMultibase(credential) === digest),
    );
    expect(chain.links.map(({ credential }) => credential)).toEqual([root, child]);
  });

  it("has ten links at most", () => {
    expect(build(credentials(...ofLength(10))).links).toHaveLength(10);
    expect(refusal(...ofLength(11))).toMatchObject({
      code: "CHAIN_TOO_LONG",
      pointer: "/at/1/credentialSubject/parent",
    });
  });
});

describe("parents (HOSTILE 146, 147, 152, 153)", () => {
  it("must be there", () => {
    const all = credentials({}, {}, {});
    expect(problemOf(() => build(all, all.slice(1)))).toEqual({
      code: "CHAIN_PARENT_MISSING",
      pointer: "/at/1/credentialSubject/parent",
      detail: "the parent is not there",
    });
    // The middle removed.
    expect(problemOf(() => build(all, [all[0], all[2]] as typeof all))).toMatchObject({
      code: "CHAIN_PARENT_MISSING",
      pointer: "/at/2/credentialSubject/parent",
    });
    // One octet of the parent changed: it is another document.
    expect(
      refusal({}, { parent: { digestMultibase: digestMultibase(credentials({ maxHops: 2 })[0] as never) } }),
    ).toMatchObject({
      code: "CHAIN_PARENT_MISSING",
      pointer: "/at/1/credentialSubject/parent",
    });
  });

  it("must have the id that the child says", () => {
    expect(refusal({}, { parent: { id: idAt(7) } })).toEqual({
      code: "CHAIN_PARENT_MISMATCH",
      pointer: "/at/1/credentialSubject/parent",
      detail: "the parent has another id",
    });
    expect(refusal({}, {}, { parent: { id: idAt(0) } })).toMatchObject({
      code: "CHAIN_PARENT_MISMATCH",
      pointer: "/at/2/credentialSubject/parent",
    });
  });

  it("are one, not two", () => {
    const child = structuredClone(credentials({}, {})[1]) as unknown as {
      credentialSubject: { parent: unknown };
    };
    child.credentialSubject.parent = [child.credentialSubject.parent, child.credentialSubject.parent];
    expect(refusalOf(() => parseShape(authorityCredential, child as unknown as JsonValue))).toEqual({
      code: "SCHEMA_INVALID",
      pointer: "/credentialSubject/parent",
    });
  });

  it("are given without end: the chain ends at ten links all the same", () => {
    const [, child] = credentials({}, {});
    let calls = 0;
    const link = { credential: child as NonNullable<typeof child>, pointer: "" };
    const parentId = link.credential.credentialSubject.parent?.id as string;
    const itself = { ...link, credential: { ...link.credential, id: parentId } };
    const problem = problemOf(() =>
      buildChain(link, () => {
        calls += 1;
        return itself;
      }),
    );
    expect(problem).toMatchObject({ code: "CHAIN_TOO_LONG", pointer: "/credentialSubject/parent" });
    expect(calls).toBe(10);
  });
});

describe("a link and its parent", () => {
  /** A link in the middle of three that differs, and what is said of it. */
  function expectRefused(change: LinkChanges, code: string, place: string, root: LinkChanges = {}): void {
    expect(refusal(root, change, {})).toMatchObject({ code, link: 1, pointer: `/at/1${place}` });
  }

  it("is issued by the parent's subject (HOSTILE 146, 218)", () => {
    expectRefused({ issuer: subjectAt(7) }, "CHAIN_ISSUER", "/issuer");
    expectRefused({ issuer: PRINCIPAL }, "CHAIN_ISSUER", "/issuer");
    expectRefused({ issuer: `${subjectAt(0)}.evil` }, "CHAIN_ISSUER", "/issuer");
    expect(refusal({}, {}, { issuer: subjectAt(0) })).toMatchObject({
      code: "CHAIN_ISSUER",
      link: 2,
      pointer: "/at/2/issuer",
    });
  });

  it("acts for the same principal", () => {
    expectRefused({ principal: subjectAt(0) }, "CHAIN_PRINCIPAL", "/credentialSubject/principal");
    expect(refusal({}, {}, { principal: subjectAt(7) })).toMatchObject({ code: "CHAIN_PRINCIPAL", link: 2 });
    // Whether the root's issuer may speak for another principal is for the trust policy to say.
    const principal = "did:web:ada.example";
    expect(build(credentials({ principal }, { principal })).principal).toBe(principal);
  });

  it("exists where the parent permits a hop, with fewer of its own (HOSTILE 143, 144)", () => {
    const parent = "/credentialSubject/parent";
    const redelegation = "/credentialSubject/redelegation";
    expectRefused({ maxHops: 0 }, "CHAIN_HOPS", parent, { maxHops: 0 });
    expectRefused({ maxHops: null }, "CHAIN_HOPS", parent, { maxHops: null });
    expectRefused({ maxHops: 1 }, "CHAIN_HOPS", redelegation, { maxHops: 1 });
    expectRefused({ maxHops: 3 }, "CHAIN_HOPS", redelegation, { maxHops: 2 });
    expect(refusal({ maxHops: 9 }, { maxHops: 0 }, {})).toMatchObject({
      code: "CHAIN_HOPS",
      link: 2,
      pointer: "/at/2/credentialSubject/parent",
    });
    for (const [root, child] of [
      [1, 0],
      [1, null],
      [9, 8],
      [9, 1],
    ] as const) {
      expect(refusal({ maxHops: root }, { maxHops: child })).toBeUndefined();
    }
  });

  it("is valid within the parent's time, to the millisecond (HOSTILE 141)", () => {
    expectRefused({ validFrom: "2026-11-23T07:59:59.999Z" }, "CHAIN_VALIDITY", "/validFrom");
    expectRefused({ validUntil: "2026-11-24T08:00:00.001Z" }, "CHAIN_VALIDITY", "/validUntil");
    expectRefused({ validFrom: "2026-11-23T08:00:00+00:01" }, "CHAIN_VALIDITY", "/validFrom");
    expectRefused({ validUntil: "2026-11-24T08:00:00-00:01" }, "CHAIN_VALIDITY", "/validUntil");
    for (const same of [
      { validFrom: "2026-11-23T08:00:00.000Z", validUntil: "2026-11-24T08:00:00.000Z" },
      { validFrom: "2026-11-23T09:00:00+01:00", validUntil: "2026-11-24T07:00:00-01:00" },
      { validFrom: "2026-11-23T08:00:00.001Z", validUntil: "2026-11-24T07:59:59.999Z" },
    ]) {
      expect(refusal({}, same)).toBeUndefined();
    }
    // Not adjacent: the end of the link in the middle counts.
    expect(
      refusal({}, { validUntil: "2026-11-23T09:00:00Z" }, { validUntil: "2026-11-23T10:00:00Z" }),
    ).toMatchObject({
      code: "CHAIN_VALIDITY",
      link: 2,
      pointer: "/at/2/validUntil",
    });
  });
});

describe("each subject and each id occurs once", () => {
  it.each<readonly [string, readonly LinkChanges[], number]>([
    ["A to B to A", [{}, { subject: PRINCIPAL }], 1],
    ["a link to its own issuer below the root (HOSTILE 163)", [{}, { subject: subjectAt(0) }], 1],
    ["back over two links", [{}, {}, { subject: subjectAt(0) }], 2],
    ["back to the root's issuer over two links", [{}, {}, { subject: PRINCIPAL }], 2],
    ["a root to itself, then again", [{ subject: PRINCIPAL }, { issuer: PRINCIPAL, subject: PRINCIPAL }], 1],
  ])("%s", (_, changes, link) => {
    expect(refusal(...changes)).toEqual({
      code: "CHAIN_SUBJECT_REPEATED",
      detail: "the subject occurs before",
      link,
      pointer: `/at/${String(link)}/credentialSubject/id`,
    });
  });

  it("a root may be issued to its own issuer", () => {
    expect(refusal({ subject: PRINCIPAL }, { issuer: PRINCIPAL })).toBeUndefined();
    expect(refusal({ subject: PRINCIPAL })).toBeUndefined();
  });

  it("two links may not have one id (HOSTILE 219)", () => {
    expect(refusal({}, {}, { id: idAt(0) })).toEqual({
      code: "CREDENTIAL_DUPLICATE",
      detail: "the id occurs before",
      link: 2,
      pointer: "/at/2/id",
    });
    expect(refusal({}, { id: idAt(0) })).toMatchObject({
      code: "CREDENTIAL_DUPLICATE",
      link: 1,
      pointer: "/at/1/id",
    });
  });
});

describe("the grants of a chain", () => {
  const grant = (id: string, within: string | undefined, ...actions: readonly string[]): Grant => ({
    id,
    actions,
    ...(within === undefined ? {} : { within }),
  });

  it("lie within the parent's, with a pointer into the link (HOSTILE 138, 140, 142)", () => {
    const root = { grants: [grant("a", undefined, "x"), grant("b", undefined, "y.*")] };
    expect(refusal(root, { grants: [grant("c", "b", "y.1"), grant("d", "a", "x", "*")] })).toEqual({
      code: "ATTENUATION_VIOLATED",
      detail: expect.stringMatching(/^actions: /) as unknown,
      pointer: "/at/1/credentialSubject/grants/1/actions/1",
      link: 1,
      grant: "d",
      dimension: "actions",
      asked: "*",
      allowed: ["x"],
    });
    const resources = ["https://a.example/files/"];
    const middle = { grants: [grant("g", "g", "do")] };
    const last = { grants: [{ ...grant("g", "g", "do"), resources: ["https://a.example/"] }] };
    expect(refusal({ grants: [{ ...grant("g", undefined, "do"), resources }] }, middle, last)).toMatchObject({
      code: "ATTENUATION_VIOLATED",
      pointer: "/at/2/credentialSubject/grants/0/resources/0",
      link: 2,
      dimension: "resources",
      asked: "https://a.example/",
      allowed: resources,
    });
  });

  it("name a grant of the parent (HOSTILE 219)", () => {
    const missing = { code: "GRANT_WITHIN", link: 1, pointer: "/at/1/credentialSubject/grants/0/within" };
    expect(refusal({}, { grants: [grant("g", "other", "do")] })).toMatchObject(missing);
    expect(refusal({}, { grants: [grant("g", undefined, "do")] })).toMatchObject(missing);
    expect(refusal({ grants: [grant("g", "g", "do")] })).toMatchObject({
      code: "GRANT_WITHIN",
      link: 0,
      pointer: "/at/0/credentialSubject/grants/0/within",
    });
  });
});

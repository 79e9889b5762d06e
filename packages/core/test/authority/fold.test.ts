import { evaluate, foldGrants, fromRoot, type Grant, type LinkGrants } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { DimensionValues } from "../../src/authority/dimensions.js";
import type { FoldedGrant } from "../../src/authority/fold.js";
import { subjectAt } from "./credentials.js";
import {
  accountAt,
  asks,
  type Asked,
  BILLING,
  deniedBy,
  type Dimensions,
  fold,
  links,
  NOW,
  ORDERS,
  problemsOf,
  violation,
} from "./grants.js";

const TREE = "https://api.acme.example/files/";

const FULL: Dimensions = {
  actions: ["do", "undo"],
  resources: [TREE],
  audience: [ORDERS],
  args: { "/a": { range: { max: 5 } } },
  spend: { unit: "EUR", amountAt: "/a", perAction: 5, budget: 50 },
  rate: [{ max: 5, seconds: 60 }],
  meter: { ledger: ORDERS, account: accountAt(0) },
  when: {
    windows: [{ days: ["mo"], from: "08:00", to: "09:00", timeZone: "UTC" }],
    context: { region: { equals: "eu" } },
  },
  approval: { over: 3, approvers: [BILLING], quorum: 1 },
  statusMaxAgeSeconds: 300,
};

const ALLOWED: Asked = {
  resource: `${TREE}x`,
  audience: ORDERS,
  args: { a: 5 },
  context: { region: "eu" },
  ledger: ORDERS,
  statusAsOf: NOW - 300_000,
  approvedBy: [BILLING],
};

describe("folding a chain", () => {
  it("gives each grant what it says, and else what it inherits", () => {
    const grant = fold(FULL, { actions: ["do"] }, { actions: ["do"], resources: [`${TREE}x`] });
    expect(grant.effective).toEqual({ ...FULL, actions: ["do"], resources: [`${TREE}x`] });
    expect(grant.written).toEqual({ id: "g2", within: "g1", actions: ["do"], resources: [`${TREE}x`] });
    expect([grant.link, grant.outer?.link, grant.outer?.outer?.link]).toEqual([2, 1, 0]);
    expect(grant.outer?.effective).toEqual({ ...FULL, actions: ["do"] });
    expect(grant.outer?.outer?.effective).toEqual(FULL);
    expect(grant.outer?.outer?.outer).toBeUndefined();
    expect(fromRoot(grant)).toEqual([grant.outer?.outer, grant.outer, grant]);
    expect(fromRoot(grant).map(({ issuer }) => issuer)).toEqual([-1, 0, 1].map(subjectAt));
  });

  it("says nothing of an outer grant at the root", () => {
    expect(Object.hasOwn(fold({}), "outer")).toBe(false);
    expect(foldGrants([])).toEqual([]);
  });

  it("leaves out what nobody says", () => {
    expect(fold({}, {}).effective).toEqual({ actions: ["do"] });
  });

  it("gives all grants of the last link, in their order, each in its own box", () => {
    const result = foldGrants([
      linkOf(grantOf("a", undefined, ["a.*"]), grantOf("b", undefined, ["b.*"])),
      linkOf(grantOf("y", "b", ["b.1"]), grantOf("x", "a", ["a.1"]), grantOf("z", "a", ["a.2"])),
    ]);
    expect(result.map(({ written, outer }) => [written.id, outer?.written.id])).toEqual([
      ["y", "b"],
      ["x", "a"],
      ["z", "a"],
    ]);
  });

  it("judges a grant by the grant that it names, not by another of the same parent", () => {
    const chain: readonly LinkGrants[] = [
      { ...linkOf(grantOf("a", undefined, ["a.*"]), grantOf("b", undefined, ["b.*"])), pointer: "/0" },
      { ...linkOf(grantOf("x", "a", ["a.1"]), grantOf("y", "a", ["b.1"])), pointer: "/1" },
    ];
    expect(problemsOf(() => foldGrants(chain))).toEqual([
      {
        code: "ATTENUATION_VIOLATED",
        pointer: "/1/1/actions/0",
        link: 1,
        grant: "y",
        dimension: "actions",
        asked: "b.1",
        allowed: ["a.*"],
      },
    ]);
  });
});

describe("a caveat that is dropped in the middle (HOSTILE 142)", () => {
  const dropped: readonly (readonly [keyof Grant, Dimensions, string, unknown, unknown])[] = [
    [
      "resources",
      { resources: [TREE, "https://other.example/"] },
      "/resources/1",
      "https://other.example/",
      [TREE],
    ],
    ["audience", { audience: [BILLING] }, "/audience/0", BILLING, [ORDERS]],
    [
      "args",
      { args: { "/a": { range: { max: 6 } } } },
      "/args/~1a",
      { range: { max: 6 } },
      { range: { max: 5 } },
    ],
    ["args", { args: { "/b": { any: true } } }, "/args/~1a", undefined, { range: { max: 5 } }],
    ["spend", { spend: { unit: "EUR", perAction: 6 } }, "/spend/perAction", 6, 5],
    [
      "spend",
      { spend: { unit: "EUR", budget: 51 }, meter: { ledger: ORDERS, account: accountAt(2) } },
      "/spend/budget",
      51,
      50,
    ],
    [
      "rate",
      { rate: [{ max: 6, seconds: 60 }], meter: { ledger: ORDERS, account: accountAt(2) } },
      "/rate",
      [{ max: 6, seconds: 60 }],
      { max: 5, seconds: 60 },
    ],
    ["meter", { meter: { ledger: BILLING, account: accountAt(2) } }, "/meter/ledger", BILLING, ORDERS],
    [
      "when",
      { when: { context: { region: { any: true } } } },
      "/when/context/region",
      { any: true },
      { equals: "eu" },
    ],
    ["approval", { approval: { over: 4, approvers: [BILLING], quorum: 1 } }, "/approval/over", 4, 3],
    ["statusMaxAgeSeconds", { statusMaxAgeSeconds: 301 }, "/statusMaxAgeSeconds", 301, 300],
  ];

  it.each(dropped)("cannot come back wider: %s, %j", (dimension, last, place, asked, allowed) => {
    for (const between of [[{}], [{}, {}, {}]]) {
      const link = between.length + 1;
      const expected = { code: "ATTENUATION_VIOLATED", pointer: `/${String(link)}/0${place}`, link };
      expect(violation(FULL, ...between, last)).toEqual({
        ...expected,
        grant: `g${String(link)}`,
        dimension,
        ...(asked === undefined ? {} : { asked }),
        allowed,
      });
    }
  });

  it("still holds", () => {
    const grant = fold(FULL, {}, {});
    expect(deniedBy(grant, ALLOWED)).toEqual([]);
    expect(deniedBy(grant, { ...ALLOWED, audience: BILLING })).toEqual([
      { link: 0, dimension: "audience", pointer: "", asked: BILLING, allowed: [ORDERS] },
    ]);
    expect(deniedBy(grant, { ...ALLOWED, args: { a: 6 } })).toEqual([
      { link: 0, dimension: "args", pointer: "/args/a", asked: 6, allowed: { range: { max: 5 } } },
      { link: 0, dimension: "spend", pointer: "/args/a", asked: 6, allowed: 5 },
    ]);
  });
});

describe("within (HOSTILE 219)", () => {
  it.each<readonly [string, readonly LinkGrants[], string, number]>([
    ["at a root", [linkOf(grantOf("a", "a"))], "/0/0/within", 0],
    ["missing below a root", [linkOf(grantOf("a")), linkOf(grantOf("a"))], "/1/0/within", 1],
    ["naming nothing", [linkOf(grantOf("a")), linkOf(grantOf("a", "b"))], "/1/0/within", 1],
    [
      "naming a grant beside it",
      [linkOf(grantOf("a")), linkOf(grantOf("b", "a"), grantOf("c", "b"))],
      "/1/1/within",
      1,
    ],
    [
      "naming a grant of the parent's parent",
      [linkOf(grantOf("a")), linkOf(grantOf("b", "a")), linkOf(grantOf("c", "a"))],
      "/2/0/within",
      2,
    ],
  ])("%s", (_, chain, pointer, link) => {
    const numbered = chain.map((each, index) => ({ ...each, pointer: `/${String(index)}` }));
    const grant = numbered[link]?.grants[pointer.startsWith("/1/1") ? 1 : 0]?.id;
    expect(problemsOf(() => foldGrants(numbered))).toEqual([{ code: "GRANT_WITHIN", pointer, link, grant }]);
  });
});

describe("a chain with many faults", () => {
  const root = grantOf("a", undefined, ["a.*"]);

  it("is refused with all of the first link at fault, in their order", () => {
    const second = linkOf(
      {
        ...grantOf("x", "a", ["b"]),
        spend: { unit: "EUR" },
        approval: { over: 1, approvers: [BILLING, subjectAt(1)], quorum: 1 },
      },
      grantOf("y", "nothing"),
      grantOf("z", "a", ["a.b"]),
      grantOf("w", "a", ["a.b", "c"]),
    );
    const chain = [linkOf(root), second, linkOf(grantOf("v", "nothing"))].map((link, index) => ({
      ...link,
      subject: subjectAt(index),
      pointer: `/at/${String(index)}`,
    }));
    const refused = { link: 1, grant: "x" };
    expect(problemsOf(() => foldGrants(chain))).toEqual([
      {
        ...refused,
        code: "ATTENUATION_VIOLATED",
        pointer: "/at/1/0/actions/0",
        dimension: "actions",
        asked: "b",
        allowed: ["a.*"],
      },
      {
        ...refused,
        code: "APPROVER_IN_CHAIN",
        pointer: "/at/1/0/approval/approvers/1",
        dimension: "approval",
        asked: subjectAt(1),
      },
      { code: "GRANT_WITHIN", pointer: "/at/1/1/within", link: 1, grant: "y" },
      {
        code: "ATTENUATION_VIOLATED",
        pointer: "/at/1/3/actions/1",
        link: 1,
        grant: "w",
        dimension: "actions",
        asked: "c",
        allowed: ["a.*"],
      },
    ]);
    expect(refusalOf(() => foldGrants(chain))).toEqual({
      code: "ATTENUATION_VIOLATED",
      pointer: "/at/1/0/actions/0",
    });
  });

  it("is told what a grant needs after what it breaks", () => {
    const inner: Dimensions = { actions: ["x"], approval: { over: 1, approvers: [BILLING], quorum: 1 } };
    expect(problemsOf(() => foldGrants(links({}, inner)))).toEqual([
      {
        code: "ATTENUATION_VIOLATED",
        pointer: "/1/0/actions/0",
        link: 1,
        grant: "g1",
        dimension: "actions",
        asked: "x",
        allowed: ["do"],
      },
      { code: "SCHEMA_INVALID", pointer: "/1/0/spend", link: 1, grant: "g1", dimension: "approval" },
    ]);
    // Both may be so of one dimension.
    const own: Dimensions = { approval: { over: 1, approvers: [subjectAt(1)], quorum: 1 } };
    expect(problemsOf(() => foldGrants(links({}, own))).map(({ code }) => code)).toEqual([
      "APPROVER_IN_CHAIN",
      "SCHEMA_INVALID",
    ]);
  });

  it("names one fault in each dimension", () => {
    const inner: Dimensions = { actions: ["x", "y"], audience: [BILLING], statusMaxAgeSeconds: 301 };
    const problems = problemsOf(() =>
      foldGrants(links({ actions: ["do"], audience: [ORDERS], statusMaxAgeSeconds: 300 }, inner)),
    );
    expect(problems.map(({ pointer, dimension }) => [pointer, dimension])).toEqual([
      ["/1/0/actions/0", "actions"],
      ["/1/0/audience/0", "audience"],
      ["/1/0/statusMaxAgeSeconds", "statusMaxAgeSeconds"],
    ]);
  });
});

describe("approvers", () => {
  const rule = (...approvers: readonly string[]): Dimensions => ({
    spend: { unit: "EUR" },
    approval: { over: 1, approvers, quorum: 1 },
  });
  const refused = (link: number, index: number, approver: string): readonly object[] => [
    {
      code: "APPROVER_IN_CHAIN",
      pointer: `/${String(link)}/0/approval/approvers/${String(index)}`,
      link,
      grant: `g${String(link)}`,
      dimension: "approval",
      asked: approver,
    },
  ];
  const problems = (...chain: readonly Dimensions[]): readonly object[] =>
    problemsOf(() => foldGrants(links(...chain)));

  it("are no subject of the chain, above, at or below the grant (HOSTILE 224)", () => {
    expect(problems(rule(subjectAt(0)))).toEqual(refused(0, 0, subjectAt(0)));
    expect(problems(rule(BILLING, subjectAt(2)), {}, {})).toEqual(refused(0, 1, subjectAt(2)));
    expect(problems({ spend: { unit: "EUR" } }, {}, rule(BILLING, ORDERS, subjectAt(1)))).toEqual(
      refused(2, 2, subjectAt(1)),
    );
  });

  it("may be the issuer of the root, and anybody outside", () => {
    expect(problems(rule(subjectAt(-1), BILLING), {}, {})).toEqual([]);
    expect(problems(rule(subjectAt(1)))).toEqual([]);
  });

  it("are judged once, where they are written", () => {
    expect(problems(rule(BILLING), rule(BILLING, ORDERS))).toMatchObject([
      {
        code: "ATTENUATION_VIOLATED",
        pointer: "/1/0/approval/approvers/1",
        asked: ORDERS,
        allowed: [BILLING],
      },
    ]);
  });
});

describe("Rule A where Rule B is bypassed", () => {
  /** A grant within a narrower one, as no chain that is accepted has it. */
  const outer = handMade(0, FULL);
  const inner = handMade(
    1,
    {
      actions: ["*"],
      resources: ["https://other.example/", TREE],
      audience: [BILLING, ORDERS],
      args: { "/a": { any: true }, "/b": { any: true, optional: true } },
      spend: { unit: "EUR", amountAt: "/a", perAction: 500 },
      when: { context: { region: { any: true } } },
      statusMaxAgeSeconds: 3000,
    },
    outer,
  );

  it.each<readonly [Asked, string, string, unknown, unknown]>([
    [{ action: "other" }, "actions", "/action", "other", ["do", "undo"]],
    [{ resource: "https://other.example/" }, "resources", "/resource", "https://other.example/", [TREE]],
    [{ audience: BILLING }, "audience", "", BILLING, [ORDERS]],
    [{ args: { a: 5, b: 1 } }, "args", "/args/b", 1, undefined],
    [{ ledger: BILLING }, "meter", "", BILLING, ORDERS],
    [
      { now: NOW + 3_600_000, statusAsOf: NOW + 3_600_000 },
      "when",
      "",
      "2026-11-23T09:00:00.000Z",
      FULL.when?.windows,
    ],
    [{ context: { region: "us" } }, "when", "", { region: "us" }, FULL.when?.context],
    [{ statusAsOf: NOW - 300_001 }, "statusMaxAgeSeconds", "", 301, 300],
  ])("the ancestor denies %j", (request, dimension, pointer, asked, allowed) => {
    expect(deniedBy(inner, ALLOWED)).toEqual([]);
    const expected = { link: 0, dimension, pointer, asked, ...(allowed === undefined ? {} : { allowed }) };
    expect(deniedBy(inner, { ...ALLOWED, ...request })).toEqual([expected]);
  });

  it("each ancestor is asked, root first", () => {
    const chain = handMade(
      2,
      { ...FULL, actions: ["do"] },
      handMade(1, { ...FULL, actions: ["undo"] }, outer),
    );
    const other = evaluate(chain, asks({ ...ALLOWED, action: "other" }));
    expect(other.denials.map(({ link, grant }) => [link, grant])).toEqual([
      [0, "g0"],
      [1, "g1"],
      [2, "g2"],
    ]);
    expect(deniedBy(chain, { ...ALLOWED, action: "undo" })).toEqual([
      { link: 2, dimension: "actions", pointer: "/action", asked: "undo", allowed: ["do"] },
    ]);
    expect(evaluate(chain, asks(ALLOWED)).denials).toEqual([
      {
        code: "NOT_ALLOWED",
        detail: expect.stringMatching(/^actions: /) as unknown,
        link: 1,
        grant: "g1",
        dimension: "actions",
        pointer: "/action",
        asked: "do",
        allowed: ["undo"],
      },
    ]);
  });

  it("a dimension that a link does not write is judged where it was written", () => {
    const silent = { ...handMade(1, FULL, outer), written: { id: "g1", actions: ["do"] } };
    expect(deniedBy(silent, { ...ALLOWED, audience: BILLING }).map(({ link }) => link)).toEqual([0]);
  });
});

describe("an evaluation", () => {
  const chain = [
    FULL,
    {},
    { spend: { unit: "EUR", budget: 20 }, meter: { ledger: ORDERS, account: accountAt(2) } },
  ];
  const charged = {
    link: 0,
    grant: "g0",
    issuer: subjectAt(-1),
    account: accountAt(0),
    spend: { unit: "EUR", amount: 5 },
    limits: [
      { dimension: "spend", budget: 50 },
      { dimension: "rate", max: 5, seconds: 60 },
    ],
  };

  it("says what is denied, what awaits approval and what is charged, each root first", () => {
    const { denials, approvals, charges } = evaluate(fold(...chain), asks({ ...ALLOWED, approvedBy: [] }));
    expect(denials).toEqual([]);
    expect(approvals).toEqual([
      {
        code: "APPROVAL_REQUIRED",
        detail: expect.stringMatching(/^approval: /) as unknown,
        pointer: "",
        link: 0,
        grant: "g0",
        dimension: "approval",
        asked: 5,
        allowed: FULL.approval,
      },
    ]);
    expect(charges).toEqual([
      charged,
      {
        ...charged,
        link: 2,
        grant: "g2",
        issuer: subjectAt(1),
        account: accountAt(2),
        limits: [{ dimension: "spend", budget: 20 }],
      },
    ]);
  });

  it("says all three even where something is denied", () => {
    const result = evaluate(fold(...chain), asks({ ...ALLOWED, action: "other", approvedBy: [] }));
    expect(result.denials.map(({ link, dimension }) => [link, dimension])).toEqual([
      [0, "actions"],
      [1, "actions"],
      [2, "actions"],
    ]);
    expect([result.approvals.length, result.charges.length]).toEqual([1, 2]);
  });

  it("is empty for a plain grant that allows", () => {
    expect(evaluate(fold({}), asks({}))).toEqual({ denials: [], approvals: [], charges: [] });
  });
});

function grantOf(id: string, within?: string, actions: readonly string[] = ["do"]): Grant {
  return { id, actions, ...(within === undefined ? {} : { within }) };
}

function linkOf(...grants: readonly Grant[]): LinkGrants {
  return { issuer: "did:web:issuer.example", subject: "did:web:subject.example", grants, pointer: "" };
}

function handMade(link: number, dimensions: Dimensions, outer?: FoldedGrant): FoldedGrant {
  const effective: DimensionValues = { actions: ["do"], ...dimensions };
  const written = { id: `g${String(link)}`, ...effective };
  const issuer = subjectAt(link - 1);
  return { link, issuer, written, effective, ...(outer === undefined ? {} : { outer }) };
}

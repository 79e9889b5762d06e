import { describe, expect, it } from "vitest";

import { BILLING, deniedBy, denial, denials, fold, isInside, ORDERS, violation, wider } from "./grants.js";

const TREE = "https://api.acme.example/files/a/";
const EXACT = "https://api.acme.example/files/b";

describe("resources, Rule A", () => {
  const resources = [TREE, EXACT];

  it.each([TREE, `${TREE}x`, `${TREE}x/`, `${TREE}x/y`, EXACT])("allows %s", (resource) => {
    expect(denials({ resources }, { resource })).toEqual([]);
  });

  it.each([
    "https://api.acme.example/files/a",
    "https://api.acme.example/files/ab",
    "https://api.acme.example/files/",
    `${EXACT}/`,
    `${EXACT}/x`,
    `${EXACT}x`,
    "https://api.acme.example/Files/a/x",
    "https://api.acme.example:8443/files/a/x",
  ])("denies %s", (resource) => {
    expect(denials({ resources }, { resource })).toEqual([
      denial("resources", "/resource", resource, resources),
    ]);
  });

  it("denies where the invocation names none, for holder and service", () => {
    const expected = [denial("resources", "/resource", undefined, resources)];
    expect(denials({ resources }, {})).toEqual(expected);
    expect(denials({ resources }, { perspective: "holder" })).toEqual(expected);
  });

  it("leaves the resource free where the grant names none", () => {
    expect(denials({}, { resource: EXACT })).toEqual([]);
    expect(denials({}, {})).toEqual([]);
  });
});

describe("resources, Rule B", () => {
  it.each<readonly [readonly string[] | undefined, readonly string[]]>([
    [[TREE], [TREE]],
    [[TREE], [`${TREE}x`, `${TREE}x/`]],
    [
      [TREE, EXACT],
      [EXACT, `${TREE}x`],
    ],
    [undefined, [EXACT]],
  ])("%j covers %j", (outer, inner) => {
    expect(isInside(outer === undefined ? {} : { resources: outer }, { resources: inner })).toBe(true);
  });

  it.each<readonly [readonly string[], readonly string[], number]>([
    [[TREE], ["https://api.acme.example/files/"], 0],
    [[TREE], ["https://api.acme.example/files/a"], 0],
    [[TREE], ["https://api.acme.example/files/ab/"], 0],
    [[EXACT], [`${EXACT}/`], 0],
    [[EXACT], [EXACT, `${EXACT}b`], 1],
    [[`${TREE}x`, `${TREE}y`], [TREE], 0],
  ])("%j does not cover %j", (outer, inner, index) => {
    expect(violation({ resources: outer }, { resources: inner })).toEqual(
      wider("resources", `/resources/${String(index)}`, inner[index], outer),
    );
  });
});

describe("audience, Rule A", () => {
  const audience = [ORDERS];

  it("holds at the service that states its DID", () => {
    expect(denials({ audience: [BILLING, ORDERS] }, { audience: ORDERS })).toEqual([]);
    expect(denials({}, {})).toEqual([]);
    expect(denials({}, { audience: ORDERS })).toEqual([]);
  });

  it.each([BILLING, `${ORDERS}.evil`, "did:web:orders", "did:web:Orders.example"])(
    "does not hold at %s",
    (other) => {
      expect(denials({ audience }, { audience: other })).toEqual([denial("audience", "", other, audience)]);
    },
  );

  it("does not hold at a service that states none; a holder may leave it open", () => {
    expect(denials({ audience }, {})).toEqual([denial("audience", "", undefined, audience)]);
    expect(denials({ audience }, { perspective: "holder" })).toEqual([]);
    expect(denials({ audience }, { perspective: "holder", audience: ORDERS })).toEqual([]);
    expect(denials({ audience }, { perspective: "holder", audience: BILLING })).toEqual([
      denial("audience", "", BILLING, audience),
    ]);
  });
});

describe("audience, Rule B", () => {
  it("is a subset", () => {
    expect(isInside({ audience: [ORDERS, BILLING] }, { audience: [BILLING] })).toBe(true);
    expect(isInside({ audience: [ORDERS] }, { audience: [ORDERS] })).toBe(true);
    expect(isInside({}, { audience: [ORDERS] })).toBe(true);
    expect(violation({ audience: [ORDERS] }, { audience: [ORDERS, BILLING] })).toEqual(
      wider("audience", "/audience/1", BILLING, [ORDERS]),
    );
    expect(violation({ audience: [ORDERS] }, { audience: [`${ORDERS}.evil`] })).toEqual(
      wider("audience", "/audience/0", `${ORDERS}.evil`, [ORDERS]),
    );
  });
});

describe("several dimensions", () => {
  it("are all named in a denial, in their order", () => {
    const grant = fold({ resources: [EXACT], audience: [ORDERS], args: { "/a": { equals: 1 } } });
    expect(deniedBy(grant, { action: "other", audience: BILLING })).toEqual([
      denial("actions", "/action", "other", ["do"]),
      denial("resources", "/resource", undefined, [EXACT]),
      denial("audience", "", BILLING, [ORDERS]),
      denial("args", "/args/a", undefined, { equals: 1 }),
    ]);
  });
});

import { WritError, type Grant, type Problem } from "@writ/core";
import { describe, expect, it } from "vitest";

import { addCredentials, delegateAuthority, freeToDelegate } from "../src/index.js";
import { authorityOf, identityOf, openWorld, SERVICE, signerOf } from "./world.js";

const [SUB, ANN, BEN, OTHER] = ["sub", "ann", "ben", "other"].map((name) => signerOf(name).did) as [
  string,
  string,
  string,
  string,
];
const account = (last: number) => `urn:uuid:00000000-0000-4000-8000-00000000000${String(last)}`;
const hours = (to: string) => [{ days: ["mo"], from: "08:00", to, timeZone: "UTC" }] as const;

/** A grant that says something in every dimension. */
const FULL: Grant = {
  id: "full",
  actions: ["pay"],
  resources: ["https://api.acme.example/v1/"],
  audience: [SERVICE.did],
  args: { "/amount": { range: { min: 1, max: 100 } } },
  spend: { unit: "EUR", amountAt: "/amount", perAction: 100, budget: 1000 },
  rate: [{ max: 5, seconds: 60 }],
  meter: { ledger: SERVICE.did, account: account(1) },
  when: { windows: hours("18:00"), context: { risk: { range: { max: 40 } } } },
  approval: { over: 50, approvers: [ANN, BEN], quorum: 1 },
  statusMaxAgeSeconds: 300,
};
const CHILD: Grant = {
  ...FULL,
  id: "child",
  within: "full",
  meter: { ...FULL.meter, account: account(2) } as never,
};

/** One step too far in each dimension. */
const WIDER: Readonly<Record<string, readonly [value: unknown, pointer: string]>> = {
  actions: [["pay", "steal"], "/actions/1"],
  resources: [["https://api.acme.example/"], "/resources/0"],
  audience: [[SERVICE.did, OTHER], "/audience/1"],
  args: [{ "/amount": { range: { min: 1, max: 101 } } }, "/args/~1amount"],
  spend: [{ ...FULL.spend, budget: 1001 }, "/spend/budget"],
  rate: [[{ max: 6, seconds: 60 }], "/rate"],
  meter: [{ ledger: OTHER, account: account(2) }, "/meter/ledger"],
  when: [{ windows: hours("18:01") }, "/when/windows/0"],
  approval: [{ ...FULL.approval, over: 51 }, "/approval/over"],
  statusMaxAgeSeconds: [301, "/statusMaxAgeSeconds"],
};

/** The refusal to hand on these grants, and that nothing is remembered of it. */
async function refusalOf(grants: readonly Grant[]): Promise<WritError> {
  const { wallet } = await openWorld("lead");
  const parent = await authorityOf(wallet.did, { grants: [FULL], maxHops: 1 });
  await addCredentials(wallet, [await identityOf(wallet.did), parent]);
  const error: unknown = await delegateAuthority(wallet, { to: SUB, grants }).catch(
    (caught: unknown) => caught,
  );
  expect((await freeToDelegate(wallet)).delegations).toHaveLength(error instanceof WritError ? 0 : 1);
  if (error instanceof WritError) return error;
  throw new Error("it was handed on");
}

const at = (index: number, pointer: string) => `/credentialSubject/grants/${String(index)}${pointer}`;
const places = (problems: readonly Problem[]) =>
  problems.map(({ dimension, pointer }) => [dimension, pointer]);
const wider = (...dimensions: readonly string[]) =>
  Object.fromEntries(dimensions.map((dimension) => [dimension, WIDER[dimension]?.[0]])) as Partial<Grant>;

describe("the refusal to hand on more than there is", () => {
  it.each(Object.entries(WIDER))("names the dimension: %s", async (dimension, [, pointer]) => {
    const { code, problem, problems } = await refusalOf([{ ...CHILD, ...wider(dimension) }]);
    expect(code).toBe("ATTENUATION_VIOLATED");
    expect(problem).toMatchObject({ dimension, pointer: at(0, pointer), link: 1, grant: "child" });
    expect(problems).toEqual([problem]);
  });

  it("names every dimension of every grant, the first one first", async () => {
    const every = Object.keys(WIDER);
    const { problem, problems } = await refusalOf([
      { ...CHILD, ...wider(...every) },
      { ...CHILD, id: "inside" },
      { ...CHILD, id: "second", ...wider("rate", "actions") },
      { ...CHILD, id: "lost", within: "nothing" },
    ]);
    expect(places(problems)).toEqual([
      ...every.map((dimension) => [dimension, at(0, WIDER[dimension]?.[1] ?? "")]),
      ["actions", at(2, "/actions/1")],
      ["rate", at(2, "/rate")],
      [undefined, at(3, "/within")],
    ]);
    expect(problem).toEqual(problems[0]);
    expect(new Set(problems.map(({ code }) => code))).toEqual(
      new Set(["ATTENUATION_VIOLATED", "GRANT_WITHIN"]),
    );
    expect(problems[4]).toMatchObject({ asked: 1001, allowed: 1000 });
  });

  it("is of an approver too who would be a subject of the chain", async () => {
    const { code, problems } = await refusalOf([
      { ...CHILD, approval: { over: 50, approvers: [ANN, SUB], quorum: 1 }, ...wider("rate") },
      { ...CHILD, id: "second", approval: { over: 50, approvers: [BEN, ANN], quorum: 1 } },
    ]);
    expect(code).toBe("ATTENUATION_VIOLATED");
    expect(places(problems)).toEqual([
      ["rate", at(0, "/rate")],
      ["approval", at(0, "/approval/approvers/1")],
    ]);
  });
});

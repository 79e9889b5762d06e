import { allow, answers, by, deny, meter, SERVICE, wider, exceeds, type Vector } from "./vector.js";

const EUR = { unit: "EUR", perAction: 100 };
const AT = { unit: "EUR", amountAt: "/amount", perAction: 100 };
const BOTH = { unit: "EUR", amountAt: "/amount", unitAt: "/currency", perAction: 100 };

/** The service states what the action costs. */
const stated = (amount: number, args?: object, unit = "EUR") => ({
  facts: { spend: { unit, amount } },
  ...(args === undefined ? {} : { args: args as never }),
});
const named = (amount: unknown, more: object = {}) => ({ args: { amount, ...more } as never });
const spent = (amount: number, unit = "EUR") => ({ facts: { spend: { unit, amount }, ledger: SERVICE } });

const at = (pointer: string, ...links: readonly number[]) =>
  (links.length === 0 ? [0] : links).map((link) => by("spend", `/args${pointer}`, link));

const pairs = (name: string, what: string, outer: object, inner: object, place: string): Vector =>
  wider(`spend-wider-${name}`, what, "spend", [{ spend: outer }, { spend: inner }], `/spend/${place}`);

const budget = (amount: number, account: number) => ({
  spend: { unit: "EUR", budget: amount },
  ...meter(account),
});

export const spend: readonly Vector[] = [
  answers(
    "spend-stated",
    "HOSTILE 158: what the service states, positive and at most perAction.",
    [{ spend: EUR }],
    allow(stated(1)),
    allow(stated(100)),
    allow(stated(5, { amount: 7 })),
    deny(at(""), stated(101)),
    deny(at(""), stated(0)),
    deny(at(""), stated(-5)),
  ),
  answers(
    "spend-stated-fraction",
    "HOSTILE 156: integers only.",
    [{ spend: EUR }],
    deny(at(""), stated(0.5)),
  ),
  answers("spend-unknown", "A spend that nobody tells is denied.", [{ spend: EUR }], deny(at(""))),
  answers(
    "spend-named",
    "HOSTILE 156, 158: what amountAt points to, a positive integer.",
    [{ spend: AT }],
    allow(named(1)),
    allow(named(100)),
    deny(at("/amount"), named(101)),
    deny(at("/amount"), named(0)),
    deny(at("/amount"), named(-1)),
    deny(at("/amount"), named("7")),
    deny(at("/amount"), named(null)),
    deny(at("/amount"), named([7])),
    deny(at("/amount"), { args: { other: 7 } }),
    deny(at("/amount")),
  ),
  answers(
    "spend-named-deep",
    "amountAt is a pointer.",
    [{ spend: { ...AT, amountAt: "/pay/amount" } }],
    allow({ args: { pay: { amount: 100 } } }),
    deny(at("/pay/amount"), { args: { pay: { amount: 101 } } }),
  ),
  answers(
    "spend-stated-and-named",
    "Both present must be the same.",
    [{ spend: AT }],
    allow(stated(7, { amount: 7 })),
    allow(stated(7)),
    deny(at("/amount"), stated(7, { amount: 8 })),
    deny(at("/amount"), stated(8, { amount: 7 })),
    deny(at("/amount"), stated(7, { amount: "7" })),
    deny(at("/amount"), stated(101, { amount: 101 })),
  ),
  answers(
    "spend-unit-stated",
    "HOSTILE 157: the unit is exactly that of the grant.",
    [{ spend: EUR }],
    allow(stated(5)),
    deny(at(""), stated(5, undefined, "USD")),
    deny(at(""), stated(5, undefined, "eur")),
  ),
  answers(
    "spend-unit-named",
    "HOSTILE 157: where the arguments tell the unit, it is that of the grant.",
    [{ spend: BOTH }],
    allow(named(5, { currency: "EUR" })),
    allow(stated(5, { currency: "EUR" })),
    allow(stated(5)),
    deny(at("/currency"), named(5, { currency: "USD" })),
    deny(at("/currency"), named(5, { currency: null })),
    deny(at("/currency"), named(5)),
    deny(at("/currency"), stated(5, { amount: 5, currency: "USD" })),
    deny(at("/currency"), stated(5, { amount: 5, currency: "EUR" }, "USD")),
  ),
  answers(
    "spend-without-limit",
    "A unit alone limits nothing, yet the spend must be known.",
    [{ spend: { unit: "api-calls" } }],
    allow(stated(Number.MAX_SAFE_INTEGER, undefined, "api-calls")),
    deny(at("")),
    deny(at(""), stated(1)),
  ),
  answers(
    "spend-absent",
    "Without spend in the grant nothing needs to be known.",
    [{}],
    allow(),
    allow(named(-1)),
    allow(stated(5, undefined, "USD")),
  ),
  answers(
    "spend-narrowed",
    "A smaller perAction in the same unit and pointers; each link that it goes beyond denies.",
    [{ spend: AT }, { spend: { ...AT, perAction: 50 } }],
    allow(named(50)),
    deny(at("/amount", 1), named(51)),
    deny(at("/amount", 0, 1), named(101)),
  ),
  answers(
    "spend-narrowed-members",
    "Members that the child leaves out are as folded above: it spends from the same argument.",
    [{ spend: AT }, { spend: { unit: "EUR", perAction: 50 } }],
    allow(named(50)),
    deny(at("/amount", 1), named(51)),
    deny(at("/amount", 0, 1)),
  ),
  answers(
    "spend-added",
    "A child may limit the spend where the parent does not.",
    [{}, { spend: AT }],
    allow(named(100)),
    deny(at("/amount", 1), named(101)),
  ),
  answers(
    "spend-limit-added",
    "A child may set perAction where the parent sets only the unit.",
    [{ spend: { unit: "EUR" } }, { spend: EUR }],
    allow(stated(100)),
    deny(at("", 1), stated(101)),
    deny(at("", 0, 1), stated(1, undefined, "USD")),
  ),
  answers(
    "spend-dropped",
    "HOSTILE 142: a spend that the child leaves out still holds.",
    [{ spend: AT }, {}],
    allow(named(100)),
    deny(at("/amount", 0), named(101)),
  ),
  answers(
    "spend-budget",
    "HOSTILE 158: spends are summed up to the budget, which may be used up exactly; a denial is not charged.",
    [budget(100, 1)],
    allow(spent(60)),
    deny(exceeds("spend"), spent(41)),
    allow(spent(40)),
    deny(exceeds("spend"), spent(1)),
  ),
  answers(
    "spend-budget-and-per-action",
    "perAction is judged before the ledger is asked.",
    [{ spend: { unit: "EUR", perAction: 60, budget: 100 }, ...meter(1) }],
    allow(spent(60)),
    deny(at(""), spent(61)),
    deny(exceeds("spend"), spent(60)),
  ),
  answers(
    "spend-budget-narrowed",
    "Each link that writes a budget keeps it; all that would be exceeded are told, the root first.",
    [budget(100, 1), budget(50, 2)],
    allow(spent(50)),
    deny(exceeds("spend", 1), spent(50)),
    deny([exceeds("spend", 0), exceeds("spend", 1)], spent(51)),
  ),
  answers(
    "spend-budget-dropped",
    "HOSTILE 142: a budget that the child leaves out still holds, on its own account.",
    [budget(100, 1), {}],
    allow(spent(100)),
    deny(exceeds("spend", 0), spent(1)),
  ),
  answers(
    "spend-budget-inherited",
    "A child that writes a spend without budget and meters it is held to the parent's budget where that was written.",
    [budget(100, 1), { spend: { unit: "EUR", perAction: 100 }, ...meter(2) }],
    allow(spent(100)),
    deny(exceeds("spend", 0), spent(1)),
  ),
  pairs("per-action", "HOSTILE 140: a greater perAction.", EUR, { ...EUR, perAction: 101 }, "perAction"),
  pairs("unit", "HOSTILE 157: another unit.", EUR, { ...EUR, unit: "USD" }, "unit"),
  pairs("amount-at", "Another amountAt.", AT, { ...AT, amountAt: "/tip" }, "amountAt"),
  pairs("amount-at-added", "An amountAt where there is none.", EUR, AT, "amountAt"),
  pairs("unit-at", "Another unitAt.", BOTH, { ...BOTH, unitAt: "/unit" }, "unitAt"),
  pairs("unit-at-added", "A unitAt where there is none.", AT, BOTH, "unitAt"),
  wider(
    "spend-wider-budget",
    "HOSTILE 140: a greater budget.",
    "spend",
    [budget(100, 1), budget(101, 2)],
    "/spend/budget",
  ),
  wider(
    "spend-wider-again",
    "HOSTILE 142: dropped in the middle and named wider at the end.",
    "spend",
    [{ spend: EUR }, {}, { spend: { unit: "EUR", perAction: 101 } }],
    "/spend/perAction",
  ),
  wider(
    "spend-wider-member-again",
    "HOSTILE 142: perAction left out in the middle, while a pointer stays, and named wider at the end.",
    "spend",
    [{ spend: AT }, { spend: { unit: "EUR", amountAt: "/amount" } }, { spend: { ...AT, perAction: 101 } }],
    "/spend/perAction",
  ),
];

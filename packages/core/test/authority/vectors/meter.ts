import {
  allow,
  alreadyDecided,
  answers,
  awaits,
  BILLING,
  by,
  deny,
  exceeds,
  meter,
  monday,
  NONCE_REUSED,
  SERVICE,
  wider,
  type Loose,
  type Vector,
  type Wish,
} from "./vector.js";

const at = (ledger: string) => ({ facts: { ledger } });
const HERE = at(SERVICE);
const unavailable = (...links: readonly number[]) =>
  links.map((link) => by("meter", "", link, "LEDGER_UNAVAILABLE"));

const budget = (amount: number, account: number, unit = "EUR"): Loose => ({
  spend: { unit, budget: amount },
  ...meter(account),
});
const spending = (amount: number, more: Wish = {}, unit = "EUR"): Wish => ({
  ...more,
  facts: { ledger: SERVICE, spend: { unit, amount } },
});
const grant = (id: string, rest: Loose): Loose => ({ id, actions: ["refund.create"], ...rest });
const exceeded = (id: string, link = 0) => ({ ...exceeds("spend", link), grant: id });

const unavailability: readonly Vector[] = [
  answers(
    "meter-ledger",
    "HOSTILE 231: a metered grant holds only where its ledger is at hand.",
    [meter(1)],
    allow(HERE),
    deny(unavailable(0)),
    deny(unavailable(0), at(BILLING)),
    deny(unavailable(0), { facts: { audience: SERVICE } }),
  ),
  answers(
    "meter-narrowed",
    "The same ledger, another account.",
    [meter(1), meter(2)],
    allow(HERE),
    deny(unavailable(0, 1), at(BILLING)),
  ),
  answers("meter-added", "A child may be metered alone.", [{}, meter(1)], allow(HERE), deny(unavailable(1))),
  answers(
    "meter-dropped",
    "HOSTILE 142: a meter that the child leaves out still holds.",
    [meter(1), {}],
    allow(HERE),
    deny(unavailable(0)),
  ),
  wider(
    "meter-wider-ledger",
    "A child may not be metered elsewhere.",
    "meter",
    [meter(1), meter(2, BILLING)],
    "/meter/ledger",
  ),
  wider(
    "meter-wider-account",
    "A child has its own account.",
    "meter",
    [meter(1), meter(1)],
    "/meter/account",
  ),
  wider(
    "meter-wider-again",
    "HOSTILE 142: dropped in the middle; the folded meter counts.",
    "meter",
    [meter(1), {}, meter(3, BILLING)],
    "/meter/ledger",
  ),
];

const accounts: readonly Vector[] = [
  answers(
    "meter-shared-above",
    "HOSTILE 154: a budget of 100 handed on twice is spent once, whoever spends.",
    [
      [grant("root", budget(100, 1))],
      [
        grant("one", { within: "root", ...budget(100, 2) }),
        grant("two", { within: "root", ...budget(100, 3) }),
      ],
    ],
    allow(spending(60, { grant: "one" })),
    deny(exceeded("root"), spending(60, { grant: "two" })),
    allow(spending(40, { grant: "two" })),
    deny(exceeded("root"), spending(1, { grant: "one" })),
  ),
  answers(
    "meter-many",
    "HOSTILE 155: never above the budget, however many ask.",
    [budget(2, 1)],
    allow(spending(1)),
    allow(spending(1)),
    ...Array.from({ length: 6 }, () => deny(exceeds("spend"), spending(1))),
  ),
  answers(
    "meter-account-kept",
    "HOSTILE 222: two grants of one issuer that name one account share what was charged to it.",
    [[grant("old", budget(100, 1)), grant("renewed", budget(120, 1))]],
    allow(spending(70, { grant: "old" })),
    deny(exceeded("renewed"), spending(60, { grant: "renewed" })),
    allow(spending(50, { grant: "renewed" })),
    deny(exceeded("old"), spending(1, { grant: "old" })),
  ),
  answers(
    "meter-accounts-apart",
    "Two accounts of one issuer are apart: exactly the named grant is charged.",
    [[grant("one", budget(100, 1)), grant("two", budget(100, 2))]],
    allow(spending(100, { grant: "one" })),
    allow(spending(100, { grant: "two" })),
    deny(exceeded("one"), spending(1, { grant: "one" })),
  ),
  answers(
    "meter-account-of-issuer",
    "An account is that of the issuer who names it: the same text below another issuer is another account.",
    [budget(100, 1), budget(100, 2), budget(100, 1)],
    allow(spending(60)),
    deny([exceeds("spend", 0), exceeds("spend", 1), exceeds("spend", 2)], spending(60)),
    allow(spending(40)),
  ),
  answers(
    "meter-unit",
    "HOSTILE 157: budgets of one account are summed by unit.",
    [[grant("euro", budget(100, 1)), grant("dollar", budget(100, 1, "USD"))]],
    allow(spending(100, { grant: "euro" })),
    allow(spending(100, { grant: "dollar" }, "USD")),
    deny(exceeded("euro"), spending(1, { grant: "euro" })),
    deny(exceeded("dollar"), spending(1, { grant: "dollar" }, "USD")),
  ),
  answers(
    "meter-charged-without-limit",
    "A grant that is metered without a budget is charged all the same.",
    [[grant("free", { spend: { unit: "EUR" }, ...meter(1) }), grant("limited", budget(100, 1))]],
    allow(spending(80, { grant: "free" })),
    deny(exceeded("limited"), spending(30, { grant: "limited" })),
    allow(spending(500, { grant: "free" })),
  ),
];

const nonces: readonly Vector[] = [
  answers(
    "nonce-retried",
    "HOSTILE 159, 221: the same nonce and invocation again is never a fresh allow, and charged once.",
    [budget(100, 1)],
    allow(spending(60, { nonce: "a" })),
    alreadyDecided(spending(60, { nonce: "a" })),
    allow(spending(40, { nonce: "b" })),
    alreadyDecided(spending(60, { nonce: "a" })),
  ),
  answers(
    "nonce-reused",
    "HOSTILE 221: the same nonce for another invocation; told before any limit.",
    [
      {
        args: { "/amount": { range: { min: 1 } } },
        spend: { unit: "EUR", amountAt: "/amount", budget: 100 },
        ...meter(1),
      },
    ],
    allow({ nonce: "a", args: { amount: 60 }, ...HERE }),
    deny(NONCE_REUSED, { nonce: "a", args: { amount: 1 }, ...HERE }),
    deny(NONCE_REUSED, { nonce: "a", args: { amount: 41 }, ...HERE }),
    deny(exceeds("spend"), { nonce: "b", args: { amount: 41 }, ...HERE }),
  ),
  answers(
    "nonce-reused-for-grant",
    "HOSTILE 221, 223: the same invocation under another grant is another.",
    [[grant("one", meter(1)), grant("two", meter(2))]],
    allow({ nonce: "a", grant: "one", ...HERE }),
    deny(NONCE_REUSED, { nonce: "a", grant: "two", ...HERE }),
    alreadyDecided({ nonce: "a", grant: "one", ...HERE }),
  ),
  answers(
    "nonce-same-digest",
    "The invocation is told by its digest: the order of members is none of it, an empty args is.",
    [meter(1)],
    allow({ nonce: "a", args: { x: 1, y: 2 }, ...HERE }),
    alreadyDecided({ nonce: "a", args: { y: 2, x: 1 }, ...HERE }),
    allow({ nonce: "b", ...HERE }),
    deny(NONCE_REUSED, { nonce: "b", args: {}, ...HERE }),
  ),
  answers(
    "nonce-of-denial",
    "Only an allow is recorded: a nonce that was denied may be used.",
    [budget(100, 1)],
    deny(exceeds("spend"), spending(101, { nonce: "a" })),
    allow(spending(100, { nonce: "a" })),
  ),
  answers(
    "nonce-unmetered",
    "Where a ledger is at hand it keeps nonces for grants without a meter too.",
    [{}],
    allow({ nonce: "a", ...HERE }),
    alreadyDecided({ nonce: "a", ...HERE }),
    deny(NONCE_REUSED, { nonce: "a", resource: "urn:acme:order:7", ...HERE }),
  ),
  answers(
    "nonce-without-ledger",
    "Without a ledger, and a meter, single use rests on the challenge alone.",
    [{}],
    allow({ nonce: "a" }),
    allow({ nonce: "a" }),
  ),
  answers(
    "nonce-after-hours",
    "HOSTILE 159: a retry is known when the hours of its grant are over; nothing else is allowed then.",
    [{ ...meter(1), when: { windows: [{ days: ["mo"], from: "10:00", to: "10:01", timeZone: "UTC" }] } }],
    allow({ nonce: "a", ...HERE }),
    alreadyDecided({ nonce: "a", facts: { ledger: SERVICE, now: monday("10:01:00") } }),
    deny(by("when", ""), { nonce: "b", facts: { ledger: SERVICE, now: monday("10:01:00") } }),
    deny([...unavailable(0), by("when", "")], { nonce: "a", facts: { now: monday("10:01:00") } }),
  ),
  answers(
    "nonce-after-approval",
    "HOSTILE 159: a retry is known when its approval has ended.",
    [{ ...budget(100, 1), approval: { over: 10, approvers: ["did:web:kim.example"], quorum: 1 } }],
    allow({ nonce: "a", facts: { ...spending(60).facts, approvedBy: ["did:web:kim.example"] } }),
    alreadyDecided(spending(60, { nonce: "a" })),
    awaits([0], spending(40, { nonce: "b" })),
  ),
  answers(
    "nonce-awaiting-approval",
    "What awaits approval is not recorded; once approved it is, and then never a fresh allow.",
    [{ ...budget(100, 1), approval: { over: 10, approvers: ["did:web:kim.example"], quorum: 1 } }],
    awaits([0], spending(60, { nonce: "a" })),
    allow({
      nonce: "a",
      facts: { ...spending(60).facts, approvedBy: ["did:web:kim.example"] },
    }),
    alreadyDecided({
      nonce: "a",
      facts: { ...spending(60).facts, approvedBy: ["did:web:kim.example"], now: monday("10:05:00") },
    }),
  ),
];

/** The ledger: where it is at hand, its accounts, and its nonces. */
export const meterVectors: readonly Vector[] = [...unavailability, ...accounts, ...nonces];

import {
  allow,
  alreadyDecided,
  answers,
  by,
  deny,
  exceeds,
  meter,
  monday,
  SERVICE,
  wider,
  type Asking,
  type Vector,
} from "./vector.js";

type Limit = readonly [max: number, seconds: number];

const rates = (account: number, ...limits: readonly Limit[]) => ({
  rate: limits.map(([max, seconds]) => ({ max, seconds })),
  ...meter(account),
});

const at = (time: string) => ({ facts: { now: monday(time), ledger: SERVICE } });

const allowAt = (time: string): Asking => allow(at(time));

/** Denied for so many rates of the links. */
const denyAt = (time: string, ...links: readonly number[]): Asking =>
  deny(
    (links.length === 0 ? [0] : links).map((link) => exceeds("rate", link)),
    at(time),
  );

const inside = (name: string, what: string, outer: readonly Limit[], inner: readonly Limit[]): Vector =>
  answers(`rate-narrower-${name}`, what, [rates(1, ...outer), rates(2, ...inner)], allowAt("10:00:00"));

const outside = (name: string, what: string, outer: readonly Limit[], inner: readonly Limit[]): Vector =>
  wider(`rate-wider-${name}`, what, "rate", [rates(1, ...outer), rates(2, ...inner)], "/rate");

export const rate: readonly Vector[] = [
  answers(
    "rate-window",
    "The window (t-s, t] slides and is half open: after 60 s exactly, the first no longer counts. Denials do not count.",
    [rates(1, [2, 60])],
    allowAt("10:00:00"),
    allowAt("10:00:30"),
    denyAt("10:00:30"),
    denyAt("10:00:59.999"),
    allowAt("10:01:00"),
    denyAt("10:01:00"),
    denyAt("10:01:29.999"),
    allowAt("10:01:30"),
  ),
  answers(
    "rate-one-instant",
    "Actions of one instant all count.",
    [rates(1, [2, 1])],
    allowAt("10:00:00"),
    allowAt("10:00:00"),
    denyAt("10:00:00"),
    allowAt("10:00:01"),
  ),
  answers(
    "rate-border",
    "No window begins at a full minute: a burst at its border is a burst.",
    [rates(1, [2, 60])],
    allowAt("10:00:58"),
    allowAt("10:00:59"),
    denyAt("10:01:00"),
    denyAt("10:01:57.999"),
    allowAt("10:01:58"),
  ),
  answers(
    "rate-later",
    "What is later than now, by the clock of somebody else, counts as well.",
    [rates(1, [1, 60])],
    allowAt("10:05:00"),
    denyAt("10:00:00"),
    allowAt("10:06:00"),
  ),
  answers(
    "rate-several",
    "All rates of a set hold; each that would be exceeded is told, as written.",
    [rates(1, [1, 10], [2, 60])],
    allowAt("10:00:00"),
    denyAt("10:00:09"),
    allowAt("10:00:10"),
    denyAt("10:00:19", 0, 0),
    denyAt("10:00:20"),
    allowAt("10:01:00"),
  ),
  answers(
    "rate-same-nonce",
    "HOSTILE 159: a retry of what was allowed is not counted.",
    [rates(1, [2, 60])],
    allow({ nonce: "first", ...at("10:00:00") }),
    alreadyDecided({ nonce: "first", ...at("10:00:01") }),
    allow({ nonce: "second", ...at("10:00:02") }),
    alreadyDecided({ nonce: "first", ...at("10:00:03") }),
    deny(exceeds("rate"), { nonce: "third", ...at("10:00:04") }),
  ),
  answers(
    "rate-narrowed",
    "Each link keeps its own rate on its own account, the root first.",
    [rates(1, [2, 60]), rates(2, [1, 30], [1, 60])],
    allowAt("10:00:00"),
    denyAt("10:00:10", 1, 1),
    denyAt("10:00:30", 1),
    allowAt("10:01:00"),
  ),
  answers(
    "rate-both-exceeded",
    "Where both links would go beyond, both are told.",
    [rates(1, [1, 60]), rates(2, [1, 60])],
    allowAt("10:00:00"),
    denyAt("10:00:10", 0, 1),
  ),
  answers(
    "rate-dropped",
    "HOSTILE 142: a rate that the child leaves out still holds.",
    [rates(1, [1, 60]), {}],
    allowAt("10:00:00"),
    denyAt("10:00:10", 0),
    allowAt("10:01:00"),
  ),
  answers(
    "rate-added",
    "A child may set a rate where the parent sets none.",
    [{}, rates(2, [1, 60])],
    allowAt("10:00:00"),
    denyAt("10:00:10", 1),
  ),
  answers(
    "rate-without-ledger",
    "HOSTILE 231: without a ledger no rate can be kept.",
    [rates(1, [1, 60])],
    deny(by("meter", "", 0, "LEDGER_UNAVAILABLE")),
  ),
  answers(
    "rate-and-budget",
    "All limits that would be exceeded are told, the budget before the rates.",
    [{ spend: { unit: "EUR", budget: 100 }, ...rates(1, [1, 60]) }],
    allow({ facts: { now: monday("10:00:00"), ledger: SERVICE, spend: { unit: "EUR", amount: 60 } } }),
    deny([exceeds("spend"), exceeds("rate")], {
      facts: { now: monday("10:00:30"), ledger: SERVICE, spend: { unit: "EUR", amount: 60 } },
    }),
    deny(exceeds("spend"), {
      facts: { now: monday("10:01:00"), ledger: SERVICE, spend: { unit: "EUR", amount: 60 } },
    }),
    allow({ facts: { now: monday("10:01:00"), ledger: SERVICE, spend: { unit: "EUR", amount: 40 } } }),
  ),
  inside("same", "The same rate.", [[30, 60]], [[30, 60]]),
  inside("half", "ceil(60/30) * 15 = 30.", [[30, 60]], [[15, 30]]),
  inside("longer", "ceil(60/120) * 30 = 30: as many, in a longer time.", [[30, 60]], [[30, 120]]),
  inside("uneven", "ceil(7/2) * 2 = 8, at most 10.", [[10, 7]], [[2, 2]]),
  inside(
    "one-keeps-both",
    "One rate of the child may keep several: 1 a minute is 60 an hour.",
    [
      [30, 60],
      [100, 3600],
    ],
    [[1, 60]],
  ),
  inside(
    "more-rates",
    "A child may add what keeps nothing above.",
    [[30, 60]],
    [
      [1000, 1],
      [30, 60],
    ],
  ),
  outside("more", "HOSTILE 140: one more.", [[30, 60]], [[31, 60]]),
  outside("shorter", "HOSTILE 140: as many in a shorter time.", [[30, 60]], [[30, 59]]),
  outside("day", "HOSTILE 216: 100 an hour replaced by 1,000 a day.", [[100, 3600]], [[1000, 86_400]]),
  outside("burst", "HOSTILE 216: the same average over longer, a larger burst.", [[10, 1]], [[600, 60]]),
  outside("uneven", "ceil(7/2) * 3 = 12, above 10: sufficient, not necessary.", [[10, 7]], [[3, 2]]),
  outside(
    "one-not-kept",
    "One of two rates is kept by nothing: 60 * 30 is above 100.",
    [
      [30, 60],
      [100, 3600],
    ],
    [[30, 60]],
  ),
  wider(
    "rate-wider-again",
    "HOSTILE 142: dropped in the middle and named wider at the end.",
    "rate",
    [rates(1, [30, 60]), {}, rates(3, [31, 60])],
    "/rate",
  ),
];

import {
  allow,
  answers,
  BILLING,
  by,
  deny,
  meter,
  refuses,
  refusesAsk,
  SERVICE,
  violation,
  wider,
  type Loose,
  type Stated,
  type Vector,
} from "./vector.js";
import { within } from "./within.js";

const EU = "https://api.acme.example/v1/orders/eu/";
const US = "https://api.acme.example/v1/orders/us/";

const grant = (id: string, rest: Loose): Loose => ({ id, ...rest });
const of = (id: string, problem: Stated): Stated => ({ ...problem, grant: id });

/** A root with two grants, for refunds in Europe and for reading anywhere. */
const TWO: readonly Loose[] = [
  grant("refunds", { actions: ["refund.*"], resources: [EU] }),
  grant("reads", { actions: ["order.read"], resources: [EU, US] }),
];

const several: readonly Vector[] = [
  answers(
    "grants-named",
    "HOSTILE 160, 223: exactly the named grant is evaluated, though another would allow.",
    [TWO],
    allow({ grant: "refunds", resource: `${EU}1` }),
    allow({ grant: "reads", action: "order.read", resource: `${US}1` }),
    deny(of("reads", by("actions", "/action")), { grant: "reads", resource: `${EU}1` }),
    deny(of("refunds", by("resources", "/resource")), { grant: "refunds", resource: `${US}1` }),
  ),
  answers(
    "grants-not-there",
    "HOSTILE 223: the invocation names a grant of the last link; one of its parent's is none.",
    [TWO, [grant("eu", { within: "refunds", actions: ["refund.create"] })]],
    allow({ grant: "eu", resource: `${EU}1` }),
    refusesAsk("/authority/grant", "INVOCATION_AUTHORITY", { grant: "us", resource: `${EU}1` }),
    refusesAsk("/authority/grant", "INVOCATION_AUTHORITY", { grant: "refunds", resource: `${EU}1` }),
  ),
  answers(
    "grants-each-within",
    "Each grant is held to the one that it stands within, not to the others beside that.",
    [
      TWO,
      [
        grant("create", { within: "refunds", actions: ["refund.create"] }),
        grant("look", { within: "reads", actions: ["order.read"], resources: [US] }),
      ],
    ],
    allow({ grant: "create", resource: `${EU}1` }),
    deny(of("refunds", by("resources", "/resource")), { grant: "create", resource: `${US}1` }),
    allow({ grant: "look", action: "order.read", resource: `${US}1` }),
    deny(of("look", by("resources", "/resource", 1)), {
      grant: "look",
      action: "order.read",
      resource: `${EU}1`,
    }),
  ),
  refuses(
    "grants-not-united",
    "HOSTILE 140: a grant lies in one of the parent's, not in two together.",
    [TWO, [grant("both", { within: "reads", actions: ["order.read", "refund.create"] })]],
    of("both", violation(1, "actions", "/actions/1")),
  ),
  refuses(
    "grants-unused-wider",
    "HOSTILE 140: one grant that is wider makes the chain invalid, whatever is asked.",
    [
      TWO,
      [
        grant("create", { within: "refunds", actions: ["refund.create"] }),
        grant("more", { within: "refunds", actions: ["refund.create"], resources: [US] }),
      ],
    ],
    { ...of("more", violation(1, "resources", "/resources/0")), pointer: "/links/1/grants/1/resources/0" },
  ),
  refuses("grants-none", "HOSTILE 139: a credential without grants.", [[]], {
    code: "ARRAY_EMPTY",
    pointer: "/links/0/grants",
  }),
];

const AGE = { statusMaxAgeSeconds: 60 };
const FRESH = { statusAsOf: "2026-11-23T10:00:00Z" };

const folds: readonly Vector[] = [
  answers(
    "chain-of-four",
    "Each link adds a limit of its own; each holds.",
    [
      { actions: ["refund.*"], resources: [EU] },
      { audience: [SERVICE] },
      { args: { "/amount": { range: { min: 1, max: 200 } } } },
      { args: { "/amount": { range: { min: 1, max: 100 } } }, ...AGE },
    ],
    allow({ resource: `${EU}1`, args: { amount: 100 }, facts: { audience: SERVICE, ...FRESH } }),
    deny(by("args", "/args/amount", 3), {
      resource: `${EU}1`,
      args: { amount: 150 },
      facts: { audience: SERVICE, ...FRESH },
    }),
    deny(
      [
        by("resources", "/resource"),
        by("audience", "", 1),
        by("args", "/args/amount", 2),
        by("args", "/args/amount", 3),
        by("statusMaxAgeSeconds", "", 3, "STATUS_UNAVAILABLE"),
      ],
      { args: { amount: 201 }, facts: { audience: BILLING } },
    ),
  ),
  answers(
    "chain-silent",
    "HOSTILE 142: below a root three links that add nothing: all that the root says holds.",
    [{ resources: [EU], audience: [SERVICE], ...AGE }, {}, {}, {}],
    allow({ resource: `${EU}1`, facts: { audience: SERVICE, ...FRESH } }),
    deny([by("resources", "/resource"), by("audience", "")], { resource: `${US}1`, facts: FRESH }),
  ),
  answers(
    "chain-all-denied",
    "Every dimension that denies is told: link by link from the root, and in one link in the order of DESIGN 3.",
    [
      {
        actions: ["refund.*"],
        resources: [EU],
        audience: [SERVICE],
        args: { "/amount": { any: true } },
        spend: { unit: "EUR", amountAt: "/amount", perAction: 100 },
        rate: [{ max: 1, seconds: 60 }],
        ...meter(1),
        when: { context: { environment: { oneOf: ["prod"] } } },
        approval: { over: 50, approvers: ["did:web:kim.acme.example"], quorum: 1 },
        ...AGE,
      },
      {},
    ],
    deny(
      [
        by("actions", "/action"),
        by("resources", "/resource"),
        by("audience", ""),
        by("args", "/args/extra"),
        by("spend", "/args/amount"),
        by("meter", "", 0, "LEDGER_UNAVAILABLE"),
        by("when", ""),
        by("statusMaxAgeSeconds", "", 0, "STATUS_UNAVAILABLE"),
        by("actions", "/action", 1),
      ],
      {
        action: "order.read",
        resource: `${US}1`,
        args: { amount: 150, extra: 1 },
        facts: { audience: BILLING, context: { environment: "test" } },
      },
    ),
  ),
  answers(
    "chain-repeated-in-fold",
    "HOSTILE 142: dropped in the middle and named again, no wider: it holds.",
    [{ resources: [EU] }, {}, { resources: [`${EU}1`] }],
    allow({ resource: `${EU}1` }),
    deny(by("resources", "/resource", 2), { resource: `${EU}2` }),
  ),
  wider(
    "chain-wider-than-middle",
    "HOSTILE 142: within the root's limit, but not within what the middle left of it.",
    "statusMaxAgeSeconds",
    [{ statusMaxAgeSeconds: 300 }, { statusMaxAgeSeconds: 60 }, {}, { statusMaxAgeSeconds: 120 }],
    "/statusMaxAgeSeconds",
  ),
  refuses(
    "chain-first-fault",
    "Of two links that are wider the first is told.",
    [{ audience: [SERVICE], ...AGE }, { statusMaxAgeSeconds: 120 }, { audience: [BILLING] }],
    violation(1, "statusMaxAgeSeconds", "/statusMaxAgeSeconds"),
  ),
  refuses(
    "chain-fault-in-middle",
    "HOSTILE 140: a link in the middle is wider, though the last is narrower than the root.",
    [{ resources: [EU] }, { resources: [US] }, { resources: [`${US}1`] }],
    violation(1, "resources", "/resources/0"),
  ),
];

export const chains: readonly Vector[] = [...within, ...several, ...folds];

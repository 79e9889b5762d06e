import {
  allow,
  by,
  answers,
  deny,
  refuses,
  SERVICE,
  type Loose,
  type Stated,
  type Vector,
} from "./vector.js";

const grant = (id: string, rest: Loose): Loose => ({ id, ...rest });
const of = (id: string, problem: Stated): Stated => ({ ...problem, grant: id });
const unplaced = (link: number, id: string, index = 0): Stated => ({
  code: "GRANT_WITHIN",
  pointer: `/links/${String(link)}/grants/${String(index)}/within`,
  link,
  grant: id,
});

/** Where grants stand, and their ids. */
export const within: readonly Vector[] = [
  refuses(
    "within-missing",
    "HOSTILE 219: below a root a grant names the one that it stands within.",
    [{}, [grant("g1", { actions: ["refund.create"] })]],
    unplaced(1, "g1"),
  ),
  refuses(
    "within-at-root",
    "HOSTILE 219: at a root a grant stands within nothing.",
    [[grant("g0", { within: "g0", actions: ["refund.create"] })]],
    unplaced(0, "g0"),
  ),
  refuses(
    "within-nothing",
    "HOSTILE 219: it names a grant that is there.",
    [{}, { within: "g2" }],
    unplaced(1, "g1"),
  ),
  refuses("within-itself", "HOSTILE 219: not itself.", [{}, { within: "g1" }], unplaced(1, "g1")),
  refuses(
    "within-sibling",
    "HOSTILE 219: not another of its own credential.",
    [
      {},
      [
        grant("one", { within: "g0", actions: ["refund.create"] }),
        grant("two", { within: "one", actions: ["refund.create"] }),
      ],
    ],
    unplaced(1, "two", 1),
  ),
  refuses(
    "within-grandparent",
    "HOSTILE 219: a grant of the parent, not of the parent's parent.",
    [{}, {}, { within: "g0" }],
    unplaced(2, "g2"),
  ),
  answers(
    "within-same-id",
    "Ids are unique in a credential, not in a chain.",
    [
      [grant("refunds", { actions: ["refund.*"] })],
      [grant("refunds", { within: "refunds", actions: ["refund.create"] })],
      [grant("refunds", { within: "refunds", actions: ["refund.create"], audience: [SERVICE] })],
    ],
    allow({ grant: "refunds", facts: { audience: SERVICE } }),
    deny(of("refunds", by("audience", "", 2)), { grant: "refunds" }),
    deny([of("refunds", by("actions", "/action", 1)), of("refunds", by("actions", "/action", 2))], {
      grant: "refunds",
      action: "refund.delete",
      facts: { audience: SERVICE },
    }),
  ),
  refuses(
    "grants-same-id",
    "HOSTILE 219: two grants of one credential with one id.",
    [[grant("g", { actions: ["refund.create"] }), grant("g", { actions: ["order.read"] })]],
    { code: "GRANT_DUPLICATE", pointer: "/links/0/grants/1/id" },
  ),
];

import {
  ACME,
  allow,
  answers,
  awaits,
  BOT,
  by,
  deny,
  DESK,
  LEAD,
  refuses,
  violation,
  wider,
  type Asking,
  type Loose,
  type Vector,
} from "./vector.js";

const KIM = "did:web:kim.acme.example";
const LEE = "did:web:lee.acme.example";
const MAX = "did:web:max.acme.example";

const rule = (over: number, approvers: readonly string[], quorum = 1): Loose => ({
  approval: { over, approvers, quorum },
});
const SPEND = { spend: { unit: "EUR" } };
const ruled = (over: number, approvers: readonly string[], quorum = 1): Loose => ({
  ...SPEND,
  ...rule(over, approvers, quorum),
});

const costing = (amount: number, ...approvedBy: readonly string[]) => ({
  facts: { spend: { unit: "EUR", amount }, ...(approvedBy.length === 0 ? {} : { approvedBy }) },
});
const allowed = (amount: number, ...approvedBy: readonly string[]): Asking =>
  allow(costing(amount, ...approvedBy));
const awaited = (amount: number, ...approvedBy: readonly string[]): Asking =>
  awaits([0], costing(amount, ...approvedBy));

const inChain = (name: string, what: string, chain: readonly Loose[], link: number, index: number): Vector =>
  refuses(
    name,
    what,
    chain,
    violation(link, "approval", `/approval/approvers/${String(index)}`, "APPROVER_IN_CHAIN"),
  );

const evaluated: readonly Vector[] = [
  answers(
    "approval-over",
    "Over the amount, not at it, one of the approvers must approve.",
    [ruled(100, [KIM, LEE])],
    allowed(1),
    allowed(100),
    awaited(101),
    allowed(101, KIM),
    allowed(101, LEE),
    allowed(101, LEE, KIM),
  ),
  answers("approval-always", "Over 0 is every spend.", [ruled(0, [KIM])], awaited(1), allowed(1, KIM)),
  answers(
    "approval-quorum",
    "HOSTILE 224: as many different approvers as the quorum; one twice is one.",
    [ruled(100, [KIM, LEE, MAX], 2)],
    awaited(101),
    awaited(101, KIM),
    awaited(101, KIM, KIM),
    allowed(101, KIM, MAX),
    allowed(101, MAX, LEE, KIM),
  ),
  answers(
    "approval-others",
    "HOSTILE 224: who is no approver, such as the holder or a delegator, does not count.",
    [ruled(100, [KIM, LEE], 2)],
    awaited(101, KIM, MAX),
    awaited(101, KIM, LEAD),
    awaited(101, "did:web:KIM.acme.example", "did:web:kim.acme.example:1"),
    allowed(101, LEAD, LEE, KIM),
  ),
  answers(
    "approval-of-denied",
    "What is denied is denied, whoever approves, and however many are missing.",
    [{ ...rule(100, [KIM]), spend: { unit: "EUR", perAction: 200 } }],
    allowed(200, KIM),
    deny(by("spend", "/args"), costing(201, KIM)),
    deny(by("spend", "/args"), costing(201)),
    deny(by("actions", "/action"), { action: "refund.delete", ...costing(150) }),
  ),
  answers(
    "approval-spend-unknown",
    "Whether approval is needed must be known: the rule denies beside the spend.",
    [ruled(100, [KIM])],
    deny([by("spend", "/args"), by("approval", "/args")], { facts: { approvedBy: [KIM] } }),
  ),
  answers(
    "approval-named-spend",
    "The spend may be named by the arguments.",
    [{ ...rule(100, [KIM]), spend: { unit: "EUR", amountAt: "/amount" } }],
    allow({ args: { amount: 100 } }),
    awaits([0], { args: { amount: 101 } }),
    allow({ args: { amount: 101 }, facts: { approvedBy: [KIM] } }),
  ),
  answers(
    "approval-of-root-issuer",
    "The issuer of the root may approve, where it is no subject of the chain.",
    [ruled(100, [ACME]), {}],
    awaited(101),
    allowed(101, ACME),
  ),
];

const folded: readonly Vector[] = [
  answers(
    "approval-narrowed",
    "Sooner, by fewer people, of whom more must approve; every link that is not satisfied is told.",
    [ruled(100, [KIM, LEE, MAX]), ruled(50, [KIM, LEE], 2)],
    allowed(50),
    awaits([1], costing(51)),
    awaits([1], costing(51, KIM)),
    allowed(51, KIM, LEE),
    awaits([0, 1], costing(101)),
    awaits([1], costing(101, MAX)),
    awaits([1], costing(101, KIM)),
    allowed(101, LEE, KIM),
  ),
  answers(
    "approval-narrowed-same",
    "The same rule twice: one approval serves both.",
    [ruled(100, [KIM]), ruled(100, [KIM])],
    awaits([0, 1], costing(101)),
    allowed(101, KIM),
  ),
  answers(
    "approval-added",
    "A child may demand approval, of the spend that is limited above.",
    [SPEND, rule(100, [KIM])],
    allowed(100),
    awaits([1], costing(101)),
    allowed(101, KIM),
  ),
  refuses(
    "approval-added-without-spend",
    "Where no grant of the path says what an action costs, a rule of approval has nothing to speak of.",
    [{}, rule(100, [KIM])],
    { ...violation(1, "approval", "", "SCHEMA_INVALID"), pointer: "/links/1/grants/0/spend" },
  ),
  answers(
    "approval-dropped",
    "HOSTILE 142: a rule that the child leaves out still holds.",
    [ruled(100, [KIM]), {}],
    allowed(100),
    awaits([0], costing(101)),
    allowed(101, KIM),
  ),
  wider(
    "approval-wider-over",
    "HOSTILE 140: a higher amount.",
    "approval",
    [ruled(100, [KIM]), ruled(101, [KIM])],
    "/approval/over",
  ),
  wider(
    "approval-wider-quorum",
    "HOSTILE 140: a smaller quorum.",
    "approval",
    [ruled(100, [KIM, LEE], 2), ruled(100, [KIM, LEE], 1)],
    "/approval/quorum",
  ),
  wider(
    "approval-wider-approvers",
    "HOSTILE 140: another approver.",
    "approval",
    [ruled(100, [KIM, LEE]), ruled(100, [KIM, MAX])],
    "/approval/approvers/1",
  ),
  wider(
    "approval-wider-again",
    "HOSTILE 142: dropped in the middle, and named wider at the end.",
    "approval",
    [ruled(100, [KIM]), {}, ruled(200, [KIM])],
    "/approval/over",
  ),
  inChain("approval-by-holder", "HOSTILE 224: the holder may not approve.", [ruled(100, [KIM, LEAD])], 0, 1),
  inChain(
    "approval-by-delegator",
    "HOSTILE 224: nor a delegator below the root.",
    [SPEND, ruled(100, [LEAD])],
    1,
    0,
  ),
  inChain(
    "approval-by-later-subject",
    "HOSTILE 224: nor one who becomes a subject further down; the grant that names it is told.",
    [ruled(100, [KIM, BOT]), {}, {}],
    0,
    1,
  ),
  inChain(
    "approval-by-own-subject",
    "HOSTILE 224: nor the subject of the link that names it.",
    [SPEND, ruled(100, [DESK, KIM])],
    1,
    0,
  ),
];

export const approval: readonly Vector[] = [...evaluated, ...folded];

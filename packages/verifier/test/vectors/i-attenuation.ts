import { presentChain } from "./chains.js";
import { GRANT, granted as grantedIn, type Acting, type Changes, type Documents } from "./documents.js";
import { euRefunds, NOW, signerOf } from "./story.js";
import { refused, type Given, type Vector } from "./vector.js";

const AUTHORITY = "/verifiableCredential/1";
const SUBJECT = `${AUTHORITY}/credentialSubject`;
const METER = { ledger: signerOf(7).did, account: "urn:uuid:5be1f0c2-6f0a-4d2b-9c53-7d4f1f0a2b31" };
const OWN_METER = { ...METER, account: "urn:uuid:5be1f0c2-6f0a-4d2b-9c53-7d4f1f0a2b32" };

/** Section I of HOSTILE.md: grants that are wider than those in which they lie, or no grants. */
export async function attenuation(documents: Documents): Promise<readonly Vector[]> {
  const { story, presentation, root } = documents;
  const { lead, bot, third } = story;
  const delegated = (authority: Changes): Promise<Given> => presentation({ authority });
  const granted = (member: string, value: unknown): Promise<Given> => presentation(grantedIn(member, value));
  const wider = (name: string, what: string, making: Promise<Given>, pointer: string): Promise<Vector> =>
    refused(name, what, making, `ATTENUATION_VIOLATED ${SUBJECT}/grants/0${pointer}`);
  const metered = (rate: object): Acting => ({
    root: { [`${GRANT}/rate`]: [{ max: 100, seconds: 3600 }], [`${GRANT}/meter`]: METER },
    authority: { [`${GRANT}/rate`]: [rate], [`${GRANT}/meter`]: OWN_METER },
  });

  return Promise.all([
    wider(
      "135-prefix",
      "a tree whose path only begins like the granted one",
      granted("resources", ["https://orders.example/v1/ordersx/"]),
      "/resources/0",
    ),
    wider(
      "135-file",
      "a resource that only begins like the granted one",
      granted("resources", ["https://orders.example/v1/orders"]),
      "/resources/0",
    ),
    wider(
      "137-case",
      "a path in upper case",
      granted("resources", ["https://orders.example/V1/orders/"]),
      "/resources/0",
    ),
    refused(
      "137-kelvin",
      "the Kelvin sign for a K",
      granted("resources", ["https://orders.example/v1/orders/\u212A/"]),
      `NOT_NFC ${SUBJECT}/grants/0/resources/0`,
    ),
    refused(
      "137-ligature",
      "a ligature in an action",
      granted("actions", ["re\uFB01nd.create"]),
      `SCHEMA_INVALID ${SUBJECT}/grants/0/actions/0`,
    ),
    wider("138-star", "* where a tree of actions is granted", granted("actions", ["*"]), "/actions/0"),
    wider(
      "138-tree",
      "a tree above the granted one",
      granted("resources", ["https://orders.example/"]),
      "/resources/0",
    ),
    refused(
      "139-no-actions",
      "an empty list of actions",
      granted("actions", []),
      `ARRAY_EMPTY ${SUBJECT}/grants/0/actions`,
    ),
    refused(
      "139-no-resources",
      "an empty list of resources",
      granted("resources", []),
      `ARRAY_EMPTY ${SUBJECT}/grants/0/resources`,
    ),
    refused(
      "139-no-args",
      "an empty map of arguments",
      granted("args", {}),
      `SCHEMA_INVALID ${SUBJECT}/grants/0/args`,
    ),
    wider(
      "140-wider",
      "a delegated grant with more actions than its parent's",
      granted("actions", ["refund.create", "order.create"]),
      "/actions/1",
    ),
    wider(
      "140-amount",
      "a delegated grant that may spend more on an action",
      granted("spend", { unit: "EUR", perAction: 50_001 }),
      "/spend/perAction",
    ),
    wider(
      "140-argument",
      "a delegated grant with an argument more",
      granted("args", { ...euRefunds.args, "/note": { any: true } }),
      "/args/~1note",
    ),
    wider(
      "140-dropped-argument",
      "a delegated grant that no longer demands an argument",
      granted("args", { "/orderId": { prefix: "EU-", maxLength: 32 } }),
      "/args/~1amount",
    ),
    refused(
      "141-later-end",
      "an end after the parent's",
      delegated({
        "/validUntil": "2026-11-25T09:00:00Z",
        "/validFrom": NOW,
        "/credentialStatus": story.rootAuthority.credentialStatus,
      }),
      `CHAIN_VALIDITY ${AUTHORITY}/validUntil`,
    ),
    refused(
      "141-earlier-begin",
      "a begin before the parent's",
      delegated({ "/validFrom": "2026-11-23T08:59:00Z", "/validUntil": "2026-11-23T09:50:00Z" }),
      `CHAIN_VALIDITY ${AUTHORITY}/validFrom`,
    ),
    refused(
      "142-wider-again",
      "a limit that the middle leaves out, and that is wider at the end",
      presentChain(documents, [lead, bot, third], {
        changes: [
          {},
          { [`${GRANT}/spend`]: undefined },
          { [`${GRANT}/spend`]: { unit: "EUR", perAction: 50_001 } },
        ],
      }),
      "ATTENUATION_VIOLATED /verifiableCredential/3/credentialSubject/grants/0/spend/perAction",
    ),
    wider(
      "216-larger-burst",
      "a rate of 1,000 a day for one of 100 an hour",
      presentation(metered({ max: 1000, seconds: 86_400 })),
      "/rate",
    ),
    wider(
      "216-longer",
      "a rate of the same average over a longer time, whose burst is larger",
      presentation(metered({ max: 200, seconds: 7200 })),
      "/rate",
    ),
    refused(
      "219-two-grants",
      "two grants of one id",
      delegated({ "/credentialSubject/grants": [euRefunds, { ...euRefunds, actions: ["refund.list"] }] }),
      `GRANT_DUPLICATE ${SUBJECT}/grants/1/id`,
    ),
    refused(
      "219-within-missing",
      "no `within`",
      granted("within", undefined),
      `GRANT_WITHIN ${SUBJECT}/grants/0/within`,
    ),
    refused(
      "219-within-at-root",
      "`within` at a root",
      root({ [`${GRANT}/within`]: "refunds" }),
      `GRANT_WITHIN ${GRANT}/within`,
    ),
    refused(
      "219-within",
      "`within` names nothing",
      granted("within", "nothing"),
      `GRANT_WITHIN ${SUBJECT}/grants/0/within`,
    ),
    refused(
      "224-approver-in-chain",
      "an approver who is a subject of the chain",
      granted("approval", { over: 1, approvers: [lead.did], quorum: 1 }),
      `APPROVER_IN_CHAIN ${SUBJECT}/grants/0/approval/approvers/0`,
    ),
  ]);
}

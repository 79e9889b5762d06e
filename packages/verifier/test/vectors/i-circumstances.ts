import {
  asking as askingOf,
  GRANT,
  granted,
  type Acting,
  type Changes,
  type Documents,
} from "./documents.js";
import { listWithBit } from "./status-lists.js";
import { NOW, signerOf } from "./story.js";
import { denied, refused, under, type Circumstances, type Given, type Vector } from "./vector.js";

const INVOCATION = "/invocation";
const SERVICE = signerOf(7).did;
const ACCOUNT = "urn:uuid:5be1f0c2-6f0a-4d2b-9c53-7d4f1f0a2b31";

/** Section I of HOSTILE.md: what is in order, and not here, not now, or not any more. */
export async function circumstances(documents: Documents): Promise<readonly Vector[]> {
  const { story, presentation } = documents;
  const { lead } = story;
  const asking = (changes: Changes, acting?: Acting): Promise<Given> => askingOf(documents, changes, acting);
  const serving = (service: NonNullable<Circumstances["service"]>, making: Promise<Given>): Promise<Given> =>
    under({ service }, making);
  const condition = granted("when", { context: { environment: { equals: "prod" } } });
  const metered = granted("meter", { ledger: SERVICE, account: ACCOUNT });
  const budgeted: Acting = {
    authority: {
      [`${GRANT}/meter`]: { ledger: SERVICE, account: ACCOUNT },
      [`${GRANT}/spend/budget`]: 10_000,
    },
  };
  const [revocation, suspension] = story.rootAuthority.credentialStatus ?? [];
  const [, suspensionOfLead] = story.leadIdentity.credentialStatus ?? [];

  return Promise.all([
    refused(
      "150-revoked",
      "the root was revoked",
      under({ statusLists: await listWithBit(story, revocation) }, presentation()),
      "REVOKED /verifiableCredential/2/credentialStatus/0",
    ),
    refused(
      "150-suspended",
      "the root is suspended",
      under({ statusLists: await listWithBit(story, suspension) }, presentation()),
      "SUSPENDED /verifiableCredential/2/credentialStatus/1",
    ),
    denied(
      "154-budget",
      "more than a budget that nobody has spent of",
      serving({ audience: SERVICE, ledger: "empty" }, asking({}, budgeted)),
      `LEDGER_EXCEEDED ${INVOCATION}`,
      ["spend"],
    ),
    denied(
      "161-other-service",
      "a grant for another service",
      serving({ audience: lead.did }, asking({}, granted("audience", [SERVICE]))),
      `NOT_ALLOWED ${INVOCATION}`,
      ["audience"],
    ),
    denied(
      "161-no-audience",
      "a grant for a service, where the service does not say which it is",
      asking({}, granted("audience", [SERVICE])),
      `NOT_ALLOWED ${INVOCATION}`,
      ["audience"],
    ),
    refused(
      "225-suspended",
      "an agent in the middle of the chain that is suspended",
      under({ statusLists: await listWithBit(story, suspensionOfLead) }, presentation()),
      "SUSPENDED /verifiableCredential/3/credentialStatus/1",
    ),
    denied(
      "226-old-list",
      "a status that was signed 301 seconds ago, where 300 are allowed",
      under(
        { now: "2026-11-23T09:05:01Z" },
        asking(
          {},
          {
            ...granted("statusMaxAgeSeconds", 300),
            proof: { created: Date.parse(NOW) + 200_000, expires: Date.parse(NOW) + 400_000 },
          },
        ),
      ),
      `STATUS_UNAVAILABLE ${INVOCATION}`,
      ["statusMaxAgeSeconds"],
    ),
    denied(
      "228-missing",
      "an attribute that the service does not give",
      asking({}, condition),
      `CONTEXT_UNAVAILABLE ${INVOCATION}`,
      ["when"],
    ),
    denied(
      "228-type",
      "an attribute of another type",
      serving({ context: { environment: 1 } }, asking({}, condition)),
      `CONTEXT_UNAVAILABLE ${INVOCATION}`,
      ["when"],
    ),
    denied(
      "228-other",
      "an attribute of another value",
      serving({ context: { environment: "test" } }, asking({}, condition)),
      `NOT_ALLOWED ${INVOCATION}`,
      ["when"],
    ),
    denied(
      "231-no-ledger",
      "a metered grant, and no ledger",
      serving({ audience: SERVICE }, asking({}, metered)),
      `LEDGER_UNAVAILABLE ${INVOCATION}`,
      ["meter"],
    ),
    denied(
      "231-other-service",
      "a metered grant at another service, which has a ledger of its own",
      serving({ audience: lead.did, ledger: "empty" }, asking({}, metered)),
      `LEDGER_UNAVAILABLE ${INVOCATION}`,
      ["meter"],
    ),
  ]);
}

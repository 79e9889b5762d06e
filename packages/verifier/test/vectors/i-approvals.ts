import { createApprovalRequest, type Invocation, type Signer } from "@writ/core";

import { allOf, granted, parsed, resign, type Acting, type Changes, type Documents } from "./documents.js";
import { NOW, signerOf } from "./story.js";
import { denied, refused, type Given, type Vector } from "./vector.js";

const INVOCATION = "/invocation";
const [APPROVER, SECOND_APPROVER] = [signerOf(8), signerOf(9)];

/** Section I of HOSTILE.md: approvals. */
export async function approvals(documents: Documents): Promise<readonly Vector[]> {
  const { story, presentation } = documents;
  const { lead, bot, third } = story;
  const withApprovals = (approvers: readonly Signer[], quorum: number): Acting =>
    granted("approval", { over: 10_000, approvers: approvers.map(({ did }) => did), quorum });
  /** The good invocation under a grant that asks for approvals, with what was approved. */
  const approved = async (
    acting: Acting,
    ...approvals: readonly {
      readonly by: Signer;
      readonly changes?: Changes;
      readonly of?: Partial<Invocation>;
    }[]
  ): Promise<Given> => {
    const { invocation } = parsed(await presentation(acting)) as unknown as {
      readonly invocation: Invocation;
    };
    const signed = await Promise.all(
      approvals.map(async ({ by, changes = {}, of = {} }, index) => {
        const { invocationDigestMultibase, authorityDigestMultibase } = createApprovalRequest(bot.did, {
          ...invocation,
          ...of,
        });
        const approval = {
          "@context": story.rootAuthority["@context"],
          id: `urn:uuid:77c1f0c2-6f0a-4d2b-9c53-${String(index).padStart(12, "0")}`,
          type: ["VerifiableCredential", "ApprovalCredential"],
          issuer: by.did,
          validFrom: NOW,
          validUntil: "2026-11-23T09:10:00Z",
          credentialSubject: {
            id: bot.did,
            approves: { invocationDigestMultibase, authorityDigestMultibase },
          },
        };
        return resign(approval, by, changes);
      }),
    );
    return presentation({ ...acting, show: (credentials) => [...allOf(credentials), ...signed] });
  };
  const one = withApprovals([APPROVER], 1);
  const two = withApprovals([APPROVER, SECOND_APPROVER], 2);

  return Promise.all([
    denied(
      "224-none",
      "no approval",
      presentation(one),
      `APPROVAL_REQUIRED ${INVOCATION}`,
      ["approval"],
      "approval_required",
    ),
    denied(
      "224-by-holder",
      "an approval by the holder",
      approved(one, { by: bot }),
      `APPROVAL_REQUIRED ${INVOCATION}`,
      ["approval"],
      "approval_required",
    ),
    denied(
      "224-by-delegator",
      "an approval by the one who delegated",
      approved(one, { by: lead }),
      `APPROVAL_REQUIRED ${INVOCATION}`,
      ["approval"],
      "approval_required",
    ),
    denied(
      "224-twice",
      "two approvals by one approver, where two approvers are asked",
      approved(two, { by: APPROVER }, { by: APPROVER }),
      `APPROVAL_REQUIRED ${INVOCATION}`,
      ["approval"],
      "approval_required",
    ),
    refused(
      "224-other-arguments",
      "an approval of other arguments",
      approved(one, { by: APPROVER, of: { args: { orderId: "EU-77", amount: 12_001 } } }),
      "CREDENTIAL_UNEXPECTED /verifiableCredential/4",
    ),
    refused(
      "224-other-holder",
      "an approval for another holder",
      approved(one, { by: APPROVER, changes: { "/credentialSubject/id": third.did } }),
      "CREDENTIAL_UNEXPECTED /verifiableCredential/4",
    ),
    refused(
      "224-expired",
      "an approval that has ended",
      approved(one, { by: APPROVER, changes: { "/validFrom": "2026-11-23T08:50:00Z", "/validUntil": NOW } }),
      "EXPIRED /verifiableCredential/4/validUntil",
    ),
    refused(
      "224-too-long",
      "an approval that lives over 15 minutes",
      approved(one, { by: APPROVER, changes: { "/validUntil": "2026-11-23T09:15:01Z" } }),
      "VALIDITY_INVALID /verifiableCredential/4/validUntil",
    ),
  ]);
}

import {
  ENROLMENT_DOMAIN,
  ENROLMENT_LIFE_MS,
  randomUuidUrn,
  signDocument,
  WRIT_CONTEXT,
  type EnrolmentRequest,
} from "@writ/core";

import { withSigner, type Wallet } from "./wallet.js";

/**
 * A signed request to an organisation to vouch for the wallet's key (DESIGN 6). It can be used for a
 * day, and for nothing but enrolment.
 *
 * @throws WritError `KEY_PURPOSE` for a key that is not for `authentication`, `NOT_FOUND` for one that was destroyed.
 */
export function requestEnrolment(wallet: Wallet): Promise<EnrolmentRequest> {
  const created = wallet.clock();
  const request: EnrolmentRequest = {
    "@context": WRIT_CONTEXT,
    id: randomUuidUrn(wallet.random),
    type: ["VerifiablePresentation", "EnrolmentRequest"],
    holder: wallet.did,
  };
  return withSigner(wallet, "authentication", (signer) =>
    signDocument(request, {
      signer,
      purpose: "authentication",
      created,
      expires: created + ENROLMENT_LIFE_MS,
      challenge: request.id,
      domain: ENROLMENT_DOMAIN,
    }),
  );
}

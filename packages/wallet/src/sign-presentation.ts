import {
  asJson,
  assertGenericProfile,
  CREDENTIALS_V2,
  digestMultibase,
  genericPresentation,
  parseDocument,
  parseShape,
  presentation as presentationShape,
  PRESENTATION_LIFE_MS,
  signDocument,
  snapshot,
  WRIT_CONTEXT,
  WritError,
  type GenericPresentation,
  type Invocation,
  type JsonObject,
  type Presentation,
  type Proof,
  type SuiteName,
  type WritCredential,
} from "@writ/core";

import { withSigner, type Wallet } from "./wallet.js";

/** For what a presentation is good. */
export interface Occasion {
  /** Text from the service, to be used once. */
  readonly challenge: string;
  /** The service's name for itself. */
  readonly domain: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/**
 * A presentation of Writ's own credentials, not signed yet (DESIGN 2). Each is shown once.
 *
 * @throws WritError of the shape, `CREDENTIAL_DUPLICATE` where two have one id.
 */
export function composePresentation(
  holder: string,
  credentials: readonly WritCredential[],
  invocation?: Invocation,
): Presentation {
  const draft = snapshot<Presentation>({
    "@context": WRIT_CONTEXT,
    type: ["VerifiablePresentation"],
    holder,
    verifiableCredential: distinct(credentials),
    ...(invocation === undefined ? {} : { invocation }),
  });
  return parseDocument(asJson(draft), presentationShape);
}

/**
 * A presentation of any credentials, or of none, not signed yet (VC Data Model 2.0, section 4.13).
 *
 * @throws WritError of the generic profile and the shape.
 */
export function composeGenericPresentation(
  holder: string,
  credentials: readonly JsonObject[],
): GenericPresentation {
  const byDigest = new Map(credentials.map((credential) => [digestMultibase(credential), credential]));
  const draft = snapshot({
    "@context": [CREDENTIALS_V2],
    type: ["VerifiablePresentation"],
    holder,
    ...(byDigest.size === 0 ? {} : { verifiableCredential: [...byDigest.values()] }),
  });
  assertGenericProfile(draft);
  return parseShape(genericPresentation, draft);
}

/**
 * Signs a presentation with the wallet's key, for one occasion and five minutes.
 *
 * @throws WritError of the wallet, and where a verifier would refuse what was signed.
 */
export function signPresentation<T extends Presentation | GenericPresentation>(
  wallet: Wallet,
  presentation: T,
  { challenge, domain, now, suite }: Occasion,
): Promise<T & { readonly proof: Proof }> {
  return withSigner(wallet, "authentication", (signer) =>
    signDocument(presentation, {
      signer,
      purpose: "authentication",
      created: now,
      expires: now + PRESENTATION_LIFE_MS,
      challenge,
      domain,
      suite,
    }),
  );
}

/** Each once. Whoever made an approval chose its id, and could take the place of another by it. */
function distinct(credentials: readonly WritCredential[]): readonly WritCredential[] {
  const byId = new Map<string, WritCredential>();
  for (const credential of credentials) {
    const other = byId.get(credential.id);
    if (other !== undefined && digestMultibase(other) !== digestMultibase(credential)) {
      throw new WritError("CREDENTIAL_DUPLICATE", "two credentials that would be shown have one id");
    }
    byId.set(credential.id, other ?? credential);
  }
  return [...byId.values()];
}

import { randomBytes } from "node:crypto";

import { createSeedSigner, systemRandom, type Problem } from "@writ/core";
import {
  createFolderStatusSource,
  decide,
  trustOrganisations,
  verifyPresentation,
  type VerifiedPresentation,
} from "@writ/verifier";

/** What the service answers to a presentation. */
export type Answer =
  | { readonly outcome: "done"; readonly presentation: VerifiedPresentation }
  | { readonly outcome: "refused"; readonly problems: readonly Problem[] };

/**
 * A service of another organisation. It shares no database with ACME: all that it holds is ACME's
 * DID and a copy of ACME's published status lists.
 */
export class OrderService {
  readonly domain = "https://orders.example";
  readonly did: string = createSeedSigner(systemRandom(32)).did;
  readonly #trust;
  readonly #status;
  readonly #openChallenges = new Set<string>();

  constructor(trustedOrganisation: string, statusFolder: string) {
    this.#trust = trustOrganisations([trustedOrganisation]);
    this.#status = createFolderStatusSource(statusFolder);
  }

  /** A text that one presentation must be made for. */
  challenge(): string {
    const challenge = randomBytes(16).toString("base64url");
    this.#openChallenges.add(challenge);
    return challenge;
  }

  /** Verifies the presentation, decides on its invocation, and would then carry it out. */
  async handle(presentation: string, challenge: string): Promise<Answer> {
    // A challenge is used once: it is gone before the presentation is looked at.
    if (!this.#openChallenges.delete(challenge)) {
      const detail = "the challenge was used before";
      return { outcome: "refused", problems: [{ code: "CHALLENGE_MISMATCH", pointer: "", detail }] };
    }
    const result = await verifyPresentation(presentation, {
      trust: this.#trust,
      status: this.#status,
      expectedChallenge: challenge,
      expectedDomain: this.domain,
    });
    if (!result.verified) return { outcome: "refused", problems: result.problems };
    const decision = await decide(result.presentation, { audience: this.did });
    return decision.outcome === "allow"
      ? { outcome: "done", presentation: result.presentation }
      : { outcome: "refused", problems: decision.problems };
  }
}

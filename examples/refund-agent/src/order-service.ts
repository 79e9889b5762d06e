import { createSeedSigner, systemRandom, type Problem } from "@writ/core";
import {
  createFolderStatusSource,
  createMemoryChallengeStore,
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
  /** One process, so its memory will do; several share a database: `openChallengeStore`. */
  readonly #challenges = createMemoryChallengeStore();

  constructor(trustedOrganisation: string, statusFolder: string) {
    this.#trust = trustOrganisations([trustedOrganisation]);
    this.#status = createFolderStatusSource(statusFolder);
  }

  /** A text that one presentation must be made for. */
  challenge(): Promise<string> {
    return this.#challenges.create();
  }

  /** Verifies the presentation, decides on its invocation, and would then carry it out. */
  async handle(presentation: string, challenge: string): Promise<Answer> {
    const result = await verifyPresentation(presentation, {
      trust: this.#trust,
      status: this.#status,
      // Used up once all else has been verified: the same presentation comes too late the second time.
      expectedChallenge: { issuedBy: this.#challenges, exactly: challenge },
      expectedDomain: this.domain,
    });
    if (!result.verified) return { outcome: "refused", problems: result.problems };
    const decision = await decide(result.presentation, { audience: this.did });
    return decision.outcome === "allow"
      ? { outcome: "done", presentation: result.presentation }
      : { outcome: "refused", problems: decision.problems };
  }
}

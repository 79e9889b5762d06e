/**
 * What became of a challenge that was to be used: `consumed`, now and only now; `used` before;
 * `expired`; or `unknown`, never given out here or forgotten.
 */
export type ChallengeUse = "consumed" | "used" | "expired" | "unknown";

/**
 * Port: the challenges that a service gives out, each for one presentation (DESIGN 4.7). Whatever it
 * throws, the presentation is not verified.
 */
export interface ChallengeStore {
  /**
   * A text that nobody can foresee, to give to one agent.
   *
   * @throws WritError of the storage.
   */
  create(): Promise<string>;
  /**
   * Uses a challenge up. Of all that ever ask for the same one, at most one is told `consumed`.
   *
   * @param challenge any text; what is not of the form of a challenge is `unknown`
   * @throws WritError of the storage.
   */
  consume(challenge: string): Promise<ChallengeUse>;
}

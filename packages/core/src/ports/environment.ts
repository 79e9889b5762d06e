import { systemRandom, type RandomSource } from "../crypto/random.js";
import { systemClock, type Clock } from "./clock.js";

/** What issuer and wallet take from outside; tests pass their own. */
export interface Environment {
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The machine's clock and randomness. */
export const systemEnvironment: Environment = { clock: systemClock, random: systemRandom };

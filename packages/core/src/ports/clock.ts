/**
 * Tells the time, in milliseconds since 1970. Each verification asks it once, and once more where a status list begins
 * after that.
 */
export type Clock = () => number;

/** The machine's clock. */
export const systemClock: Clock = () => Date.now();

/** Tells the time, in milliseconds since 1970. Each verification asks it once. */
export type Clock = () => number;

/** The machine's clock. */
export const systemClock: Clock = () => Date.now();

/** Places in an order, as numbers. */
export interface Places {
  readonly last: bigint;
  /** So near to where it can be read again is near enough. */
  readonly smallestStep: bigint;
  /** Whether what comes after a place can be read. */
  readonly canBeRead: (after: bigint) => Promise<boolean>;
}

/** The first place, or hardly more, after which it can be read again; at least the last where there is none. */
export async function goAround(from: bigint, { last, smallestStep, canBeRead }: Places): Promise<bigint> {
  const isReadable = async (after: bigint): Promise<boolean> => after >= last || canBeRead(after);
  let step = smallestStep;
  while (!(await isReadable(from + step))) step *= 2n;
  let [low, high] = [from + step / 2n, from + step];
  while (high - low > smallestStep) {
    const middle = (low + high) / 2n;
    if (await isReadable(middle)) high = middle;
    else low = middle;
  }
  return high;
}

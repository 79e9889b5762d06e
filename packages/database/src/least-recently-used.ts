/** What to keep by its key, and how to make and give up one of them. */
export interface LeastRecentlyUsedOptions<V> {
  readonly capacity: number;
  readonly make: (key: string) => V;
  readonly drop: (value: V) => void;
}

/**
 * Gives the value that was made for a key before, or makes it. Beyond `capacity`, the value that
 * nobody has asked for the longest is dropped.
 */
export function createLeastRecentlyUsed<V>(options: LeastRecentlyUsedOptions<V>): (key: string) => V {
  const { capacity, make, drop } = options;
  const kept = new Map<string, { readonly value: V }>();
  return (key) => {
    const entry = kept.get(key) ?? { value: make(key) };
    // A Map iterates in order of insertion: whatever is used moves to its end.
    kept.delete(key);
    kept.set(key, entry);
    const [oldest] = kept;
    if (kept.size > capacity && oldest !== undefined) {
      kept.delete(oldest[0]);
      drop(oldest[1].value);
    }
    return entry.value;
  };
}

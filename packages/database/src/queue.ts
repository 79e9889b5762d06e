/** Runs tasks one at a time, in the order in which they were handed in. */
export type Queue = <T>(task: () => T | Promise<T>) => Promise<T>;

/** An empty queue. A task that fails does not hold up the next one. */
export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  };
}

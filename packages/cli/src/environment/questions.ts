/** What was typed before is there within this time. */
const DRAIN_MS = 20;

/**
 * Makes the terminal ready for a question. What was typed before it is dropped: it was not meant as its answer.
 * Nothing is read from what is no terminal.
 */
export async function beforeQuestion(): Promise<void> {
  const { stdin, stderr } = process;
  // Some terminals say that they have no columns, and the question would be broken after each character.
  if (stderr.columns === 0) stderr.columns = 80;
  if (!stdin.isTTY) return;
  // In its usual mode a terminal gives whole lines alone.
  stdin.setRawMode(true);
  const drop = (): void => undefined;
  stdin.on("data", drop).resume();
  await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
  // However late this machine is, the terminal has been looked at once more by then.
  await new Promise((resolve) => setImmediate(resolve));
  stdin.off("data", drop).pause();
  stdin.setRawMode(false);
}

/**
 * Asks until there is an answer, or nobody there any more to give one: a terminal says so by Ctrl-D, and a question
 * would wait for ever.
 */
export async function untilEnd<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { stdin } = process;
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  const onKey = (
    _: string | undefined,
    { ctrl, name }: { readonly ctrl?: boolean; readonly name?: string },
  ): void => {
    if (ctrl === true && name === "d") end();
  };
  stdin.on("keypress", onKey).on("end", end);
  try {
    return await ask(ended.signal);
  } finally {
    stdin.off("keypress", onKey).off("end", end);
  }
}

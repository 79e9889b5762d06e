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

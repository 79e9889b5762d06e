/** Tells the story on standard output: who does what, what was allowed, what was refused and why. */
export const narrator = {
  chapter(title: string): void {
    console.log(`\n${title}\n${"─".repeat(title.length)}`);
  },
  tell(text: string): void {
    console.log(`  ${text}`);
  },
  allowed(text: string): void {
    console.log(`  ✔ allowed   ${text}`);
  },
  refused(text: string, why: string): void {
    console.log(`  ✘ refused   ${text}\n              because: ${why}`);
  },
};

/** A DID, short enough to read. */
export function shortDid(did: string): string {
  return `${did.slice(0, 14)}…${did.slice(-4)}`;
}

/** Minor units as people write money. */
export function euros(cents: number): string {
  return `${(cents / 100).toFixed(2)} EUR`;
}

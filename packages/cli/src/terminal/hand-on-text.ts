/** How many times an authority may be handed on, in words. */
export function handOnText(hops: number): string {
  return hops === 0 ? "not to be handed on" : `to be handed on ${String(hops)} deep`;
}

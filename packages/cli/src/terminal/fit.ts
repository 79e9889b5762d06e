/** No text is cut to less than this. */
const LEAST = 12;

/** Between two columns of a table. */
const GAP = 2;

/** A text of at most so many characters: where it is longer, its middle is left out. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

/**
 * How wide each column may be, for all together to fit: the widest of those that may be cut gives way first.
 *
 * @param widths of the columns, uncut
 * @param cut which of them may be cut
 * @param columns of the terminal; `undefined` where there is none, and nothing is cut
 */
export function fitWidths(
  widths: readonly number[],
  cut: readonly number[],
  columns: number | undefined,
): readonly number[] {
  const fitted = [...widths];
  const most = (columns ?? Infinity) - GAP * (widths.length - 1);
  for (;;) {
    const excess = fitted.reduce((sum, width) => sum + width, 0) - most;
    const widest = cut.reduce((best, each) => ((fitted[each] ?? 0) > (fitted[best] ?? 0) ? each : best));
    const width = fitted[widest] ?? 0;
    if (excess <= 0 || width <= LEAST) return fitted;
    fitted[widest] = width - 1;
  }
}

/** What takes no column of its own: marks on another character, joiners, variation selectors. */
const NARROW = /^[\p{M}\p{Cf}]$/u;

/** Wide characters of East Asia, by their blocks (Unicode Standard Annex 11), and emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}])/u;

/** Most texts here. */
const PLAIN = /^[ -~]*$/;

/** How many columns of a terminal a line takes. What a terminal draws as one character is counted as one. */
export function textWidth(line: string): number {
  if (PLAIN.test(line)) return line.length;
  // Made here: it is not cheap, and needed for few texts.
  const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(line);
  return Array.from(segments, ({ segment }) => widthOf(segment)).reduce((sum, width) => sum + width, 0);
}

function widthOf(grapheme: string): number {
  // U+FE0F asks for the picture of a character that is a sign otherwise.
  if (WIDE.test(grapheme) || grapheme.includes("\ufe0f")) return 2;
  return NARROW.test(grapheme) ? 0 : 1;
}

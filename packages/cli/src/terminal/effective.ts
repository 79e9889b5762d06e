import type { EffectiveAuthority } from "@writ/core";

import { handOnText } from "./hand-on-text.js";
import { bold, show, type SafeText } from "./safe-text.js";

/** So many grants of a chain are written out: each repeats all that it inherits. */
const MAX_GRANTS = 16;

/** An effective authority for machines: values, and the same in words. */
export function effectiveJson({ grants, ...authority }: EffectiveAuthority): object {
  const more = grants.length - MAX_GRANTS;
  return {
    ...authority,
    grants: grants.slice(0, MAX_GRANTS).map(({ id, effective, text }) => ({ id, effective, text })),
    ...(more > 0 ? { moreGrants: more } : {}),
  };
}

/** An effective authority for people: whoever verifies one looks for what it is good for. */
export function effectiveLines({
  validFrom,
  validUntil,
  remainingHops,
  grants,
}: EffectiveAuthority): readonly SafeText[] {
  const more = grants.length - MAX_GRANTS;
  return [
    show`    from ${validFrom} until ${validUntil}, ${handOnText(remainingHops)}`,
    ...grants
      .slice(0, MAX_GRANTS)
      .flatMap(({ id, text }) => [show`    grant ${bold(id)}`, ...text.map((line) => show`      ${line}`)]),
    ...(more > 0 ? [show`    and ${more} more grants, which are not shown`] : []),
  ];
}

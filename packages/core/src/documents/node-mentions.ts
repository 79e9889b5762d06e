/** An object or a text that names a node of a graph by its id. */
export interface Mention {
  readonly id: string;
  /** Names of the members that lead here from the document; indexes into lists carry no meaning. */
  readonly members: readonly string[];
  readonly pointer: string;
  /** Whether more is said of the node here than its id. */
  readonly hasClaims: boolean;
}

/**
 * The first claims that do not stand where they must. In RDF the claims about a node may stand wherever its
 * id does, in one place or in several; so that a reader finds them, there is one place for them: what is
 * least deep, of that what is in the subject, and an issuer or holder only if the id occurs nowhere else.
 * Where two places are equal, neither is the one.
 */
export function misplacedClaims(mentions: readonly Mention[]): Mention | undefined {
  const places = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const known = places.get(mention.id);
    if (known === undefined) places.set(mention.id, [mention]);
    else known.push(mention);
  }
  return mentions.find((mention) => {
    const others = places.get(mention.id) ?? [];
    return mention.hasClaims && others.some((other) => other !== mention && rankOf(other) <= rankOf(mention));
  });
}

function rankOf({ members }: Mention): number {
  const [first] = members;
  if (members.length === 1 && (first === "issuer" || first === "holder")) return Infinity;
  return first === "credentialSubject" ? members.length : members.length + 0.5;
}

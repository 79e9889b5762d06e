import {
  isIdentity,
  parseTimestamp,
  type AuthorityCredential,
  type Grant,
  type WritCredential,
} from "@writ/core";

import { handOnText } from "./hand-on-text.js";
import { relativeTime } from "./relative-time.js";
import { bold, dim, indent, lines, show, type SafeText } from "./safe-text.js";

/** So many grants of a link are shown: whoever made the document would fill the screen otherwise. */
const MAX_GRANTS = 16;

/** Somebody who was given authority, and those to whom it was handed on. */
export interface Branch {
  /** A DID, with the name where one is known. */
  readonly to: string;
  /** What was given, and until when. */
  readonly about: readonly SafeText[];
  readonly below: readonly Branch[];
}

/** Who gave what to whom, from whoever gave first. */
export function chainTree(from: string, branches: readonly Branch[]): SafeText {
  return lines(
    show`${from}`,
    ...branches.map((branch, index) => drawn(branch, index === branches.length - 1)),
  );
}

function drawn({ to, about, below }: Branch, isLast: boolean): SafeText {
  const stem = below.length === 0 ? " " : "│";
  const inner = lines(
    show`${isLast ? "└" : "├"}─ to ${bold(to)}`,
    ...about.map((line) => indent(line, `${isLast ? " " : "│"}  ${stem} `)),
  );
  const branches = below.map((branch, index) => drawn(branch, index === below.length - 1));
  return lines(inner, ...branches.map((branch) => indent(branch, isLast ? "   " : "│  ")));
}

/** The tree of one chain, each link within the one before. */
export function linearTree(from: string, links: readonly Omit<Branch, "below">[]): SafeText {
  const nested = links.reduceRight<readonly Branch[]>((below, link) => [{ ...link, below }], []);
  return chainTree(from, nested);
}

/** What an authority credential gives, and until when, both exactly and as people say it. */
export function givenBy(
  { validFrom, validUntil, credentialSubject: { grants, redelegation } }: AuthorityCredential,
  now: number,
): readonly SafeText[] {
  const hops = redelegation?.maxHops ?? 0;
  const handOn = handOnText(hops);
  const from = parseTimestamp(validFrom) > now ? show`from ${when(validFrom, now)}, ` : show``;
  return [
    ...grants.slice(0, MAX_GRANTS).map(grantLine),
    ...(grants.length > MAX_GRANTS
      ? [show`and ${grants.length - MAX_GRANTS} more grants, which are not shown`]
      : []),
    show`${from}until ${when(validUntil, now)}, ${handOn}`,
  ];
}

/** A grant, without what limits it. */
export function grantLine({ id, within, actions }: Pick<Grant, "id" | "within" | "actions">): SafeText {
  return show`grant ${bold(id)}${within === undefined ? "" : ` within ${within}`}: ${actions.join(", ")}`;
}

function when(time: string, now: number): SafeText {
  return show`${time} ${dim(`(${relativeTime(parseTimestamp(time), now)})`)}`;
}

/** What a DID is called by the identities among some credentials, with the DID; else the DID alone. */
export function namesIn(credentials: readonly WritCredential[]): (did: string) => string {
  const names = new Map(
    credentials
      .filter(isIdentity)
      .map(({ credentialSubject: { id, name } }) => [id, `${name} (${id})`] as const),
  );
  return (did) => names.get(did) ?? did;
}

import { describeGrant } from "../authority/describe.js";
import type { DimensionValues } from "../authority/dimensions.js";
import { MAX_LINKS, type AuthorityCredential } from "../documents/authority-credential.js";
import { parseTimestamp } from "../documents/timestamp.js";
import { WritError } from "../errors/writ-error.js";
import type { Chain } from "./chain.js";

/** One grant of the last link of a chain, folded from the root. */
export class EffectiveGrant {
  /** By which an invocation names it. */
  readonly id: string;
  /** The folded value of each dimension; one that is absent sets no limit. */
  readonly effective: DimensionValues;

  constructor(id: string, effective: DimensionValues) {
    this.id = id;
    this.effective = effective;
  }

  /**
   * The same in English, a line for each thing that it says: see `describeGrant`. It is made when it is
   * asked for, since many grants may inherit one long list; it is no member of the grant's JSON.
   */
  get text(): readonly string[] {
    return describeGrant(this.effective);
  }
}

/** What a chain lets the subject of its last link do, in the words of the whole chain. */
export interface EffectiveAuthority {
  /** On whose behalf. */
  readonly principal: string;
  /** DID of the issuer of the root. */
  readonly rootIssuer: string;
  /** Digest of the last link, by which an invocation names the authority. */
  readonly digestMultibase: string;
  /** When every link is valid, as the tightest of them wrote it: RFC 3339, included. */
  readonly validFrom: string;
  /** RFC 3339, not included. */
  readonly validUntil: string;
  /** How many links may follow the last. */
  readonly remainingHops: number;
  readonly grants: readonly EffectiveGrant[];
}

/**
 * The effective authority of a chain (DESIGN 3, Rule B). It says nothing of status or of the time: that
 * the chain is in force is for whoever verified it.
 *
 * @param chain as `buildChain` made it
 * @throws WritError `ARGUMENT_INVALID` where it has no link.
 */
export function effectiveAuthority({ links, principal, digestMultibase, grants }: Chain): EffectiveAuthority {
  const credentials = links.map(({ credential }) => credential);
  const [root] = credentials;
  if (root === undefined) throw new WritError("ARGUMENT_INVALID", "a chain has a link at least");
  const hops = credentials.map(
    ({ credentialSubject }, index) =>
      (credentialSubject.redelegation?.maxHops ?? 0) - (credentials.length - 1 - index),
  );
  return {
    principal,
    rootIssuer: root.issuer,
    digestMultibase,
    validFrom: tightest(credentials, "validFrom", (time, other) => time > other),
    validUntil: tightest(credentials, "validUntil", (time, other) => time < other),
    remainingHops: Math.max(0, Math.min(MAX_LINKS - credentials.length, ...hops)),
    grants: grants.map(({ written, effective }) => new EffectiveGrant(written.id, effective)),
  };
}

/** The time of the link that is strictest, as it is written there. */
function tightest(
  credentials: readonly AuthorityCredential[],
  member: "validFrom" | "validUntil",
  isTighter: (time: number, other: number) => boolean,
): string {
  return credentials
    .map((credential) => credential[member])
    .reduce((best, each) => (isTighter(parseTimestamp(each), parseTimestamp(best)) ? each : best));
}

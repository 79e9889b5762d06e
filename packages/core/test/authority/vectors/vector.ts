import type { ErrorCode, JsonObject, JsonValue } from "@writ/core";

/** A problem as a vector states it: where and what, without the words. */
export interface Stated {
  readonly code: ErrorCode;
  readonly pointer: string;
  readonly link?: number;
  readonly grant?: string;
  readonly dimension?: string;
}

/** A grant, perhaps malformed. */
export type Loose = Readonly<Record<string, unknown>>;

/** Grants of one credential of the chain, whose document is not part of the vector. */
export interface VectorLink {
  readonly issuer: string;
  readonly subject: string;
  readonly grants: readonly Loose[];
}

/** {@link Facts}, with times as texts. */
export interface VectorFacts {
  readonly now: string;
  readonly audience?: string;
  readonly spend?: { readonly unit: string; readonly amount: number };
  readonly context?: JsonObject;
  readonly ledger?: string;
  readonly statusAsOf?: string;
  readonly approvedBy?: readonly string[];
}

/** An invocation, perhaps malformed. */
export interface VectorInvocation {
  readonly action: JsonValue;
  readonly resource?: JsonValue;
  readonly args?: JsonValue;
  readonly nonce: string;
}

export interface Expectation {
  readonly outcome: "allow" | "deny" | "approval_required" | "already_decided" | "refused";
  readonly problems?: readonly Stated[];
}

/** One asking of the holder, in its turn. */
export interface Ask {
  readonly grant: string;
  readonly invocation: VectorInvocation;
  readonly facts: VectorFacts;
  readonly expect: Expectation;
}

/** A chain, and either why it is refused or what is answered under it. */
export interface Vector {
  readonly name: string;
  readonly what: string;
  readonly links: readonly VectorLink[];
  readonly refused?: Stated;
  readonly asks?: readonly Ask[];
}

/** An asking that has no nonce yet, unless it is about one. */
export type Asking = (position: number, lastLink: number) => Ask;

export const SERVICE = "did:web:orders.example";
export const BILLING = "did:web:billing.example";

export const ACME = "did:web:acme.example";
export const LEAD = "did:web:lead.acme.example";
export const DESK = "did:web:desk.acme.example";
export const BOT = "did:web:bot.acme.example";
export const COURIER = "did:web:courier.acme.example";
/** The principal, and the subjects from the root down. */
const PARTIES = [ACME, LEAD, DESK, BOT, COURIER] as const;

/** A Monday, 11 o'clock in Berlin. */
export const NOW = "2026-11-23T10:00:00Z";

/** A time of that Monday, UTC. */
export function monday(time: string): string {
  return `2026-11-23T${time}Z`;
}

/** An account by its number. */
export function meter(account: number, ledger: string = SERVICE): { readonly meter: object } {
  return {
    meter: { ledger, account: `urn:uuid:5be1a5e0-0000-4000-8000-${String(account).padStart(12, "0")}` },
  };
}

/**
 * The links of a chain, root first. A link with one grant, `g0` at the root, `g1` below it, is given
 * as what that grant says; it grants `refund.create`, within the one before, unless it says otherwise.
 */
function chainOf(grants: readonly (Loose | readonly Loose[])[]): readonly VectorLink[] {
  return grants.map((each, link) => ({
    issuer: PARTIES[link] as string,
    subject: PARTIES[link + 1] as string,
    grants: isList(each) ? each : [completed(each, link)],
  }));
}

function isList(grants: Loose | readonly Loose[]): grants is readonly Loose[] {
  return Array.isArray(grants);
}

function completed(grant: Loose, link: number): Loose {
  const within = link === 0 ? {} : { within: `g${String(link - 1)}` };
  return { id: `g${String(link)}`, ...within, actions: ["refund.create"], ...grant };
}

/** A vector of what is answered under a chain, ask by ask. */
export function answers(
  name: string,
  what: string,
  chain: readonly (Loose | readonly Loose[])[],
  ...asks: readonly Asking[]
): Vector {
  const links = chainOf(chain);
  return { name, what, links, asks: asks.map((ask, index) => ask(index + 1, links.length - 1)) };
}

/** A chain that is refused. */
export function refuses(
  name: string,
  what: string,
  chain: readonly (Loose | readonly Loose[])[],
  refused: Stated,
): Vector {
  return { name, what, links: chainOf(chain), refused };
}

/** A chain whose last link breaks Rule B in one dimension; the place is in that link's grant. */
export function wider(
  name: string,
  what: string,
  dimension: string,
  chain: readonly Loose[],
  place: string,
): Vector {
  const link = chain.length - 1;
  return refuses(name, what, chain, violation(link, dimension, place));
}

/** What is answered to a link that breaks Rule B. */
export function violation(
  link: number,
  dimension: string,
  place: string,
  code: ErrorCode = "ATTENUATION_VIOLATED",
): Stated {
  const at = String(link);
  return { code, pointer: `/links/${at}/grants/0${place}`, link, grant: `g${at}`, dimension };
}

/** A grant at a root that is not of its form. */
export function malformed(
  name: string,
  what: string,
  grant: Loose,
  place: string,
  code: ErrorCode = "SCHEMA_INVALID",
): Vector {
  return refuses(name, what, [grant], { code, pointer: `/links/0/grants/0${place}` });
}

/** What is asked: the invocation's members, facts, and where needed the grant. */
export interface Wish {
  readonly action?: JsonValue;
  readonly resource?: JsonValue;
  readonly args?: JsonValue;
  readonly nonce?: string;
  readonly grant?: string;
  readonly facts?: Partial<VectorFacts>;
}

function asking(expect: Expectation, wish: Wish): Asking {
  const { facts, grant, ...invocation } = wish;
  return (position, lastLink) => ({
    grant: grant ?? `g${String(lastLink)}`,
    invocation: { action: "refund.create", nonce: `n-${String(position)}`, ...invocation },
    facts: { now: NOW, ...facts },
    expect,
  });
}

export function allow(wish: Wish = {}): Asking {
  return asking({ outcome: "allow" }, wish);
}

export function deny(problems: Stated | readonly Stated[], wish: Wish = {}): Asking {
  return asking({ outcome: "deny", problems: [problems].flat() }, wish);
}

export function alreadyDecided(wish: Wish): Asking {
  return asking({ outcome: "already_decided" }, wish);
}

/** More must approve, as the grants of these links say. */
export function awaits(links: readonly number[], wish: Wish): Asking {
  const problems = links.map((link) => by("approval", "", link, "APPROVAL_REQUIRED"));
  return asking({ outcome: "approval_required", problems }, wish);
}

/** An invocation that is not of its form. */
export function refusesAsk(pointer: string, code: ErrorCode, wish: Wish): Asking {
  return asking({ outcome: "refused", problems: [{ code, pointer }] }, wish);
}

/** A denial by the grant of a link; the pointer is into the invocation. */
export function by(dimension: string, pointer: string, link = 0, code: ErrorCode = "NOT_ALLOWED"): Stated {
  return { code, pointer, link, grant: `g${String(link)}`, dimension };
}

/** The ledger would go beyond a limit of the grant of a link. */
export function exceeds(dimension: "spend" | "rate", link = 0): Stated {
  return by(dimension, "", link, "LEDGER_EXCEEDED");
}

/** The holder has used the nonce for something else. */
export const NONCE_REUSED: Stated = { code: "NONCE_REUSED", pointer: "/nonce" };

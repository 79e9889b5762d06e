import type { Charge, Limit } from "@writ/core";

import type { LedgerAccount, LedgerAnswer, LedgerEntry, Pruned } from "../src/index.js";
import { DAY, HOUR } from "./world.js";

interface Booked {
  readonly charge: Charge;
  readonly at: number;
  /** The time up to which its account was forgotten along with it. */
  forgottenUntil?: number;
}

interface Key extends Pick<LedgerEntry, "holder" | "nonce" | "digestMultibase" | "at" | "keyUntil"> {
  forgotten: boolean;
}

/**
 * A ledger that forgets nothing: a list of all that was ever charged, which is counted through for each
 * answer. What another may forget is marked, so that it can be said when that one could not tell.
 */
export class Model {
  readonly #booked: Booked[] = [];
  readonly #keys: Key[] = [];
  #keysForgottenUntil = 0;

  charge(entry: LedgerEntry): LedgerAnswer | "LEDGER_UNAVAILABLE" {
    const key = this.#keys.find(
      ({ holder, nonce, forgotten }) => !forgotten && holder === entry.holder && nonce === entry.nonce,
    );
    if (key !== undefined) {
      const same = key.digestMultibase === entry.digestMultibase;
      return same ? { outcome: "already_charged", at: key.at } : { outcome: "nonce_reused" };
    }
    if (entry.keyUntil <= this.#keysForgottenUntil) return "LEDGER_UNAVAILABLE";
    const judged = entry.charges.flatMap((charge) =>
      charge.limits.map((limit) => ({ charge, limit, breaks: this.#breaks(charge, limit, entry.at) })),
    );
    if (judged.some(({ breaks }) => breaks === undefined)) return "LEDGER_UNAVAILABLE";
    const exceeded = judged.filter(({ breaks }) => breaks).map(({ charge, limit }) => ({ charge, limit }));
    if (exceeded.length > 0) return { outcome: "exceeded", exceeded };
    const { holder, nonce, digestMultibase, at, keyUntil } = entry;
    this.#keys.push({ holder, nonce, digestMultibase, at, keyUntil, forgotten: false });
    for (const charge of entry.charges) this.#booked.push({ charge, at });
    return { outcome: "charged" };
  }

  prune(now: number): Pruned {
    const entries = this.#booked
      .map((booked) => ({ booked, until: now - HOUR - this.#longestWindow(booked.charge) }))
      .filter(({ booked, until }) => booked.forgottenUntil === undefined && booked.at <= until);
    for (const { booked, until } of entries) booked.forgottenUntil = until;
    const keys = this.#keys.filter(({ keyUntil, forgotten }) => !forgotten && keyUntil <= now - HOUR);
    for (const key of keys) key.forgotten = true;
    this.#keysForgottenUntil = Math.max(this.#keysForgottenUntil, now - HOUR);
    return { entries: entries.length, keys: keys.length };
  }

  accounts(): readonly LedgerAccount[] {
    const names = new Map(
      this.#booked.map(({ charge: { issuer, account } }) => [`${issuer} ${account}`, { issuer, account }]),
    );
    return [...names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { issuer, account }]) => {
        const booked = this.#of({ issuer, account });
        const remembered = booked.filter(isRemembered).map(({ at }) => at);
        const totals: Record<string, number> = {};
        for (const { charge } of booked) {
          if (charge.spend === undefined) continue;
          totals[charge.spend.unit] = (totals[charge.spend.unit] ?? 0) + charge.spend.amount;
        }
        return {
          issuer,
          account,
          totals,
          actions: remembered.length,
          ...(remembered.length === 0 ? {} : { last: Math.max(...remembered) }),
        };
      });
  }

  #of({ issuer, account }: Pick<Charge, "issuer" | "account">): readonly Booked[] {
    return this.#booked.filter(({ charge }) => charge.issuer === issuer && charge.account === account);
  }

  /** `undefined` where it cannot be said without what was forgotten. */
  #breaks(charge: Charge, limit: Limit, at: number): boolean | undefined {
    const booked = this.#of(charge);
    if ("budget" in limit) {
      if (charge.spend === undefined) return undefined;
      const { unit, amount } = charge.spend;
      const spent = booked
        .map((each) => each.charge.spend)
        .filter((spend) => spend?.unit === unit)
        .reduce((sum, spend) => sum + (spend?.amount ?? 0), 0);
      return spent + amount > limit.budget;
    }
    const begin = at - limit.seconds * 1000;
    const inWindow = booked.filter((each) => each.at > begin);
    if (inWindow.filter(isRemembered).length >= limit.max) return true;
    if (booked.some(({ forgottenUntil = 0 }) => forgottenUntil > begin)) return undefined;
    if (inWindow.length >= limit.max) throw new Error("what was forgotten would have counted");
    return false;
  }

  #longestWindow(charge: Charge): number {
    const limits = this.#of(charge).flatMap((booked) => booked.charge.limits);
    return Math.max(90 * DAY, ...limits.map((limit) => ("seconds" in limit ? limit.seconds * 1000 : 0)));
  }
}

function isRemembered({ forgottenUntil }: Booked): boolean {
  return forgottenUntil === undefined;
}

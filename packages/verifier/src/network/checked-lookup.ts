import { isIP, type LookupFunction } from "node:net";

import { WritError } from "@writ/core";

import { isPublicAddress } from "./is-public-address.js";

/** Port: the IP addresses of a host. Rejects, or finds none, where it has none. */
export type HostLookup = (host: string) => Promise<readonly string[]>;

/** Which addresses a connection may go to: public ones, or those that the caller's own rule admits. */
export type AddressPolicy = "public" | ((address: string) => boolean);

/** Asks as the machine's other programs do, its file of hosts included. */
export const systemLookup: HostLookup = async (host) => {
  const { lookup } = await import("node:dns/promises");
  return (await lookup(host, { all: true })).map(({ address }) => address);
};

/**
 * The look-up of one connection. What it answers is what the connection goes to, so that no second
 * answer of the name server comes between check and use. One address that may not be reached spoils
 * them all: an honest name has none.
 */
export function checkedLookup(lookup: HostLookup, policy: AddressPolicy): LookupFunction {
  const mayReach = policy === "public" ? isPublicAddress : policy;
  const addressesOf = async (host: string): Promise<readonly { address: string; family: number }[]> => {
    const found = (await lookup(host)).map((address) => ({ address, family: isIP(address) }));
    if (found.length === 0) throw new WritError("FETCH_UNAVAILABLE", "the host has no address");
    if (!found.every(({ address, family }) => family !== 0 && (mayReach(address) as unknown) === true)) {
      throw new WritError("FETCH_REFUSED", "the host has an address that may not be reached");
    }
    return found;
  };
  return (host, { all }, callback) => {
    addressesOf(host).then(
      (found) => {
        // Connections that try several families ask for all; each attempt goes to one of these.
        if (all === true) callback(null, [...found]);
        else callback(null, found[0]?.address ?? "", found[0]?.family);
      },
      (error: unknown) => {
        callback(error as Error, all === true ? [] : "");
      },
    );
  };
}

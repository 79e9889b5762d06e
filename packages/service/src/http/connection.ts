import { isIPv6 } from "node:net";

/** What is known of a request's connection. */
export interface Connection {
  /** The address of whoever connected, such as `203.0.113.7`; a proxy's, where one stands before. */
  readonly remoteAddress?: string | undefined;
  /** The address of this machine that they reached. */
  readonly localAddress?: string | undefined;
}

/** An IP address as it is compared: IPv4 is written as such, though the socket speaks IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Whose connections are counted together: those of an address, and of a /64 of IPv6, which one host may have whole. */
export function networkOf(address = ""): string {
  const plain = plainAddress(address).replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  const all = [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...rest];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

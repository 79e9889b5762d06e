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

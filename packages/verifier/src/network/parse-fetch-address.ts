import { WritError } from "@writ/core";

/** An address that may be fetched, in the parts of which a request is made. */
export interface FetchAddress {
  /** A name, never a number: its addresses are looked up and checked. */
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
}

const MAX_ADDRESS_LENGTH = 4096;
const MAX_HOST_LENGTH = 253;

/** Two labels or more, the last of which begins with a letter: no IPv4 address in any notation. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The parts of an https address that may be fetched (DESIGN 4.9). It must stand in the one form that
 * the URL Standard gives it, so that nobody reads another host in it: no credentials, no fragment, no
 * IP address, no needless port.
 *
 * @throws WritError `FETCH_REFUSED`.
 */
export function parseFetchAddress(url: string): FetchAddress {
  if (url.length > MAX_ADDRESS_LENGTH || !URL.canParse(url)) throw refused("it is no address");
  const { href, protocol, username, password, hostname, port, pathname, search } = new URL(url);
  if (protocol !== "https:") throw refused("it is not https");
  if (href !== url) throw refused("it is not in its canonical form");
  if (username !== "" || password !== "" || url.includes("#")) {
    throw refused("it has credentials or a fragment");
  }
  if (hostname.length > MAX_HOST_LENGTH || !HOST.test(hostname)) {
    throw refused("its host is not a full domain name");
  }
  return { host: hostname, port: port === "" ? 443 : Number(port), path: pathname + search };
}

function refused(why: string): WritError {
  return new WritError("FETCH_REFUSED", `the address may not be fetched: ${why}`);
}

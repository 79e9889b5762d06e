import { isIPv6 } from "node:net";

import { WritError } from "@writ/core";

import { plainAddress, type Connection } from "./connection.js";

/** What a host may be called, without a port. */
export type AllowedHosts = ReadonlySet<string>;

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s:@/?#\\[\]]+)(?::\d{1,5})?$/i;

/**
 * The names under which a service answers: those of loopback, that of its public address, and others.
 *
 * @param publicUrl where clients reach it, such as `https://issuer.example/`
 * @param hosts further names, without port
 * @throws WritError `ARGUMENT_INVALID` for what is no address or no name.
 */
export function allowedHosts(publicUrl: string | undefined, hosts: readonly string[] = []): AllowedHosts {
  const named = hosts.map((host) => hostName(host) ?? refuseOption());
  const url = publicUrl === undefined ? undefined : publicHost(publicUrl);
  return new Set([...LOOPBACK_NAMES, ...named, ...(url === undefined ? [] : [url])]);
}

function publicHost(publicUrl: string): string {
  if (!URL.canParse(publicUrl) || !/^https?:$/.test(new URL(publicUrl).protocol)) return refuseOption();
  return new URL(publicUrl).hostname;
}

function refuseOption(): never {
  throw new WritError("ARGUMENT_INVALID", "the public address or the name of a host is malformed");
}

/**
 * Refuses a request that is meant for another host, so that no page which has its name point to this
 * machine can talk to it (DNS rebinding). An address that the connection reached is the machine's own.
 *
 * @throws WritError `HOST_UNKNOWN`.
 */
export function checkHost(request: Request, allowed: AllowedHosts, { localAddress }: Connection): void {
  const url = new URL(request.url).host;
  // A request line may name another host than the header does: neither may be foreign.
  for (const authority of [url, request.headers.get("host") ?? url]) {
    const name = hostName(authority);
    const known = name !== undefined && (allowed.has(name) || name === asHost(localAddress));
    if (!known) throw new WritError("HOST_UNKNOWN", "the request is for a host that is not served here");
  }
}

/**
 * Refuses what a page of another origin has a browser ask: it may not read the answer, but would have been
 * answered. Whoever is no browser sends no `Origin`.
 *
 * @throws WritError `ORIGIN_UNKNOWN`.
 */
export function checkOrigin(request: Request, allowed: AllowedHosts, { localAddress }: Connection): void {
  const origin = request.headers.get("origin");
  if (origin === null || request.method !== "POST") return;
  const name = URL.canParse(origin) ? new URL(origin).hostname : "";
  if (allowed.has(name) || (name !== "" && name === asHost(localAddress))) return;
  throw new WritError("ORIGIN_UNKNOWN", "pages of other origins may not ask");
}

/** The name in a host with or without a port, in the one form that addresses have. */
function hostName(authority: string): string | undefined {
  const name = AUTHORITY.exec(authority)?.[1];
  if (name === undefined || !URL.canParse(`http://${name}`)) return undefined;
  return new URL(`http://${name}`).hostname;
}

function asHost(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const plain = plainAddress(address);
  return hostName(isIPv6(plain) ? `[${plain}]` : plain);
}

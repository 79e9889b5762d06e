import { BlockList, isIP } from "node:net";

/** IANA's IPv4 Special-Purpose Address Registry, and what else is no host of the public Internet. */
const SPECIAL_IPV4 = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private use
  ["100.64.0.0", 10], // shared between a provider and its customers
  ["127.0.0.0", 8], // loopback
  ["168.63.129.16", 32], // a public number by which Azure's machines reach their own host
  ["169.254.0.0", 16], // link-local, and the metadata of cloud machines
  ["172.16.0.0", 12], // private use
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.31.196.0", 24], // AS112
  ["192.52.193.0", 24], // multicast tunnels
  ["192.88.99.0", 24], // relays of 6to4
  ["192.168.0.0", 16], // private use
  ["192.175.48.0", 24], // AS112
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
] as const;

/**
 * IANA's IPv6 Special-Purpose Address Registry, within {@link GLOBAL_UNICAST}. What lies outside is not
 * public either: loopback, mapped and translated IPv4 (`::ffff:0:0/96`, `64:ff9b::/96`), unique-local,
 * link-local, multicast.
 */
const SPECIAL_IPV6 = [
  ["2001::", 23], // protocol assignments, with Teredo, benchmarks and ORCHID
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4, which holds an IPv4 address
  ["2620:4f:8000::", 48], // AS112
  ["3ffe::", 16], // the former 6bone
  ["3fff::", 20], // documentation
] as const;

/** All that is assigned as public IPv6. */
const GLOBAL_UNICAST = ["2000::", 3] as const;

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet(...GLOBAL_UNICAST, "ipv6");

/**
 * Whether an IP address is that of a host on the public Internet, as far as numbers tell: no
 * special-purpose address (RFC 6890), and no IPv6 that carries an IPv4 address within. What is no
 * IP address in the usual notation is not public.
 */
export function isPublicAddress(address: string): boolean {
  // A zone names an interface of this machine.
  if (address.includes("%")) return false;
  switch (isIP(address)) {
    case 4:
      return !special.check(address, "ipv4");
    case 6:
      return globalUnicast.check(address, "ipv6") && !special.check(address, "ipv6");
    default:
      return false;
  }
}

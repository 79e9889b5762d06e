import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

import type { SafeFetch } from "@writ/core";
import { onTestFinished } from "vitest";

import { createSafeFetch, type SafeFetchOptions } from "../../src/index.js";

const read = (name: string): string =>
  readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), "utf8");

export const AUTHORITY: string = read("authority");

/** What a server was asked. */
interface Asked {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** A real https server on loopback, which leaves every connection open as long as the client does. */
export interface LoopbackServer {
  readonly port: number;
  readonly asked: readonly Asked[];
  /** How many connections there were. */
  connections(): number;
  /** When every connection has ended. */
  allClosed(): Promise<void>;
}

/** How a server answers; what it writes to `request.socket` is its answer to the letter. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server for one test, or one that the caller closes. */
export async function openServer(
  answer: Answer,
  certificate: "server" | "expired" | "self-signed" = "server",
): Promise<LoopbackServer> {
  const asked: Asked[] = [];
  const sockets: { readonly socket: Socket; readonly closed: Promise<unknown> }[] = [];
  const options = { key: read("server-key"), cert: read(certificate), keepAliveTimeout: 0 };
  const server = createServer(options, (request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    // A client that goes away in the middle is what is expected here.
    for (const stream of [request, response, request.socket]) stream.on("error", () => undefined);
    answer(request, response);
  });
  server.on("connection", (socket: Socket) => {
    sockets.push({ socket, closed: new Promise((resolve) => socket.on("close", resolve)) });
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const { socket } of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    connections: () => sockets.length,
    allClosed: async () => {
      await Promise.all(sockets.map(({ closed }) => closed));
    },
  };
}

/** A fetch for which every host is on loopback, and that is public. */
export function loopbackFetch(options: SafeFetchOptions = {}): SafeFetch {
  return createSafeFetch({
    lookup: () => Promise.resolve(["127.0.0.1"]),
    addresses: (address) => address === "127.0.0.1",
    certificateAuthorities: [AUTHORITY],
    ...options,
  });
}

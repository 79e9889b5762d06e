import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createSecureContext, type SecureContextOptions } from "node:tls";

import { WritError } from "@writ/core";
import { getRequestListener } from "@hono/node-server";

import type { HttpService } from "./create-http-service.js";
import { problemAnswer } from "./problem-answer.js";
import { responseOf, writtenAnswer } from "./written-answer.js";

/** What a connection may take. */
export interface ConnectionLimits {
  /** All header fields of a request together. */
  readonly maxHeaderBytes: number;
  /** By then the header must be there, counted from when the connection, or the last request, was. */
  readonly headersTimeoutMs: number;
  /** By then the request must be there as a whole. */
  readonly requestTimeoutMs: number;
  /** So long a connection is kept without a request. */
  readonly keepAliveTimeoutMs: number;
  /** So long nothing may move on a connection, in either direction. */
  readonly stallTimeoutMs: number;
  /** So many requests may be sent on a connection before the first is answered; beyond them it is closed. */
  readonly maxPipelined: number;
  /** Beyond these, connections are closed at once. */
  readonly maxConnections: number;
  /** So long `close` waits for what was begun. */
  readonly drainTimeoutMs: number;
}

/** What a server goes by unless told otherwise. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  keepAliveTimeoutMs: 5000,
  stallTimeoutMs: 60_000,
  maxPipelined: 8,
  maxConnections: 2048,
  drainTimeoutMs: 10_000,
};

/** Where to listen. */
export interface ListenOptions {
  /** A name or an address of this machine; loopback, `127.0.0.1`, unless given. */
  readonly host?: string;
  /** Any that is free unless given. */
  readonly port?: number;
  /** PEM files: the certificate with its chain, and its key. Without them a proxy has to do TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly limits?: Partial<ConnectionLimits>;
}

/** A server that listens. */
export interface Listening {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * Accepts no connection any more, and resolves when what was begun is finished, or was given up after
   * the time for it. May be repeated.
   */
  close(): Promise<void>;
}

/**
 * Serves over HTTP/1.1, by the parser of Node.js in its strict mode.
 *
 * @throws WritError `ARGUMENT_INVALID` for a service that asks for no tokens and is not on loopback, limits
 *   that contradict each other, or an address that cannot be listened on; `FILE_UNREADABLE` for a
 *   certificate.
 */
export async function listen(service: HttpService, options: ListenOptions = {}): Promise<Listening> {
  const { host = "127.0.0.1", port = 0, tls } = options;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  if (service.access === "open" && !isLoopback(host)) {
    throw new WritError("ARGUMENT_INVALID", "a service without tokens listens on loopback only", {
      hint: "Give out tokens, or listen on 127.0.0.1.",
    });
  }
  const server = await createLimitedServer(limits, tls);
  server.on("request", listenerOf(service, limits.maxPipelined));
  await listening(server, host, port);
  const { address, family, port: bound } = server.address() as AddressInfo;
  const authority = host === "localhost" ? host : family === "IPv6" ? `[${address}]` : address;
  let closed: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? "http" : "https"}://${authority}:${String(bound)}`,
    close: () => (closed ??= drain(server, service, limits.drainTimeoutMs)),
  };
}

/** Names that stand for this machine whatever its network says. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

async function createLimitedServer(limits: ConnectionLimits, tls: ListenOptions["tls"]): Promise<Server> {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs } = limits;
  if (!(headersTimeoutMs > 0 && requestTimeoutMs >= headersTimeoutMs)) {
    throw new WritError("ARGUMENT_INVALID", "a request takes no less time than its header");
  }
  const settings = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.max(10, Math.min(1000, Math.floor(headersTimeoutMs / 4))),
    keepAliveTimeout: keepAliveTimeoutMs,
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    requireHostHeader: true,
  };
  const server: Server =
    tls === undefined
      ? createServer(settings)
      : createTlsServer({
          ...settings,
          ...(await readTls(tls)),
          handshakeTimeout: headersTimeoutMs,
        });
  server.maxConnections = limits.maxConnections;
  server.timeout = limits.stallTimeoutMs;
  return server;
}

async function readTls({
  certFile,
  keyFile,
}: NonNullable<ListenOptions["tls"]>): Promise<SecureContextOptions> {
  try {
    const pair = { cert: await readFile(certFile), key: await readFile(keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    throw new WritError("FILE_UNREADABLE", "a certificate and its key cannot be read", { cause });
  }
}

type RequestListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

function listenerOf(service: HttpService, maxPipelined: number): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  const answer = getRequestListener(
    async (request, { incoming }) => {
      const message = incoming as IncomingMessage;
      checkVersion(message);
      const { remoteAddress, localAddress } = message.socket;
      return await service.fetch(request, { remoteAddress, localAddress });
    },
    { overrideGlobalObjects: false, errorHandler: refuseMessage },
  );
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const count = (unanswered.get(socket) ?? 0) + 1;
    // The parser hands over whatever it has read, thousands of small requests at once.
    if (count > maxPipelined) return void socket.destroy();
    unanswered.set(socket, count);
    outgoing.once("close", () => {
      unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1);
    });
    void answer(incoming, outgoing);
  };
}

/** The parser lets other versions pass, and chunks in HTTP/1.0, which has none (RFC 9112, section 6.1). */
function checkVersion({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === "1.1" || (httpVersion === "1.0" && headers["transfer-encoding"] === undefined)) return;
  throw new WritError("REQUEST_MALFORMED", "the request is not HTTP/1.1");
}

/** What is refused before the service is asked: a version, or an address or a host that makes no URL. */
function refuseMessage(error: unknown): Response {
  const refused =
    error instanceof WritError ? error : new WritError("REQUEST_MALFORMED", "the address makes no URL");
  const answer = problemAnswer(refused);
  return responseOf(writtenAnswer({ ...answer, headers: { ...answer.headers, connection: "close" } }));
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw new WritError("ARGUMENT_INVALID", "this address cannot be listened on", { cause });
  }
}

async function drain(server: Server, service: HttpService, drainTimeoutMs: number): Promise<void> {
  service.stop();
  // This closes the connections on which nothing is asked, too.
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainTimeoutMs);
  });
  // Whoever went away has no connection any more, and yet what was begun for them is finished.
  await Promise.race([Promise.all([closed, service.idle()]), late]);
  clearTimeout(timer);
  server.closeAllConnections();
  await closed;
}

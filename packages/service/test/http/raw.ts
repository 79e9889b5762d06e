import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { onTestFinished } from "vitest";

/** A connection to which a test writes bytes, and all that came back. */
export interface RawConnection {
  readonly socket: Socket;
  readonly write: (text: string) => void;
  readonly received: () => string;
  /** All that came, when the other side has closed. */
  readonly ended: Promise<string>;
}

/** Connects to a server on loopback, by its address. */
export async function connectRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => (received += text));
  // A connection that is reset has ended as well.
  socket.on("error", () => undefined);
  return {
    socket,
    write: (text) => void socket.write(text),
    received: () => received,
    ended: new Promise((resolve) => socket.on("close", () => resolve(received))),
  };
}

/** Sends bytes, and tells all that comes back until the server closes. */
export async function exchange(url: string, text: string): Promise<string> {
  const connection = await connectRaw(url);
  connection.write(text);
  return await connection.ended;
}

/** The statuses of the answers in what came back. */
export function statuses(received: string): readonly number[] {
  return Array.from(received.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));
}

import { createHook } from "node:async_hooks";

/** What a run reached out for. */
export interface Reached {
  /** TCP connections that were begun by this thread, whether or not they came about. */
  readonly sockets: number;
  /** Questions to the machine's resolver of names. */
  readonly lookups: number;
}

/** Counts what the operating system is asked for while something runs. */
export async function countSockets(run: () => Promise<unknown>): Promise<Reached> {
  const types: string[] = [];
  const hook = createHook({ init: (_id, type) => void types.push(type) }).enable();
  try {
    await run();
  } finally {
    hook.disable();
  }
  const count = (...names: readonly string[]) => types.filter((type) => names.includes(type)).length;
  return { sockets: count("TCPCONNECTWRAP"), lookups: count("GETADDRINFOREQWRAP", "QUERYWRAP") };
}

export const NOTHING: Reached = { sockets: 0, lookups: 0 };

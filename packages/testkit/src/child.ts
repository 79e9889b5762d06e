import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process of its own that works on the built packages. */
export interface Child {
  readonly process: ChildProcess;
  readonly lines: AsyncIterableIterator<string>;
  /** Its exit code, or null if a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts a script that lies beside a module. */
export type StartChild = (script: string, ...parameters: readonly string[]) => Child;

/**
 * Starts the scripts beside a module, given by its `import.meta.url`. The root's `test` script builds
 * before the tests run.
 */
export function childrenBeside(module: string): StartChild {
  return (script, ...parameters) => {
    const path = fileURLToPath(new URL(script, module));
    const child = spawn(process.execPath, [path, ...parameters], { stdio: ["pipe", "pipe", "inherit"] });
    return {
      process: child,
      lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
      ended: once(child, "exit").then(([code]) => code as number | null),
    };
  };
}

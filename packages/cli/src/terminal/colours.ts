import { isatty } from "node:tty";

import type { Descriptor } from "./write-all.js";

/**
 * Whether colours go to a descriptor: never where `NO_COLOR` is set (no-color.org), where `FORCE_COLOR` is set as it
 * says, otherwise to a terminal alone. Each descriptor is asked for itself: errors may go to a file while the answer
 * goes to a terminal.
 */
export function isColoured(
  descriptor: Descriptor,
  environment: NodeJS.ProcessEnv = process.env,
  isTerminal: (descriptor: Descriptor) => boolean = isatty,
): boolean {
  const { NO_COLOR = "", FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal(descriptor) && TERM !== "dumb";
}

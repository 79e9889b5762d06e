import { childrenBeside, type StartChild } from "@writ/testkit";

/** Starts a script of this folder. */
export const startChild: StartChild = childrenBeside(import.meta.url);

import type { Command } from "commander";

import { command } from "../command.js";
import { completionScript, SHELLS } from "../terminal/completion.js";
import { lines, show } from "../terminal/safe-text.js";

/** @param loadProgram the whole of `writ`, with all its commands */
export function completionCommand(loadProgram: () => Promise<Command>): Command {
  const made = command(
    "completion <shell>",
    "Write a script by which a shell completes commands, options and their choices",
    'eval "$(writ completion bash)"',
    async (_options, name = "") => {
      // The parser has refused every other.
      const shell = SHELLS.find((each) => each === name) ?? "bash";
      const script = completionScript(await loadProgram(), shell);
      return { json: { shell, script }, text: lines(...script.split("\n").map((line) => show`${line}`)) };
    },
  );
  made.registeredArguments[0]?.choices(SHELLS);
  return made;
}

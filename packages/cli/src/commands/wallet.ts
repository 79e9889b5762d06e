import { Command } from "commander";

import { addCommand } from "./wallet-add.js";
import { backupCommand } from "./wallet-backup.js";
import { delegateCommand } from "./wallet-delegate.js";
import { delegationsCommand } from "./wallet-delegations.js";
import { createCommand } from "./wallet-create.js";
import { listCommand } from "./wallet-list.js";
import { presentCommand } from "./wallet-present.js";
import { requestCommand } from "./wallet-request.js";
import { doctorCommand } from "./wallet-doctor.js";
import { rekeyCommand } from "./wallet-rekey.js";
import { respondCommand } from "./wallet-respond.js";
import { restoreCommand } from "./wallet-restore.js";
import { revokeDelegationCommand } from "./wallet-revoke.js";
import { showCommand } from "./wallet-show.js";

export function walletCommand(): Command {
  const made = new Command("wallet").description("An agent's encrypted wallet");
  for (const part of [
    createCommand(),
    requestCommand(),
    listCommand(),
    showCommand(),
    addCommand(),
    delegateCommand(),
    delegationsCommand(),
    revokeDelegationCommand(),
    presentCommand(),
    respondCommand(),
    rekeyCommand(),
    doctorCommand(),
    backupCommand(),
    restoreCommand(),
  ]) {
    made.addCommand(part);
  }
  return made;
}

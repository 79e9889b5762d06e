import type { Command } from "commander";

import { command, withActingKey } from "../command.js";
import { withDelegationRegistry } from "../environment/delegation-registry.js";
import { withWallet, type ActingOptions } from "../environment/stores.js";
import { lines, show } from "../terminal/safe-text.js";

interface Options extends ActingOptions {
  readonly registry: string;
}

export function revokeDelegationCommand(): Command {
  const made = command<Options>(
    "revoke <credential-id>",
    "Revoke what the wallet has handed on, where its organisation keeps a status for it",
    "writ wallet revoke urn:uuid:0e9a… --wallet lead.wallet --registry acme",
    async (options, credentialId = "") => {
      const { revokeDelegation } = await import("@writ/wallet");
      await withWallet(options, (wallet) =>
        withDelegationRegistry(options.registry, wallet.did, (status) =>
          revokeDelegation(wallet, credentialId, { status }),
        ),
      );
      return {
        json: { credentialId, revoked: true },
        text: lines(
          show`Revoked ${credentialId}, and what was handed on of it`,
          show`It takes effect at verifiers with the organisation's next \`writ status publish\`.`,
        ),
      };
    },
  );
  return withActingKey(made).requiredOption(
    "--registry <dir>",
    "folder of the organisation, on this machine",
  );
}

import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly reason?: string;
}

export function revokeCommand(): Command {
  const made = command<Options>(
    "revoke <credential-id>",
    "Revoke a credential for good, and with it everything that was delegated from it",
    "writ revoke urn:uuid:0e9a… --home acme --reason 'key lost'",
    async (options, credentialId = "") => {
      const { revokeCredential } = await import("@writ/issuer");
      await withRegistry(options, (registry) => revokeCredential(registry, credentialId, options.reason));
      return {
        json: { credentialId, revoked: true },
        text: lines(
          show`Revoked ${credentialId}`,
          show`It takes effect at verifiers with the next \`writ status publish\`.`,
        ),
      };
    },
  );
  return withHome(made).option("--reason <text>", "for the records; it is not published");
}

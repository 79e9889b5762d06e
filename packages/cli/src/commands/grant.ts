import type { Command } from "commander";

import {
  command,
  parseCount,
  parseDidOption,
  withHome,
  withSuite,
  withWalletFile,
  type SuiteOptions,
} from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { readGrants, withGrantsOf } from "../environment/grants-file.js";
import { handOver, whereIs, type HandingOverOptions } from "../environment/handing-over.js";
import { withOrganisation, type HomeOptions } from "../environment/stores.js";
import { bold, lines, show } from "../terminal/safe-text.js";
import type { Answer } from "../terminal/output.js";

interface Options extends HomeOptions, HandingOverOptions, SuiteOptions {
  readonly grants: string;
  readonly principal?: string;
  readonly redelegate: string;
  readonly ttl: string;
}

export function grantCommand(): Command {
  const made = command<Options>(
    "grant <name>",
    "Grant authority to an agent",
    "writ grant refund-bot --home acme --grants refunds.json --redelegate 1 --ttl 8h",
    grant,
  );
  return withWalletFile(
    withSuite(withHome(made)),
    "the agent's wallet (default: the one that it was created with)",
  )
    .requiredOption("--grants <file>", "JSON array of grants (docs/grants.md)")
    .option("--principal <did>", "on whose behalf the agent acts (default: the organisation)", parseDidOption)
    .option("--redelegate <n>", "how many times the authority may be handed on", "0")
    .option("--ttl <duration>", "how long the authority lives: 90s, 15m, 8h, 7d", "8h")
    .option("--out <file>", "write the credential to a file, for `writ wallet add`")
    .option("--force", "replace the file that --out names");
}

async function grant(options: Options, name = ""): Promise<Answer> {
  const { findAgent, grantAuthority } = await import("@writ/issuer");
  const grants = await readGrants(options.grants);
  const { principal, redelegate, ttl } = options;
  return withOrganisation(options, async (organisation) => {
    const agent = await findAgent(organisation, name);
    const handed = await handOver(options, agent, () =>
      withGrantsOf(options.grants, () =>
        grantAuthority(organisation, agent, {
          grants,
          maxHops: parseCount(redelegate),
          lifeMs: parseDuration(ttl),
          suite: options.suite,
          ...(principal === undefined ? {} : { principal }),
        }),
      ),
    );
    const { id, validUntil } = handed.credential;
    return {
      json: { credentialId: id },
      text: lines(
        show`Granted authority to ${bold(agent.name)}`,
        show`  credential ${id}, valid until ${validUntil}`,
        show`  grants     ${grants.map((each) => each.id).join(", ")}`,
        ...whereIs(handed),
      ),
    };
  });
}

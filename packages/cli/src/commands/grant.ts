import { WritError } from "@writ/core";
import type { Command } from "commander";

import {
  command,
  parseCount,
  several,
  withHome,
  withRequestId,
  withSuite,
  withWalletFile,
  type RequestIdOptions,
  type SuiteOptions,
} from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { readGrants, withGrantsOf } from "../environment/grants-file.js";
import { handOver, whereIs, type HandingOverOptions } from "../environment/handing-over.js";
import { didOfPrincipal } from "../environment/principal-option.js";
import { withOrganisation, type HomeOptions } from "../environment/stores.js";
import { bold, lines, show } from "../terminal/safe-text.js";
import type { Answer } from "../terminal/output.js";

interface Options extends HomeOptions, HandingOverOptions, SuiteOptions, RequestIdOptions {
  readonly grants?: string;
  readonly role?: readonly string[];
  readonly principal?: string;
  readonly redelegate: string;
  readonly ttl: string;
}

export function grantCommand(): Command {
  const made = command<Options>(
    "grant <name>",
    "Grant authority to an agent",
    "writ grant refund-bot --home acme --role refund-clerk --redelegate 1 --ttl 8h",
    grant,
  );
  return withWalletFile(
    withRequestId(withSuite(withHome(made))),
    "the agent's wallet (default: the one that it was created with)",
  )
    .option("--grants <file>", "JSON array of grants (docs/grants.md), within its roles if they have grants")
    .option("--role <role>", "all grants of this role of the agent; may be given several times", several)
    .option(
      "--principal <did-or-name>",
      "on whose behalf the agent acts, by DID or name (default: the organisation)",
    )
    .option("--redelegate <n>", "how many times the authority may be handed on", "0")
    .option("--ttl <duration>", "how long the authority lives: 90s, 15m, 8h, 7d", "8h")
    .option("--out <file>", "write the credential to a file, for `writ wallet add`")
    .option("--force", "replace the file that --out names");
}

async function grant(options: Options, name = ""): Promise<Answer> {
  const { findAgent, grantAuthority } = await import("@writ/issuer");
  const { grants: file, role: roles = [], principal, redelegate, ttl } = options;
  if (file === undefined && roles.length === 0)
    throw new WritError("USAGE", "name --grants FILE or --role ROLE");
  const grants = file === undefined ? [] : await readGrants(file);
  return withOrganisation(options, async (organisation) => {
    const agent = await findAgent(organisation, name);
    const handed = await handOver(options, agent, () =>
      withGrantsOf(file, async () =>
        grantAuthority(organisation, agent, {
          grants,
          roles,
          maxHops: parseCount(redelegate),
          lifeMs: parseDuration(ttl),
          suite: options.suite,
          idempotencyKey: options.requestId,
          ...(principal === undefined ? {} : { principal: await didOfPrincipal(organisation, principal) }),
        }),
      ),
    );
    const { id, validUntil, credentialSubject } = handed.credential;
    return {
      json: { credentialId: id },
      text: lines(
        show`Granted authority to ${bold(agent.name)}`,
        show`  credential ${id}, valid until ${validUntil}`,
        show`  grants     ${credentialSubject.grants.map((each) => each.id).join(", ")}`,
        ...whereIs(handed),
      ),
    };
  });
}

import { WritError, type AuthorityCredential } from "@writ/core";
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
import { confirm } from "../environment/confirm.js";
import { parseDuration } from "../environment/duration.js";
import { readGrants, withGrantsOf } from "../environment/grants-file.js";
import { handOver, whereIs, type HandingOverOptions } from "../environment/handing-over.js";
import { withOrganisation, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions, HandingOverOptions, SuiteOptions, RequestIdOptions {
  readonly grants?: string;
  readonly role?: readonly string[];
  readonly redelegate?: string;
  readonly ttl?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function supersedeCommand(): Command {
  const made = command<Options>(
    "supersede <credential-id>",
    "Narrow or widen an authority in one step: a new one is issued, and the old one revoked",
    "writ supersede urn:uuid:0e9a… --home acme --grants narrower.json --reason 'fewer refunds'",
    supersede,
  );
  return withWalletFile(
    withRequestId(withSuite(withHome(made))),
    "the agent's wallet (default: the one that it was created with)",
  )
    .option("--grants <file>", "JSON array of grants (docs/grants.md); one of the same id keeps its meter")
    .option("--role <role>", "all grants of this role of the agent; may be given several times", several)
    .option("--redelegate <n>", "how many times the authority may be handed on (default: as before)")
    .option("--ttl <duration>", "how long the authority lives: 90s, 15m, 8h, 7d (default: as before)")
    .option("--out <file>", "write the credential to a file, for `writ wallet add`")
    .option("--force", "replace the file that --out names")
    .option("--reason <text>", "for the records; it is not published")
    .option("--yes", "do not ask before the old one is revoked");
}

async function supersede(options: Options, credentialId = ""): Promise<Answer> {
  const { findHolderOf, listLine, supersedeAuthority } = await import("@writ/issuer");
  const { grants: file, role: roles = [] } = options;
  if (file === undefined && roles.length === 0)
    throw new WritError("USAGE", "name --grants FILE or --role ROLE");
  const grants = file === undefined ? [] : await readGrants(file);
  const { redelegate, ttl, suite, reason, yes, requestId } = options;
  return withOrganisation(options, async (organisation) => {
    const agent = await findHolderOf(organisation, credentialId);
    const issue = async (): Promise<AuthorityCredential> => {
      const what = show`${credentialId} of ${bold(agent.name)} is revoked for good, and all that was handed on of it.`;
      if (yes !== true) await confirm(what, "Supersede it?");
      return withGrantsOf(file, () =>
        supersedeAuthority(organisation, credentialId, {
          grants,
          roles,
          suite,
          idempotencyKey: requestId,
          ...(reason === undefined ? {} : { reason }),
          ...(redelegate === undefined ? {} : { maxHops: parseCount(redelegate) }),
          ...(ttl === undefined ? {} : { lifeMs: parseDuration(ttl) }),
        }),
      );
    };
    // All in whose place it came, and what came in theirs. What renews it was issued since, where it is asked for again.
    const replacedBy = async (): Promise<readonly string[]> =>
      (await listLine(organisation, credentialId)).flatMap((each) =>
        each.state === "revoked" ? [each.credentialId] : [],
      );
    const handed = await handOver(options, agent, issue, { replacedBy });
    const { id, validUntil, credentialSubject } = handed.credential;
    return {
      json: { credentialId: id, supersedes: credentialId },
      text: lines(
        show`Superseded ${credentialId} of ${bold(agent.name)}`,
        show`  credential ${id}, valid until ${validUntil}`,
        show`  grants     ${credentialSubject.grants.map((each) => each.id).join(", ")}`,
        ...whereIs(handed),
        show`The old one is refused at verifiers with the next \`writ status publish\`.`,
      ),
    };
  });
}

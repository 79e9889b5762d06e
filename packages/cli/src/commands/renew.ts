import { join } from "node:path";

import {
  type ErrorCode,
  parseShape,
  parseTimestamp,
  systemClock,
  uuidUrn,
  type WritCredential,
  WritError,
} from "@writ/core";
import type { IssuedCredential, Organisation } from "@writ/issuer";
import type { Command } from "commander";

import {
  command,
  withHome,
  withRequestId,
  withSuite,
  withWalletFile,
  type RequestIdOptions,
  type SuiteOptions,
} from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { addCommandOf, handOver, type HandingOverOptions } from "../environment/handing-over.js";
import { withOrganisation, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { withProgress } from "../terminal/progress.js";
import { bad, bold, good, lines, show, type SafeText } from "../terminal/safe-text.js";

interface Options extends HomeOptions, HandingOverOptions, SuiteOptions, RequestIdOptions {
  readonly within?: string;
  readonly afterRotation?: boolean;
  readonly agent?: string;
  readonly ttl?: string;
}

/** What came of one credential. */
type Outcome = { readonly holder: string; readonly credentialId: string } & (
  | {
      readonly renewedId: string;
      readonly validUntil: string;
      readonly wallet?: string;
      readonly out?: string;
      /** Ids of what goes as it is taken into the wallet. */
      readonly supersedes?: readonly string[];
    }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint?: string } }
);

export function renewCommand(): Command {
  const made = command<Options>(
    "renew [credential-id]",
    "Issue an identity or an authority again, or all that end within a time; nothing is revoked by it",
    "writ renew --home acme --within 4h --out renewed",
    renew,
  );
  return withWalletFile(
    withRequestId(withSuite(withHome(made))),
    "the agent's wallet (default: the one that it was created with)",
  )
    .option("--within <duration>", "all that end so soon and have not been renewed: 90s, 15m, 8h, 7d")
    .option("--after-rotation", "all that a key issued which the organisation had before `writ key rotate`")
    .option("--agent <name>", "with one of these: only those of this agent")
    .option("--ttl <duration>", "how long it lives: 90s, 15m, 8h, 7d (default: as before)")
    .option("--out <file>", "write the credential to a file, for `writ wallet add`; of many, a folder")
    .option("--force", "replace the files that --out names");
}

async function renew(options: Options, credentialId?: string): Promise<Answer> {
  const { within, afterRotation, agent, wallet, requestId } = options;
  if ([credentialId, within, afterRotation].filter((named) => named !== undefined).length !== 1) {
    throw new WritError("USAGE", "name a credential, --within for all that end so soon, or --after-rotation");
  }
  const isOne = credentialId !== undefined;
  if (agent !== undefined && isOne) {
    throw new WritError("USAGE", "--agent goes with --within or --after-rotation");
  }
  if (requestId !== undefined && !isOne) {
    throw new WritError("USAGE", "--request-id is of one credential; of many each is renewed once");
  }
  if (wallet !== undefined && !isOne && agent === undefined) {
    throw new WritError("USAGE", "a wallet is one agent's: name it with --agent");
  }
  const outcomes = await withOrganisation(options, async (organisation) =>
    credentialId === undefined
      ? await renewAll(organisation, options)
      : [await renewOne(organisation, options, credentialId)],
  );
  const hasFailed = outcomes.some((outcome) => "error" in outcome);
  return {
    exitCode: hasFailed ? 1 : 0,
    json: { items: outcomes },
    text:
      outcomes.length === 0
        ? show`Nothing of an active agent ${within === undefined ? "is by a former key" : `ends within ${within}`} that has not been renewed.`
        : lines(
            ...outcomes.map(lineOf),
            endingAgain(outcomes, within),
            afterRotation === true && outcomes.some((outcome) => "renewedId" in outcome)
              ? HAND_ON_AGAIN
              : undefined,
          ),
  };
}

/** The registry does not know what agents hand on. */
const HAND_ON_AGAIN = show`An agent that handed on of what is renewed hands it on again (writ wallet delegations, writ wallet delegate).`;

async function renewOne(
  organisation: Organisation,
  options: Options,
  credentialId: string,
): Promise<Outcome> {
  const { findCredential, findHolderOf, renewCredential } = await import("@writ/issuer");
  const { suite, ttl, within, afterRotation, requestId } = options;
  const holder = await findHolderOf(organisation, credentialId);
  const issue = async (): Promise<WritCredential> => {
    const lifeMs = ttl === undefined ? {} : { lifeMs: parseDuration(ttl) };
    return renewCredential(organisation, credentialId, { suite, idempotencyKey: requestId, ...lifeMs });
  };
  // A wallet is one agent's.
  const byWallet = options.agent === undefined ? "" : "--wallet FILE or ";
  const isOne = within === undefined && afterRotation === undefined;
  const places = isOne ? undefined : `${byWallet}--out FOLDER for the credentials`;
  // Beside what the new key grants, what a former key granted would be in its way: which of the two is never guessed.
  // Its identity vouches for what is left of that key, until it ends.
  const replacedBy = async (): Promise<readonly string[]> => {
    const [before] = await findCredential(organisation, credentialId);
    return before?.authority === undefined || before.issuer === organisation.did ? [] : [credentialId];
  };
  const { credential, wallet, out, replaced } = await handOver(options, holder, issue, {
    places,
    replacedBy,
  });
  return {
    holder: holder.name,
    credentialId,
    renewedId: credential.id,
    validUntil: credential.validUntil,
    ...(wallet === undefined ? {} : { wallet }),
    ...(out === undefined ? {} : { out, ...(replaced.length === 0 ? {} : { supersedes: replaced }) }),
  };
}

/** Goes on where one cannot be renewed: the others' time runs. */
async function renewAll(organisation: Organisation, options: Options): Promise<readonly Outcome[]> {
  const { findAgent, listExpiring } = await import("@writ/issuer");
  const { within, agent, out } = options;
  if (agent !== undefined) await findAgent(organisation, agent);
  const expiring = await listExpiring(
    organisation,
    within === undefined ? { byFormerKeys: true } : { withinMs: parseDuration(within) },
  );
  // Its new identity vouches for an agent before it gets the authority of the same key.
  const asked = expiring
    .filter(({ holder }) => agent === undefined || holder === agent)
    .sort((a, b) => Number(isIdentityType(b)) - Number(isIdentityType(a)));
  return withProgress("Renewing", async (progress) => {
    const outcomes: Outcome[] = [];
    for (const each of asked) {
      progress.update(outcomes.length, asked.length);
      outcomes.push(await outcomeOf(organisation, { ...options, ...fileIn(out, each) }, each));
    }
    return outcomes;
  });
}

function isIdentityType({ type }: IssuedCredential): boolean {
  return type === "AgentIdentityCredential";
}

async function outcomeOf(
  organisation: Organisation,
  options: Options,
  { credentialId, holder = "" }: IssuedCredential,
): Promise<Outcome> {
  try {
    return await renewOne(organisation, options, credentialId);
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    const { code, message, hint } = error;
    return {
      holder,
      credentialId,
      error: { code, message, ...(hint === undefined ? {} : { hint }) },
    };
  }
}

/** A life that is no longer than the time within which all are renewed, is renewed with each run. */
function endingAgain(outcomes: readonly Outcome[], within: string | undefined): SafeText | undefined {
  if (within === undefined) return undefined;
  const soon = systemClock() + parseDuration(within);
  const isSoon = (outcome: Outcome): boolean =>
    "renewedId" in outcome && parseTimestamp(outcome.validUntil) <= soon;
  if (!outcomes.some(isSoon)) return undefined;
  return show`Some end within ${within} again, and each run renews them: name a shorter time, or a longer --ttl.`;
}

/** A file of its own for each: its id is a `urn:uuid:`, and so its name is safe. */
function fileIn(folder: string | undefined, { credentialId }: IssuedCredential): { readonly out?: string } {
  if (folder !== undefined) parseShape(uuidUrn, credentialId, "/credentialId");
  return folder === undefined ? {} : { out: join(folder, `${credentialId.slice("urn:uuid:".length)}.json`) };
}

function lineOf(outcome: Outcome): SafeText {
  const { holder, credentialId } = outcome;
  if ("error" in outcome) {
    const { code, message, hint } = outcome.error;
    return lines(
      show`${bad("failed")}   ${bold(holder)} ${credentialId}: ${code} ${message}`,
      hint === undefined ? undefined : show`  hint ${hint}`,
    );
  }
  const { renewedId, validUntil, wallet, out, supersedes = [] } = outcome;
  return lines(
    show`${good("renewed")}  ${bold(holder)} ${credentialId} by ${renewedId}, until ${validUntil}`,
    wallet === undefined ? undefined : show`  is in the wallet ${wallet}`,
    out === undefined ? undefined : show`  is in ${out}, for \`${addCommandOf(out, supersedes)}\``,
  );
}

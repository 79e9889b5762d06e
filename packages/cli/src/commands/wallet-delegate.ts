import { asJson, canonicalize, parseTimestamp, WritError, type AuthorityCredential } from "@writ/core";
import type { DelegationOptions, FreeAuthority, Wallet } from "@writ/wallet";
import type { Command } from "commander";

import {
  command,
  parseCount,
  parseDidOption,
  withSuite,
  withActingKey,
  type SuiteOptions,
} from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { withDelegationRegistry } from "../environment/delegation-registry.js";
import { addCommandOf, heldOf } from "../environment/handing-over.js";
import { assertWritable, ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { withWallet, type ActingOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, dim, lines, show, showJson } from "../terminal/safe-text.js";
import { readGrants, withGrantsOf } from "../environment/grants-file.js";

interface Options extends ActingOptions, SuiteOptions {
  readonly to?: string;
  readonly grants?: string;
  readonly authority?: string;
  readonly redelegate: string;
  readonly ttl?: string;
  readonly registry?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function delegateCommand(): Command {
  const made = command<Options>(
    "delegate",
    "Hand authority on to another agent, never more than the wallet holds; without --to and --grants, say what is free to be handed on",
    "writ wallet delegate --wallet refund-bot.wallet --to did:key:z6Mk… --grants eu.json --out eu-authority.json",
    delegate,
  );
  return withSuite(withActingKey(made))
    .option("--to <did>", "DID of the agent that receives it", parseDidOption)
    .option("--grants <file>", "JSON array of grants (docs/grants.md), each `within` one of the wallet's")
    .option("--authority <id>", "the authority credential that is handed on, where there are several")
    .option("--redelegate <n>", "how many times it may be handed on again", "0")
    .option(
      "--ttl <duration>",
      "how long it lives; one hour at most without --registry (default: 1h, or what is left)",
    )
    .option(
      "--registry <dir>",
      "folder of the organisation, on this machine, which keeps a status for it: it can be revoked, and live longer",
    )
    .option("--out <file>", "write it with its chain to a file, for `writ wallet add`")
    .option("--force", "replace the file that --out names");
}

async function delegate(options: Options): Promise<Answer> {
  const { delegateAuthority, freeToDelegate } = await import("@writ/wallet");
  const { to, authority, redelegate, ttl, registry, out, force } = options;
  if (to === undefined && options.grants === undefined) {
    return freeAnswer(
      await withWallet(options, (wallet) =>
        freeToDelegate(wallet, authority === undefined ? {} : { authority }),
      ),
    );
  }
  if (to === undefined || options.grants === undefined) {
    throw new WritError("USAGE", "name both --to DID and --grants FILE", {
      hint: "Without either, the command says what is free to be handed on.",
    });
  }
  const { grants: file } = options;
  const grants = await readGrants(file);
  if (out !== undefined) await assertWritable(out, ifExists(force));
  const delegation: DelegationOptions = {
    to,
    grants,
    maxHops: parseCount(redelegate),
    suite: options.suite,
    ...(authority === undefined ? {} : { authority }),
    ...(ttl === undefined ? {} : { lifeMs: parseDuration(ttl) }),
  };
  const { credential, bundle, replaces } = await withWallet(options, async (wallet) => {
    const made = await withGrantsOf(file, () =>
      registry === undefined
        ? delegateAuthority(wallet, delegation)
        : withDelegationRegistry(registry, wallet.did, (status) =>
            delegateAuthority(wallet, delegation, { status }),
          ),
    );
    return { ...made, replaces: await replacedBy(wallet, made.credential) };
  });
  const credentialId = credential.id;
  if (out === undefined) {
    return { json: { credentialId, bundle, replaces }, text: showJson(bundle) };
  }
  await writeOutput(out, prettyJson(bundle), ifExists(force));
  return {
    json: { credentialId, out, replaces },
    text: lines(
      show`Delegated to ${to}`,
      show`  credential ${credentialId}, valid until ${credential.validUntil}`,
      show`  is         in ${out}, for \`${addCommandOf(out, replaces)}\``,
    ),
  };
}

/**
 * Ids of what was handed to the same agent before with the same grants: of an authority in whose place another has come,
 * or no more of the same. Of two such the agent could not tell which to show.
 */
async function replacedBy(wallet: Wallet, credential: AuthorityCredential): Promise<readonly string[]> {
  const { listDelegations } = await import("@writ/wallet");
  const { id: to, grants } = credential.credentialSubject;
  const before = await listDelegations(wallet, { to, state: "live" });
  const alike = before.filter(
    ({ credential: each }) =>
      each.id !== credential.id &&
      canonicalize(asJson(each.credentialSubject.grants)) === canonicalize(asJson(grants)),
  );
  const parents = await heldOf(
    wallet,
    alike.map(({ parent }) => parent.id),
  );
  return alike.flatMap(({ id, parent, credential: each }) =>
    !parents.includes(parent.id) || isNoMore(each, credential) ? [id] : [],
  );
}

/** Whether one of two with the same grants allows nothing that the other does not. */
function isNoMore(one: AuthorityCredential, other: AuthorityCredential): boolean {
  const [mine, theirs] = [one.credentialSubject, other.credentialSubject];
  return (
    mine.principal === theirs.principal &&
    (mine.redelegation?.maxHops ?? 0) <= (theirs.redelegation?.maxHops ?? 0) &&
    parseTimestamp(one.validUntil) <= parseTimestamp(other.validUntil)
  );
}

function freeAnswer({ authority, maxHops, grants, delegations }: FreeAuthority): Answer {
  const { id, validUntil } = authority;
  const handedOn = delegations.map(({ id: credentialId, credentialSubject, validUntil: until }) => ({
    credentialId,
    to: credentialSubject.id,
    grants: credentialSubject.grants,
    validUntil: until,
  }));
  return {
    json: { authority: id, maxHops, validUntil, grants, delegations: handedOn },
    text: lines(
      show`${bold("authority")} ${id}, until ${validUntil}`,
      maxHops === 0 ? show`  may not be handed on` : show`  may be handed on, ${hopsAfter(maxHops)}`,
      ...(maxHops === 0 ? [] : grants).flatMap((grant) => [
        show`  within ${bold(grant.id)} may lie`,
        ...Object.entries(grant.free).map(([name, value]) => show`    ${dim(name)} ${JSON.stringify(value)}`),
      ]),
      ...(handedOn.length === 0
        ? []
        : [
            show`  budgets are less what was handed on, for planning: a ledger charges every account on the way`,
          ]),
      ...handedOn.map(({ to, validUntil: until }) => show`  handed on to ${to}, until ${until}`),
    ),
  };
}

function hopsAfter(maxHops: number): string {
  if (maxHops === 1) return "and not again after that";
  return `${maxHops === 2 ? "once" : `${String(maxHops - 1)} times`} more after that`;
}

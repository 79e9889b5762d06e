import {
  isJsonObject,
  parseApprovalRequest,
  WritError,
  type ApprovalRequest,
  type JsonObject,
} from "@writ/core";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { confirm } from "../environment/confirm.js";
import { parseDuration } from "../environment/duration.js";
import {
  assertWritable,
  ifExists,
  inFile,
  prettyJson,
  readObject,
  writeOutput,
} from "../environment/files.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, lines, show, showJson, type SafeText } from "../terminal/safe-text.js";

interface Options extends WalletFileOptions {
  readonly ttl: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
}

export function approveCommand(): Command {
  const made = command<Options>(
    "approve <request>",
    "Approve one action that an agent asks for, with the approver's own wallet",
    "writ approve result.json --wallet lead.wallet --out approval.json",
    approve,
  );
  return withWalletFile(made, "the approver's wallet")
    .option("--ttl <duration>", "how long the approval can be used, 15 minutes at most", "15m")
    .option("--out <file>", "write the approval to a file, for `writ wallet present --approval`")
    .option("--force", "replace the file that --out names")
    .option("--yes", "do not ask on a terminal");
}

async function approve(options: Options, file = ""): Promise<Answer> {
  const { approveInvocation } = await import("@writ/wallet");
  const { ttl, out, force, yes } = options;
  const request = requestIn(await readObject(file), file);
  const lifeMs = parseDuration(ttl);
  if (out !== undefined) await assertWritable(out, ifExists(force));
  const approval = await withWallet(options, async (wallet) => {
    if (yes !== true) await confirm(lines(bold("To approve:"), ...describe(request)), "Approve this?");
    return approveInvocation(wallet, request, { lifeMs });
  });
  if (out === undefined) return { json: approval, text: showJson(approval) };
  await writeOutput(out, prettyJson(approval), ifExists(force));
  return {
    json: { credentialId: approval.id, approver: approval.issuer, out },
    text: lines(
      show`Approved by ${approval.issuer}`,
      ...describe(request),
      show`  until      ${approval.validUntil}`,
      show`  is         in ${out}, for \`writ wallet present --again … --approval ${out}\``,
    ),
  };
}

/** What `writ verify --json` wrote, or the request alone. */
function requestIn(json: JsonObject, file: string): ApprovalRequest {
  const { decision } = json;
  if (isJsonObject(decision) && decision["approval"] === undefined) {
    throw new WritError("NOT_FOUND", `${file} asks for no approval`);
  }
  try {
    return parseApprovalRequest(isJsonObject(decision) ? (decision["approval"] ?? null) : json);
  } catch (error) {
    throw inFile(error, file);
  }
}

function describe({ holder, invocation, authorityDigestMultibase }: ApprovalRequest): readonly SafeText[] {
  return [
    show`  asks       ${holder}`,
    show`  for        ${bold(invocation.action)} on ${invocation.resource ?? "no resource"}`,
    show`  with       ${JSON.stringify(invocation.args ?? {})}`,
    show`  under      the grant ${invocation.authority.grant} of ${authorityDigestMultibase}`,
  ];
}

import {
  isJsonObject,
  parseApprovalRequest,
  WritError,
  type ApprovalRequest,
  type Problem,
} from "@writ/core";
import type { Command } from "commander";

import { command, withActingKey } from "../command.js";
import { confirm } from "../environment/confirm.js";
import { parseDuration } from "../environment/duration.js";
import { assertWritable, ifExists, inFile, prettyJson, writeOutput } from "../environment/files.js";
import { asResult, readResultJson } from "../environment/result-file.js";
import { withWallet, type ActingOptions } from "../environment/stores.js";
import { askedLines, printable, type AskedLines } from "../terminal/asked.js";
import { writeNotice, type Answer } from "../terminal/output.js";
import { bad, bold, lines, show, showJson } from "../terminal/safe-text.js";

interface Options extends ActingOptions {
  readonly ttl: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** What is to be approved, and by whom if that is known. */
interface Requested {
  readonly request: ApprovalRequest;
  readonly approvers?: readonly string[];
}

export function approveCommand(): Command {
  const made = command<Options>(
    "approve <request>",
    "Approve one action that an agent asks for, with the approver's own wallet; the request is what `writ verify --json` wrote",
    "writ approve result.json --wallet lead.wallet --out approval.json",
    approve,
  );
  return withActingKey(made, "the approver's wallet")
    .option("--ttl <duration>", "how long the approval can be used, 15 minutes at most", "15m")
    .option("--out <file>", "write the approval to a file, for `writ wallet present --approval`")
    .option("--force", "replace the file that --out names")
    .option("--yes", "approve without asking, also what is too long to be shown");
}

async function approve(options: Options, file = ""): Promise<Answer> {
  const { approveInvocation } = await import("@writ/wallet");
  const { ttl, out, force, yes } = options;
  const { request, approvers } = await readRequest(file);
  const described = describe(request);
  if (!described.whole && yes !== true) {
    throw new WritError("DECLINED", "it is too long to be shown", { hint: `Read ${file}, then pass --yes.` });
  }
  const lifeMs = parseDuration(ttl);
  if (out !== undefined) await assertWritable(out, ifExists(force));
  const approval = await withWallet(options, async (wallet) => {
    if (approvers !== undefined && !approvers.includes(wallet.did)) {
      writeNotice(show`${bad("warning")} no grant asks ${wallet.did}: its approval will not count`);
    }
    if (yes !== true) await confirm(lines(bold("To approve:"), ...described.shown), "Approve this?");
    return approveInvocation(wallet, request, { lifeMs });
  });
  if (out === undefined) return { json: approval, text: showJson(approval) };
  await writeOutput(out, prettyJson(approval), ifExists(force));
  return {
    json: { credentialId: approval.id, approver: approval.issuer, out },
    text: lines(
      show`Approved by ${approval.issuer}, until ${approval.validUntil}`,
      ...described.shown,
      show`Wrote ${out}, for \`writ wallet present --again PRESENTATION --approval ${out}\``,
    ),
  };
}

/** What `writ verify --json` wrote, or the request alone. */
async function readRequest(file: string): Promise<Requested> {
  const json = await readResultJson(file);
  if (!isJsonObject(json["decision"])) {
    try {
      return { request: parseApprovalRequest(json) };
    } catch (error) {
      throw inFile(error, file);
    }
  }
  const { verified, decision } = asResult(json, file);
  if (!verified || decision?.approval === undefined) {
    throw new WritError("NOT_FOUND", `${file} asks for no approval`);
  }
  return { request: decision.approval, approvers: decision.problems.flatMap(approversIn) };
}

function approversIn({ allowed }: Problem): readonly string[] {
  const listed = isJsonObject(allowed) ? allowed["approvers"] : undefined;
  return Array.isArray(listed) ? (listed as readonly string[]) : [];
}

function describe({ holder, invocation, invocationDigestMultibase, spend }: ApprovalRequest): AskedLines {
  const { shown, whole } = askedLines(holder, invocation);
  const { nonce, authority } = invocation;
  return {
    whole,
    shown: [
      ...shown,
      ...(spend === undefined
        ? []
        : [
            show`  costs      ${spend.unit} ${spend.amount}, says the service; that is not bound by the approval`,
          ]),
      show`  under      the grant ${authority.grant} of ${authority.digestMultibase}`,
      show`  as         ${invocationDigestMultibase}, nonce ${printable(nonce).text}`,
    ],
  };
}

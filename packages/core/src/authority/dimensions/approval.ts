import { did } from "../../schema/common.js";
import { integer, list, object, refined, refuse } from "../../schema/shape.js";
import { excess, uncovered, type Dimension } from "../dimension.js";
import { costOf } from "./spend.js";

/** Above which spend an action must be approved, by whom, and by how many of them. */
export interface ApprovalRule {
  readonly over: number;
  /** DIDs; none is a subject of the chain. */
  readonly approvers: readonly string[];
  readonly quorum: number;
}

const MAX_APPROVERS = 32;

export const approval: Dimension<ApprovalRule> = {
  shape: refined(
    object<ApprovalRule>({ over: integer(0), approvers: list(did, MAX_APPROVERS), quorum: integer(1) }),
    ({ approvers, quorum }, pointer) => {
      if (quorum > approvers.length) refuse(`${pointer}/quorum`, "more than there are approvers");
    },
  ),
  wider(value, folded) {
    if (value.over > folded.over) {
      return excess(
        "/approval/over",
        "asks for approval only from a higher amount than above",
        value.over,
        folded.over,
      );
    }
    if (value.quorum < folded.quorum) {
      return excess(
        "/approval/quorum",
        "fewer approvers than are demanded above",
        value.quorum,
        folded.quorum,
      );
    }
    return uncovered("/approval/approvers", value.approvers, folded.approvers);
  },
  /** Whether an approval is needed must be known. */
  denies(_value, request, { spend }) {
    if (spend === undefined) {
      return excess(
        "",
        "no grant says what the action costs, so that it could be approved",
        undefined,
        undefined,
      );
    }
    const cost = costOf(spend, request);
    return typeof cost === "object" ? cost : undefined;
  },
  describe: ({ over, approvers, quorum }) => [
    `A cost over ${String(over)} must be approved by ${String(quorum)} of ${approvers.join(", ")}`,
  ],
  draft: ({ value }) => value,
  needs: () => ({ dimension: "spend", where: "beside-or-above" }),
  conflicts({ approvers }, subjects) {
    const index = approvers.findIndex((approver) => subjects.includes(approver));
    if (index < 0) return undefined;
    const place = `/approval/approvers/${String(index)}`;
    return excess(
      place,
      "a subject of the chain may not approve",
      approvers[index],
      undefined,
      "APPROVER_IN_CHAIN",
    );
  },
  awaits(value, request, { spend }) {
    const cost = spend && costOf(spend, request);
    if (typeof cost !== "number" || cost <= value.over) return undefined;
    const approved = value.approvers.filter(
      (approver) => request.facts.approvedBy?.includes(approver) === true,
    );
    if (approved.length >= value.quorum) return undefined;
    const others = value.approvers.filter((approver) => !approved.includes(approver));
    const detail = `${String(value.quorum - approved.length)} more of ${others.join(", ")} must approve`;
    return excess("", detail, cost, value);
  },
};

import { did, uuidUrn } from "../../schema/common.js";
import { object } from "../../schema/shape.js";
import type { ActionRequest } from "../action-request.js";
import { excess, type Charge, type Dimension, type Limit } from "../dimension.js";
import type { FoldedGrant } from "../fold.js";
import { costOf } from "./spend.js";

/** Where actions are counted and spends summed up. */
export interface Meter {
  /** DID of the service that keeps the ledger. */
  readonly ledger: string;
  /** `urn:uuid:` of the account; it stays when the credential is renewed or superseded. */
  readonly account: string;
}

export const meter: Dimension<Meter> = {
  shape: object<Meter>({ ledger: did, account: uuidUrn }),
  wider(value, folded) {
    if (value.ledger !== folded.ledger) {
      return excess("/meter/ledger", "must be the same as above", value.ledger, folded.ledger);
    }
    // Charged for both grants, an action would count twice.
    if (value.account !== folded.account) return undefined;
    return excess("/meter/account", "must be an account of its own", value.account, undefined);
  },
  denies({ ledger }, { facts, perspective }) {
    if (facts.ledger === ledger || (facts.ledger === undefined && perspective === "holder")) return undefined;
    const detail = "the ledger that meters this grant is not kept here";
    return excess("", detail, facts.ledger, ledger, "LEDGER_UNAVAILABLE");
  },
  describe: ({ ledger, account }) => [`Metered by ${ledger}, on the account ${account}`],
  draft: ({ value, account }) => value && { ledger: value.ledger, account },
  // Whoever receives a grant names an account of their own.
  free: () => undefined,
  charge: ({ account }, request, grant) => ({
    link: grant.link,
    grant: grant.written.id,
    issuer: grant.issuer,
    account,
    ...spendOf(request, grant),
    limits: limitsOf(grant),
  }),
};

function spendOf(request: ActionRequest, { effective }: FoldedGrant): Pick<Charge, "spend"> {
  if (effective.spend === undefined) return {};
  const amount = costOf(effective.spend, request);
  return typeof amount === "number" ? { spend: { unit: effective.spend.unit, amount } } : {};
}

/** A grant is held to what it says itself; what it inherits is held where it was said. */
function limitsOf({ written }: FoldedGrant): readonly Limit[] {
  const budget = written.spend?.budget;
  return [
    ...(budget === undefined ? [] : [{ dimension: "spend", budget } as const]),
    ...(written.rate ?? []).map((rate) => ({ dimension: "rate", ...rate }) as const),
  ];
}

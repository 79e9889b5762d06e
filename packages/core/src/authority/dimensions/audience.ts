import { did } from "../../schema/common.js";
import { list } from "../../schema/shape.js";
import { excess, uncovered, type Dimension } from "../dimension.js";

/** DIDs of the services where the grant holds. */
export type Audience = readonly string[];

export const audience: Dimension<Audience> = {
  shape: list(did),
  wider: (value, folded) => uncovered("/audience", value, folded),
  denies(value, { facts, perspective }) {
    if (facts.audience === undefined) {
      if (perspective === "holder") return undefined;
      return excess("", "the service has not stated its DID", undefined, value);
    }
    if (value.includes(facts.audience)) return undefined;
    return excess("", "the grant does not hold at this service", facts.audience, value);
  },
  describe: (value) => [`Only at: ${value.join(", ")}`],
  draft: ({ request: { facts }, value }) => (facts.audience === undefined ? value : [facts.audience]),
};

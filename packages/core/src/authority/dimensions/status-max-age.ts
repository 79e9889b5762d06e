import { integer } from "../../schema/shape.js";
import type { Facts } from "../action-request.js";
import { excess, type Dimension } from "../dimension.js";

/** How long ago the oldest status list that was relied on was signed. */
function ageSeconds({ now, statusAsOf }: Facts): number | undefined {
  return statusAsOf === undefined ? undefined : Math.ceil((now - statusAsOf) / 1000);
}

/** How old the status of any link or identity may be: seconds since its list was signed. */
export const statusMaxAgeSeconds: Dimension<number> = {
  shape: integer(1),
  wider(value, folded) {
    if (value <= folded) return undefined;
    return excess("/statusMaxAgeSeconds", "longer than is granted above", value, folded);
  },
  denies(value, { facts, perspective }) {
    const age = ageSeconds(facts);
    if (age === undefined) {
      if (perspective === "holder") return undefined;
      return excess("", "the age of the status is not known", undefined, value, "STATUS_UNAVAILABLE");
    }
    if (age <= value) return undefined;
    return excess("", "the status is too old, in seconds", age, value, "STATUS_UNAVAILABLE");
  },
  describe: (value) => [`Only by a status that was signed at most ${String(value)} s before`],
  draft: ({ value }) => value,
};

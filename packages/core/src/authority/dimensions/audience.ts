import { did } from "../../schema/common.js";
import { list } from "../../schema/shape.js";
import { replace, uncovered, type Dimension } from "../dimension.js";

/** DIDs of the services where the grant holds. */
export type Audience = readonly string[];

export const audience: Dimension<Audience> = {
  shape: list(did),
  fold: replace,
  wider: (value, folded) => uncovered("audience", value, folded, (granted, asked) => granted === asked),
  denies(value, request) {
    if (request.audience === undefined) {
      if (request.perspective === "holder") return undefined;
      return { pointer: "", detail: "the service has not stated its DID", allowed: value };
    }
    if (value.includes(request.audience)) return undefined;
    return {
      pointer: "",
      detail: "the grant does not hold at this service",
      asked: request.audience,
      allowed: value,
    };
  },
};

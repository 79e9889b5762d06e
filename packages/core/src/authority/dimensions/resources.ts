import { list } from "../../schema/shape.js";
import { replace, uncovered, type Dimension } from "../dimension.js";
import { coversResource, resource as resourceShape } from "../resource.js";

/** Resources and trees of resources on which the actions may be done. */
export type Resources = readonly string[];

export const resources: Dimension<Resources> = {
  shape: list(resourceShape),
  fold: replace,
  wider: (value, folded) => uncovered("resources", value, folded, coversResource),
  denies(value, { resource }) {
    if (resource === undefined) {
      return { pointer: "/resource", detail: "the invocation must name a resource", allowed: value };
    }
    if (value.some((granted) => coversResource(granted, resource))) return undefined;
    return { pointer: "/resource", detail: "the resource is not granted", asked: resource, allowed: value };
  },
};

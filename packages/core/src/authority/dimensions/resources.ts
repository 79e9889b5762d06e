import { list } from "../../schema/shape.js";
import { excess, uncovered, type Dimension } from "../dimension.js";
import { coversResource, resource as resourceShape } from "../resource.js";

/** Resources and trees of resources on which the actions may be done. */
export type Resources = readonly string[];

export const resources: Dimension<Resources> = {
  shape: list(resourceShape),
  wider: (value, folded) => uncovered("/resources", value, folded, coversResource),
  denies(value, { invocation: { resource } }) {
    if (resource === undefined) {
      return excess("/resource", "the invocation must name a resource", undefined, value);
    }
    if (value.some((granted) => coversResource(granted, resource))) return undefined;
    return excess("/resource", "the resource is not granted", resource, value);
  },
  describe: (value) => [
    `Only on: ${value.map((each) => (each.endsWith("/") ? `${each} and all below it` : each)).join(", ")}`,
  ],
  // A trailing slash covers the tree below as well; there is no narrower way to name it.
  draft: ({ request: { invocation }, value }) =>
    invocation.resource === undefined ? value : [invocation.resource],
};

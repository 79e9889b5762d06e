import type { Problem } from "../errors/writ-error.js";
import type { ActionRequest } from "./dimension.js";
import { ALL_DIMENSIONS } from "./dimensions.js";
import type { FoldedGrant } from "./fold.js";

/**
 * Rule A: the request is allowed if the named grant allows it and so does each grant that it stands
 * within, up to the root, each as written in its own document (DESIGN 3). It does not rest on Rule
 * B: a dimension that a link leaves out is judged where it was written.
 *
 * @returns every dimension that denies, root first; empty means allowed. Pointers are into the
 *   invocation.
 */
export function evaluate(grant: FoldedGrant, request: ActionRequest): readonly Problem[] {
  const above = grant.outer === undefined ? [] : evaluate(grant.outer, request);
  return [...above, ...denials(grant, request)];
}

function denials({ written, effective, link }: FoldedGrant, request: ActionRequest): readonly Problem[] {
  return ALL_DIMENSIONS.flatMap(([name, dimension]) => {
    if (written[name] === undefined) return [];
    const excess = dimension.denies(effective[name], request);
    if (excess === undefined) return [];
    const { detail, ...place } = excess;
    return [
      {
        code: "NOT_ALLOWED" as const,
        detail: `${name}: ${detail}`,
        link,
        grant: written.id,
        dimension: name,
        ...place,
      },
    ];
  });
}

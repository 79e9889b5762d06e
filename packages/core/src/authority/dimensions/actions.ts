import { list, text, type Shape } from "../../schema/shape.js";
import { excess, uncovered, type Dimension } from "../dimension.js";

/** Names of actions; a last segment `*` covers everything deeper, not the name itself. */
export type Actions = readonly string[];

const SEGMENT = "[a-z0-9_-]+";

/** The one action that an invocation names. */
export const concreteAction: Shape<string> = text({
  pattern: new RegExp(`^${SEGMENT}(?:\\.${SEGMENT})*$`),
  what: "a lower-case dotted name",
});

const grantedAction = text({
  pattern: new RegExp(`^(?:${SEGMENT}\\.)*(?:${SEGMENT}|\\*)$`),
  what: "a lower-case dotted name, whose last segment may be *",
});

function coversAction(granted: string, asked: string): boolean {
  return granted === asked || (granted.endsWith("*") && asked.startsWith(granted.slice(0, -1)));
}

function inWords(granted: string): string {
  if (granted === "*") return "* (every action)";
  return granted.endsWith("*") ? `${granted} (all below ${granted.slice(0, -2)})` : granted;
}

export const actions: Dimension<Actions> = {
  shape: list(grantedAction),
  required: true,
  wider: (value, folded) => uncovered("/actions", value, folded, coversAction),
  denies(value, { invocation: { action } }) {
    if (value.some((granted) => coversAction(granted, action))) return undefined;
    return excess("/action", "the action is not granted", action, value);
  },
  describe: (value) => [`May do: ${value.map(inWords).join(", ")}`],
  draft: ({ request }) => [request.invocation.action],
};

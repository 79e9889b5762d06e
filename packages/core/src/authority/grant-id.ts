import { text, type Shape } from "../schema/shape.js";

/** The id of a grant, unique in its credential. */
export const grantId: Shape<string> = text({ pattern: /^[a-z0-9-]{1,64}$/, what: "a grant id" });

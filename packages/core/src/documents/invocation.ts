import { concreteAction } from "../authority/dimensions/actions.js";
import { resource } from "../authority/resource.js";
import { grantId } from "../authority/grant-id.js";
import type { JsonObject } from "../json/json-value.js";
import { isJsonObject } from "../json/json-value.js";
import { digest } from "../schema/common.js";
import { object, ordinaryJson, refined, refuse, text, type Shape } from "../schema/shape.js";

/** The action that an agent asks for, under one named grant of one authority credential (DESIGN 2). */
export interface Invocation {
  readonly authority: {
    /** Digest of the authority credential, as for parents. */
    readonly digestMultibase: string;
    /** Id of one of its grants. */
    readonly grant: string;
  };
  readonly action: string;
  readonly resource?: string;
  readonly args?: JsonObject;
  /** Makes this asking one of its kind. */
  readonly nonce: string;
}

const args: Shape<JsonObject> = refined(ordinaryJson as Shape<JsonObject>, (value, pointer) => {
  if (!isJsonObject(value)) refuse(pointer, "must be an object");
});

/** The part of an invocation that the agent chooses; its wallet adds the rest. */
export type Asking = Pick<Invocation, "action" | "resource" | "args">;

/** The shape of an {@link Asking}. */
export const asking: Shape<Asking> = object<Asking>({ action: concreteAction, resource, args }, [
  "resource",
  "args",
]);

/** The shape of an {@link Invocation}. */
export const invocation: Shape<Invocation> = object<Invocation>(
  {
    authority: object<Invocation["authority"]>({ digestMultibase: digest, grant: grantId }),
    action: concreteAction,
    resource,
    args,
    nonce: text({ maxLength: 128 }),
  },
  ["resource", "args"],
);

import { isJsonObject } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import { refuse, type Shape } from "./shape.js";

/**
 * An object of which only these members are known: they have their form, and whatever else there is stays
 * as it is. For documents of others, whose vocabulary is open.
 *
 * @param required names of the members that must be there
 */
export function openObject<T extends object>(
  members: { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> },
  required: readonly (keyof T & string)[],
): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members);
  return {
    check(value, pointer) {
      if (!isJsonObject(value)) return refuse(pointer, "must be an object");
      for (const name of required) {
        if (!Object.hasOwn(value, name)) refuse(joinPointer(pointer, name), "missing");
      }
      for (const [name, shape] of shapes) {
        const member = Object.hasOwn(value, name) ? value[name] : undefined;
        if (member !== undefined) shape.check(member, joinPointer(pointer, name));
      }
    },
    jsonSchema: {
      type: "object",
      properties: Object.fromEntries(shapes.map(([name, shape]) => [name, shape.jsonSchema])),
      required,
    },
  };
}

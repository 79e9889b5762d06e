import { isJsonObject } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import { refuse, type Members, type RequiredKeys, type Shape } from "./shape.js";

/**
 * An object of somebody else's, of which these members are read: others may stand beside them. They
 * are checked in this order; `optional` names those that may be absent.
 */
export function openObject<T extends object>(
  members: Members<T>,
  optional: readonly Exclude<keyof T & string, RequiredKeys<T>>[] = [],
): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members);
  const absentable: ReadonlySet<string> = new Set(optional);
  return {
    check(value, pointer) {
      if (!isJsonObject(value)) return refuse(pointer, "must be an object");
      for (const [name, shape] of shapes) {
        const member = Object.hasOwn(value, name) ? value[name] : undefined;
        if (member !== undefined) shape.check(member, joinPointer(pointer, name));
        else if (!absentable.has(name)) refuse(joinPointer(pointer, name), "missing");
      }
    },
    jsonSchema: {
      type: "object",
      properties: Object.fromEntries(shapes.map(([name, shape]) => [name, shape.jsonSchema])),
      required: shapes.map(([name]) => name).filter((name) => !absentable.has(name)),
    },
  };
}

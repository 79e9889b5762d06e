import { isJsonArray, isJsonObject, type JsonValue } from "../json/json-value.js";
import { refuse, type Shape } from "../schema/shape.js";

/** The last entry of a document's `type` list, which tells Writ's document types apart. */
export function typeOf(document: JsonValue): string | undefined {
  const type = isJsonObject(document) ? document["type"] : undefined;
  const last = isJsonArray(type) ? type.at(-1) : undefined;
  return typeof last === "string" ? last : undefined;
}

/** One shape for each type; a document of any other type is refused. */
export function byType<T>(shapes: Readonly<Record<string, Shape<T>>>): Shape<T> {
  return {
    check(value, pointer) {
      const type = typeOf(value) ?? "";
      const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
      if (shape === undefined)
        return refuse(
          `${pointer}/type`,
          "not the type of a document that is expected here",
          "TYPE_UNSUPPORTED",
        );
      shape.check(value, pointer);
    },
    jsonSchema: { anyOf: Object.values(shapes).map(({ jsonSchema }) => jsonSchema) },
  };
}

/** Lines of a form that name what a line before them has named: an object's map would keep the last one only. */
import type { FieldError } from "@kubev/api-types/errors";
import { reasonOf } from "../domain/reasons.ts";

export function namedTwice(keys: readonly string[], path: (index: number) => string): FieldError[] {
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index ? [{ path: path(index), reason: reasonOf("named-twice", { name: key }) }] : [],
  );
}

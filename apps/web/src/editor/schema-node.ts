/** Finding one's way in the schema of a kind. */
import type { ObjectSchema, SchemaNode } from "@kubev/api-types/object-schema";

/** In a path, an item of a list. */
export const item = Symbol("item");
export type Step = string | typeof item;

function resolved(node: SchemaNode | undefined, { shapes }: ObjectSchema): SchemaNode | undefined {
  return node?.ref === undefined ? node : shapes[node.ref];
}

export function stepInto(
  node: SchemaNode | undefined,
  step: Step,
  schema: ObjectSchema,
): SchemaNode | undefined {
  const here = resolved(node, schema);
  const own = (name: string) =>
    // a key may be called as something that every object has
    here?.fields !== undefined && Object.hasOwn(here.fields, name) ? here.fields[name] : undefined;
  const next = step === item ? here?.items : (own(step) ?? here?.values);
  const there = resolved(next, schema);
  // the words beside a reference say more than those of the shape
  return there === undefined || next === there || next?.description === undefined
    ? there
    : { ...there, description: next.description };
}

export function nodeAt(schema: ObjectSchema, path: readonly Step[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema.root;
  for (const step of path) node = stepInto(node, step, schema);
  return node;
}

/** What may stand there, in one or two words; '' where that is not known. */
export function typeWords(node: SchemaNode): string {
  if (node.intOrString === true) return "number or text";
  if (node.values !== undefined) return "map";
  switch (node.type) {
    case "string":
      return "text";
    case "integer":
      return "whole number";
    case "number":
      return "number";
    case "boolean":
      return "true or false";
    case "array":
      return "list";
    case "object":
      return "object";
    case undefined:
      return node.fields === undefined ? "" : "object";
  }
}

/** The values it can have, where they are few. */
export function choicesOf(node: SchemaNode): string[] {
  if (node.enum !== undefined) return node.enum.map(String);
  return node.type === "boolean" ? ["true", "false"] : [];
}

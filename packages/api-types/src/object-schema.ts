/** What fields a kind has, as the cluster's OpenAPI document says: for completion, hints and early warnings in the YAML editor. */
import { z } from "zod";

/** A field or an object. A shape that is named is in `shapes` of the reply, so that one that holds itself ends. */
export interface SchemaNode {
  /** The name of a shape; all else is then there. */
  ref?: string | undefined;
  /** Absent where the cluster takes anything, or several types. */
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | undefined;
  /** A number is as good as a text, e.g. of quantities and ports. */
  intOrString?: true | undefined;
  /** Fields that are not named here are kept by the cluster. */
  open?: true | undefined;
  nullable?: true | undefined;
  /** The first words of the cluster's own description. */
  description?: string | undefined;
  enum?: (string | number | boolean)[] | undefined;
  required?: string[] | undefined;
  fields?: Record<string, SchemaNode> | undefined;
  items?: SchemaNode | undefined;
  /** Of a map: what each of its values is. */
  values?: SchemaNode | undefined;
}

export const schemaNode: z.ZodType<SchemaNode> = z.object({
  ref: z.string().optional(),
  type: z.enum(["object", "array", "string", "integer", "number", "boolean"]).optional(),
  intOrString: z.literal(true).optional(),
  open: z.literal(true).optional(),
  nullable: z.literal(true).optional(),
  description: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  required: z.array(z.string()).optional(),
  get fields() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get values() {
    return schemaNode.optional();
  },
});

export const objectSchemaQuery = z.object({
  apiVersion: z.string().regex(/^([a-z0-9][a-z0-9.-]{0,251}\/)?v[a-z0-9]{1,60}$/),
  kind: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,252}$/),
});

export const objectSchema = z.object({ root: schemaNode, shapes: z.record(z.string(), schemaNode) });
export type ObjectSchema = z.infer<typeof objectSchema>;

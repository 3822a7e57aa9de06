/** OpenAPI schemas of the kinds. So far only the frame that all objects share; the rest is open. */
import type { Kind } from "./kind.ts";

type Json = Record<string, unknown>;

const OPEN: Json = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

export const schemaOf = (kind: Kind): Json => ({
  type: "object",
  description: `${kind.kind}, as kube-sim serves it.`,
  properties: {
    apiVersion: { type: "string", description: "The version of the schema of this object." },
    kind: { type: "string", description: "The type of this object." },
    metadata: { ...OPEN, description: "Standard object metadata." },
    spec: { ...OPEN, description: "What is wanted." },
    status: { ...OPEN, description: "What is observed." },
  },
  "x-kubernetes-preserve-unknown-fields": true,
});

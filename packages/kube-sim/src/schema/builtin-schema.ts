/** The models of the built-in kinds, by their OpenAPI names; decoded one by one, on first use. */
import { builtinTypes } from "./builtin-types.gen.ts";
import type { Kind } from "./kind.ts";
import type { StructuralSchema } from "./structural-schema.ts";

export const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

const decoded = new Map<string, StructuralSchema>();

/** Undefined for names that the Kubernetes API does not have. */
export function builtinModel(name: string): StructuralSchema | undefined {
  const known = decoded.get(name);
  if (known !== undefined) return known;
  const text = builtinTypes[name];
  if (text === undefined) return undefined;
  const schema = JSON.parse(text) as StructuralSchema; // written by the generator
  decoded.set(name, schema);
  return schema;
}

/** Which module of Kubernetes a group's types are in, where it is not k8s.io/api. */
const MODULES: Readonly<Record<string, string>> = {
  "apiextensions.k8s.io": "apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "kube-aggregator.pkg.apis.apiregistration",
};

/** `io.k8s.api.apps.v1.Deployment`: how OpenAPI documents call a built-in kind. */
export function builtinModelName(kind: Kind, version: string): string {
  const module =
    MODULES[kind.group] ?? `api.${kind.group === "" ? "core" : (kind.group.split(".")[0] ?? "")}`;
  return `io.k8s.${module}.${version}.${kind.kind}`;
}

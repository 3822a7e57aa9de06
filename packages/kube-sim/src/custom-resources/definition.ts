/** CustomResourceDefinitions as they are stored, and where the API server looks for the parts of their versions. */
import type { StructuralSchema } from "../schema/structural-schema.ts";
import type { KubeObject } from "../store/kube-object.ts";

export const DEFINITIONS = { group: "apiextensions.k8s.io", resource: "customresourcedefinitions" };
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

export interface DefinitionNames {
  plural: string;
  singular?: string;
  kind: string;
  listKind?: string;
  shortNames?: string[];
  categories?: string[];
}

export interface DefinitionColumn {
  name: string;
  type: string;
  jsonPath: string;
  priority?: number;
  description?: string;
  format?: string;
}

export interface DefinitionVersion {
  name: string;
  served: boolean;
  storage: boolean;
  deprecated?: boolean;
  deprecationWarning?: string;
  schema?: { openAPIV3Schema?: StructuralSchema };
  subresources?: {
    status?: object;
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  };
  additionalPrinterColumns?: DefinitionColumn[];
  selectableFields?: { jsonPath: string }[];
}

export interface DefinitionCondition {
  type: "NamesAccepted" | "Established" | "Terminating";
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  lastTransitionTime: string;
}

export interface Definition extends KubeObject {
  spec: {
    group: string;
    names: DefinitionNames;
    scope: "Cluster" | "Namespaced";
    versions: DefinitionVersion[];
    conversion?: { strategy: string };
    preserveUnknownFields?: boolean;
  };
  status?: {
    acceptedNames?: DefinitionNames;
    storedVersions?: string[];
    conditions?: DefinitionCondition[] | null;
  };
}

export const conditionOf = (
  definition: Definition,
  type: DefinitionCondition["type"],
): DefinitionCondition | undefined => definition.status?.conditions?.find((known) => known.type === type);

export const isEstablished = (definition: Definition): boolean =>
  conditionOf(definition, "Established")?.status === "True";

/** The conditions with one of them changed; the time moves with the status. */
export function withCondition(
  conditions: readonly DefinitionCondition[],
  changed: DefinitionCondition,
): DefinitionCondition[] {
  const known = conditions.find(({ type }) => type === changed.type);
  if (known === undefined) return [...conditions, changed];
  const lastTransitionTime =
    known.status === changed.status ? known.lastTransitionTime : changed.lastTransitionTime;
  return conditions.map((condition) =>
    condition === known ? { ...changed, lastTransitionTime } : condition,
  );
}

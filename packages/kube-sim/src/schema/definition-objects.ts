/** CustomResourceDefinition objects for the custom kinds, so that clients can find out what is installed. */
import type { NewObject } from "../store/kube-object.ts";
import type { Kind } from "./kind.ts";
import { allKinds } from "./registry.ts";

function definition(kind: Kind, now: string): NewObject {
  const names = {
    plural: kind.resource,
    singular: kind.singular,
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
  };
  const condition = (type: string, reason: string, message: string): object => ({
    type,
    status: "True",
    reason,
    message,
    lastTransitionTime: now,
  });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.resource}.${kind.group}` },
    spec: {
      group: kind.group,
      names,
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      conversion: { strategy: "None" },
      versions: kind.versions.map((version) => ({
        name: version,
        served: true,
        storage: version === kind.storageVersion,
        // The fields themselves are in the OpenAPI documents; here they would cost megabytes.
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        ...(kind.columns.length === 0
          ? {}
          : {
              additionalPrinterColumns: kind.columns.map(([name, type, jsonPath, priority]) => ({
                name,
                type,
                jsonPath,
                ...(priority === undefined ? {} : { priority }),
              })),
            }),
        ...(kind.statusSubresource || kind.scale !== null
          ? {
              subresources: {
                ...(kind.statusSubresource ? { status: {} } : {}),
                ...(kind.scale === null
                  ? {}
                  : {
                      scale: {
                        specReplicasPath: kind.scale.specReplicasPath,
                        statusReplicasPath: kind.scale.statusReplicasPath,
                        labelSelectorPath: kind.scale.selectorPath,
                      },
                    }),
              },
            }
          : {}),
      })),
    },
    status: {
      acceptedNames: names,
      storedVersions: [kind.storageVersion],
      conditions: [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
    },
  };
}

export const definitionObjects = (now: string): NewObject[] =>
  allKinds.filter((kind) => kind.custom).map((kind) => definition(kind, now));

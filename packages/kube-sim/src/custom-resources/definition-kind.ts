/** The kind that a CustomResourceDefinition describes, as the rest of kube-sim knows kinds. */
import { byVersionPriority } from "../schema/version-priority.ts";
import { apiVersionOf, customKind, type Kind } from "../schema/kind.ts";
import type { Definition, DefinitionVersion } from "./definition.ts";

export function kindOfDefinition(definition: Definition): Kind {
  const { group, names, scope, versions } = definition.spec;
  const served = versions.filter((version) => version.served);
  const storage = versions.find((version) => version.storage) ?? versions[0];
  if (storage === undefined) throw new Error(`${definition.metadata.name} has no versions`);
  const viewOf = (version: DefinitionVersion): Kind => ({
    ...customKind(
      group,
      served.map(({ name }) => name).toSorted(byVersionPriority),
      names.plural,
      names.kind,
      {
        singular: names.singular ?? names.kind.toLowerCase(),
        namespaced: scope === "Namespaced",
        shortNames: names.shortNames ?? [],
        categories: names.categories ?? [],
        storageVersion: storage.name,
        ...versionOptions(version),
      },
    ),
    schema: version.schema?.openAPIV3Schema ?? {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
    },
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    ...(version.deprecated === true ? { deprecation: deprecationOf(definition, version) } : {}),
  });
  return {
    ...viewOf(storage),
    views: new Map(served.map((version) => [version.name, viewOf(version)])),
    unserved: versions.filter((version) => !version.served).map(({ name }) => name),
  };
}

const deprecationOf = ({ spec }: Definition, { name, deprecationWarning }: DefinitionVersion): string =>
  deprecationWarning ?? `${apiVersionOf(spec.group, name)} ${spec.names.kind} is deprecated`;

function versionOptions({
  subresources,
  additionalPrinterColumns = [],
}: DefinitionVersion): Pick<Kind, "statusSubresource" | "scale" | "columns"> {
  const scale = subresources?.scale;
  return {
    statusSubresource: subresources?.status !== undefined,
    scale:
      scale === undefined
        ? null
        : {
            specReplicasPath: scale.specReplicasPath,
            statusReplicasPath: scale.statusReplicasPath,
            selectorPath: scale.labelSelectorPath ?? "",
          },
    columns: additionalPrinterColumns.map(
      ({ name, type, jsonPath, priority = 0, description = "", format = "" }) =>
        [name, type, jsonPath, priority, description, format] as const,
    ),
  };
}

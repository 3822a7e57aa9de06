/** Discovery documents: which groups, versions and resources there are. */
import type { KindCatalog } from "../schema/kind-catalog.ts";
import { apiVersionOf, type Kind, kindInVersion } from "../schema/kind.ts";
import { byVersionPriority } from "../schema/version-priority.ts";
import { virtualResources, type VirtualResource } from "./virtual-resources.ts";

interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  kind: string;
  verbs: readonly string[] | null;
  group?: string;
  version?: string;
  shortNames?: readonly string[];
  categories?: readonly string[];
  storageVersionHash?: string;
}

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

function resourcesOf(kind: Kind, version: string): ApiResource[] {
  const main: ApiResource = {
    name: kind.resource,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: VERBS,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
  };
  const sub = (name: string, kindName: string, verbs: string[], group?: string): ApiResource => ({
    name: `${kind.resource}/${name}`,
    singularName: "",
    namespaced: kind.namespaced,
    ...(group === undefined ? {} : { group, version: "v1" }),
    kind: kindName,
    verbs,
  });
  const resources = [main];
  if (kind.statusSubresource) resources.push(sub("status", kind.kind, ["get", "patch", "update"]));
  if (kind.scale !== null) resources.push(sub("scale", "Scale", ["get", "patch", "update"], "autoscaling"));
  resources.push(
    ...virtualResources
      .filter(
        (item) =>
          item.group === kind.group && item.version === version && item.name.startsWith(`${kind.resource}/`),
      )
      .map(virtual),
  );
  return resources;
}

const virtual = (item: VirtualResource): ApiResource => ({
  name: item.name,
  singularName: item.singularName ?? "",
  namespaced: item.namespaced,
  kind: item.kind,
  verbs: item.verbs,
  ...(item.shortNames === undefined ? {} : { shortNames: item.shortNames }),
  ...item.responseGroup,
});

interface GroupVersions {
  group: string;
  versions: { version: string; resources: ApiResource[] }[];
}

function collect(kinds: readonly Kind[]): Map<string, GroupVersions> {
  const groups = new Map<string, Map<string, ApiResource[]>>();
  const at = (group: string, version: string): ApiResource[] => {
    const versions = groups.get(group) ?? new Map<string, ApiResource[]>();
    groups.set(group, versions);
    const resources = versions.get(version) ?? [];
    versions.set(version, resources);
    return resources;
  };
  for (const kind of kinds) {
    for (const version of kind.versions)
      at(kind.group, version).push(...resourcesOf(kindInVersion(kind, version), version));
  }
  for (const item of virtualResources) {
    const resources = at(item.group, item.version);
    if (!resources.some((resource) => resource.name === item.name)) resources.push(virtual(item));
  }
  return new Map(
    [...groups].map(([group, versions]) => [
      group,
      {
        group,
        versions: [...versions.keys()]
          .toSorted(byVersionPriority)
          .map((version) => ({ version, resources: versions.get(version) ?? [] })),
      },
    ]),
  );
}

const collected = new WeakMap<KindCatalog, { revision: number; groups: Map<string, GroupVersions> }>();

function groupsOf(catalog: KindCatalog): Map<string, GroupVersions> {
  let known = collected.get(catalog);
  if (known?.revision !== catalog.revision) {
    known = { revision: catalog.revision, groups: collect(catalog.all) };
    collected.set(catalog, known);
  }
  return known.groups;
}

const groupEntry = ({ group, versions }: GroupVersions): unknown => {
  const entries = versions.map(({ version }) => ({ groupVersion: apiVersionOf(group, version), version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
};

function aggregated(wanted: GroupVersions[]): unknown {
  const items = wanted.map(({ group, versions }) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versions.map(({ version, resources }) => ({
      version,
      freshness: "Current",
      resources: resources
        .filter(({ name }) => !name.includes("/"))
        .map((resource) => ({
          resource: resource.name,
          responseKind: {
            group: resource.group ?? group,
            version: resource.version ?? version,
            kind: resource.kind,
          },
          scope: resource.namespaced ? "Namespaced" : "Cluster",
          singularResource: resource.singularName,
          verbs: resource.verbs ?? [],
          ...(resource.shortNames === undefined ? {} : { shortNames: resource.shortNames }),
          ...(resource.categories === undefined ? {} : { categories: resource.categories }),
          subresources: resources
            .filter(({ name }) => name.startsWith(`${resource.name}/`))
            .map((sub) => ({
              subresource: sub.name.slice(resource.name.length + 1),
              responseKind: { group: sub.group ?? group, version: sub.version ?? version, kind: sub.kind },
              verbs: sub.verbs ?? [],
            })),
        })),
    })),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

const AGGREGATED_TYPE = /application\/json;[^,]*as=APIGroupDiscoveryList/;

export interface DiscoveryAnswer {
  contentType: string;
  body: unknown;
}

/** The document at a discovery path; undefined when there is none. */
export function discover(
  catalog: KindCatalog,
  path: string,
  accept: string | undefined,
  serverAddress: string,
  missingGroups: ReadonlySet<string>,
): DiscoveryAnswer | undefined {
  const plain = (body: unknown): DiscoveryAnswer => ({ contentType: "application/json", body });
  const aggregates = AGGREGATED_TYPE.test(accept ?? "");
  const asAggregated = (wanted: GroupVersions[]): DiscoveryAnswer => ({
    contentType: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    body: aggregated(wanted),
  });
  const groups = groupsOf(catalog);
  const segments = path.split("/").filter((segment) => segment !== "");
  const named = [...groups.values()].filter(({ group }) => group !== "" && !missingGroups.has(group));
  const core = groups.get("");
  if (segments[0] === "api" && core !== undefined) {
    if (segments.length === 1) {
      if (aggregates) return asAggregated([core]);
      return plain({
        kind: "APIVersions",
        versions: ["v1"],
        serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
      });
    }
    return segments.length === 2 ? resourceList(groups, "", segments[1] ?? "", plain) : undefined;
  }
  if (segments[0] !== "apis") return undefined;
  if (segments.length === 1) {
    return aggregates
      ? asAggregated(named)
      : plain({ kind: "APIGroupList", apiVersion: "v1", groups: named.map(groupEntry) });
  }
  const group = groups.get(segments[1] ?? "");
  if (group === undefined || group.group === "") return undefined;
  if (segments.length === 2) {
    return plain({ kind: "APIGroup", apiVersion: "v1", ...(groupEntry(group) as object) }); // an object literal above
  }
  return segments.length === 3 ? resourceList(groups, group.group, segments[2] ?? "", plain) : undefined;
}

function resourceList(
  groups: Map<string, GroupVersions>,
  group: string,
  version: string,
  plain: (body: unknown) => DiscoveryAnswer,
): DiscoveryAnswer | undefined {
  const found = groups.get(group)?.versions.find((item) => item.version === version);
  if (found === undefined) return undefined;
  return plain({
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(group, version),
    resources: found.resources,
  });
}

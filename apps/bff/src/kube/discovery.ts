/** Which kinds the cluster serves, as it tells whoever asks: all at once where it can, else one group version after the other. */
import type { KubeClient } from "./kube-client.ts";
import { KubeError, KubeUnreachableError } from "./kube-error.ts";
import { kubePath, type ResourceType } from "./kube-path.ts";

export interface DiscoveredKind extends ResourceType {
  kind: string;
  verbs: readonly string[];
}

/** `unread`: group versions that exist and of which no more could be learnt. */
export interface Discovery {
  kinds: DiscoveredKind[];
  unread: string[];
}

interface GroupVersion {
  group: string;
  version: string;
}

interface AggregatedList {
  kind?: string;
  items?: {
    metadata?: { name?: string };
    versions?: {
      version?: string;
      freshness?: string;
      resources?: {
        resource?: string;
        scope?: string;
        responseKind?: { kind?: string };
        verbs?: string[];
      }[];
    }[];
  }[];
}

interface ApiGroupList {
  groups?: {
    name?: string;
    preferredVersion?: { version?: string };
    versions?: { version?: string }[];
  }[];
}

interface ApiResourceList {
  resources?: { name?: string; kind?: string; namespaced?: boolean; verbs?: string[] | null }[];
}

const aggregated = ["v2", "v2beta1"].map(
  (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
);
const atOnce = 4;
/** One group's own server may be slow, or hang, while the cluster is well. */
const versionTimeoutMs = 5000;

const nameOf = ({ group, version }: GroupVersion): string => (group === "" ? version : `${group}/${version}`);

/** Each kind once, in the version that comes first: the cluster names the preferred one first. */
function firstOfEach(kinds: readonly DiscoveredKind[]): DiscoveredKind[] {
  const byName = new Map<string, DiscoveredKind>();
  for (const one of kinds) {
    const key = `${one.group}/${one.plural}`;
    if (!byName.has(key)) byName.set(key, one);
  }
  return [...byName.values()];
}

/**
 * The kinds of one group version, subresources left out; null where the cluster serves no such group version.
 * @throws KubeError, KubeUnreachableError
 */
export async function kindsOfVersion(
  client: KubeClient,
  { group, version }: GroupVersion,
  signal?: AbortSignal,
): Promise<DiscoveredKind[] | null> {
  try {
    const path = group === "" ? kubePath("api", version) : kubePath("apis", group, version);
    const { resources = [] } = await client.json<ApiResourceList>(path, {
      signal,
      timeoutMs: versionTimeoutMs,
      aside: true,
    });
    return resources.flatMap(({ name = "", kind = "", namespaced = false, verbs }) =>
      name === "" || name.includes("/")
        ? []
        : [{ group, version, plural: name, namespaced, kind, verbs: verbs ?? [] }],
    );
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return null;
    throw error;
  }
}

/** All kinds in two exchanges; null from a cluster that does not aggregate (before Kubernetes 1.27, and some gateways). */
export async function discoverAtOnce(client: KubeClient, signal?: AbortSignal): Promise<Discovery | null> {
  const kinds: DiscoveredKind[] = [];
  const unread: string[] = [];
  for (const path of [kubePath("api"), kubePath("apis")]) {
    const list = await client.json<AggregatedList>(path, {
      accept: [...aggregated, "application/json"].join(","),
      signal,
    });
    if (list.kind !== "APIGroupDiscoveryList") return null;
    for (const { metadata, versions = [] } of list.items ?? [])
      for (const { version = "", freshness, resources = [] } of versions) {
        const group = metadata?.name ?? "";
        if (freshness === "Stale") unread.push(nameOf({ group, version }));
        for (const { resource = "", scope, responseKind, verbs = [] } of resources)
          kinds.push({
            group,
            version,
            plural: resource,
            namespaced: scope === "Namespaced",
            kind: responseKind?.kind ?? "",
            verbs,
          });
      }
  }
  return { kinds: firstOfEach(kinds), unread };
}

/** All kinds, a few group versions at a time. One whose server is away hides no other. */
export async function discoverOneByOne(client: KubeClient, signal?: AbortSignal): Promise<Discovery> {
  const core = await client.json<{ versions?: string[] }>(kubePath("api"), { signal });
  const { groups = [] } = await client.json<ApiGroupList>(kubePath("apis"), { signal });
  const wanted: GroupVersion[] = [
    ...(core.versions ?? []).map((version) => ({ group: "", version })),
    ...groups.flatMap(({ name = "", versions = [], preferredVersion }) => {
      const all = new Set([preferredVersion, ...versions].map((one) => one?.version ?? ""));
      return [...all].filter((version) => version !== "").map((version) => ({ group: name, version }));
    }),
  ];
  const found = new Map<GroupVersion, DiscoveredKind[] | null>();
  const waiting = wanted.values();
  const reader = async () => {
    for (const one of waiting)
      try {
        found.set(one, await kindsOfVersion(client, one, signal));
      } catch (error) {
        const silent = error instanceof KubeUnreachableError && error.kind === "timeout";
        // 401 is the caller's own; anything else is this group version's
        const own = error instanceof KubeError && error.status !== 401;
        if (!silent && !own) throw error;
      }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return {
    kinds: firstOfEach(wanted.flatMap((one) => found.get(one) ?? [])),
    unread: wanted.filter((one) => !found.has(one)).map(nameOf),
  };
}

/** @throws KubeError, KubeUnreachableError */
export async function discover(client: KubeClient, signal?: AbortSignal): Promise<Discovery> {
  return (await discoverAtOnce(client, signal)) ?? discoverOneByOne(client, signal);
}

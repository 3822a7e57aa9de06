/** Reads, as the caller, what runs on a host and what keeps it there, in the shape that the drain's rules take. */
import { isLauncher } from "../domain/cluster-labels.ts";
import type { Budget, DrainMachine, DrainPod } from "../domain/drain-plan.ts";
import type { Reach, Toleration } from "../domain/host-placement.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { mapLimited } from "../domain/mapped-limit.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import type { Feeds } from "../inventory/inventory.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { Quantity, RawObject } from "../inventory/raw.ts";
import { conditionOf } from "../inventory/record-base.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";

type RawPod = RawObject<
  {
    nodeSelector: Record<string, string>;
    tolerations: Partial<Toleration>[];
    containers: { resources?: { requests?: Record<string, Quantity> } }[];
    volumes: { name?: string; emptyDir?: unknown; persistentVolumeClaim?: { claimName?: string } }[];
  },
  { phase: string }
>;

type RawInstance = RawObject<
  { evictionStrategy: string },
  { nodeName: string; conditions: RawCondition[]; evacuationNodeName: string }
>;

type RawBudget = RawObject<
  {
    selector: {
      matchLabels?: Record<string, string>;
      matchExpressions?: { key?: string; operator?: string; values?: string[] }[];
    };
  },
  { disruptionsAllowed: number }
>;

type RawVolume = RawObject<{
  nodeAffinity: {
    required?: {
      nodeSelectorTerms?: { matchExpressions?: { key?: string; operator?: string; values?: string[] }[] }[];
    };
  };
}>;

interface RawList<T> {
  items?: T[];
}

function requestsOf(pod: RawPod): Record<string, number> {
  const sums: Record<string, number> = { pods: 1 };
  for (const container of pod.spec?.containers ?? [])
    for (const [name, amount] of Object.entries(container.resources?.requests ?? {}))
      sums[name] = (sums[name] ?? 0) + quantityOrZero(amount);
  return sums;
}

function machineOf(
  pod: RawPod,
  host: string,
  instances: ReadonlyMap<string, RawInstance>,
  feeds: Feeds,
): DrainMachine | null {
  if (!isLauncher(pod.metadata?.labels)) return null;
  const project = pod.metadata?.namespace ?? "";
  const name =
    pod.metadata?.ownerReferences?.find((owner) => owner.kind === "VirtualMachineInstance")?.name ?? "";
  const instance = instances.get(`${project}/${name}`);
  const migratable = conditionOf(instance?.status?.conditions, "LiveMigratable");
  return {
    name,
    strategy: instance?.spec?.evictionStrategy ?? "None",
    migratable: migratable?.status === "True",
    notMigratableText: migratable?.message ?? "",
    runStrategy: feeds.vms.table.get(project, name)?.runStrategy ?? "",
    runsHere: instance?.status?.nodeName === host,
  };
}

const volumesAtOnce = 8;

/** From where the volumes of these pods can be reached, by `project/claim`; one that may not be read counts as everywhere. */
async function reachesOf(
  client: KubeClient,
  feeds: Feeds,
  pods: readonly RawPod[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Reach>> {
  const claims = new Map<string, string>();
  for (const { metadata, spec } of pods)
    for (const { persistentVolumeClaim: claim } of spec?.volumes ?? []) {
      const found = feeds.claims.table.get(metadata?.namespace ?? "", claim?.claimName ?? "");
      if (found !== undefined && found.volumeName !== "")
        claims.set(`${found.namespace}/${found.name}`, found.volumeName);
    }
  const reaches = await mapLimited([...claims], volumesAtOnce, async ([claim, volume]) => {
    try {
      const { spec } = await client.json<RawVolume>(objectPath(types.volume, volume), { signal });
      const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
      const reach: Reach = terms.map(({ matchExpressions = [] }) =>
        matchExpressions.flatMap(({ key = "", operator, values = [] }) =>
          operator === "In" ? [{ label: key, values }] : [],
        ),
      );
      return [claim, reach] as const;
    } catch (error) {
      if (error instanceof KubeError && (error.status === 403 || error.status === 404))
        return [claim, []] as const;
      throw error;
    }
  });
  return new Map(reaches);
}

/**
 * Pods of a host that have not been removed yet. With `volumes` their loads say from where their disks are reached.
 * @throws KubeError when the caller may not list pods or machines of all projects.
 */
export async function podsToDrain(
  client: KubeClient,
  feeds: Feeds,
  host: string,
  options: { volumes: boolean; signal?: AbortSignal },
): Promise<{ pod: DrainPod; deleting: boolean }[]> {
  const { signal } = options;
  const [pods, instances] = await Promise.all([
    client.json<RawList<RawPod>>(collectionPath(types.pod), {
      query: { fieldSelector: `spec.nodeName=${host}` },
      signal,
    }),
    client
      .json<RawList<RawInstance>>(collectionPath(types.virtualMachineInstance), {
        query: { labelSelector: `kubevirt.io/nodeName=${host}` },
        signal,
      })
      .catch((error: unknown) => {
        if (error instanceof KubeError && error.status === 404) return { items: [] }; // no KubeVirt, no machines
        throw error;
      }),
  ]);
  const byName = new Map(
    (instances.items ?? []).map((one) => [
      `${one.metadata?.namespace ?? ""}/${one.metadata?.name ?? ""}`,
      one,
    ]),
  );
  // what a machine left behind when it moved or ended holds nothing
  const present = (pods.items ?? []).filter(
    ({ metadata, status }) => !isLauncher(metadata?.labels) || isLivePhase(status?.phase ?? ""),
  );
  const reaches = options.volumes
    ? await reachesOf(client, feeds, present, signal)
    : new Map<string, Reach>();
  return present.map((raw) => {
    const { metadata, spec } = raw;
    const owner = metadata?.ownerReferences?.find((reference) => reference.controller === true);
    const machine = machineOf(raw, host, byName, feeds);
    const project = metadata?.namespace ?? "";
    const name = metadata?.name ?? "";
    return {
      deleting: metadata?.deletionTimestamp !== undefined,
      pod: {
        project,
        name,
        phase: raw.status?.phase ?? "",
        labels: metadata?.labels ?? {},
        ownerKind: owner?.kind ?? "",
        ownerName: owner?.name ?? "",
        mirror: metadata?.annotations?.["kubernetes.io/config.mirror"] !== undefined,
        scratchVolumes: (spec?.volumes ?? []).flatMap((volume) =>
          volume.emptyDir === undefined ? [] : [volume.name ?? ""],
        ),
        machine,
        load: {
          key: `${project}/${name}`,
          isMachine: machine !== null,
          requests: requestsOf(raw),
          // where it may go is said by the machine, not by the host it is on
          nodeSelector: spec?.nodeSelector ?? {},
          tolerations: (spec?.tolerations ?? []).map((toleration) => ({
            key: toleration.key ?? "",
            operator: toleration.operator ?? "Equal",
            value: toleration.value ?? "",
            effect: toleration.effect ?? "",
          })),
          volumes: (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => {
            const reach = reaches.get(`${project}/${claim?.claimName ?? ""}`);
            return reach === undefined ? [] : [reach];
          }),
        },
      },
    };
  });
}

/** Disruption budgets of all projects; none where the caller may not see them: the eviction itself then answers. */
export async function budgetsOf(client: KubeClient): Promise<Budget[]> {
  try {
    const list = await client.json<RawList<RawBudget>>(collectionPath(types.disruptionBudget));
    return (list.items ?? []).map(({ metadata, spec, status }) => ({
      project: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      covers: (labels) =>
        Object.entries(spec?.selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
        (spec?.selector?.matchExpressions ?? []).every(({ key = "", operator, values = [] }) => {
          const value = labels[key];
          if (operator === "Exists") return value !== undefined;
          if (operator === "DoesNotExist") return value === undefined;
          const within = value !== undefined && values.includes(value);
          return operator === "In" ? within : !within;
        }),
      disruptionsAllowed: status?.disruptionsAllowed ?? 1,
    }));
  } catch (error) {
    if (error instanceof KubeError && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}

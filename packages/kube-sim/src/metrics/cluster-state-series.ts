/** What kube-state-metrics tells of hosts, pods and claims, and what kubelets tell of their volumes. */
import type { Node, Pod } from "../controllers/core-shapes.ts";
import { claimKind, nodeKind, podKind } from "../controllers/kinds.ts";
import { isPodOver } from "../controllers/node-requests.ts";
import { parseQuantity } from "../controllers/quantity.ts";
import type { PersistentVolumeClaim } from "../controllers/storage-shapes.ts";
import type { TypedStore } from "../controllers/typed-store.ts";
import type { MetricPage } from "./metric-page.ts";
import { fractionOf } from "./usage-model.ts";

const UNITS: Readonly<Record<string, string>> = {
  cpu: "core",
  memory: "byte",
  storage: "byte",
  ephemeral_storage: "byte",
};
const PHASES = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];

/** Resources by the names and units that kube-state-metrics writes. */
function amounts(quantities: Record<string, string> | undefined) {
  return Object.entries(quantities ?? {}).map(([name, quantity]) => {
    const resource = name.replaceAll(/[^a-zA-Z0-9_]/g, "_");
    const unit = UNITS[resource] ?? (resource.startsWith("hugepages_") ? "byte" : "integer");
    return { resource, unit, value: parseQuantity(quantity) };
  });
}

export function addClusterState(page: MetricPage, store: TypedStore): void {
  for (const node of store.list(nodeKind)) addNode(page, node);
  const mounted = new Map<string, string>();
  for (const pod of store.list(podKind)) {
    addPod(page, pod);
    if (isPodOver(pod) || pod.status?.phase !== "Running") continue;
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? [])
      if (persistentVolumeClaim !== undefined)
        mounted.set(
          `${pod.metadata.namespace ?? ""}/${persistentVolumeClaim.claimName}`,
          pod.spec.nodeName ?? "",
        );
  }
  for (const claim of store.list(claimKind)) {
    addClaim(page, claim);
    const node = mounted.get(`${claim.metadata.namespace ?? ""}/${claim.metadata.name}`);
    if (node !== undefined && claim.spec.volumeMode !== "Block") addVolumeStats(page, claim, node);
  }
}

function addNode(page: MetricPage, node: Node): void {
  const { name } = node.metadata;
  const { capacity, allocatable, conditions = [] } = node.status;
  const series = (kind: string) => page.gauge(`kube_node_status_${kind}`, `What a host has (${kind}).`);
  for (const { value, ...labels } of amounts(capacity)) series("capacity")({ node: name, ...labels }, value);
  for (const { value, ...labels } of amounts(allocatable))
    series("allocatable")({ node: name, ...labels }, value);
  page.gauge("kube_node_spec_unschedulable", "1 for a host that takes no new pods.")(
    { node: name },
    node.spec.unschedulable === true ? 1 : 0,
  );
  const condition = page.gauge("kube_node_status_condition", "Which status a host's condition has.");
  for (const { type, status } of conditions)
    for (const each of ["true", "false", "unknown"])
      condition({ node: name, condition: type, status: each }, status.toLowerCase() === each ? 1 : 0);
}

function addPod(page: MetricPage, pod: Pod): void {
  const { namespace, name, uid } = pod.metadata;
  const labels = { namespace, pod: name, uid };
  const { nodeName: node } = pod.spec;
  page.gauge("kube_pod_info", "A pod and its host.")(
    { ...labels, node, host_ip: pod.status?.hostIP, pod_ip: pod.status?.podIP },
    1,
  );
  const phase = page.gauge("kube_pod_status_phase", "Which phase a pod is in.");
  for (const each of PHASES) phase({ ...labels, phase: each }, pod.status?.phase === each ? 1 : 0);
  for (const kind of ["requests", "limits"] as const) {
    const series = page.gauge(`kube_pod_container_resource_${kind}`, `What a container states as ${kind}.`);
    for (const container of pod.spec.containers)
      for (const { value, ...resource } of amounts(container.resources?.[kind]))
        series({ ...labels, container: container.name, node, ...resource }, value);
  }
  const mounts = page.gauge(
    "kube_pod_spec_volumes_persistentvolumeclaims_info",
    "A pod and a claim that it mounts.",
  );
  for (const { name: volume, persistentVolumeClaim } of pod.spec.volumes ?? [])
    if (persistentVolumeClaim !== undefined)
      mounts({ ...labels, volume, persistentvolumeclaim: persistentVolumeClaim.claimName }, 1);
}

function addClaim(page: MetricPage, { metadata, spec, status }: PersistentVolumeClaim): void {
  const labels = { namespace: metadata.namespace, persistentvolumeclaim: metadata.name };
  page.gauge("kube_persistentvolumeclaim_info", "A claim, its class and its volume.")(
    {
      ...labels,
      storageclass: spec.storageClassName,
      volumename: spec.volumeName,
      volumemode: spec.volumeMode,
    },
    1,
  );
  page.gauge("kube_persistentvolumeclaim_resource_requests_storage_bytes", "What a claim asks for.")(
    labels,
    parseQuantity(spec.resources?.requests?.storage),
  );
  const phase = page.gauge("kube_persistentvolumeclaim_status_phase", "Which phase a claim is in.");
  for (const each of ["Pending", "Bound", "Lost"])
    phase({ ...labels, phase: each }, status?.phase === each ? 1 : 0);
}

/** Of claims with a file system that a pod mounts: kubelets cannot look into the others. */
function addVolumeStats(page: MetricPage, claim: PersistentVolumeClaim, node: string): void {
  const labels = { namespace: claim.metadata.namespace, persistentvolumeclaim: claim.metadata.name, node };
  const capacity = parseQuantity(claim.status?.capacity?.storage ?? claim.spec.resources?.requests?.storage);
  const share = 0.05 + 0.6 * fractionOf(`${claim.metadata.uid}/used`);
  const inodes = Math.floor(capacity / 16_384);
  const gauges: [what: string, help: string, value: number][] = [
    ["capacity_bytes", "Size of a claim's file system.", capacity],
    ["used_bytes", "What a claim's file system holds.", Math.floor(capacity * share)],
    ["available_bytes", "What is free in a claim's file system.", Math.ceil(capacity * (1 - share))],
    ["inodes", "Inodes of a claim's file system.", inodes],
    ["inodes_used", "Inodes that are taken.", Math.floor((inodes * share) / 10)],
    ["inodes_free", "Inodes that are free.", inodes - Math.floor((inodes * share) / 10)],
  ];
  for (const [what, help, value] of gauges) page.gauge(`kubelet_volume_stats_${what}`, help)(labels, value);
}

/** Table columns of the built-in kinds, as the API server's printers have them. */
import { defaultClassAnnotation } from "../store/default-class.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { readJsonPath } from "./json-path.ts";
import { platformTables } from "./platform-tables.ts";
import { age, type BuiltinTable, count, first, labelsText, list, since, text } from "./table-cells.ts";
import { workloadTables } from "./workload-tables.ts";

const ACCESS_MODES: Record<string, string> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
const accessModes = (object: unknown, path: string): string =>
  list(object, path)
    .map((mode) => ACCESS_MODES[String(mode)] ?? String(mode))
    .join(",");

function podStatus(pod: KubeObject): string {
  let status = text(pod, ".status.reason", text(pod, ".status.phase", "Unknown"));
  for (const container of list(pod, ".status.containerStatuses")) {
    const waiting = text(container, ".state.waiting.reason");
    const terminated = text(container, ".state.terminated.reason");
    if (waiting !== "") status = waiting;
    else if (terminated !== "") status = terminated;
  }
  return pod.metadata.deletionTimestamp === undefined ? status : "Terminating";
}

function nodeStatus(node: KubeObject): string {
  const ready = text(node, '.status.conditions[?(@.type=="Ready")].status', "Unknown");
  const shown = ready === "True" ? "Ready" : ready === "False" ? "NotReady" : "Unknown";
  return first(node, ".spec.unschedulable") === true ? `${shown},SchedulingDisabled` : shown;
}

function nodeRoles(node: KubeObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length))
    .toSorted();
  return roles.length === 0 ? "<none>" : roles.join(",");
}

function dataCount(object: KubeObject): number {
  const data = object["data"] as object | undefined; // a ConfigMap's or Secret's data
  const binary = object["binaryData"] as object | undefined; // a ConfigMap's binaryData
  return Object.keys(data ?? {}).length + Object.keys(binary ?? {}).length;
}

function servicePorts(service: KubeObject): string {
  const ports = list(service, ".spec.ports").map((port) => {
    const nodePort = count(port, ".nodePort");
    return `${count(port, ".port")}${nodePort === 0 ? "" : `:${nodePort}`}/${text(port, ".protocol", "TCP")}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}

const roleRef = (binding: KubeObject): string =>
  `${text(binding, ".roleRef.kind")}/${text(binding, ".roleRef.name")}`;

export const builtinTables: Readonly<Record<string, BuiltinTable>> = {
  ...workloadTables,
  ...platformTables,
  "/namespaces": {
    columns: [
      ["Name", "string"],
      ["Status", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, text(object, ".status.phase", "Active"), age(object, now)],
  },
  "/nodes": {
    columns: [
      ["Name", "string"],
      ["Status", "string"],
      ["Roles", "string"],
      ["Age", "string"],
      ["Version", "string"],
      ["Internal-IP", "string", 1],
      ["External-IP", "string", 1],
      ["OS-Image", "string", 1],
      ["Kernel-Version", "string", 1],
      ["Container-Runtime", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      nodeStatus(object),
      nodeRoles(object),
      age(object, now),
      text(object, ".status.nodeInfo.kubeletVersion"),
      text(object, '.status.addresses[?(@.type=="InternalIP")].address', "<none>"),
      text(object, '.status.addresses[?(@.type=="ExternalIP")].address', "<none>"),
      text(object, ".status.nodeInfo.osImage", "<unknown>"),
      text(object, ".status.nodeInfo.kernelVersion", "<unknown>"),
      text(object, ".status.nodeInfo.containerRuntimeVersion", "<unknown>"),
    ],
  },
  "/pods": {
    columns: [
      ["Name", "string"],
      ["Ready", "string"],
      ["Status", "string"],
      ["Restarts", "string"],
      ["Age", "string"],
      ["IP", "string", 1],
      ["Node", "string", 1],
      ["Nominated Node", "string", 1],
      ["Readiness Gates", "string", 1],
    ],
    cells: (object, now) => {
      const statuses = list(object, ".status.containerStatuses");
      const ready = statuses.filter((status) => first(status, ".ready") === true).length;
      const restarts = statuses.reduce<number>((sum, status) => sum + count(status, ".restartCount"), 0);
      return [
        object.metadata.name,
        `${ready}/${list(object, ".spec.containers").length}`,
        podStatus(object),
        String(restarts),
        age(object, now),
        text(object, ".status.podIP", "<none>"),
        text(object, ".spec.nodeName", "<none>"),
        text(object, ".status.nominatedNodeName", "<none>"),
        "<none>",
      ];
    },
  },
  "/services": {
    columns: [
      ["Name", "string"],
      ["Type", "string"],
      ["Cluster-IP", "string"],
      ["External-IP", "string"],
      ["Port(s)", "string"],
      ["Age", "string"],
      ["Selector", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      text(object, ".spec.type", "ClusterIP"),
      text(object, ".spec.clusterIP", "<none>"),
      "<none>",
      servicePorts(object),
      age(object, now),
      labelsText(first(object, ".spec.selector")),
    ],
  },
  "/endpoints": {
    columns: [
      ["Name", "string"],
      ["Endpoints", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      readJsonPath(object, ".subsets[*].addresses[*].ip").join(",") || "<none>",
      age(object, now),
    ],
  },
  "/configmaps": {
    columns: [
      ["Name", "string"],
      ["Data", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, dataCount(object), age(object, now)],
  },
  "/secrets": {
    columns: [
      ["Name", "string"],
      ["Type", "string"],
      ["Data", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.name,
      text(object, ".type", "Opaque"),
      dataCount(object),
      age(object, now),
    ],
  },
  "/serviceaccounts": {
    columns: [
      ["Name", "string"],
      ["Secrets", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, list(object, ".secrets").length, age(object, now)],
  },
  "/events": {
    columns: [
      ["Last Seen", "string"],
      ["Type", "string"],
      ["Reason", "string"],
      ["Object", "string"],
      ["Subobject", "string", 1],
      ["Source", "string", 1],
      ["Message", "string"],
      ["First Seen", "string", 1],
      ["Count", "string", 1],
      ["Name", "string", 1],
    ],
    cells: (object, now) => [
      since(text(object, ".lastTimestamp", text(object, ".eventTime")), now),
      text(object, ".type"),
      text(object, ".reason"),
      `${text(object, ".involvedObject.kind").toLowerCase()}/${text(object, ".involvedObject.name")}`,
      text(object, ".involvedObject.fieldPath"),
      text(object, ".source.component", text(object, ".reportingComponent")),
      text(object, ".message").trim(),
      since(text(object, ".firstTimestamp", text(object, ".eventTime")), now),
      text(object, ".count", "1"),
      object.metadata.name,
    ],
  },
  "/persistentvolumes": {
    columns: [
      ["Name", "string"],
      ["Capacity", "string"],
      ["Access Modes", "string"],
      ["Reclaim Policy", "string"],
      ["Status", "string"],
      ["Claim", "string"],
      ["StorageClass", "string"],
      ["VolumeAttributesClass", "string"],
      ["Reason", "string"],
      ["Age", "string"],
      ["VolumeMode", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      text(object, ".spec.capacity.storage"),
      accessModes(object, ".spec.accessModes"),
      text(object, ".spec.persistentVolumeReclaimPolicy"),
      object.metadata.deletionTimestamp === undefined ? text(object, ".status.phase") : "Terminating",
      first(object, ".spec.claimRef") === undefined
        ? ""
        : `${text(object, ".spec.claimRef.namespace")}/${text(object, ".spec.claimRef.name")}`,
      text(object, ".spec.storageClassName"),
      "<unset>",
      text(object, ".status.reason"),
      age(object, now),
      text(object, ".spec.volumeMode", "Filesystem"),
    ],
  },
  "/persistentvolumeclaims": {
    columns: [
      ["Name", "string"],
      ["Status", "string"],
      ["Volume", "string"],
      ["Capacity", "string"],
      ["Access Modes", "string"],
      ["StorageClass", "string"],
      ["VolumeAttributesClass", "string"],
      ["Age", "string"],
      ["VolumeMode", "string", 1],
    ],
    cells: (object, now) => {
      const bound = text(object, ".spec.volumeName") !== "";
      return [
        object.metadata.name,
        object.metadata.deletionTimestamp === undefined ? text(object, ".status.phase") : "Terminating",
        text(object, ".spec.volumeName"),
        bound ? text(object, ".status.capacity.storage") : "",
        bound ? accessModes(object, ".status.accessModes") : "",
        text(object, ".spec.storageClassName"),
        "<unset>",
        age(object, now),
        text(object, ".spec.volumeMode", "Filesystem"),
      ];
    },
  },
  "/resourcequotas": {
    columns: [
      ["Name", "string"],
      ["Request", "string"],
      ["Limit", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => {
      const hard = (first(object, ".status.hard") ?? first(object, ".spec.hard") ?? {}) as Record<
        string,
        string
      >; // quantities
      const shown = (limits: boolean): string =>
        Object.keys(hard)
          .filter((name) => name.startsWith("limits.") === limits)
          .toSorted()
          .map((name) => `${name}: ${text(object, `.status.used['${name}']`, "0")}/${hard[name] ?? ""}`)
          .join(", ");
      return [object.metadata.name, shown(false), shown(true), age(object, now)];
    },
  },
  "/limitranges": {
    columns: [
      ["Name", "string"],
      ["Created At", "string"],
    ],
    cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
  },
  "apps/deployments": {
    columns: [
      ["Name", "string"],
      ["Ready", "string"],
      ["Up-to-date", "string"],
      ["Available", "string"],
      ["Age", "string"],
      ["Containers", "string", 1],
      ["Images", "string", 1],
      ["Selector", "string", 1],
    ],
    cells: (object, now) => [
      object.metadata.name,
      `${count(object, ".status.readyReplicas")}/${count(object, ".spec.replicas")}`,
      count(object, ".status.updatedReplicas"),
      count(object, ".status.availableReplicas"),
      age(object, now),
      readJsonPath(object, ".spec.template.spec.containers[*].name").join(","),
      readJsonPath(object, ".spec.template.spec.containers[*].image").join(","),
      labelsText(first(object, ".spec.selector.matchLabels")),
    ],
  },
  "rbac.authorization.k8s.io/roles": {
    columns: [
      ["Name", "string"],
      ["Created At", "string"],
    ],
    cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
  },
  "rbac.authorization.k8s.io/clusterroles": {
    columns: [
      ["Name", "string"],
      ["Created At", "string"],
    ],
    cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
  },
  "rbac.authorization.k8s.io/rolebindings": {
    columns: [
      ["Name", "string"],
      ["Role", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, roleRef(object), age(object, now)],
  },
  "rbac.authorization.k8s.io/clusterrolebindings": {
    columns: [
      ["Name", "string"],
      ["Role", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [object.metadata.name, roleRef(object), age(object, now)],
  },
  "storage.k8s.io/storageclasses": {
    columns: [
      ["Name", "string"],
      ["Provisioner", "string"],
      ["ReclaimPolicy", "string"],
      ["VolumeBindingMode", "string"],
      ["AllowVolumeExpansion", "string"],
      ["Age", "string"],
    ],
    cells: (object, now) => [
      object.metadata.annotations?.[defaultClassAnnotation] === "true"
        ? `${object.metadata.name} (default)`
        : object.metadata.name,
      text(object, ".provisioner"),
      text(object, ".reclaimPolicy", "Delete"),
      text(object, ".volumeBindingMode", "Immediate"),
      first(object, ".allowVolumeExpansion") === true,
      age(object, now),
    ],
  },
};

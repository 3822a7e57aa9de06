/** Kinds, projects and names that random roles are about: two objects of each kind in each place. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ClusterKind } from "./cluster-answers.ts";
import { objectSamples } from "./object-samples.ts";

export const projects = ["zq-a", "zq-b", "zq-c"];
export const listed = [
  "vms",
  "disks",
  "images",
  "hosts",
  "config-map",
  "service",
  "resource-quota",
  "security-group",
] as const;
export type Listed = (typeof listed)[number];

interface WorldKind extends ClusterKind {
  kind: string;
  group: string;
  /** What an object has beside its metadata. */
  rest: Record<string, unknown>;
}

const catalogued = (noun: ObjectNoun) => objectSamples[noun].object;

export const kinds: Readonly<Record<Listed, WorldKind>> = {
  vms: {
    root: "apis/kubevirt.io/v1",
    group: "kubevirt.io",
    plural: "virtualmachines",
    namespaced: true,
    kind: "VirtualMachine",
    rest: {
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
      },
      status: { printableStatus: "Stopped" },
    },
  },
  disks: {
    root: "api/v1",
    group: "",
    plural: "persistentvolumeclaims",
    namespaced: true,
    kind: "PersistentVolumeClaim",
    rest: {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      status: { phase: "Bound" },
    },
  },
  images: {
    root: "apis/cdi.kubevirt.io/v1beta1",
    group: "cdi.kubevirt.io",
    plural: "datasources",
    namespaced: true,
    kind: "DataSource",
    rest: { spec: { source: { pvc: { name: "elsewhere", namespace: "elsewhere" } } } },
  },
  hosts: {
    root: "api/v1",
    group: "",
    plural: "nodes",
    namespaced: false,
    kind: "Node",
    rest: { spec: {}, status: {} },
  },
  "config-map": {
    root: "api/v1",
    group: "",
    plural: "configmaps",
    namespaced: true,
    kind: "ConfigMap",
    rest: catalogued("config-map"),
  },
  service: {
    root: "api/v1",
    group: "",
    plural: "services",
    namespaced: true,
    kind: "Service",
    rest: catalogued("service"),
  },
  "resource-quota": {
    root: "api/v1",
    group: "",
    plural: "resourcequotas",
    namespaced: true,
    kind: "ResourceQuota",
    rest: catalogued("resource-quota"),
  },
  "security-group": {
    root: "apis/kubeovn.io/v1",
    group: "kubeovn.io",
    plural: "security-groups",
    namespaced: false,
    kind: "SecurityGroup",
    rest: catalogued("security-group"),
  },
};
/** A machine is shown of both: its own object, and the instance of the same name. */
export const instances: ClusterKind = { ...kinds.vms, plural: "virtualmachineinstances" };
export const namespaces: ClusterKind = { root: "api/v1", plural: "namespaces", namespaced: false };

/** What is in one project, or with '' in none: in its name and the project's. */
export const objectsAt = (which: Listed, project: string): string[] => {
  const stem = `zq-${which}${project === "" ? "" : project.slice(2)}`;
  return kinds[which].namespaced === (project !== "") ? [`${stem}-1`, `${stem}-2`] : [];
};
export const places = (which: Listed): string[] => (kinds[which].namespaced ? projects : [""]);
export const allNames = [
  ...projects,
  ...listed.flatMap((which) => places(which).flatMap((project) => objectsAt(which, project))),
];

export const objectOf = (which: Listed, project: string, name: string) => {
  const { root, kind, rest } = kinds[which];
  return {
    apiVersion: root.replace(/^apis?\//, ""),
    kind,
    metadata: { name, ...(project === "" ? {} : { namespace: project }) },
    ...rest,
  };
};

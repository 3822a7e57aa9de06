/** Which pages of the console are nothing without a group of the cluster's API, and what must then be said where. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import { expect } from "vitest";
import { named, type PageRead } from "./page-reads.ts";

/** Pages of single objects of the part. */
export const readsOfPart: Readonly<Record<string, ReadonlySet<OperationName>>> = {
  "kubevirt.io": new Set([
    "getVm",
    "getVmDeletionPlan",
    "getVmYaml",
    "getVmMigrations",
    "getVmNicChoices",
    "getVmPending",
    "getVmSettings",
    "getVmUsage",
    "listVmSnapshots",
    "getVmRelations",
  ]),
  "kubeovn.io": new Set(["getVpc", "getVpcSpace", "getSubnet"]),
  "cdi.kubevirt.io": new Set(["getImage", "getImageYaml", "listImageEvents"]),
};

const ownLists: Readonly<Record<string, OperationName[]>> = {
  "kubevirt.io": ["listVms"],
  "kubeovn.io": ["listVpcs", "listSubnets"],
  "cdi.kubevirt.io": ["listImages"],
};

/** Lists whose own kind is gone with the part, and what they name as missing: where the whole name is not told, its end. */
export const listsOfPart = (group: string): [...PageRead, resource: string][] => [
  ...(ownLists[group] ?? []).map((name): [...PageRead, string] => [name, {}, `.${group}`]),
  ...objectNouns
    .filter((noun) => objectCatalog[noun].group === group)
    .map((noun): [...PageRead, string] => [
      "listObjects",
      { params: { noun } },
      `${objectCatalog[noun].resource}.${group}`,
    ]),
];

const absent = { state: "absent", reason: { code: "component-absent" } };
const unmeasured = { source: "none", notes: [{ code: "usage-no-source" }] };
const including = (code: string, resource: string): unknown =>
  expect.arrayContaining([expect.objectContaining({ code, params: { resource } })]);
const notCopied = { allowed: false, reason: { code: "component-absent" } };

/** What else says that the part is missing, and how. */
export const wordsOfPart: Readonly<Record<string, [...PageRead, says: object][]>> = {
  "kubevirt.io": [["getCapabilities", {}, { kubevirt: absent }]],
  "kubeovn.io": [["getCapabilities", {}, { kubeOvn: absent }]],
  "cdi.kubevirt.io": [["getCapabilities", {}, { cdi: absent }]],
  "snapshot.storage.k8s.io": [["getCapabilities", {}, { snapshots: absent }]],
  "snapshot.kubevirt.io": [
    [
      "listVmSnapshots",
      named("shop-db-1"),
      {
        take: notCopied,
        notes: including("feed-absent", "virtualmachinesnapshots.snapshot.kubevirt.io"),
      },
    ],
  ],
  "clone.kubevirt.io": [
    [
      "listVmSnapshots",
      named("shop-db-1"),
      { clone: notCopied, notes: including("feed-absent", "virtualmachineclones.clone.kubevirt.io") },
    ],
  ],
  "k8s.cni.cncf.io": [
    ["getVmNicChoices", named("shop-db-1"), { reason: { code: "network-attachments-absent" } }],
  ],
  "storage.k8s.io": [
    ["getCapacity", {}, { notes: including("feed-absent", "csistoragecapacities.storage.k8s.io") }],
  ],
  apps: [["getPlatformStatus", {}, { workloads: [], workloadsReason: { code: "component-absent" } }]],
  "metrics.k8s.io": [
    ["getCapabilities", {}, { metrics: absent }],
    ["getVmUsage", named("shop-db-1"), unmeasured],
    ["getHostUsage", { params: { name: "host-1" } }, unmeasured],
    ["getHostHeat", {}, unmeasured],
    ["getTopMachines", {}, unmeasured],
    ["getCapacity", {}, unmeasured],
  ],
};

/** Groups without which no page lacks anything. */
export const nothingToSay: Readonly<Record<string, string>> = {
  policy: "where no disruption budgets are served, there are none that a drain could meet",
  "upload.cdi.kubevirt.io": "asked for by an upload alone, which is then refused in the cluster's words",
  "subresources.kubevirt.io": "asked for by deeds, consoles and guests' agents alone, which are then refused",
};

/** What a person looks at, by the pages of the console, and which part of a cluster each needs. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { objectNouns } from "@kubev/api-types/object-catalog";
import type { RequestParts } from "./console-under-test.ts";

const inShop = { params: { project: "web-shop" } };
const named = (name: string) => ({ params: { project: "web-shop", name } });

export const pageReads: [OperationName, RequestParts][] = [
  ["getSession", {}],
  ["getCapabilities", {}],
  ["search", { query: { q: "shop" } }],
  ["listTasks", {}],
  ["listActivity", {}],
  ["listProjects", {}],
  ["getProject", inShop],
  ["listVms", {}],
  ["getVm", named("shop-db-1")],
  ["getVmDeletionPlan", named("shop-db-1")],
  ["getVmYaml", named("shop-db-1")],
  ["getVmMigrations", named("shop-db-1")],
  ["getVmPending", named("shop-db-1")],
  ["getVmSettings", named("shop-db-1")],
  ["getVmUsage", named("shop-db-1")],
  ["listVmSnapshots", named("shop-db-1")],
  ["listVmEvents", named("shop-db-1")],
  ["listImages", {}],
  ["listDisks", {}],
  ["getDisk", named("shop-db-1-data")],
  ["listHosts", {}],
  ["getHost", { params: { name: "host-1" } }],
  ["getHostUsage", { params: { name: "host-1" } }],
  ["getHostHeat", {}],
  ["planHostDrain", { params: { name: "host-1" } }],
  ["getCapacity", {}],
  ["getTopMachines", { query: {} }],
  ["getTopology", { query: {} }],
  ["getVpc", { params: { name: "ovn-cluster" } }],
  ["getSubnet", { params: { name: "ovn-default" } }],
  ["getImage", { params: { project: "shared-images", name: "kubev-demo" } }],
  ["getVmRelations", named("shop-db-1")],
  ["listSecrets", inShop],
  ["getPlatformStatus", {}],
  ["listVpcs", {}],
  ["listSubnets", {}],
  ["listSubnetChoices", inShop],
  ["listInstanceTypes", inShop],
  ["listPreferences", inShop],
  ["listStorageClasses", {}],
  ["listObjectNouns", {}],
  ...objectNouns.map((noun): [OperationName, RequestParts] => ["listObjects", { params: { noun } }]),
];

/** Pages of single objects of the part. */
export const readsOfPart: Readonly<Record<string, ReadonlySet<OperationName>>> = {
  "kubevirt.io": new Set([
    "getVm",
    "getVmDeletionPlan",
    "getVmYaml",
    "getVmMigrations",
    "getVmPending",
    "getVmSettings",
    "getVmUsage",
    "listVmSnapshots",
    "getVmRelations",
  ]),
  "kubeovn.io": new Set(["getVpc", "getSubnet"]),
  "cdi.kubevirt.io": new Set(["getImage"]),
};

/** Lists whose own kind is gone with the part: they must say so. */
export const saysOfPart: Readonly<Record<string, [OperationName, RequestParts][]>> = {
  "kubevirt.io": [["listVms", {}]],
  "kubeovn.io": [
    ["listVpcs", {}],
    ["listSubnets", {}],
  ],
  "cdi.kubevirt.io": [["listImages", {}]],
  "snapshot.storage.k8s.io": [["listObjects", { params: { noun: "volume-snapshot" } }]],
  "snapshot.kubevirt.io": [],
  "clone.kubevirt.io": [],
  "instancetype.kubevirt.io": [["listObjects", { params: { noun: "instance-type" } }]],
  "metrics.k8s.io": [],
};

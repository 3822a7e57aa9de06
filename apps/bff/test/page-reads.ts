/** What a person looks at, by the pages of the console: every operation that only reads, or why it is left out. */
import { endpointPaths, type OperationName } from "@kubev/api-types/endpoint-paths";
import { noProject, objectNouns } from "@kubev/api-types/object-catalog";
import type { RequestParts } from "./console-under-test.ts";

export type PageRead = [OperationName, RequestParts];

const inShop = { params: { project: "web-shop" } };
export const named = (name: string) => ({ params: { project: "web-shop", name } });
const configMaps = { group: "core", version: "v1", plural: "configmaps" };
const account = { project: "web-shop", name: "default" };
const image = { params: { project: "shared-images", name: "kubev-demo" } };

export const pageReads: PageRead[] = [
  ["getSession", {}],
  ["getPreferences", {}],
  ["getCapabilities", {}],
  ["search", { query: { q: "shop" } }],
  ["listTasks", {}],
  ["listActivity", {}],
  ["listProjects", {}],
  ["getProject", inShop],
  ["getProjectDeletion", inShop],
  ["getProjectDeeds", inShop],
  ["getProjectYaml", inShop],
  ["listVms", {}],
  ["getVm", named("shop-db-1")],
  ["getVmDeletionPlan", named("shop-db-1")],
  ["getVmYaml", named("shop-db-1")],
  ["getVmMigrations", named("shop-db-1")],
  ["getVmPending", named("shop-db-1")],
  ["getVmSettings", named("shop-db-1")],
  ["getVmUsage", named("shop-db-1")],
  ["getVmNicChoices", named("shop-db-1")],
  ["listVmSnapshots", named("shop-db-1")],
  ["listVmEvents", named("shop-db-1")],
  ["listImages", {}],
  ["getImage", image],
  ["getImageYaml", image],
  ["listImageEvents", image],
  ["getImageAccess", { params: { project: "shared-images" } }],
  ["listDisks", {}],
  ["getDisk", named("shop-db-1-data")],
  ["getDiskYaml", named("shop-db-1-data")],
  ["listDiskEvents", named("shop-db-1-data")],
  ["listHosts", {}],
  ["getHost", { params: { name: "host-1" } }],
  ["getHostYaml", { params: { name: "host-1" } }],
  ["listHostEvents", { params: { name: "host-1" } }],
  ["getHostUsage", { params: { name: "host-1" } }],
  ["getHostHeat", {}],
  ["planHostDrain", { params: { name: "host-1" } }],
  ["getHostDrain", { params: { name: "host-1" } }],
  ["getCapacity", {}],
  ["getTopMachines", { query: {} }],
  ["getTopology", { query: {} }],
  ["getVpc", { params: { name: "ovn-cluster" } }],
  ["getVpcSpace", { params: { name: "ovn-cluster" } }],
  ["getSubnet", { params: { name: "ovn-default" } }],
  ["getVmRelations", named("shop-db-1")],
  ["listSecrets", inShop],
  ["getSecret", named("shop-admins")],
  ["getPlatformStatus", {}],
  ["listVpcs", {}],
  ["listSubnets", {}],
  ["listSubnetChoices", inShop],
  ["listInstanceTypes", inShop],
  ["listPreferences", inShop],
  ["listStorageClasses", {}],
  ["listObjectNouns", {}],
  ...objectNouns.map((noun): PageRead => ["getObjectNoun", { params: { noun } }]),
  ...objectNouns.map((noun): PageRead => ["listObjects", { params: { noun } }]),
  ["getObject", { params: { noun: "service-account", ...account } }],
  ["getObjectYaml", { params: { noun: "service-account", ...account } }],
  ["listObjectEvents", { params: { noun: "service-account", ...account } }],
  ["getObjectSchema", { query: { apiVersion: "v1", kind: "ConfigMap" } }],
  ["listKinds", {}],
  ["listAnyObjects", { params: configMaps }],
  ["getAny", { params: { ...configMaps, plural: "namespaces", project: noProject, name: "web-shop" } }],
  ["getAnyYaml", { params: { ...configMaps, plural: "namespaces", project: noProject, name: "web-shop" } }],
];

/** Reads that are asked for nowhere in `pageReads`, each with what stands for it. */
export const notAsked: Partial<Record<OperationName, string>> = {
  getVmGuest:
    "asks a guest's agent, which this machine need not have; what it answers is tested with vm actions",
  getVmScreenshot: "a picture beside the page, and asks a running machine's screen",
  getVmSnapshotYaml: "one object of the part that the snapshots' page names",
};

/** Operations of the contract that only read, and that neither are asked for nor have a reason not to be. */
export const forgottenReads = (): string[] => {
  const asked = new Set(pageReads.map(([name]) => name));
  return Object.entries(endpointPaths)
    .filter(([, { method }]) => method === "GET")
    .map(([name]) => name as OperationName) // keys of the contract's own table
    .filter((name) => !asked.has(name) && notAsked[name] === undefined);
};

/** A well-formed call of every operation of the contract, from which the tests of access are generated. */
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { noProject, objectCatalog, objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { Answer, RequestParts } from "./console-under-test.ts";
import { marker, secret } from "./foreign-project.ts";
import { objectSamples } from "./object-samples.ts";

const mib = 1024 ** 2;

const vmSpec = (name: string) => ({
  name,
  source: { kind: "blank" },
  diskSizeBytes: 64 * mib,
  sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * mib },
  cloudInit: { kind: "none" },
});

const diskForm = (name: string) => ({ name, source: { kind: "blank" }, sizeBytes: 64 * mib });

const anyText = { yaml: "a: 1", resourceVersion: "1" };

const textOf = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

type ObjectCall = (noun: ObjectNoun, project: string, name: string) => RequestParts;

/** The operations of catalogued nouns: asked of each noun. */
const objectCalls = {
  listObjects: (noun, _project, name) => ({ params: { noun }, query: { q: name } }),
  getObjectNoun: (noun, project) => ({ params: { noun }, query: project === noProject ? {} : { project } }),
  getObject: (noun, project, name) => ({ params: { noun, project, name } }),
  previewObject: (noun, project, name) => ({
    params: { noun, project },
    body: { spec: { ...objectSamples[noun].spec, name } },
  }),
  createObject: (noun, project, name) => ({
    params: { noun, project },
    body: { spec: { ...objectSamples[noun].spec, name } },
  }),
  previewObjectChange: (noun, project, name) => ({
    params: { noun, project, name },
    body: { spec: { ...objectSamples[noun].spec, name }, was: { ...objectSamples[noun].spec, name } },
  }),
  changeObject: (noun, project, name) => ({
    params: { noun, project, name },
    body: { spec: { ...objectSamples[noun].spec, name }, was: { ...objectSamples[noun].spec, name } },
  }),
  deleteObject: (noun, project, name) => ({ params: { noun, project, name } }),
  getObjectYaml: (noun, project, name) => ({ params: { noun, project, name } }),
  checkObjectYaml: (noun, project, name) => ({
    params: { noun, project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putObjectYaml: (noun, project, name) => ({
    params: { noun, project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  listObjectEvents: (noun, project, name) => ({ params: { noun, project, name } }),
} as const satisfies Partial<Record<OperationName, ObjectCall>>;

const settings = {
  description: "",
  labels: {},
  deleteProtected: false,
  runStrategy: "Halted",
  instanceType: "",
  preference: "",
  sockets: 1,
  cores: 1,
  threads: 1,
  memoryBytes: 128 * mib,
  bootOrder: [],
  firmware: "bios",
  evictionStrategy: "",
  terminationGracePeriodSeconds: null,
  hostname: "",
  subnet: "",
  ips: [],
  mac: "",
  securityGroups: [],
};

const secretsKind = { group: "core", version: "v1", plural: "secrets" };

/** A well-formed call of every operation, aimed at the foreign project. `name` stands for a thing that is or is not there. */
const calls: Record<
  Exclude<OperationName, keyof typeof objectCalls>,
  (project: string, name: string) => RequestParts
> = {
  getSession: () => ({}),
  signInWithToken: () => ({ body: { token: "no-such-token" } }),
  signOut: () => ({}),
  getPreferences: () => ({}),
  putPreferences: () => ({ body: {} }),
  getCapabilities: () => ({}),
  search: (_project, name) => ({ query: { q: name } }),
  listTasks: () => ({}),
  listActivity: (project) => ({ query: { project } }),
  listProjects: (project) => ({ query: { q: project } }),
  getProject: (project) => ({ params: { project } }),
  createProject: () => ({ body: { name: "made-by-a-stranger" } }),
  previewProject: () => ({ body: { name: "made-by-a-stranger" } }),
  editProject: (project) => ({ params: { project }, body: { displayName: "x", was: {} } }),
  getProjectDeletion: (project) => ({ params: { project } }),
  getProjectDeeds: (project) => ({ params: { project } }),
  getProjectYaml: (project) => ({ params: { project } }),
  checkProjectYaml: (project) => ({ params: { project }, body: anyText }),
  putProjectYaml: (project) => ({ params: { project }, body: anyText }),
  deleteProject: (project) => ({ params: { project } }),
  listVms: (_project, name) => ({ query: { q: name } }),
  actOnVms: (project, name) => ({ body: { action: "start", targets: [{ project, name }] } }),
  getVm: (project, name) => ({ params: { project, name } }),
  previewVm: (project, name) => ({ params: { project }, body: vmSpec(name) }),
  createVm: (project, name) => ({ params: { project }, body: vmSpec(name) }),
  getVmDeletionPlan: (project, name) => ({ params: { project, name } }),
  deleteVm: (project, name) => ({ params: { project, name }, body: { uid: "u", deleteDisks: [] } }),
  getVmYaml: (project, name) => ({ params: { project, name } }),
  checkVmYaml: (project, name) => ({
    params: { project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putVmYaml: (project, name) => ({ params: { project, name }, body: { yaml: "a: 1", resourceVersion: "1" } }),
  attachVmDisk: (project, name) => ({ params: { project, name }, body: { claim: name } }),
  detachVmDisk: (project, name) => ({ params: { project, name, disk: "data" } }),
  insertVmMedia: (project, name) => ({ params: { project, name, disk: "cd" }, body: { claim: name } }),
  ejectVmMedia: (project, name) => ({ params: { project, name, disk: "cd" } }),
  getVmNicChoices: (project, name) => ({ params: { project, name } }),
  attachVmNic: (project, name) => ({ params: { project, name }, body: { attachment: "net" } }),
  detachVmNic: (project, name) => ({ params: { project, name, nic: "net" } }),
  getVmRelations: (project, name) => ({ params: { project, name } }),
  listVmSnapshots: (project, name) => ({ params: { project, name } }),
  takeVmSnapshot: (project, name) => ({ params: { project, name }, body: { name: "s" } }),
  deleteVmSnapshot: (project, name) => ({ params: { project, name, snapshot: "s" } }),
  getVmSnapshotYaml: (project, name) => ({ params: { project, name, snapshot: "s" } }),
  restoreVmSnapshot: (project, name) => ({
    params: { project, name, snapshot: "s" },
    body: { stop: false },
  }),
  cloneVm: (project, name) => ({ params: { project, name }, body: { name: "copy" } }),
  getVmMigrations: (project, name) => ({ params: { project, name } }),
  getVmPending: (project, name) => ({ params: { project, name } }),
  getVmSettings: (project, name) => ({ params: { project, name } }),
  checkVmSettings: (project, name) => ({
    params: { project, name },
    body: { was: settings, values: settings },
  }),
  putVmSettings: (project, name) => ({
    params: { project, name },
    body: { was: settings, values: settings },
  }),
  listVmEvents: (project, name) => ({ params: { project, name } }),
  getVmGuest: (project, name) => ({ params: { project, name } }),
  createConsoleTicket: (project, name) => ({ params: { project, name }, body: { kind: "vnc" } }),
  getVmScreenshot: (project, name) => ({ params: { project, name } }),
  listImages: (_project, name) => ({ query: { q: name } }),
  getImage: (project, name) => ({ params: { project, name } }),
  listImageEvents: (project, name) => ({ params: { project, name } }),
  getImageYaml: (project, name) => ({ params: { project, name } }),
  checkImageYaml: (project, name) => ({ params: { project, name }, body: anyText }),
  putImageYaml: (project, name) => ({ params: { project, name }, body: anyText }),
  createImage: (project, name) => ({
    params: { project },
    body: { name, media: "disk", fileSizeBytes: 1024, diskSizeBytes: mib },
  }),
  uploadImage: (project, name) => ({
    params: { project, name },
    headers: { "content-type": "application/octet-stream" },
  }),
  importImage: (project, name) => ({
    params: { project },
    body: {
      name,
      media: "disk",
      diskSizeBytes: mib,
      source: { kind: "url", url: "https://images.example.com/a.qcow2" },
    },
  }),
  editImage: (project, name) => ({
    params: { project, name },
    body: {
      displayName: "x",
      defaultInstanceType: "",
      defaultPreference: "",
      was: { displayName: "", defaultInstanceType: "", defaultPreference: "" },
    },
  }),
  getImageAccess: (project) => ({ params: { project } }),
  grantImageAccess: (project) => ({ params: { project }, body: { kind: "User", name: "bob" } }),
  revokeImageAccess: (project, name) => ({ params: { project, name } }),
  deleteImage: (project, name) => ({ params: { project, name } }),
  listDisks: (_project, name) => ({ query: { q: name } }),
  previewDisk: (project, name) => ({ params: { project }, body: diskForm(name) }),
  createDisk: (project, name) => ({ params: { project }, body: diskForm(name) }),
  uploadDisk: (project, name) => ({
    params: { project, name },
    headers: { "content-type": "application/octet-stream" },
  }),
  getDisk: (project, name) => ({ params: { project, name } }),
  listDiskEvents: (project, name) => ({ params: { project, name } }),
  getDiskYaml: (project, name) => ({ params: { project, name } }),
  checkDiskYaml: (project, name) => ({
    params: { project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putDiskYaml: (project, name) => ({
    params: { project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  markStorageClass: (_project, name) => ({ params: { name }, body: { containers: true, machines: true } }),
  resizeDisk: (project, name) => ({ params: { project, name }, body: { sizeBytes: 2 * 1024 ** 3 } }),
  deleteDisk: (project, name) => ({ params: { project, name } }),
  listHosts: () => ({}),
  getHost: (_project, name) => ({ params: { name: `${name}-host` } }),
  getHostYaml: (_project, name) => ({ params: { name: `${name}-host` } }),
  checkHostYaml: (_project, name) => ({
    params: { name: `${name}-host` },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putHostYaml: (_project, name) => ({
    params: { name: `${name}-host` },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  listHostEvents: (_project, name) => ({ params: { name: `${name}-host` } }),
  deleteHost: (_project, name) => ({ params: { name: `${name}-host` } }),
  getHostUsage: (_project, name) => ({ params: { name: `${name}-host` } }),
  getVmUsage: (project, name) => ({ params: { project, name } }),
  getHostHeat: () => ({}),
  getTopMachines: (project) => ({ query: { project } }),
  getCapacity: () => ({}),
  getPlatformStatus: () => ({}),
  setHostCordon: (_project, name) => ({ params: { name: `${name}-host` }, body: { cordoned: true } }),
  planHostDrain: (_project, name) => ({ params: { name: `${name}-host` } }),
  getHostDrain: (_project, name) => ({ params: { name: `${name}-host` } }),
  startHostDrain: (_project, name) => ({ params: { name: `${name}-host` }, body: {} }),
  cancelHostDrain: (_project, name) => ({ params: { name: `${name}-host` } }),
  listObjectNouns: (project) => ({ query: { project } }),
  getObjectSchema: () => ({ query: { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine" } }),
  checkText: (project, name) => ({ body: { yaml: textOf(name), project } }),
  createText: (project, name) => ({ body: { yaml: textOf(name), project } }),
  listKinds: () => ({}),
  listAnyObjects: (project) => ({ params: secretsKind, query: { project } }),
  getAny: (project, name) => ({ params: { ...secretsKind, project, name } }),
  deleteAny: (project, name) => ({ params: { ...secretsKind, project, name }, query: { uid: "u" } }),
  getAnyYaml: (project, name) => ({ params: { ...secretsKind, project, name } }),
  checkAnyYaml: (project, name) => ({ params: { ...secretsKind, project, name }, body: anyText }),
  putAnyYaml: (project, name) => ({ params: { ...secretsKind, project, name }, body: anyText }),
  createPodLogTicket: (project, name) => ({ params: { project, name }, body: { container: "web" } }),
  createPodShellTicket: (project, name) => ({
    params: { project, name },
    body: { container: "web", command: "sh" },
  }),
  actOnWorkload: (project, name) => ({
    params: { project, name, noun: "deployment" },
    body: { deed: "restart" },
  }),
  listSecrets: (project) => ({ params: { project } }),
  createSecret: (project, name) => ({
    params: { project },
    body: { kind: "opaque", name, entries: [{ key: "a", value: "b" }] },
  }),
  getSecret: (project, name) => ({ params: { project, name } }),
  editSecret: (project, name) => ({
    params: { project, name },
    body: { resourceVersion: "1", set: [{ key: "a", value: "b" }] },
  }),
  deleteSecret: (project, name) => ({ params: { project, name }, query: { uid: "u" } }),
  showSecretValue: (project, name) => ({ params: { project, name }, body: { key: "a" } }),
  listSubnetChoices: (project) => ({ params: { project } }),
  listInstanceTypes: (project) => ({ params: { project } }),
  listPreferences: (project) => ({ params: { project } }),
  listStorageClasses: () => ({}),
  getTopology: (project) => ({ query: { project } }),
  listVpcs: (project) => ({ query: { project } }),
  getVpc: (_project, name) => ({ params: { name: `${name}-vpc` } }),
  getVpcSpace: (_project, name) => ({ params: { name: `${name}-vpc` } }),
  listSubnets: (_project, name) => ({ query: { q: name } }),
  getSubnet: (_project, name) => ({ params: { name: `${name}-net` } }),
};

/** Everybody's own, so that an answer is no leak; each is still searched for what must not be in it. */
const everybodysOwn = new Set<OperationName>([
  "getSession",
  "signInWithToken",
  "signOut",
  "getPreferences",
  "putPreferences",
  "getCapabilities",
  "getObjectSchema",
  "listKinds",
  "getTopMachines",
  "search",
  "listTasks",
  "listActivity",
  "listProjects",
  "listVms",
  "listImages",
  "listDisks",
  "listHosts",
  "listStorageClasses",
  "listVpcs",
  "getTopology",
  "listSubnets",
  "actOnVms",
  "listObjectNouns",
  "getObjectNoun",
  "listObjects",
]);

/** What an operation told of the foreign project to somebody who has nothing there; null where it told nothing. */
export function leakIn(name: OperationName, { status, body }: Answer<unknown>): string | null {
  if (!everybodysOwn.has(name)) return [401, 403, 404].includes(status) ? null : `answered with ${status}`;
  if (name === "actOnVms") return null; // it names what was asked for, and refuses it
  // which storage classes there are, everybody who has a project may know: he makes disks on them
  const secretWord = name === "listStorageClasses" ? secret : marker;
  return JSON.stringify(body).includes(secretWord) ? `said ${secretWord}` : null;
}

export const operationNames = Object.keys(endpointPaths) as OperationName[]; // keys of the contract's own table

const isObjectCall = (name: OperationName): name is keyof typeof objectCalls => name in objectCalls;

/** Every operation, those of catalogued nouns once for each noun. */
export const operationCases = operationNames.flatMap(
  (name): [string, OperationName, (project: string, thing: string) => RequestParts][] => {
    if (!isObjectCall(name)) return [[name, name, calls[name]]];
    const call: ObjectCall = objectCalls[name];
    return objectNouns.map((noun) => [
      `${name} of ${noun}`,
      name,
      (project, thing) => call(noun, objectCatalog[noun].namespaced ? project : noProject, thing),
    ]);
  },
);

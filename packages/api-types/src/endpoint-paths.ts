/**
 * Method and path of every operation of the console's API, and whether it changes the cluster. No zod here: the browser imports
 * this file at run time and the schemas in endpoints.ts only as types. `:x` is one path segment, validated and encoded by both sides.
 */
type Method = "POST" | "PUT" | "PATCH" | "DELETE";
type ApiPath = `/api/${string}`;

const reads = <const Path extends ApiPath>(path: Path) => ({ method: "GET", path, changes: false }) as const;

/** Leaves the cluster as it is: a question that has a body, a dry run, and what is one's own at the console. */
const asks = <const Verb extends Method, const Path extends ApiPath>(method: Verb, path: Path) =>
  ({ method, path, changes: false }) as const;

/** Where no answer comes, nobody knows whether it was done, and whoever asked is told so. */
const changes = <const Verb extends Method, const Path extends ApiPath>(method: Verb, path: Path) =>
  ({ method, path, changes: true }) as const;

export const endpointPaths = {
  getSession: reads("/api/session"),
  signInWithToken: asks("POST", "/api/session/token"),
  signOut: asks("DELETE", "/api/session"),
  getPreferences: reads("/api/preferences"),
  putPreferences: asks("PUT", "/api/preferences"),
  getCapabilities: reads("/api/capabilities"),
  search: reads("/api/search"),
  listTasks: reads("/api/tasks"),
  listActivity: reads("/api/activity"),

  listProjects: reads("/api/projects"),
  getProject: reads("/api/projects/:project"),
  createProject: changes("POST", "/api/projects"),
  previewProject: asks("POST", "/api/projects/preview"),
  editProject: changes("PUT", "/api/projects/:project"),
  /** What goes with it. */
  getProjectDeletion: reads("/api/projects/:project/deletion"),
  /** What the caller may do in it, and what he lacks. */
  getProjectDeeds: reads("/api/projects/:project/deeds"),
  getProjectYaml: reads("/api/projects/:project/yaml"),
  checkProjectYaml: asks("POST", "/api/projects/:project/yaml/check"),
  putProjectYaml: changes("PUT", "/api/projects/:project/yaml"),
  deleteProject: changes("DELETE", "/api/projects/:project"),

  listVms: reads("/api/vms"),
  actOnVms: changes("POST", "/api/vms/actions"),
  getVm: reads("/api/projects/:project/vms/:name"),
  previewVm: asks("POST", "/api/projects/:project/vms/preview"),
  createVm: changes("POST", "/api/projects/:project/vms"),
  /** A whole machine as YAML. */
  getVmDeletionPlan: reads("/api/projects/:project/vms/:name/deletion"),
  deleteVm: changes("POST", "/api/projects/:project/vms/:name/deletion"),
  getVmYaml: reads("/api/projects/:project/vms/:name/yaml"),
  checkVmYaml: asks("POST", "/api/projects/:project/vms/:name/yaml/check"),
  putVmYaml: changes("PUT", "/api/projects/:project/vms/:name/yaml"),
  getVmMigrations: reads("/api/projects/:project/vms/:name/migrations"),
  getVmPending: reads("/api/projects/:project/vms/:name/pending"),
  getVmSettings: reads("/api/projects/:project/vms/:name/settings"),
  checkVmSettings: asks("POST", "/api/projects/:project/vms/:name/settings/check"),
  putVmSettings: changes("PUT", "/api/projects/:project/vms/:name/settings"),
  attachVmDisk: changes("POST", "/api/projects/:project/vms/:name/disks"),
  detachVmDisk: changes("DELETE", "/api/projects/:project/vms/:name/disks/:disk"),
  insertVmMedia: changes("PUT", "/api/projects/:project/vms/:name/media/:disk"),
  ejectVmMedia: changes("DELETE", "/api/projects/:project/vms/:name/media/:disk"),
  getVmNicChoices: reads("/api/projects/:project/vms/:name/nic-choices"),
  attachVmNic: changes("POST", "/api/projects/:project/vms/:name/nics"),
  detachVmNic: changes("DELETE", "/api/projects/:project/vms/:name/nics/:nic"),
  getVmRelations: reads("/api/projects/:project/vms/:name/relations"),
  listVmSnapshots: reads("/api/projects/:project/vms/:name/snapshots"),
  takeVmSnapshot: changes("POST", "/api/projects/:project/vms/:name/snapshots"),
  deleteVmSnapshot: changes("DELETE", "/api/projects/:project/vms/:name/snapshots/:snapshot"),
  getVmSnapshotYaml: reads("/api/projects/:project/vms/:name/snapshots/:snapshot/yaml"),
  restoreVmSnapshot: changes("POST", "/api/projects/:project/vms/:name/snapshots/:snapshot/restore"),
  cloneVm: changes("POST", "/api/projects/:project/vms/:name/clone"),
  listVmEvents: reads("/api/projects/:project/vms/:name/events"),
  getVmGuest: reads("/api/projects/:project/vms/:name/guest"),
  createConsoleTicket: asks("POST", "/api/projects/:project/vms/:name/console-tickets"),
  /** Answers image/png. */
  getVmScreenshot: reads("/api/projects/:project/vms/:name/screenshot"),

  listImages: reads("/api/images"),
  getImage: reads("/api/projects/:project/images/:name"),
  listImageEvents: reads("/api/projects/:project/images/:name/events"),
  getImageYaml: reads("/api/projects/:project/images/:name/yaml"),
  checkImageYaml: asks("POST", "/api/projects/:project/images/:name/yaml/check"),
  putImageYaml: changes("PUT", "/api/projects/:project/images/:name/yaml"),
  createImage: changes("POST", "/api/projects/:project/images"),
  /** Body: the file, application/octet-stream, with Content-Length. */
  uploadImage: changes("PUT", "/api/projects/:project/images/:name/content"),
  importImage: changes("POST", "/api/projects/:project/images/imports"),
  editImage: changes("PUT", "/api/projects/:project/images/:name"),
  getImageAccess: reads("/api/projects/:project/image-access"),
  grantImageAccess: changes("POST", "/api/projects/:project/image-access"),
  revokeImageAccess: changes("DELETE", "/api/projects/:project/image-access/:name"),
  deleteImage: changes("DELETE", "/api/projects/:project/images/:name"),

  listDisks: reads("/api/disks"),
  previewDisk: asks("POST", "/api/projects/:project/disks/preview"),
  createDisk: changes("POST", "/api/projects/:project/disks"),
  /** Body: the file, application/octet-stream, with Content-Length. */
  uploadDisk: changes("PUT", "/api/projects/:project/disks/:name/content"),
  getDisk: reads("/api/projects/:project/disks/:name"),
  listDiskEvents: reads("/api/projects/:project/disks/:name/events"),
  getDiskYaml: reads("/api/projects/:project/disks/:name/yaml"),
  checkDiskYaml: asks("POST", "/api/projects/:project/disks/:name/yaml/check"),
  putDiskYaml: changes("PUT", "/api/projects/:project/disks/:name/yaml"),
  resizeDisk: changes("PUT", "/api/projects/:project/disks/:name/size"),
  deleteDisk: changes("DELETE", "/api/projects/:project/disks/:name"),

  listHosts: reads("/api/hosts"),
  getHost: reads("/api/hosts/:name"),
  getHostYaml: reads("/api/hosts/:name/yaml"),
  checkHostYaml: asks("POST", "/api/hosts/:name/yaml/check"),
  putHostYaml: changes("PUT", "/api/hosts/:name/yaml"),
  listHostEvents: reads("/api/hosts/:name/events"),
  setHostCordon: changes("PUT", "/api/hosts/:name/cordon"),
  /** Its Node, once the machine is gone. */
  deleteHost: changes("DELETE", "/api/hosts/:name"),
  getHostUsage: reads("/api/hosts/:name/usage"),
  getVmUsage: reads("/api/projects/:project/vms/:name/usage"),
  getHostHeat: reads("/api/host-heat"),
  getTopMachines: reads("/api/top-machines"),
  getCapacity: reads("/api/capacity"),
  getPlatformStatus: reads("/api/platform-status"),
  planHostDrain: reads("/api/hosts/:name/drain-plan"),
  getHostDrain: reads("/api/hosts/:name/drain"),
  startHostDrain: changes("POST", "/api/hosts/:name/drain"),
  cancelHostDrain: changes("DELETE", "/api/hosts/:name/drain"),

  listVpcs: reads("/api/vpcs"),
  getVpc: reads("/api/vpcs/:name"),
  getVpcSpace: reads("/api/vpcs/:name/space"),
  getTopology: reads("/api/topology"),
  listSubnets: reads("/api/subnets"),
  getSubnet: reads("/api/subnets/:name"),

  /** Catalogued nouns (object-catalog.ts); `:project` is `_` for what lies in none. */
  listObjectNouns: reads("/api/object-nouns"),
  getObjectNoun: reads("/api/object-nouns/:noun"),
  listObjects: reads("/api/objects/:noun"),
  getObject: reads("/api/objects/:noun/:project/:name"),
  previewObject: asks("POST", "/api/objects/:noun/:project/preview"),
  createObject: changes("POST", "/api/objects/:noun/:project"),
  previewObjectChange: asks("POST", "/api/objects/:noun/:project/:name/preview"),
  changeObject: changes("PUT", "/api/objects/:noun/:project/:name"),
  deleteObject: changes("DELETE", "/api/objects/:noun/:project/:name"),
  getObjectYaml: reads("/api/objects/:noun/:project/:name/yaml"),
  checkObjectYaml: asks("POST", "/api/objects/:noun/:project/:name/yaml/check"),
  putObjectYaml: changes("PUT", "/api/objects/:noun/:project/:name/yaml"),
  listObjectEvents: reads("/api/objects/:noun/:project/:name/events"),

  /** A new object of any kind, as text. */
  getObjectSchema: reads("/api/object-schema"),
  checkText: asks("POST", "/api/text/check"),
  createText: changes("POST", "/api/text"),
  /** Objects of any kind as text; `:group` is `core` for the one without a name, `:project` is `_` for what lies in none. */
  listKinds: reads("/api/kinds"),
  listAnyObjects: reads("/api/kinds/:group/:version/:plural"),
  getAny: reads("/api/kinds/:group/:version/:plural/:project/:name"),
  deleteAny: changes("DELETE", "/api/kinds/:group/:version/:plural/:project/:name"),
  getAnyYaml: reads("/api/kinds/:group/:version/:plural/:project/:name/yaml"),
  checkAnyYaml: asks("POST", "/api/kinds/:group/:version/:plural/:project/:name/yaml/check"),
  putAnyYaml: changes("PUT", "/api/kinds/:group/:version/:plural/:project/:name/yaml"),
  /** Opens what a container writes as a stream. */
  createPodLogTicket: asks("POST", "/api/projects/:project/pods/:name/log-tickets"),
  /** A shell in one of its containers. */
  createPodShellTicket: asks("POST", "/api/projects/:project/pods/:name/shell-tickets"),
  /** Scale, restart, suspend and the like. */
  actOnWorkload: changes("POST", "/api/projects/:project/workloads/:noun/:name/actions"),

  listSecrets: reads("/api/projects/:project/secrets"),
  createSecret: changes("POST", "/api/projects/:project/secrets"),
  getSecret: reads("/api/projects/:project/secrets/:name"),
  editSecret: changes("PUT", "/api/projects/:project/secrets/:name"),
  deleteSecret: changes("DELETE", "/api/projects/:project/secrets/:name"),
  /** One value in clear; a POST, so that it is audited and never cached. */
  showSecretValue: asks("POST", "/api/projects/:project/secrets/:name/value"),

  listSubnetChoices: reads("/api/projects/:project/subnet-choices"),
  listInstanceTypes: reads("/api/projects/:project/instance-types"),
  listPreferences: reads("/api/projects/:project/preferences"),
  /** Which disks a class is the default for. */
  markStorageClass: changes("PUT", "/api/storage-classes/:name/marks"),
  listStorageClasses: reads("/api/storage-classes"),
};

/** Set by the browser on what it asks by itself while nobody is there: such reads do not keep a session from going idle. */
export const unattendedHeader = "kubev-unattended";

export type OperationName = keyof typeof endpointPaths;

/** Paths that are not JSON operations: navigations and sockets. */
export const otherPaths = {
  /** Navigate here to sign in by the identity provider; `returnTo` is a path of the console. */
  oidcStart: "/api/session/oidc/start",
  oidcCallback: "/api/session/oidc/callback",
  /** The identity provider posts here whom it signed out; registered there as the client's back-channel logout URI. */
  oidcLogout: "/api/session/oidc/back-channel-logout",
  live: "/api/live",
  openApi: "/api/openapi.json",
} as const;

/**
 * Method and path of every operation of the console's API. No zod here: the browser imports this file at run time and
 * the schemas in endpoints.ts only as types. `:x` is one path segment, validated and encoded by both sides.
 */
export const endpointPaths = {
  getSession: { method: "GET", path: "/api/session" },
  signInWithToken: { method: "POST", path: "/api/session/token" },
  signOut: { method: "DELETE", path: "/api/session" },
  getPreferences: { method: "GET", path: "/api/preferences" },
  putPreferences: { method: "PUT", path: "/api/preferences" },
  getCapabilities: { method: "GET", path: "/api/capabilities" },
  search: { method: "GET", path: "/api/search" },
  listTasks: { method: "GET", path: "/api/tasks" },
  listActivity: { method: "GET", path: "/api/activity" },

  listProjects: { method: "GET", path: "/api/projects" },
  getProject: { method: "GET", path: "/api/projects/:project" },
  createProject: { method: "POST", path: "/api/projects" },
  previewProject: { method: "POST", path: "/api/projects/preview" },
  editProject: { method: "PUT", path: "/api/projects/:project" },
  /** What goes with it. */
  getProjectDeletion: { method: "GET", path: "/api/projects/:project/deletion" },
  /** What the caller may do in it, and what he lacks. */
  getProjectDeeds: { method: "GET", path: "/api/projects/:project/deeds" },
  getProjectYaml: { method: "GET", path: "/api/projects/:project/yaml" },
  checkProjectYaml: { method: "POST", path: "/api/projects/:project/yaml/check" },
  putProjectYaml: { method: "PUT", path: "/api/projects/:project/yaml" },
  deleteProject: { method: "DELETE", path: "/api/projects/:project" },

  listVms: { method: "GET", path: "/api/vms" },
  actOnVms: { method: "POST", path: "/api/vms/actions" },
  getVm: { method: "GET", path: "/api/projects/:project/vms/:name" },
  previewVm: { method: "POST", path: "/api/projects/:project/vms/preview" },
  createVm: { method: "POST", path: "/api/projects/:project/vms" },
  /** A whole machine as YAML. */
  getVmDeletionPlan: { method: "GET", path: "/api/projects/:project/vms/:name/deletion" },
  deleteVm: { method: "POST", path: "/api/projects/:project/vms/:name/deletion" },
  getVmYaml: { method: "GET", path: "/api/projects/:project/vms/:name/yaml" },
  checkVmYaml: { method: "POST", path: "/api/projects/:project/vms/:name/yaml/check" },
  putVmYaml: { method: "PUT", path: "/api/projects/:project/vms/:name/yaml" },
  getVmMigrations: { method: "GET", path: "/api/projects/:project/vms/:name/migrations" },
  getVmPending: { method: "GET", path: "/api/projects/:project/vms/:name/pending" },
  getVmSettings: { method: "GET", path: "/api/projects/:project/vms/:name/settings" },
  checkVmSettings: { method: "POST", path: "/api/projects/:project/vms/:name/settings/check" },
  putVmSettings: { method: "PUT", path: "/api/projects/:project/vms/:name/settings" },
  attachVmDisk: { method: "POST", path: "/api/projects/:project/vms/:name/disks" },
  detachVmDisk: { method: "DELETE", path: "/api/projects/:project/vms/:name/disks/:disk" },
  insertVmMedia: { method: "PUT", path: "/api/projects/:project/vms/:name/media/:disk" },
  ejectVmMedia: { method: "DELETE", path: "/api/projects/:project/vms/:name/media/:disk" },
  getVmNicChoices: { method: "GET", path: "/api/projects/:project/vms/:name/nic-choices" },
  attachVmNic: { method: "POST", path: "/api/projects/:project/vms/:name/nics" },
  detachVmNic: { method: "DELETE", path: "/api/projects/:project/vms/:name/nics/:nic" },
  getVmRelations: { method: "GET", path: "/api/projects/:project/vms/:name/relations" },
  listVmSnapshots: { method: "GET", path: "/api/projects/:project/vms/:name/snapshots" },
  takeVmSnapshot: { method: "POST", path: "/api/projects/:project/vms/:name/snapshots" },
  deleteVmSnapshot: { method: "DELETE", path: "/api/projects/:project/vms/:name/snapshots/:snapshot" },
  getVmSnapshotYaml: { method: "GET", path: "/api/projects/:project/vms/:name/snapshots/:snapshot/yaml" },
  restoreVmSnapshot: {
    method: "POST",
    path: "/api/projects/:project/vms/:name/snapshots/:snapshot/restore",
  },
  cloneVm: { method: "POST", path: "/api/projects/:project/vms/:name/clone" },
  listVmEvents: { method: "GET", path: "/api/projects/:project/vms/:name/events" },
  getVmGuest: { method: "GET", path: "/api/projects/:project/vms/:name/guest" },
  createConsoleTicket: { method: "POST", path: "/api/projects/:project/vms/:name/console-tickets" },
  /** Answers image/png. */
  getVmScreenshot: { method: "GET", path: "/api/projects/:project/vms/:name/screenshot" },

  listImages: { method: "GET", path: "/api/images" },
  getImage: { method: "GET", path: "/api/projects/:project/images/:name" },
  listImageEvents: { method: "GET", path: "/api/projects/:project/images/:name/events" },
  getImageYaml: { method: "GET", path: "/api/projects/:project/images/:name/yaml" },
  checkImageYaml: { method: "POST", path: "/api/projects/:project/images/:name/yaml/check" },
  putImageYaml: { method: "PUT", path: "/api/projects/:project/images/:name/yaml" },
  createImage: { method: "POST", path: "/api/projects/:project/images" },
  /** Body: the file, application/octet-stream, with Content-Length. */
  uploadImage: { method: "PUT", path: "/api/projects/:project/images/:name/content" },
  importImage: { method: "POST", path: "/api/projects/:project/images/imports" },
  editImage: { method: "PUT", path: "/api/projects/:project/images/:name" },
  getImageAccess: { method: "GET", path: "/api/projects/:project/image-access" },
  grantImageAccess: { method: "POST", path: "/api/projects/:project/image-access" },
  revokeImageAccess: { method: "DELETE", path: "/api/projects/:project/image-access/:name" },
  deleteImage: { method: "DELETE", path: "/api/projects/:project/images/:name" },

  listDisks: { method: "GET", path: "/api/disks" },
  previewDisk: { method: "POST", path: "/api/projects/:project/disks/preview" },
  createDisk: { method: "POST", path: "/api/projects/:project/disks" },
  /** Body: the file, application/octet-stream, with Content-Length. */
  uploadDisk: { method: "PUT", path: "/api/projects/:project/disks/:name/content" },
  getDisk: { method: "GET", path: "/api/projects/:project/disks/:name" },
  listDiskEvents: { method: "GET", path: "/api/projects/:project/disks/:name/events" },
  getDiskYaml: { method: "GET", path: "/api/projects/:project/disks/:name/yaml" },
  checkDiskYaml: { method: "POST", path: "/api/projects/:project/disks/:name/yaml/check" },
  putDiskYaml: { method: "PUT", path: "/api/projects/:project/disks/:name/yaml" },
  resizeDisk: { method: "PUT", path: "/api/projects/:project/disks/:name/size" },
  deleteDisk: { method: "DELETE", path: "/api/projects/:project/disks/:name" },

  listHosts: { method: "GET", path: "/api/hosts" },
  getHost: { method: "GET", path: "/api/hosts/:name" },
  getHostYaml: { method: "GET", path: "/api/hosts/:name/yaml" },
  checkHostYaml: { method: "POST", path: "/api/hosts/:name/yaml/check" },
  putHostYaml: { method: "PUT", path: "/api/hosts/:name/yaml" },
  listHostEvents: { method: "GET", path: "/api/hosts/:name/events" },
  setHostCordon: { method: "PUT", path: "/api/hosts/:name/cordon" },
  /** Its Node, once the machine is gone. */
  deleteHost: { method: "DELETE", path: "/api/hosts/:name" },
  getHostUsage: { method: "GET", path: "/api/hosts/:name/usage" },
  getVmUsage: { method: "GET", path: "/api/projects/:project/vms/:name/usage" },
  getHostHeat: { method: "GET", path: "/api/host-heat" },
  getTopMachines: { method: "GET", path: "/api/top-machines" },
  getCapacity: { method: "GET", path: "/api/capacity" },
  getPlatformStatus: { method: "GET", path: "/api/platform-status" },
  planHostDrain: { method: "GET", path: "/api/hosts/:name/drain-plan" },
  getHostDrain: { method: "GET", path: "/api/hosts/:name/drain" },
  startHostDrain: { method: "POST", path: "/api/hosts/:name/drain" },
  cancelHostDrain: { method: "DELETE", path: "/api/hosts/:name/drain" },

  listVpcs: { method: "GET", path: "/api/vpcs" },
  getVpc: { method: "GET", path: "/api/vpcs/:name" },
  getVpcSpace: { method: "GET", path: "/api/vpcs/:name/space" },
  getTopology: { method: "GET", path: "/api/topology" },
  listSubnets: { method: "GET", path: "/api/subnets" },
  getSubnet: { method: "GET", path: "/api/subnets/:name" },

  /** Catalogued nouns (object-catalog.ts); `:project` is `_` for what lies in none. */
  listObjectNouns: { method: "GET", path: "/api/object-nouns" },
  getObjectNoun: { method: "GET", path: "/api/object-nouns/:noun" },
  listObjects: { method: "GET", path: "/api/objects/:noun" },
  getObject: { method: "GET", path: "/api/objects/:noun/:project/:name" },
  previewObject: { method: "POST", path: "/api/objects/:noun/:project/preview" },
  createObject: { method: "POST", path: "/api/objects/:noun/:project" },
  previewObjectChange: { method: "POST", path: "/api/objects/:noun/:project/:name/preview" },
  changeObject: { method: "PUT", path: "/api/objects/:noun/:project/:name" },
  deleteObject: { method: "DELETE", path: "/api/objects/:noun/:project/:name" },
  getObjectYaml: { method: "GET", path: "/api/objects/:noun/:project/:name/yaml" },
  checkObjectYaml: { method: "POST", path: "/api/objects/:noun/:project/:name/yaml/check" },
  putObjectYaml: { method: "PUT", path: "/api/objects/:noun/:project/:name/yaml" },
  listObjectEvents: { method: "GET", path: "/api/objects/:noun/:project/:name/events" },

  /** A new object of any kind, as text. */
  getObjectSchema: { method: "GET", path: "/api/object-schema" },
  checkText: { method: "POST", path: "/api/text/check" },
  createText: { method: "POST", path: "/api/text" },
  /** Objects of any kind as text; `:group` is `core` for the one without a name, `:project` is `_` for what lies in none. */
  listKinds: { method: "GET", path: "/api/kinds" },
  listAnyObjects: { method: "GET", path: "/api/kinds/:group/:version/:plural" },
  getAny: { method: "GET", path: "/api/kinds/:group/:version/:plural/:project/:name" },
  deleteAny: { method: "DELETE", path: "/api/kinds/:group/:version/:plural/:project/:name" },
  getAnyYaml: { method: "GET", path: "/api/kinds/:group/:version/:plural/:project/:name/yaml" },
  checkAnyYaml: { method: "POST", path: "/api/kinds/:group/:version/:plural/:project/:name/yaml/check" },
  putAnyYaml: { method: "PUT", path: "/api/kinds/:group/:version/:plural/:project/:name/yaml" },
  /** Opens what a container writes as a stream. */
  createPodLogTicket: { method: "POST", path: "/api/projects/:project/pods/:name/log-tickets" },
  /** A shell in one of its containers. */
  createPodShellTicket: { method: "POST", path: "/api/projects/:project/pods/:name/shell-tickets" },
  /** Scale, restart, suspend and the like. */
  actOnWorkload: { method: "POST", path: "/api/projects/:project/workloads/:noun/:name/actions" },

  listSecrets: { method: "GET", path: "/api/projects/:project/secrets" },
  createSecret: { method: "POST", path: "/api/projects/:project/secrets" },
  getSecret: { method: "GET", path: "/api/projects/:project/secrets/:name" },
  editSecret: { method: "PUT", path: "/api/projects/:project/secrets/:name" },
  deleteSecret: { method: "DELETE", path: "/api/projects/:project/secrets/:name" },
  /** One value in clear; a POST, so that it is audited and never cached. */
  showSecretValue: { method: "POST", path: "/api/projects/:project/secrets/:name/value" },

  listSubnetChoices: { method: "GET", path: "/api/projects/:project/subnet-choices" },
  listInstanceTypes: { method: "GET", path: "/api/projects/:project/instance-types" },
  listPreferences: { method: "GET", path: "/api/projects/:project/preferences" },
  /** Which disks a class is the default for. */
  markStorageClass: { method: "PUT", path: "/api/storage-classes/:name/marks" },
  listStorageClasses: { method: "GET", path: "/api/storage-classes" },
} as const satisfies Record<
  string,
  { method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; path: `/api/${string}` }
>;

/** Set by the browser on what it asks by itself while nobody is there: such reads do not keep a session from going idle. */
export const unattendedHeader = "kubev-unattended";

export type OperationName = keyof typeof endpointPaths;

/** Paths that are not JSON operations: navigations and sockets. */
export const otherPaths = {
  /** Navigate here to sign in by the identity provider; `returnTo` is a path of the console. */
  oidcStart: "/api/session/oidc/start",
  oidcCallback: "/api/session/oidc/callback",
  live: "/api/live",
  openApi: "/api/openapi.json",
} as const;

/** The schemas of every operation, under the names of endpoint-paths.ts. The server validates with them; types flow from them. */
import { z } from "zod";
import { activityQuery, activityReply } from "./activity.ts";
import {
  anyDeleteQuery,
  anyObject,
  anyObjectParams,
  anyObjectsQuery,
  anyObjectsReply,
  kindParams,
  kindsReply,
} from "./any-objects.ts";
import { capabilitiesReply } from "./capabilities.ts";
import { capacityReply, heatReply } from "./capacity.ts";
import { consoleTicket, consoleTicketRequest } from "./consoles.ts";
import { diskCreate, diskCreated, diskPreview } from "./disk-create.ts";
import { diskDetail, diskResize } from "./disk-detail.ts";
import { diskList, storageClassChoice, storageClassMarks } from "./disks.ts";
import type { OperationName } from "./endpoint-paths.ts";
import { eventsReply } from "./events.ts";
import { drainOptions, drainPlan, drainQuery, drainReply, drainState } from "./host-drain.ts";
import { hostCordon, hostDetail, hostList, hostRow } from "./hosts.ts";
import { imageDetail } from "./image-detail.ts";
import {
  imageAccess,
  imageCreate,
  imageCreated,
  imageEdit,
  imageGrant,
  imageImport,
  imageList,
  imageUploaded,
  imageUploadQuery,
} from "./images.ts";
import { instanceTypeChoice, preferenceChoice } from "./instance-types.ts";
import { listQuery } from "./list-query.ts";
import { subnetChoice } from "./networks.ts";
import { objectSchema, objectSchemaQuery } from "./object-schema.ts";
import { newText, newTextMade, yamlCheck, yamlReply, yamlWrite } from "./object-yaml.ts";
import {
  objectDetail,
  objectDraft,
  objectList,
  objectNounParams,
  objectNounsQuery,
  objectNounReply,
  objectNounsReply,
  objectParams,
  objectPlace,
  objectPreview,
  objectRow,
} from "./objects.ts";
import { platformStatus } from "./platform-status.ts";
import { podShellTicketRequest } from "./pod-shell.ts";
import { podLogTicketRequest } from "./pod-streams.ts";
import { userPreferences } from "./preferences.ts";
import { workloadAction, workloadParams } from "./workloads.ts";
import {
  createProject,
  editProject,
  projectCreated,
  projectDeeds,
  projectDeletion,
  projectList,
  projectPreview,
  projectDetail,
  projectRow,
} from "./projects.ts";
import { labelName, resourceName } from "./resource-ref.ts";
import { searchQuery, searchReply } from "./search.ts";
import {
  secretCreate,
  secretCreated,
  secretDeleteQuery,
  secretDetail,
  secretEdit,
  secretList,
  secretListQuery,
  secretValue,
  secretValueRequest,
} from "./secrets.ts";
import { sessionReply, tokenSignIn } from "./session.ts";
import { subnetDetail, subnetList, vpcSpace, vpcSpaceQuery } from "./subnets.ts";
import { tasksReply } from "./tasks.ts";
import { topMachines, topMachinesQuery, usageQuery, usageReply } from "./usage.ts";
import {
  guestInfo,
  vmActionReply,
  vmActionRequest,
  vmDeleted,
  vmDeleteRequest,
  vmDeletionPlan,
  vmDetail,
  vmDiskAttach,
  vmList,
  vmMediaInsert,
  vmNicAttach,
  vmNicChoices,
} from "./virtual-machines.ts";
import { vmCreated, vmCreateSpec, vmPreview } from "./vm-create.ts";
import { vmRelations } from "./vm-relations.ts";
import { vmPending, vmSettings, vmSettingsCheck, vmSettingsSaved, vmSettingsWrite } from "./vm-settings.ts";
import {
  vmCloneRequest,
  vmCopyStarted,
  vmSnapshotRestore,
  vmSnapshots,
  vmSnapshotTake,
} from "./vm-snapshots.ts";
import { vmMigrations } from "./vm-migrations.ts";
import { topologyQuery, topologyReply } from "./topology.ts";
import { vpcDetail, vpcList } from "./vpcs.ts";

const none = z.null();
const inProject = z.object({ project: labelName });
const clusterNamed = z.object({ name: resourceName });
const named = z.object({ project: labelName, name: resourceName });

/** Each operation: path parameters, query, body and the reply of a success. A reply of `null` is 204. */
export const endpoints = {
  getSession: { reply: sessionReply },
  signInWithToken: { body: tokenSignIn, reply: sessionReply },
  signOut: { reply: none },
  getPreferences: { reply: userPreferences },
  putPreferences: { body: userPreferences, reply: userPreferences },
  getCapabilities: { reply: capabilitiesReply },
  search: { query: searchQuery, reply: searchReply },
  listTasks: { reply: tasksReply },
  listActivity: { query: activityQuery, reply: activityReply },

  listProjects: { query: listQuery, reply: projectList },
  getProject: { params: inProject, reply: projectDetail },
  createProject: { body: createProject, reply: projectCreated },
  previewProject: { body: createProject, reply: projectPreview },
  editProject: { params: inProject, body: editProject, reply: projectRow },
  getProjectDeletion: { params: inProject, reply: projectDeletion },
  getProjectYaml: { params: inProject, reply: yamlReply },
  checkProjectYaml: { params: inProject, body: yamlWrite, reply: yamlCheck },
  putProjectYaml: { params: inProject, body: yamlWrite, reply: yamlReply },
  getProjectDeeds: { params: inProject, reply: projectDeeds },
  deleteProject: { params: inProject, reply: none },

  listVms: { query: listQuery, reply: vmList },
  actOnVms: { body: vmActionRequest, reply: vmActionReply },
  getVm: { params: named, reply: vmDetail },
  previewVm: { params: inProject, body: vmCreateSpec, reply: vmPreview },
  createVm: { params: inProject, body: vmCreateSpec, reply: vmCreated },
  getVmDeletionPlan: { params: named, reply: vmDeletionPlan },
  deleteVm: { params: named, body: vmDeleteRequest, reply: vmDeleted },
  getVmYaml: { params: named, reply: yamlReply },
  checkVmYaml: { params: named, body: yamlWrite, reply: yamlCheck },
  putVmYaml: { params: named, body: yamlWrite, reply: yamlReply },
  getVmMigrations: { params: named, reply: vmMigrations },
  getVmPending: { params: named, reply: vmPending },
  getVmSettings: { params: named, reply: vmSettings },
  checkVmSettings: { params: named, body: vmSettingsWrite, reply: vmSettingsCheck },
  putVmSettings: { params: named, body: vmSettingsWrite, reply: vmSettingsSaved },
  attachVmDisk: { params: named, body: vmDiskAttach, reply: none },
  detachVmDisk: { params: named.extend({ disk: labelName }), reply: none },
  insertVmMedia: { params: named.extend({ disk: labelName }), body: vmMediaInsert, reply: none },
  ejectVmMedia: { params: named.extend({ disk: labelName }), reply: none },
  getVmNicChoices: { params: named, reply: vmNicChoices },
  attachVmNic: { params: named, body: vmNicAttach, reply: none },
  detachVmNic: { params: named.extend({ nic: labelName }), reply: none },
  getVmRelations: { params: named, reply: vmRelations },
  listVmSnapshots: { params: named, reply: vmSnapshots },
  takeVmSnapshot: { params: named, body: vmSnapshotTake, reply: none },
  deleteVmSnapshot: { params: named.extend({ snapshot: resourceName }), reply: none },
  getVmSnapshotYaml: { params: named.extend({ snapshot: resourceName }), reply: yamlReply },
  restoreVmSnapshot: {
    params: named.extend({ snapshot: resourceName }),
    body: vmSnapshotRestore,
    reply: vmCopyStarted,
  },
  cloneVm: { params: named, body: vmCloneRequest, reply: vmCopyStarted },
  listVmEvents: { params: named, reply: eventsReply },
  getVmGuest: { params: named, reply: guestInfo },
  createConsoleTicket: { params: named, body: consoleTicketRequest, reply: consoleTicket },
  getVmScreenshot: { params: named, reply: z.instanceof(Uint8Array) },

  listImages: { query: listQuery, reply: imageList },
  getImage: { params: named, reply: imageDetail },
  listImageEvents: { params: named, reply: eventsReply },
  getImageYaml: { params: named, reply: yamlReply },
  checkImageYaml: { params: named, body: yamlWrite, reply: yamlCheck },
  putImageYaml: { params: named, body: yamlWrite, reply: yamlReply },
  createImage: { params: inProject, body: imageCreate, reply: imageCreated },
  uploadImage: { params: named, query: imageUploadQuery, reply: imageUploaded },
  importImage: { params: inProject, body: imageImport, reply: imageCreated },
  editImage: { params: named, body: imageEdit, reply: none },
  getImageAccess: { params: inProject, reply: imageAccess },
  grantImageAccess: { params: inProject, body: imageGrant, reply: none },
  revokeImageAccess: { params: named, reply: none },
  deleteImage: { params: named, reply: none },

  listDisks: { query: listQuery, reply: diskList },
  previewDisk: { params: inProject, body: diskCreate, reply: diskPreview },
  createDisk: { params: inProject, body: diskCreate, reply: diskCreated },
  uploadDisk: { params: named, query: imageUploadQuery, reply: imageUploaded },
  getDisk: { params: named, reply: diskDetail },
  listDiskEvents: { params: named, reply: eventsReply },
  getDiskYaml: { params: named, reply: yamlReply },
  checkDiskYaml: { params: named, body: yamlWrite, reply: yamlCheck },
  putDiskYaml: { params: named, body: yamlWrite, reply: yamlReply },
  resizeDisk: { params: named, body: diskResize, reply: none },
  deleteDisk: { params: named, reply: none },

  listHosts: { query: listQuery, reply: hostList },
  getHost: { params: clusterNamed, reply: hostDetail },
  getHostYaml: { params: clusterNamed, reply: yamlReply },
  checkHostYaml: { params: clusterNamed, body: yamlWrite, reply: yamlCheck },
  putHostYaml: { params: clusterNamed, body: yamlWrite, reply: yamlReply },
  listHostEvents: { params: clusterNamed, reply: eventsReply },
  setHostCordon: { params: clusterNamed, body: hostCordon, reply: hostRow },
  deleteHost: { params: clusterNamed, reply: none },
  getHostUsage: { params: clusterNamed, query: usageQuery, reply: usageReply },
  getVmUsage: { params: named, query: usageQuery, reply: usageReply },
  getHostHeat: { reply: heatReply },
  getTopMachines: { query: topMachinesQuery, reply: topMachines },
  getCapacity: { reply: capacityReply },
  getPlatformStatus: { reply: platformStatus },
  planHostDrain: { params: clusterNamed, query: drainQuery, reply: drainPlan },
  getHostDrain: { params: clusterNamed, reply: drainReply },
  startHostDrain: { params: clusterNamed, body: drainOptions, reply: drainState },
  cancelHostDrain: { params: clusterNamed, reply: drainState },

  listVpcs: { query: listQuery, reply: vpcList },
  getVpc: { params: clusterNamed, reply: vpcDetail },
  getTopology: { query: topologyQuery, reply: topologyReply },
  getVpcSpace: { params: clusterNamed, query: vpcSpaceQuery, reply: vpcSpace },
  listSubnets: { query: listQuery, reply: subnetList },
  getSubnet: { params: clusterNamed, reply: subnetDetail },

  listObjectNouns: { query: objectNounsQuery, reply: objectNounsReply },
  getObjectNoun: { params: objectNounParams, query: objectNounsQuery, reply: objectNounReply },
  listObjects: { params: objectNounParams, query: listQuery, reply: objectList },
  getObject: { params: objectParams, reply: objectDetail },
  previewObject: { params: objectPlace, body: objectDraft, reply: objectPreview },
  createObject: { params: objectPlace, body: objectDraft, reply: objectRow },
  previewObjectChange: { params: objectParams, body: objectDraft, reply: objectPreview },
  changeObject: { params: objectParams, body: objectDraft, reply: objectRow },
  deleteObject: { params: objectParams, reply: none },
  getObjectYaml: { params: objectParams, reply: yamlReply },
  checkObjectYaml: { params: objectParams, body: yamlWrite, reply: yamlCheck },
  putObjectYaml: { params: objectParams, body: yamlWrite, reply: yamlReply },
  listObjectEvents: { params: objectParams, reply: eventsReply },

  getObjectSchema: { query: objectSchemaQuery, reply: objectSchema },
  checkText: { body: newText, reply: yamlCheck },
  createText: { body: newText, reply: newTextMade },
  listKinds: { reply: kindsReply },
  listAnyObjects: { params: kindParams, query: anyObjectsQuery, reply: anyObjectsReply },
  getAny: { params: anyObjectParams, reply: anyObject },
  deleteAny: { params: anyObjectParams, query: anyDeleteQuery, reply: none },
  getAnyYaml: { params: anyObjectParams, reply: yamlReply },
  checkAnyYaml: { params: anyObjectParams, body: yamlWrite, reply: yamlCheck },
  putAnyYaml: { params: anyObjectParams, body: yamlWrite, reply: yamlReply },
  createPodLogTicket: { params: named, body: podLogTicketRequest, reply: consoleTicket },
  createPodShellTicket: { params: named, body: podShellTicketRequest, reply: consoleTicket },
  actOnWorkload: { params: workloadParams, body: workloadAction, reply: none },

  listSecrets: { params: inProject, query: secretListQuery, reply: secretList },
  createSecret: { params: inProject, body: secretCreate, reply: secretCreated },
  getSecret: { params: named, reply: secretDetail },
  editSecret: { params: named, body: secretEdit, reply: none },
  deleteSecret: { params: named, query: secretDeleteQuery, reply: none },
  showSecretValue: { params: named, body: secretValueRequest, reply: secretValue },

  listSubnetChoices: { params: inProject, reply: z.object({ subnets: z.array(subnetChoice) }) },
  listInstanceTypes: { params: inProject, reply: z.object({ instanceTypes: z.array(instanceTypeChoice) }) },
  listPreferences: { params: inProject, reply: z.object({ preferences: z.array(preferenceChoice) }) },
  markStorageClass: { params: clusterNamed, body: storageClassMarks, reply: none },
  listStorageClasses: { reply: z.object({ storageClasses: z.array(storageClassChoice) }) },
} as const satisfies Record<
  OperationName,
  { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; reply: z.ZodType }
>;

type Part<Name extends OperationName, Key extends string> =
  (typeof endpoints)[Name] extends Record<Key, infer Schema extends z.ZodType> ? Schema : never;

/** What a caller passes, before defaults. */
export type ParamsOf<Name extends OperationName> = z.input<Part<Name, "params">>;
export type QueryOf<Name extends OperationName> = z.input<Part<Name, "query">>;
export type BodyOf<Name extends OperationName> = z.input<Part<Name, "body">>;
/** What a success answers. */
export type ReplyOf<Name extends OperationName> = z.output<Part<Name, "reply">>;

/** One disk read from the cluster as the caller: claim, DataVolume, volume, and what says why it is not ready. */
import type { DiskCause, DiskDetail, DiskFilling } from "@kubev/api-types/disk-detail";
import type { DiskRow } from "@kubev/api-types/disks";
import { sees } from "../access/scope.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import type { Caller } from "../identity/callers.ts";
import { conditionsOf, type RawCondition } from "../domain/conditions.ts";
import type { Quantity, RawObject } from "../inventory/raw.ts";
import { beside, clusterWords, isAway } from "../kube/beside.ts";
import type { KubeRequest } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { eventsBeside } from "./object-events.ts";
import { storageClassChoice } from "./storage-facts.ts";

export type RawClaim = RawObject<
  { volumeName: string; storageClassName: string; resources: { requests?: { storage?: Quantity } } },
  { phase: string; capacity: { storage?: Quantity }; conditions: RawCondition[] }
>;

interface RawSources {
  blank?: object;
  upload?: object;
  http?: { url?: string };
  registry?: { url?: string };
  pvc?: { namespace?: string; name?: string };
  snapshot?: { namespace?: string; name?: string };
}

export type RawDataVolume = RawObject<
  { source: RawSources; sourceRef: { namespace?: string; name?: string } },
  { phase: string; restartCount: number; conditions: RawCondition[] }
>;

type RawVolume = RawObject<
  { persistentVolumeReclaimPolicy: string; csi: { driver?: string; volumeHandle?: string } },
  { phase: string }
>;

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; message?: string };
}
type RawWorkerPod = RawObject<
  never,
  {
    phase: string;
    conditions: RawCondition[];
    containerStatuses: { state?: ContainerState; lastState?: ContainerState }[];
  }
>;

/** CDI leaves the names of its pods here; with populators the claim they work on has a name of its own. */
const podNameAnnotation = "cdi.kubevirt.io/storage.import.importPodName";
const maxEventCauses = 3;

/** Undefined for what is not there, or not the caller's to read. */
export async function readIfAllowed<Raw>(
  caller: Caller,
  type: ResourceType,
  name: string,
  project?: string,
  request: KubeRequest = {},
): Promise<Raw | undefined> {
  try {
    return await caller.client.json<Raw>(objectPath(type, name, project), request);
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}

export interface DiskObjects {
  claim: RawClaim | undefined;
  dataVolume: RawDataVolume | undefined;
}

/**
 * The claim and DataVolume of this name, as the caller.
 * @throws KubeError when neither is there for him, in the cluster's own words
 */
export async function readDisk(
  caller: Caller,
  project: string,
  name: string,
  ofDataVolume: KubeRequest = {},
): Promise<DiskObjects> {
  try {
    const claim = await caller.client.json<RawClaim>(objectPath(types.claim, name, project));
    const dataVolume = await readIfAllowed<RawDataVolume>(
      caller,
      types.dataVolume,
      name,
      project,
      ofDataVolume,
    );
    return { claim, dataVolume };
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 404)) throw error;
    const dataVolume = await caller.client.json<RawDataVolume>(objectPath(types.dataVolume, name, project));
    return { claim: undefined, dataVolume };
  }
}

/**
 * As `readDisk`, to be shown: where CDI fails, the claim is told of all the same. `unread` is why there is no DataVolume.
 * @throws KubeError when neither is there for the caller
 */
export async function readDiskToShow(
  caller: Caller,
  project: string,
  name: string,
): Promise<DiskObjects & { unread: string | null }> {
  const objects = await readDisk(caller, project, name, beside).catch(async (error: unknown) => {
    if (!isAway(error)) throw error;
    const claim = await readIfAllowed<RawClaim>(caller, types.claim, name, project);
    // it may still be made, which only CDI can tell
    if (claim === undefined) throw error;
    return { claim, dataVolume: undefined, unread: clusterWords(error) ?? "The cluster cannot be reached." };
  });
  return { unread: null, ...objects };
}

/** The pods that may fill it: those that CDI named, and the names it gives where it says nothing. */
function workerPods(name: string, { claim }: DiskObjects): string[] {
  const uid = claim?.metadata?.uid;
  const named = claim?.metadata?.annotations?.[podNameAnnotation];
  return [
    ...(named === undefined ? [] : [named]),
    ...(uid === undefined ? [] : [`importer-prime-${uid}`, `cdi-upload-prime-${uid}`]),
    `importer-${name}`,
  ].filter((pod, at, all) => all.indexOf(pod) === at);
}

/** Field selectors of the events that are the disk's. A machine may bear its name. */
export function diskEventSelectors(name: string, objects: DiskObjects): string[] {
  const uid = objects.claim?.metadata?.uid;
  return [
    `involvedObject.kind=PersistentVolumeClaim,involvedObject.name=${name}`,
    `involvedObject.kind=DataVolume,involvedObject.name=${name}`,
    ...[...(uid === undefined ? [] : [`prime-${uid}`]), ...workerPods(name, objects)].map(
      (other) => `involvedObject.name=${other}`,
    ),
  ];
}

function podCauses(pod: RawWorkerPod): DiskCause[] {
  const name = pod.metadata?.name ?? "";
  const unscheduled = (pod.status?.conditions ?? []).filter(
    (one) => one.type === "PodScheduled" && one.status === "False",
  );
  const states = (pod.status?.containerStatuses ?? []).flatMap(({ state, lastState }) =>
    [lastState?.terminated, state?.terminated, state?.waiting].filter((one) => one !== undefined),
  );
  return [...unscheduled, ...states].flatMap(({ reason, message }) =>
    message ? [{ kind: "Pod", name, reason: reason ?? "", message }] : [],
  );
}

export async function causesOf(
  caller: Caller,
  project: string,
  name: string,
  objects: DiskObjects,
): Promise<DiskCause[]> {
  const [pods, events = []] = await Promise.all([
    Promise.all(
      workerPods(name, objects).map(async (pod) =>
        readIfAllowed<RawWorkerPod>(caller, types.pod, pod, project),
      ),
    ),
    eventsBeside(caller.client, project, diskEventSelectors(name, objects)),
  ]);
  const conditions = [
    ...(objects.dataVolume?.status?.conditions ?? [])
      .filter((one) => one.type === "Running" && one.status === "False")
      .map((one) => ({ ...one, kind: "DataVolume" })),
    ...(objects.claim?.status?.conditions ?? []).map((one) => ({ ...one, kind: "PersistentVolumeClaim" })),
  ];
  const all: DiskCause[] = [
    ...conditions.flatMap(({ kind, reason, type, message }) =>
      message ? [{ kind, name, reason: reason || type || "", message }] : [],
    ),
    ...pods.flatMap((pod) => (pod === undefined ? [] : podCauses(pod))),
    ...events
      .filter((event) => event.type === "Warning" || event.reason === "WaitForFirstConsumer")
      .slice(0, maxEventCauses)
      .map(({ object, reason, message }) => ({ ...object, reason, message })),
  ];
  return all.filter((cause, at) => all.findIndex((one) => one.message === cause.message) === at);
}

export function fillingOf(dataVolume: RawDataVolume | undefined, project: string): DiskFilling {
  if (dataVolume === undefined) return null;
  const { source, sourceRef } = dataVolume.spec ?? {};
  const named = (ref: { namespace?: string; name?: string }) =>
    `${ref.namespace ?? project}/${ref.name ?? ""}`;
  if (sourceRef !== undefined) return { kind: "image", from: named(sourceRef) };
  if (source?.blank !== undefined) return { kind: "blank", from: "" };
  if (source?.upload !== undefined) return { kind: "upload", from: "" };
  if (source?.http !== undefined) return { kind: "url", from: source.http.url ?? "" };
  if (source?.registry !== undefined) return { kind: "registry", from: source.registry.url ?? "" };
  if (source?.pvc !== undefined) return { kind: "disk", from: named(source.pvc) };
  if (source?.snapshot !== undefined) return { kind: "snapshot", from: named(source.snapshot) };
  return { kind: "other", from: Object.keys(source ?? {}).join(", ") };
}

/** KubeVirt grows disks of running machines since ExpandDisks, which 1.9 has always on. Source: docs/storage, Disk expansion. */
async function growsLive({ capabilities }: Services): Promise<boolean> {
  const { version, featureGates } = await capabilities.kubevirt();
  const [major = 0, minor = 0] = (version ?? "").replace(/^v/, "").split(".").map(Number);
  return featureGates.includes("ExpandDisks") || major > 1 || (major === 1 && minor >= 9);
}

export async function diskDetailOf(
  services: Services,
  caller: Caller,
  row: DiskRow,
  objects: Awaited<ReturnType<typeof readDiskToShow>>,
): Promise<DiskDetail> {
  const { project, name } = row;
  const { claim, dataVolume, unread } = objects;
  const { feeds } = services.inventory;
  const volumeName = claim?.spec?.volumeName ?? "";
  const [machines, images, causes, volume, live] = await Promise.all([
    services.nouns.vms.scope(caller.rights),
    services.nouns.images.scope(caller.rights),
    row.state.status === "ready" ? [] : causesOf(caller, project, name, objects),
    volumeName === "" ? undefined : readIfAllowed<RawVolume>(caller, types.volume, volumeName),
    growsLive(services),
  ]);
  const users = services.nouns.vmIndex
    .usersOfClaim(project, name)
    .filter((machine) => sees(machines, project, machine));
  const isRunning = (machine: string) => {
    const instance = feeds.instances.table.get(project, machine);
    return instance !== undefined && isLivePhase(instance.phase);
  };
  const storageClass = feeds.storageClasses.table.get("", row.storageClass);
  const running = services.nouns.vmIndex.usersOfClaim(project, name).some(isRunning);
  const deletesVolume = volume?.spec?.persistentVolumeReclaimPolicy === "Delete";
  return {
    row,
    causes: unread === null ? causes : [{ kind: "DataVolume", name, reason: "", message: unread }, ...causes],
    source: fillingOf(dataVolume, project),
    dataVolume:
      dataVolume === undefined
        ? null
        : {
            phase: dataVolume.status?.phase ?? "",
            restarts: dataVolume.status?.restartCount ?? 0,
            conditions: conditionsOf(dataVolume.status?.conditions),
          },
    claim:
      claim === undefined
        ? null
        : {
            phase: claim.status?.phase ?? "",
            requestBytes: quantityOrZero(claim.spec?.resources?.requests?.storage),
            capacityBytes: quantityOrZero(claim.status?.capacity?.storage),
            volumeName,
            conditions: conditionsOf(claim.status?.conditions),
          },
    volume:
      volume === undefined
        ? null
        : {
            phase: volume.status?.phase ?? "",
            driver: volume.spec?.csi?.driver ?? "",
            handle: volume.spec?.csi?.volumeHandle ?? "",
            reclaimPolicy: volume.spec?.persistentVolumeReclaimPolicy ?? "",
          },
    storageClass: storageClass === undefined ? null : storageClassChoice(services, storageClass),
    machines: users.map((machine) => ({ name: machine, running: isRunning(machine) })),
    images: [...feeds.images.table.values()]
      .filter(
        (image) =>
          image.claimName === name &&
          image.claimNamespace === project &&
          sees(images, image.namespace, image.name),
      )
      .map((image) => ({ project: image.namespace, name: image.name })),
    snapshots: (await mayListSnapshots(caller, project))
      ? [...feeds.volumeSnapshots.table.values()]
          .filter((snapshot) => snapshot.namespace === project && snapshot.claim === name)
          .map(({ name: snapshot, ready, restoreBytes }) => ({ name: snapshot, ready, restoreBytes }))
          .toSorted((a, b) => a.name.localeCompare(b.name))
      : [],
    goes: [
      ...(dataVolume === undefined ? [] : [{ kind: "DataVolume", name }]),
      ...(claim === undefined ? [] : [{ kind: "PersistentVolumeClaim", name }]),
      ...(deletesVolume ? [{ kind: "PersistentVolume", name: volumeName }] : []),
    ],
    growthSeen: running
      ? live
        ? "at-once"
        : "after-restart"
      : row.volumeMode === "Block"
        ? "at-once"
        : "when-mounted",
  };
}

async function mayListSnapshots(caller: Caller, project: string): Promise<boolean> {
  const right = {
    verb: "list",
    group: "snapshot.storage.k8s.io",
    resource: "volumesnapshots",
    subresource: "",
  };
  return caller.rights.can(right, project);
}

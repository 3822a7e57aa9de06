/** Work under way, told from the cluster's own objects, so that it outlives every browser and every server. */
import type { DrainState } from "@kubev/api-types/host-drain";
import type { Noun } from "@kubev/api-types/resource-ref";
import type { Task } from "@kubev/api-types/tasks";
import { type Scope, sees } from "../access/scope.ts";
import { type Deletion, deletionReason, hangs } from "../domain/deletion.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { InstanceRecord, RecordBase, VmCopyRecord, VmSnapshotRecord } from "../domain/vm-records.ts";
import type { DiskEntry } from "../inventory/disks.ts";
import type { ImageEntry } from "../inventory/images.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import type { ProjectEntry } from "../inventory/projects.ts";
import type { VmEntry } from "../inventory/vm-index.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

const listOf = (group: string, resource: string): NeededRight => ({
  verb: "list",
  group,
  resource,
  subresource: "",
});
const listSnapshots = listOf("snapshot.kubevirt.io", "virtualmachinesnapshots");
const listRestores = listOf("snapshot.kubevirt.io", "virtualmachinerestores");
const listClones = listOf("clone.kubevirt.io", "virtualmachineclones");
const mostTasks = 200;

type Made = Omit<Task, "ref"> & { noun: Noun; project?: string; name: string; uid?: string };

const vmTaskKinds: Readonly<Record<string, Task["kind"]>> = {
  Starting: "start",
  Provisioning: "start",
  WaitingForVolumeBinding: "start",
  Stopping: "stop",
  Migrating: "migration",
};

/** When what a machine does began; null where the cluster does not say it: a machine without an instance only tells its age. */
function vmTaskStart(kind: Task["kind"], instance: InstanceRecord | null): string | null {
  if (instance === null) return null;
  if (kind === "stop") return instance.deletion?.startedAt || null;
  return (kind === "migration" ? instance.migratingSince : instance.createdAt) || null;
}

/** The deletion of anything; what takes too long waits for a person. */
function deletionTask(
  about: Pick<Made, "noun" | "project" | "name" | "uid">,
  deletion: Deletion,
  nowMs: number,
): Made {
  const reason = deletionReason(deletion);
  return {
    id: `${about.noun}/${about.uid ?? ""}/delete`,
    kind: "delete",
    ...about,
    progressPercent: null,
    tone: hangs(deletion, nowMs) ? "attention" : "working",
    ...(reason === undefined ? {} : { reason }),
    startedAt: deletion.startedAt || null,
  };
}

function vmTask({ state, uid, project, vm, instance }: VmEntry, nowMs: number): Made | null {
  if (vm.deletion !== null)
    return deletionTask({ noun: "virtual-machine", project, name: vm.name, uid }, vm.deletion, nowMs);
  const kind = vmTaskKinds[state.status];
  if (kind === undefined) return null;
  const percent = state.reason?.params?.["percent"];
  return {
    id: `vm/${uid}/${kind}`,
    kind,
    noun: "virtual-machine",
    project,
    name: vm.name,
    uid,
    progressPercent: typeof percent === "number" ? percent : null,
    tone: state.tone,
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    startedAt: vmTaskStart(kind, instance),
  };
}

function projectTask({ uid, record }: ProjectEntry, nowMs: number): Made | null {
  const { name, deletion } = record;
  return deletion === null
    ? null
    : deletionTask({ noun: "project", project: name, name, uid }, deletion, nowMs);
}

function imageTask({ state, uid, project, image }: ImageEntry, nowMs: number): Made | null {
  if (image.deletion !== null)
    return deletionTask({ noun: "image", project, name: image.name, uid }, image.deletion, nowMs);
  const { status } = state;
  if (status !== "uploading" && status !== "importing" && status !== "preparing") return null;
  return {
    id: `image/${uid}`,
    kind: status === "uploading" ? "upload" : "import",
    noun: "image",
    project,
    name: image.name,
    uid,
    progressPercent: state.progressPercent,
    tone: state.tone,
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    startedAt: image.createdAt,
  };
}

/** A disk that is being filled or goes; the disk of an image is told of with its image. */
function diskTask(entry: DiskEntry, nowMs: number): Made | null {
  const { state, uid, project, name, claim, dataVolume, image, progressPercent, createdAt } = entry;
  if (image !== null) return null;
  const deletion = claim?.deletion ?? dataVolume?.deletion;
  if (deletion != null) return deletionTask({ noun: "disk", project, name, uid }, deletion, nowMs);
  const common = {
    noun: "disk",
    project,
    name,
    uid,
    tone: state.tone,
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    startedAt: createdAt,
  } as const;
  const moves = state.status === "filling" || state.status === "uploading";
  if (!moves || dataVolume === undefined) return null;
  const { source } = dataVolume;
  const copied = source === "pvc" || source === "snapshot" || source === "sourceRef";
  const kind = source === "upload" ? "upload" : copied ? "clone" : "import";
  return { id: `disk/${uid}/${kind}`, kind, progressPercent, ...common };
}

function snapshotTask({ uid, namespace, name, phase, createdAt }: VmSnapshotRecord): Made | null {
  if (phase !== "InProgress") return null;
  return {
    id: `snapshot/${uid}`,
    kind: "snapshot",
    noun: "snapshot",
    project: namespace,
    name,
    uid,
    progressPercent: null,
    tone: "working",
    startedAt: createdAt,
  };
}

/** Named by the machine that it makes or sets back. */
function copyTask(kind: "restore" | "clone", record: VmCopyRecord): Made | null {
  if (!record.underWay) return null;
  return {
    id: `${kind}/${record.uid}`,
    kind,
    noun: "virtual-machine",
    project: record.namespace,
    name: record.machines.at(-1) ?? record.name,
    progressPercent: null,
    tone: "working",
    startedAt: record.createdAt,
  };
}

function drainTask(drain: DrainState): Made {
  const blocked = drain.items.find((item) => item.state === "blocked");
  return {
    id: `drain/${drain.host}/${drain.startedAt}`,
    kind: "drain",
    noun: "host",
    name: drain.host,
    progressPercent: drain.total === 0 ? null : Math.floor((drain.gone / drain.total) * 100),
    tone: blocked === undefined ? "working" : "attention",
    ...(blocked?.reason === undefined ? {} : { reason: blocked.reason }),
    startedAt: drain.startedAt,
  };
}

function* within<T>(
  all: Iterable<T>,
  isSeen: (one: T) => boolean,
  made: (one: T) => Made | null,
): Generator<Made> {
  for (const one of all) {
    const task = made(one);
    if (task !== null && isSeen(one)) yield task;
  }
}

const entriesOf = (scope: Scope) => (entry: ListEntry) => isVisible(entry, scope);
const recordsOf = (scope: Scope) => (record: RecordBase) => sees(scope, record.namespace, record.name);

export function taskOperations({ clock, nouns, inventory: { feeds }, endpoint, drains }: Services) {
  return {
    listTasks: {
      access: "session",
      handle: async ({ caller: { rights } }) => {
        for (const noun of [nouns.vms, nouns.images, nouns.disks, nouns.projects]) noun.flush();
        const [vms, images, disks, projects, hosts, snapshots, restores, clones] = await Promise.all([
          nouns.vms.scope(rights),
          nouns.images.scope(rights),
          nouns.disks.scope(rights),
          nouns.projects.scope(rights),
          nouns.hosts.scope(rights),
          rights.scope(listSnapshots),
          rights.scope(listRestores),
          rights.scope(listClones),
        ]);
        const nowMs = clock.nowMs();
        const made = [
          ...within(nouns.vms.index.values(), entriesOf(vms), (one) => vmTask(one, nowMs)),
          ...within(nouns.images.index.values(), entriesOf(images), (one) => imageTask(one, nowMs)),
          ...within(nouns.disks.index.values(), entriesOf(disks), (one) => diskTask(one, nowMs)),
          ...within(nouns.projects.index.values(), entriesOf(projects), (one) => projectTask(one, nowMs)),
          ...within(feeds.vmSnapshots.table.values(), recordsOf(snapshots), snapshotTask),
          ...within(feeds.vmRestores.table.values(), recordsOf(restores), (one) => copyTask("restore", one)),
          ...within(feeds.vmClones.table.values(), recordsOf(clones), (one) => copyTask("clone", one)),
          ...(hosts.all ? drains.running().map(drainTask) : []),
        ];
        return {
          tasks: made
            .toSorted((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? ""))
            .slice(0, mostTasks)
            .map(({ noun, project, name, uid, ...task }) => ({
              ...task,
              ref: {
                cluster: endpoint.id,
                noun,
                ...(project === undefined ? {} : { project }),
                name,
                ...(uid === undefined ? {} : { uid }),
              },
            })),
        };
      },
    },
  } satisfies Partial<Operations>;
}

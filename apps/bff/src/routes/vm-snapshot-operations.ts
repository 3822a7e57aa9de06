/** Snapshots of a machine: list, take, delete, and go back to one, in place or as a new machine; all as the caller. */
import type { Reason } from "@kubev/api-types/reason";
import type { VmCopy, VmSnapshotRow, VmSnapshots } from "@kubev/api-types/vm-snapshots";
import { isLivePhase } from "../domain/live-phase.ts";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import { newMachinePatches, restoreManifest, snapshotManifest } from "../domain/vm-copy-manifests.ts";
import type { CopyRight } from "../domain/vm-copy-rules.ts";
import { copyByState, copyRights, withRight } from "../domain/vm-copy-rules.ts";
import type { VmRecord } from "../domain/vm-records.ts";
import type { SettingsSpec } from "../domain/vm-settings.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { projectVm } from "../inventory/project-machines.ts";
import type { RawObject } from "../inventory/raw.ts";
import { beside, clusterWords, isAway } from "../kube/beside.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { resourceLabel, resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { readText } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";
import { refuseTakenName } from "./vm-clone-operations.ts";
import { cloneCopy, restoreCopy } from "./vm-copies.ts";

type RawSnapshot = RawObject<
  { source: { kind?: string; name?: string } },
  {
    phase: string;
    readyToUse: boolean;
    creationTime: string;
    error: { message?: string };
    indications: string[];
    sourceIndications: { indication?: string }[];
    snapshotVolumes: { includedVolumes?: string[]; excludedVolumes?: string[] };
    virtualMachineSnapshotContentName: string;
  }
>;

type RawContent = RawObject<{ source: { virtualMachine?: { spec?: SettingsSpec } } }>;

type RawVm = RawObject<
  Record<string, unknown>,
  { volumeSnapshotStatuses: { name?: string; enabled?: boolean; reason?: string }[] }
>;

const keptCopies = 20;

function stateOf(raw: RawSnapshot): VmSnapshotRow["state"] {
  if (raw.metadata?.deletionTimestamp !== undefined) return "deleting";
  if (raw.status?.phase === "Failed") return "failed";
  return raw.status?.readyToUse === true ? "ready" : "taking";
}

interface RowParts {
  vm: VmRecord;
  running: boolean;
  may: Readonly<Record<CopyRight, boolean>> | undefined;
  project: string;
}

function rowOf(raw: RawSnapshot, { vm, may, project }: RowParts): VmSnapshotRow {
  const { metadata, status } = raw;
  const state = stateOf(raw);
  const usable = state === "ready" ? allowed : denied("snapshot-not-complete");
  const inPlace = usable.allowed ? copyByState(vm) : usable;
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    createdAt: metadata?.creationTimestamp ?? "",
    takenAt: state === "ready" ? (status?.creationTime ?? null) : null,
    state,
    message: status?.error?.message ?? "",
    indications: (status?.sourceIndications ?? []).map(({ indication }) => indication ?? ""),
    included: status?.snapshotVolumes?.includedVolumes ?? [],
    excluded: status?.snapshotVolumes?.excludedVolumes ?? [],
    restore: withRight(inPlace, may, "restore", project),
    restoreToNew: withRight(usable, may, "restore", project),
    delete: withRight(
      state === "deleting" ? denied("snapshot-not-complete") : allowed,
      may,
      "delete",
      project,
    ),
  };
}

/** Copies by objects of one kind; none where the caller may not list it, and where it is not installed or fails that is noted. */
async function listed(
  caller: Caller,
  type: ResourceType,
  project: string,
  copyOf: (raw: never) => VmCopy,
): Promise<{ copies: VmCopy[]; notes: Reason[] }> {
  try {
    const { items = [] } = await caller.client.json<{ items?: never[] }>(
      collectionPath(type, project),
      beside,
    );
    return { copies: items.map(copyOf), notes: [] };
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return { copies: [], notes: [] };
    if (error instanceof KubeError && error.status === 404)
      return { copies: [], notes: [reasonOf("feed-absent", { resource: resourceLabel(type) })] };
    if (isAway(error))
      return {
        copies: [],
        notes: [reasonOf("feed-failing", { resource: resourceLabel(type) }, clusterWords(error))],
      };
    throw error;
  }
}

/** Disks that a snapshot would leave out, because their class takes none. */
function notesOf(vm: RawVm, record: VmRecord): Reason[] {
  const statuses = vm.status?.volumeSnapshotStatuses ?? [];
  const left = record.volumes.filter(
    ({ name, claim }) => claim !== "" && statuses.some((one) => one.name === name && one.enabled === false),
  );
  return left.length === 0
    ? []
    : [reasonOf("snapshot-without-disks", { disks: left.map(({ claim }) => claim).join(", ") })];
}

export function vmSnapshotOperations(services: Services) {
  const { inventory } = services;

  const readVm = async (caller: Caller, project: string, name: string) =>
    caller.client.json<RawVm>(objectPath(types.virtualMachine, name, project));
  const recordOf = (vm: RawVm) => projectVm(vm as Parameters<typeof projectVm>[0]); // the same object, read with other optional fields

  const isRunning = (project: string, name: string): boolean => {
    const instance = inventory.feeds.instances.table.get(project, name);
    return instance !== undefined && isLivePhase(instance.phase);
  };

  /** A snapshot of this machine; another machine's looks like one that is not there. */
  const snapshotOf = async (caller: Caller, project: string, vm: string, name: string) => {
    const snapshot = await caller.client.json<RawSnapshot>(objectPath(types.vmSnapshot, name, project));
    if (snapshot.spec?.source?.name !== vm) throw notFound();
    return snapshot;
  };

  return {
    listVmSnapshots: {
      access: "session",
      handle: async ({ caller, params: { project, name } }): Promise<VmSnapshots> => {
        const vm = await readVm(caller, project, name);
        const absent = inventory.feeds.vmSnapshots.state === "absent";
        const [{ items = [] }, restores, clones, rights] = await Promise.all([
          absent
            ? { items: [] }
            : caller.client.json<{ items?: RawSnapshot[] }>(collectionPath(types.vmSnapshot, project)),
          listed(caller, types.vmRestore, project, restoreCopy),
          listed(caller, types.vmClone, project, cloneCopy),
          caller.rights.table(copyRights, [project]),
        ]);
        const own = items.filter(
          ({ spec }) => spec?.source?.kind === "VirtualMachine" && spec.source.name === name,
        );
        const names = new Set(own.map(({ metadata }) => metadata?.name));
        const may = rights.get(project);
        const record = recordOf(vm);
        const running = isRunning(project, name);
        const copies = [
          ...restores.copies.filter((copy) => copy.target === name || names.has(copy.source)),
          ...clones.copies.filter((copy) => copy.target === name || copy.source === name),
        ];
        return {
          snapshots: own
            .map((raw) => rowOf(raw, { vm: record, running, may, project }))
            .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
          copies: copies.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, keptCopies),
          take: absent
            ? denied("component-absent", { component: "snapshots of machines" })
            : withRight(copyByState(record), may, "take", project),
          clone:
            inventory.feeds.vmClones.state === "absent"
              ? denied("component-absent", { component: "copies of machines" })
              : withRight(copyByState(record), may, "clone", project),
          notes: [
            ...(absent ? [reasonOf("feed-absent", { resource: resourceLabel(types.vmSnapshot) })] : []),
            ...notesOf(vm, record),
            ...restores.notes,
            ...clones.notes,
          ],
          running,
        };
      },
    },
    takeVmSnapshot: {
      access: "session",
      audit: ({ params: { project, name }, body }) => ({
        action: "snapshot",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: "/snapshot", new: body.name }],
      }),
      handle: async ({ caller, params: { project, name }, body }) => {
        // the cluster takes a snapshot of a machine that is not there, and waits for it (measured)
        await readVm(caller, project, name);
        try {
          await caller.client.json(collectionPath(types.vmSnapshot, project), {
            method: "POST",
            query: { fieldValidation: "Strict" },
            body: snapshotManifest(name, body.name),
          });
        } catch (error) {
          if (error instanceof KubeError && error.status === 409)
            throw new ApiProblem("invalid", { fields: [{ path: "name", reason: reasonOf("name-taken") }] });
          throw error;
        }
        return null;
      },
    },
    deleteVmSnapshot: {
      access: "session",
      audit: ({ params: { project, snapshot } }) => ({
        action: "delete",
        noun: "snapshot",
        project,
        name: snapshot,
        diff: [],
      }),
      handle: async ({ caller, params: { project, name, snapshot } }) => {
        const { metadata } = await snapshotOf(caller, project, name, snapshot);
        await caller.client.json(objectPath(types.vmSnapshot, snapshot, project), {
          method: "DELETE",
          body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: metadata?.uid ?? "" } },
        });
        return null;
      },
    },
    getVmSnapshotYaml: {
      access: "session",
      handle: async ({ caller, params: { project, name, snapshot } }) => {
        await snapshotOf(caller, project, name, snapshot);
        return readText(caller.client, objectPath(types.vmSnapshot, snapshot, project));
      },
    },
    restoreVmSnapshot: {
      access: "session",
      audit: ({ params: { project, name, snapshot }, body }) => ({
        action: "restore",
        noun: "virtual-machine",
        project,
        name: body.target ?? name,
        diff: [{ path: "/snapshot", new: snapshot }],
      }),
      handle: async ({ caller, params: { project, name, snapshot }, body }) => {
        const raw = await snapshotOf(caller, project, name, snapshot);
        if (stateOf(raw) !== "ready")
          throw new ApiProblem("conflict", { reason: reasonOf("snapshot-not-complete") });
        let patches: string[] = [];
        if (body.target === undefined) {
          if (isRunning(project, name) && !body.stop)
            throw new ApiProblem("conflict", { reason: reasonOf("vm-must-be-stopped") });
        } else {
          await refuseTakenName(caller, project, body.target, "target");
          const content = await caller.client.json<RawContent>(
            objectPath(types.vmSnapshotContent, raw.status?.virtualMachineSnapshotContentName ?? "", project),
          );
          patches = newMachinePatches(content.spec?.source?.virtualMachine?.spec ?? {}, body.start);
        }
        const target = body.target ?? name;
        const policy = body.target === undefined && body.stop ? "StopTarget" : "FailImmediate";
        const made = await caller.client.json<{ metadata?: { name?: string } }>(
          collectionPath(types.vmRestore, project),
          {
            method: "POST",
            query: { fieldValidation: "Strict" },
            body: restoreManifest(snapshot, target, policy, patches),
          },
        );
        return { name: made.metadata?.name ?? "", target };
      },
    },
  } satisfies Partial<Operations>;
}

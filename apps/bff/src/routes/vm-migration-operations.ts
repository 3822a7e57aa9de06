/** Live migration: what runs and ran, where the machine could go, and the requests themselves, all as the caller. */
import type { VmMigration, VmMigrations } from "@kubev/api-types/vm-migrations";
import { isMigrationOver, migrationStage } from "../domain/migration-stage.ts";
import type { MovingMachine } from "../domain/migration-targets.ts";
import type { Toleration } from "../domain/host-placement.ts";
import { hostnameLabel, migrationManifest } from "../domain/vm-copy-manifests.ts";
import { migrationTargets } from "../domain/migration-targets.ts";
import { denied, reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { hostFits } from "../inventory/host-fits.ts";
import { hostRights } from "../domain/host-state.ts";
import type { RawObject } from "../inventory/raw.ts";
import { mergeVmActions, vmDecisions } from "../inventory/vms.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

interface RawMigrationState {
  migrationUid?: string;
  sourceNode?: string;
  targetNode?: string;
  mode?: string;
  endTimestamp?: string;
  failureReason?: string;
}

type RawMigration = RawObject<
  { vmiName: string; addedNodeSelector: Record<string, string> },
  {
    phase: string;
    migrationState: RawMigrationState;
    phaseTransitionTimestamps: { phase?: string; phaseTransitionTimestamp?: string }[];
  }
>;

type RawMovingInstance = RawObject<
  {
    nodeSelector: Record<string, string>;
    tolerations: Partial<Toleration>[];
    domain: { cpu?: { model?: string } };
  },
  { migrationState: RawMigrationState; nodeName: string }
>;

const vmiLabel = "kubevirt.io/vmi-name";
/** Names of CPU models that stand for whatever the host has. */
const hostModels = new Set(["host-model", "host-passthrough", ""]);

async function migrationsOf(caller: Caller, project: string, name: string): Promise<RawMigration[]> {
  const { items = [] } = await caller.client.json<{ items?: RawMigration[] }>(
    collectionPath(types.migration, project),
    { query: { labelSelector: `${vmiLabel}=${name}` } },
  );
  return items.filter((item) => item.spec?.vmiName === name);
}

function migrationRow(raw: RawMigration, live: RawMigrationState | undefined): VmMigration {
  const { metadata, spec, status } = raw;
  const phase = status?.phase ?? "";
  // while it runs, only the instance knows where it goes; the migration's own copy is written at its end
  const state =
    live?.migrationUid === metadata?.uid ? { ...status?.migrationState, ...live } : status?.migrationState;
  const ended = status?.phaseTransitionTimestamps?.findLast((entry) => isMigrationOver(entry.phase ?? ""));
  return {
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
    stage: migrationStage(phase, metadata?.deletionTimestamp !== undefined),
    phase,
    sourceHost: state?.sourceNode ?? "",
    targetHost: state?.targetNode ?? "",
    wantedHost: spec?.addedNodeSelector?.[hostnameLabel] ?? "",
    createdAt: metadata?.creationTimestamp ?? "",
    endedAt: isMigrationOver(phase) ? (state?.endTimestamp ?? ended?.phaseTransitionTimestamp ?? null) : null,
    mode: state?.mode ?? "",
    message: state?.failureReason ?? "",
  };
}

function movingMachine(
  services: Services,
  project: string,
  name: string,
  raw: RawMovingInstance,
): MovingMachine {
  const pod = services.nouns.vmIndex.podOf(project, name);
  const model = raw.spec?.domain?.cpu?.model ?? "";
  return {
    host: raw.status?.nodeName ?? "",
    load: {
      key: name,
      isMachine: true,
      requests: { cpu: pod?.cpuCores ?? 0, memory: pod?.memoryBytes ?? 0 },
      nodeSelector: {
        ...raw.spec?.nodeSelector,
        ...(hostModels.has(model) ? {} : { [`cpu-model.node.kubevirt.io/${model}`]: "true" }),
      },
      tolerations: (raw.spec?.tolerations ?? []).map(
        ({ key = "", operator = "Equal", value = "", effect = "" }) => ({ key, operator, value, effect }),
      ),
      // a machine that migrates has its disks on every host
      volumes: [],
    },
  };
}

/** Asks for a migration, to `host` or wherever the scheduler says. @throws KubeError, KubeUnreachableError */
export async function requestMigration(
  services: Services,
  caller: Caller,
  target: { project: string; name: string },
  host: string | undefined,
): Promise<void> {
  const hostname =
    host === undefined
      ? undefined
      : (services.inventory.feeds.hosts.table.get("", host)?.labels[hostnameLabel] ?? host);
  // not the subresource: it wraps the webhook's refusals in a 500 (api-surface §1)
  await caller.client.json(collectionPath(types.migration, target.project), {
    method: "POST",
    timeoutMs: 20_000,
    body: migrationManifest(target.name, hostname),
  });
}

/** Gives up the migration under way; the machine stays where it is. @throws KubeError, ApiProblem */
export async function cancelMigration(
  caller: Caller,
  { project, name }: { project: string; name: string },
): Promise<void> {
  const active = (await migrationsOf(caller, project, name)).find(
    (raw) => !isMigrationOver(raw.status?.phase ?? ""),
  );
  if (active === undefined) throw new ApiProblem("conflict", { reason: reasonOf("vm-not-migrating") });
  await caller.client.json(objectPath(types.migration, active.metadata?.name ?? "", project), {
    method: "DELETE",
    body: {
      apiVersion: "v1",
      kind: "DeleteOptions",
      preconditions: { uid: active.metadata?.uid ?? "" },
    },
  });
}

export function vmMigrationOperations(services: Services) {
  const { nouns } = services;

  const instanceOf = async (caller: Caller, project: string, name: string) => {
    try {
      return await caller.client.json<RawMovingInstance>(
        objectPath(types.virtualMachineInstance, name, project),
      );
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return null;
      throw error;
    }
  };

  return {
    getVmMigrations: {
      access: "session",
      handle: async ({ caller, params: { project, name } }): Promise<VmMigrations> => {
        // as the caller first: who may not see the machine learns nothing of it
        await caller.client.json(objectPath(types.virtualMachine, name, project));
        const [raws, instance, seesHosts, may] = await Promise.all([
          migrationsOf(caller, project, name),
          instanceOf(caller, project, name),
          caller.rights.can(hostRights.list, ""),
          vmDecisions(caller.rights, [{ project, name }]),
        ]);
        nouns.vms.flush();
        nouns.hosts.flush();
        const entry = nouns.vmIndex.index.get(`${project}/${name}`);
        const actions = entry === undefined ? undefined : mergeVmActions(entry, may(project, name));
        const rows = raws
          .map((raw) => migrationRow(raw, instance?.status?.migrationState))
          .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
        const active = rows.find((row) => row.endedAt === null && !isMigrationOver(row.phase)) ?? null;
        return {
          migrate: actions?.migrate ?? denied("vm-no-instance"),
          cancel: actions?.cancelMigration ?? denied("vm-not-migrating"),
          active,
          history: rows.filter((row) => row !== active),
          hostsVisible: seesHosts,
          targets:
            !seesHosts || instance === null
              ? []
              : migrationTargets(
                  movingMachine(services, project, name, instance),
                  hostFits(nouns.hosts.index, services.clock.nowMs()),
                ),
        };
      },
    },
  } satisfies Partial<Operations>;
}

/** Media of CD-ROM drives and secondary interfaces: the machine's definition changed over the version that was read, as the caller. */
import type { VmNicChoices } from "@kubev/api-types/virtual-machines";
import type { DeviceSpec } from "../domain/vm-devices.ts";
import { nicEffect, withMedium, withNic, withoutMedium, withoutNic } from "../domain/vm-devices.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { conditionOf } from "../inventory/record-base.ts";
import { beside, clusterWords, isAway } from "../kube/beside.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceLabel, resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { attachableSource } from "./disk-attachment.ts";
import type { Operations } from "./operation.ts";

interface Target {
  project: string;
  name: string;
}

interface StoredVm {
  metadata?: RawMeta;
  spec?: { template?: { spec?: DeviceSpec } };
}

interface RawAttachment {
  metadata?: RawMeta;
  spec?: { config?: string };
}

/** Stores what `change` makes of the definition; somebody who was faster makes it a conflict. */
async function changeDevices(
  caller: Caller,
  { project, name }: Target,
  change: (spec: DeviceSpec) => DeviceSpec | Promise<DeviceSpec>,
): Promise<void> {
  const path = objectPath(types.virtualMachine, name, project);
  const vm = await caller.client.json<StoredVm>(path);
  const template = vm.spec?.template;
  const spec = await change(template?.spec ?? {});
  await caller.client.json(path, {
    method: "PUT",
    timeoutMs: 20_000,
    body: { ...vm, spec: { ...vm.spec, template: { ...template, spec } } },
  });
}

/** Whether it runs and can be moved; null while it does not run. */
async function migratable(caller: Caller, { project, name }: Target): Promise<boolean | null> {
  try {
    const { status } = await caller.client.json<{ status?: { phase?: string; conditions?: RawCondition[] } }>(
      objectPath(types.virtualMachineInstance, name, project),
    );
    if (!isLivePhase(status?.phase ?? "")) return null;
    return conditionOf(status?.conditions, "LiveMigratable")?.status === "True";
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

/** The CNI plugin that an attachment's configuration names, or ''. */
function pluginOf(config: string): string {
  try {
    const parsed = JSON.parse(config) as { type?: unknown; plugins?: { type?: unknown }[] }; // as: only looked at
    const type = parsed.type ?? parsed.plugins?.[0]?.type;
    return typeof type === "string" ? type : "";
  } catch {
    return ""; // Multus also takes configurations by name; then there is nothing to read
  }
}

const missing = (path: string, reason: ReturnType<typeof reasonOf>) =>
  new ApiProblem("invalid", { fields: [{ path, reason }] });

export function vmDeviceOperations(services: Services) {
  return {
    insertVmMedia: {
      access: "session",
      audit: ({ params: { project, name, disk }, body }) => ({
        action: "insertMedia",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: `/disks/${disk}`, new: body.claim }],
      }),
      handle: async ({ caller, params, body }) => {
        await changeDevices(caller, params, async (spec) => {
          const drive = spec.domain?.devices?.disks?.find(({ name }) => name === params.disk);
          if (drive?.["cdrom"] === undefined) throw new ApiProblem("not-found");
          if (spec.volumes?.some(({ name }) => name === params.disk))
            throw new ApiProblem("conflict", { reason: reasonOf("cdrom-full") });
          return withMedium(
            spec,
            params.disk,
            await attachableSource(services, caller, params.project, body.claim),
          );
        });
        return null;
      },
    },
    ejectVmMedia: {
      access: "session",
      audit: ({ params: { project, name, disk } }) => ({
        action: "ejectMedia",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: `/disks/${disk}`, old: disk }],
      }),
      handle: async ({ caller, params }) => {
        await changeDevices(caller, params, (spec) => {
          const drive = spec.domain?.devices?.disks?.find(({ name }) => name === params.disk);
          if (drive?.["cdrom"] === undefined) throw new ApiProblem("not-found");
          if (spec.volumes?.some(({ name }) => name === params.disk) !== true)
            throw new ApiProblem("conflict", { reason: reasonOf("cdrom-empty") });
          return withoutMedium(spec, params.disk);
        });
        return null;
      },
    },
    getVmNicChoices: {
      access: "session",
      handle: async ({ caller, params }): Promise<VmNicChoices> => {
        const vm = await caller.client.json<StoredVm>(
          objectPath(types.virtualMachine, params.name, params.project),
        );
        const effect = nicEffect(vm.spec?.template?.spec ?? {}, await migratable(caller, params));
        try {
          const { items = [] } = await caller.client.json<{ items?: RawAttachment[] }>(
            collectionPath(types.networkAttachment, params.project),
            beside,
          );
          return {
            attachments: items.map(({ metadata, spec }) => ({
              name: metadata?.name ?? "",
              type: pluginOf(spec?.config ?? ""),
            })),
            effect,
          };
        } catch (error) {
          if (isAway(error)) {
            const resource = resourceLabel(types.networkAttachment);
            const reason = reasonOf("feed-failing", { resource }, clusterWords(error));
            return { attachments: [], effect, reason };
          }
          if (!(error instanceof KubeError)) throw error;
          if (error.status === 404)
            return { attachments: [], effect, reason: reasonOf("network-attachments-absent") };
          if (error.status !== 403) throw error;
          const resource = types.networkAttachment.plural;
          const { project } = params;
          return {
            attachments: [],
            effect,
            reason: reasonOf("no-permission", { verb: "list", resource, project }, error.message),
          };
        }
      },
    },
    attachVmNic: {
      access: "session",
      audit: ({ params, body }) => ({
        action: "attachNic",
        noun: "virtual-machine",
        ...params,
        diff: [{ path: `/interfaces/${body.attachment}`, new: body.mac }],
      }),
      handle: async ({ caller, params, body }) => {
        // KubeVirt takes a network that is missing, and the machine then cannot start
        try {
          await caller.client.json(objectPath(types.networkAttachment, body.attachment, params.project));
        } catch (error) {
          // who may not look at networks may still name one: the cluster asks no right to use it
          const unseen = error instanceof KubeError && error.status === 403;
          if (!unseen && !(error instanceof KubeError && error.status === 404)) throw error;
          if (!unseen)
            throw missing("attachment", reasonOf("network-attachment-missing", { name: body.attachment }));
        }
        await changeDevices(caller, params, (spec) => withNic(spec, body));
        return null;
      },
    },
    detachVmNic: {
      access: "session",
      audit: ({ params: { project, name, nic } }) => ({
        action: "detachNic",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: `/interfaces/${nic}`, old: nic }],
      }),
      handle: async ({ caller, params }) => {
        const running = (await migratable(caller, params)) !== null;
        await changeDevices(caller, params, (spec) => {
          const network = spec.networks?.find(({ name }) => name === params.nic);
          if (network === undefined) throw new ApiProblem("not-found");
          if (network.multus === undefined)
            throw new ApiProblem("conflict", { reason: reasonOf("nic-of-pod-network") });
          return withoutNic(spec, params.nic, running);
        });
        return null;
      },
    },
  } satisfies Partial<Operations>;
}

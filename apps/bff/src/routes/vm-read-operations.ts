/** One machine, read from the cluster as the caller: overview, events, guest facts, screenshot, console ticket. */
import { consolePath } from "../consoles/console-socket.ts";
import { consoleProtocol, ticketProtocolPrefix } from "@kubev/api-types/consoles";
import type { GuestInfo } from "@kubev/api-types/virtual-machines";
import { reasonOf } from "../domain/reasons.ts";
import { vmActionRights } from "../domain/vm-actions.ts";
import { vmDetailOf } from "./vm-detail.ts";
import type { RawInstance, RawVm } from "./vm-detail.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Caller } from "../identity/callers.ts";
import type { Services } from "../services.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { withLaunchFailure } from "./launch-failure.ts";
import { eventsOf } from "./object-events.ts";
import type { Operations } from "./operation.ts";
import { readCloudInit } from "./cloud-init-facts.ts";

interface RawGuestInfo {
  guestAgentVersion?: string;
  hostname?: string;
  timezone?: string;
  os?: { prettyName?: string; name?: string; kernelRelease?: string };
  userList?: { userName?: string; loginTime?: number }[];
  fsInfo?: {
    disks?: { mountPoint?: string; fileSystemType?: string; usedBytes?: number; totalBytes?: number }[];
  };
}

const maxScreenshotBytes = 32 * 1024 * 1024;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Names whose events belong to a machine: itself and its instance, its launcher pods, its disks. */
function relatedNames(services: Services, project: string, name: string): string[] {
  const { feeds } = services.inventory;
  const pods = [...feeds.pods.table.values()].filter(
    (pod) => pod.namespace === project && pod.instance === name,
  );
  const vm = feeds.vms.table.get(project, name);
  const claims = (vm?.volumes ?? []).map((volume) => volume.claim).filter((claim) => claim !== "");
  return [...new Set([name, ...pods.map((pod) => pod.name), ...claims])].slice(0, 20);
}

/** virt-api says these in a plain-text 500; a person needs to know which it is. */
function guestProblem(error: unknown): unknown {
  if (!(error instanceof KubeError)) return error;
  if (/does not have guest agent connected/.test(error.message))
    return new ApiProblem("conflict", { reason: reasonOf("vm-no-agent", undefined, error.message) }, error);
  if (/VMI is not running/.test(error.message))
    return new ApiProblem("conflict", { reason: reasonOf("vm-is-stopped", undefined, error.message) }, error);
  if (/No graphics devices/.test(error.message))
    return new ApiProblem(
      "conflict",
      { reason: reasonOf("vm-no-graphics", undefined, error.message) },
      error,
    );
  return error;
}

async function instanceOf(caller: Caller, project: string, name: string): Promise<RawInstance | null> {
  try {
    return await caller.client.json<RawInstance>(objectPath(types.virtualMachineInstance, name, project));
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

export function vmReadOperations(services: Services) {
  return {
    getVm: {
      access: "session",
      handle: async ({ caller, params: { project, name }, signal }) => {
        const [vm, instance] = await Promise.all([
          caller.client.json<RawVm>(objectPath(types.virtualMachine, name, project)),
          instanceOf(caller, project, name),
        ]);
        const cloudInit = await readCloudInit(caller.client, project, vm);
        const detail = await vmDetailOf({ services, rights: caller.rights, vm, instance, cloudInit });
        const state = await withLaunchFailure(caller, project, vm, detail.row.state, instance, signal);
        return { ...detail, row: { ...detail.row, state } };
      },
    },
    listVmEvents: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) =>
        eventsOf(
          caller.client,
          project,
          relatedNames(services, project, name).map((object) => `involvedObject.name=${object}`),
        ),
    },
    getVmGuest: {
      access: "session",
      handle: async ({ caller, params: { project, name } }): Promise<GuestInfo> => {
        try {
          const raw = await caller.client.json<RawGuestInfo>(
            objectPath(types.instanceSubresource, name, project, "guestosinfo"),
            { timeoutMs: 12_000 },
          );
          return {
            hostname: raw.hostname ?? "",
            os: raw.os?.prettyName ?? raw.os?.name ?? "",
            kernel: raw.os?.kernelRelease ?? "",
            timezone: raw.timezone ?? "",
            agentVersion: raw.guestAgentVersion ?? "",
            users: (raw.userList ?? []).map((user) => ({
              name: user.userName ?? "",
              loginAt: user.loginTime === undefined ? null : new Date(user.loginTime * 1000).toISOString(),
            })),
            fileSystems: (raw.fsInfo?.disks ?? []).map((disk) => ({
              mountPoint: disk.mountPoint ?? "",
              type: disk.fileSystemType ?? "",
              usedBytes: disk.usedBytes ?? 0,
              totalBytes: disk.totalBytes ?? 0,
            })),
          };
        } catch (error) {
          throw guestProblem(error);
        }
      },
    },
    getVmScreenshot: {
      access: "session",
      handle: async ({ caller, params: { project, name }, signal }) => {
        try {
          const png = await caller.client.bytes(
            objectPath(types.instanceSubresource, name, project, "vnc", "screenshot"),
            maxScreenshotBytes,
            { accept: "*/*", timeoutMs: 15_000, signal },
          );
          if (!png.subarray(0, 4).equals(pngSignature)) throw new ApiProblem("upstream-error");
          return png;
        } catch (error) {
          throw guestProblem(error);
        }
      },
    },
    createConsoleTicket: {
      access: "session",
      handle: async ({ caller, params: { project, name }, body }) => {
        const right = body.kind === "vnc" ? vmActionRights.vnc : vmActionRights.serial;
        if (!(await caller.rights.can(right, project, name)))
          throw new ApiProblem("forbidden", {
            reason: reasonOf("no-permission", {
              verb: right.verb,
              resource: `${right.resource}/${right.subresource}`,
              project,
            }),
          });
        const instance = services.inventory.feeds.instances.table.get(project, name);
        if (instance === undefined) throw new ApiProblem("conflict", { reason: reasonOf("vm-is-stopped") });
        const { ticket, expiresAtMs } = await services.tickets.issue({
          sessionHash: caller.session.hash,
          cluster: services.endpoint.id,
          project,
          name,
          uid: instance.uid,
          kind: body.kind,
          takeOver: body.takeOver,
        });
        return {
          path: consolePath,
          protocols: [consoleProtocol, `${ticketProtocolPrefix}${ticket}`],
          expiresAt: new Date(expiresAtMs).toISOString(),
        };
      },
    },
  } satisfies Partial<Operations>;
}

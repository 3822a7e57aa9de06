/** Disks that join and leave a machine while it runs: KubeVirt's addvolume and removevolume, as the caller. */
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { attachableSource } from "./disk-attachment.ts";
import type { Operations } from "./operation.ts";
import type { RawVm } from "./vm-detail.ts";

export function vmDiskOperations(services: Services) {
  return {
    attachVmDisk: {
      access: "session",
      audit: ({ params: { project, name }, body }) => ({
        action: "attachDisk",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: `/disks/${body.claim}`, new: body.bus }],
      }),
      handle: async ({ caller, params: { project, name }, body }) => {
        const vm = await caller.client.json<RawVm>(objectPath(types.virtualMachine, name, project));
        const volumes = vm.spec?.template?.spec?.volumes ?? [];
        const inUse = volumes.some(
          (volume) => (volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName) === body.claim,
        );
        if (inUse)
          throw new ApiProblem("invalid", {
            fields: [{ path: "claim", reason: reasonOf("disk-attached-already") }],
          });
        const volumeSource = await attachableSource(services, caller, project, body.claim);
        // volume names are labels: at most 63 characters, no dots
        const base = body.claim.replaceAll(".", "-").slice(0, 60).replace(/-+$/, "");
        const taken = new Set(volumes.map((volume) => volume.name));
        let volumeName = base;
        for (let n = 2; taken.has(volumeName); n++) volumeName = `${base}-${n}`;
        await caller.client.done(objectPath(types.vmSubresource, name, project, "addvolume"), {
          method: "PUT",
          accept: "*/*",
          timeoutMs: 20_000,
          body: { name: volumeName, disk: { name: volumeName, disk: { bus: body.bus } }, volumeSource },
        });
        return null;
      },
    },
    detachVmDisk: {
      access: "session",
      audit: ({ params: { project, name, disk } }) => ({
        action: "detachDisk",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: `/disks/${disk}`, old: disk }],
      }),
      handle: async ({ caller, params: { project, name, disk } }) => {
        await caller.client.done(objectPath(types.vmSubresource, name, project, "removevolume"), {
          method: "PUT",
          accept: "*/*",
          timeoutMs: 20_000,
          body: { name: disk },
        });
        return null;
      },
    },
  } satisfies Partial<Operations>;
}

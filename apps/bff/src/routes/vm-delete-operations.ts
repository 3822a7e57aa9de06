/** Deleting a machine: what goes with it is named first, and every disk that was not chosen is set free before. */
import type { VmDeletionPlan, VmDeleted } from "@kubev/api-types/virtual-machines";
import { sees } from "../access/scope.ts";
import { isDeleteProtected } from "../domain/cluster-labels.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import { diskRights } from "../inventory/disks.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { overNewest } from "../kube/over-newest.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { deleteDisk } from "./disk-deletion.ts";
import { inSteps, type Step } from "./in-steps.ts";
import { liveInstance } from "./live-instance.ts";
import type { Operations } from "./operation.ts";
import { reasonOfOutcome } from "./trail-outcome.ts";
import type { RawVm } from "./vm-detail.ts";

interface RawOwned {
  metadata?: RawMeta;
}

function claimsOf(vm: RawVm): string[] {
  return (vm.spec?.template?.spec?.volumes ?? []).flatMap((volume) => {
    const claim = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
    return claim === undefined ? [] : [claim];
  });
}

function secretsOf(vm: RawVm): string[] {
  return (vm.spec?.template?.spec?.volumes ?? []).flatMap((volume) => {
    const name = (volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive)?.secretRef?.name;
    return name === undefined ? [] : [name];
  });
}

/** Secrets that go with the machine because it owns them. What the caller may not read is unknown, so not promised. */
async function ownedSecrets(caller: Caller, project: string, vm: RawVm): Promise<string[]> {
  const owned = await Promise.all(
    secretsOf(vm).map(async (name) => {
      try {
        const secret = await caller.client.json<RawOwned>(objectPath(types.secret, name, project));
        const owners = secret.metadata?.ownerReferences ?? [];
        return owners.some((owner) => owner.uid === vm.metadata?.uid) ? [name] : [];
      } catch (error) {
        if (error instanceof KubeError) return [];
        throw error;
      }
    }),
  );
  return owned.flat();
}

async function planOf(
  services: Services,
  caller: Caller,
  vm: RawVm,
): Promise<Omit<VmDeletionPlan, "shutdownSeconds">> {
  const { inventory, nouns } = services;
  const project = vm.metadata?.namespace ?? "";
  const name = vm.metadata?.name ?? "";
  nouns.vms.flush();
  const templates = new Set((vm.spec?.dataVolumeTemplates ?? []).map((template) => template.metadata?.name));
  const [mayDeleteDisks, machines, secrets] = await Promise.all([
    caller.rights.can(diskRights.delete, project),
    nouns.vms.scope(caller.rights),
    ownedSecrets(caller, project, vm),
  ]);
  const instance = inventory.feeds.instances.table.get(project, name);
  const pod = nouns.vmIndex.podOf(project, name);
  return {
    name,
    project,
    uid: vm.metadata?.uid ?? "",
    running: instance !== undefined && isLivePhase(instance.phase),
    protected: isDeleteProtected(vm.metadata?.labels),
    disks: claimsOf(vm).map((claim) => {
      const usedBy = nouns.vmIndex.usersOfClaim(project, claim).filter((user) => user !== name);
      const record = inventory.feeds.claims.table.get(project, claim);
      const dataVolume = inventory.feeds.dataVolumes.table.get(project, claim);
      return {
        name: claim,
        sizeBytes: record?.capacityBytes || record?.requestBytes || dataVolume?.requestBytes || null,
        usedBy: usedBy.filter((user) => sees(machines, project, user)),
        ownedByVm: templates.has(claim) || dataVolume?.ownerName === name,
        mayDelete: !mayDeleteDisks
          ? denied("no-permission", { verb: "delete", resource: "persistentvolumeclaims", project })
          : usedBy.length > 0
            ? denied(
                "disk-kept-shared",
                usedBy.every((user) => sees(machines, project, user)) ? { by: usedBy.join(", ") } : {},
              )
            : allowed,
      };
    }),
    snapshots: [...inventory.feeds.vmSnapshots.table.values()]
      .filter((snapshot) => snapshot.namespace === project && snapshot.vm === name)
      .map((snapshot) => snapshot.name),
    alsoGoes: [
      ...(instance === undefined ? [] : [{ kind: "VirtualMachineInstance", name }]),
      ...(pod === null ? [] : [{ kind: "Pod", name: pod.name }]),
      ...secrets.map((secret) => ({ kind: "Secret", name: secret })),
    ],
  };
}

/** Takes the machine out of an object's owners, so that garbage collection leaves the object alone. */
async function setFree(
  caller: Caller,
  { project, claim, vmUid }: { project: string; claim: string; vmUid: string },
  step: Step,
): Promise<void> {
  for (const type of [types.dataVolume, types.claim]) {
    const path = objectPath(type, claim, project);
    try {
      await overNewest(
        async () => caller.client.json<RawOwned>(path),
        async ({ metadata }) => {
          const owners = metadata?.ownerReferences ?? [];
          const others = owners.filter((owner) => owner.uid !== vmUid);
          if (others.length === owners.length) return;
          await step(
            caller.client.json(path, {
              method: "PATCH",
              contentType: "application/merge-patch+json",
              body: { metadata: { ownerReferences: others, resourceVersion: metadata?.resourceVersion } },
            }),
          );
        },
      );
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 404) throw error;
    }
  }
}

export function vmDeleteOperations(services: Services) {
  const read = async (caller: Caller, project: string, name: string) =>
    caller.client.json<RawVm>(objectPath(types.virtualMachine, name, project));

  return {
    getVmDeletionPlan: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) => {
        const plan = await planOf(services, caller, await read(caller, project, name));
        // the running instance's own: the machine may be defined otherwise since it started
        const instance = plan.running ? await liveInstance(caller, { project, name }) : null;
        return { ...plan, shutdownSeconds: instance?.spec?.terminationGracePeriodSeconds ?? null };
      },
    },
    deleteVm: {
      access: "session",
      audit: ({ params, body }) => ({
        action: "delete",
        noun: "virtual-machine",
        ...params,
        diff: body.deleteDisks.map((disk, i) => ({ path: `/disks/${i}`, old: disk })),
      }),
      handle: async ({ caller, params: { project, name }, body, audit }) => {
        const vm = await read(caller, project, name);
        if (vm.metadata?.uid !== body.uid) throw new ApiProblem("conflict", { reason: reasonOf("vm-gone") });
        const plan = await planOf(services, caller, vm);
        if (plan.protected) throw new ApiProblem("conflict", { reason: reasonOf("vm-delete-protected") });
        const chosen = new Set(body.deleteDisks);
        for (const disk of chosen) {
          const planned = plan.disks.find((one) => one.name === disk);
          if (planned === undefined)
            throw new ApiProblem("invalid", {
              fields: [{ path: "deleteDisks", reason: reasonOf("disk-missing", { name: disk }) }],
            });
          if (!planned.mayDelete.allowed)
            throw new ApiProblem("conflict", { reason: planned.mayDelete.reason });
        }
        const vmPath = objectPath(types.virtualMachine, name, project);
        const options = {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid: body.uid },
          propagationPolicy: "Background",
        };
        // a refusal must leave everything as it is; beside a body the cluster reads no dryRun from the query
        await caller.client.json(vmPath, {
          method: "DELETE",
          query: { dryRun: "All" },
          body: { ...options, dryRun: ["All"] },
        });
        // the order matters: what is kept is free before its owner goes
        await inSteps(async (step) => {
          for (const { name: claim } of plan.disks)
            if (!chosen.has(claim)) await setFree(caller, { project, claim, vmUid: body.uid }, step);
          await caller.client.json(vmPath, { method: "DELETE", body: options });
        });
        // also those it owns: what a template names need not be owned by this machine
        const disksLeft: VmDeleted["disksLeft"] = [];
        for (const disk of chosen)
          try {
            await deleteDisk(caller, project, disk);
          } catch (error) {
            const problem = problemOf(error);
            disksLeft.push({ name: disk, reason: reasonOfOutcome(problem) ?? { code: problem.code } });
          }
        if (audit !== null && disksLeft.length > 0)
          audit.diff = audit.diff.filter(({ old }) => disksLeft.every(({ name: left }) => left !== old));
        return { disksLeft };
      },
    },
  } satisfies Partial<Operations>;
}

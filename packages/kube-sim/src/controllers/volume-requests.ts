/**
 * Requests for disks that come or go: what they make of a machine's spec, and virt-controller's part where they wait in a VM's
 * status (the deprecated gate HotplugVolumes). Source: ApplyVolumeRequestOnVMISpec, handleVolumeRequests and
 * trimDoneVolumeRequests of KubeVirt.
 */
import type { KubeObject } from "../store/kube-object.ts";
import { vmiKind, vmKind } from "./kinds.ts";
import type { Disk, VirtualMachine, VirtualMachineInstance, Volume } from "./kubevirt-shapes.ts";
import type { TypedStore } from "./typed-store.ts";
import type { SyncFailure } from "./vm-conditions.ts";

export interface AddVolumeOptions {
  name: string;
  disk: Omit<Disk, "name"> & { name?: string };
  volumeSource: Pick<Volume, "dataVolume" | "persistentVolumeClaim">;
  dryRun?: string[];
}

export interface VolumeRequest {
  addVolumeOptions?: AddVolumeOptions;
  removeVolumeOptions?: { name: string; dryRun?: string[] };
}

export interface SpecWithDisks {
  volumes?: Volume[];
  domain: { devices: { disks?: Disk[] } };
}

export const requestedName = ({ addVolumeOptions, removeVolumeOptions }: VolumeRequest): string =>
  addVolumeOptions?.name ?? removeVolumeOptions?.name ?? "";

function hotpluggable({ dataVolume, persistentVolumeClaim }: AddVolumeOptions["volumeSource"]) {
  if (persistentVolumeClaim)
    return { persistentVolumeClaim: { ...persistentVolumeClaim, hotpluggable: true } };
  return dataVolume ? { dataVolume: { ...dataVolume, hotpluggable: true } } : {};
}

/** The spec with the disk or without it; unchanged where what is asked for is there. */
export function withVolumeRequest<Spec extends SpecWithDisks>(spec: Spec, request: VolumeRequest): Spec {
  const name = requestedName(request);
  const { volumes = [], domain } = spec;
  const { disks = [] } = domain.devices;
  const withDisks = (nextVolumes: Volume[], nextDisks: Disk[]): Spec => ({
    ...spec,
    volumes: nextVolumes,
    domain: { ...domain, devices: { ...domain.devices, disks: nextDisks } },
  });
  const add = request.addVolumeOptions;
  if (add === undefined)
    return withDisks(
      volumes.filter((volume) => volume.name !== name),
      disks.filter((disk) => disk.name !== name),
    );
  if (volumes.some((volume) => volume.name === name)) return spec;
  return withDisks(
    [...volumes, { name, ...hotpluggable(add.volumeSource) }],
    [...disks, { ...add.disk, name }],
  );
}

const bumped = (object: KubeObject) => ({
  ...object.metadata,
  generation: (object.metadata.generation ?? 1) + 1,
});

/** Carries what waits in the VM's status into its instance, by virt-api as upstream, and into the VM. */
export function carryOutVolumeRequests(
  store: TypedStore,
  virtApi: TypedStore,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): SyncFailure | undefined {
  const requests = vm.status?.volumeRequests ?? [];
  if (requests.length === 0) return undefined;
  if (vmi !== undefined && vmi.metadata.deletionTimestamp === undefined) {
    const there = new Set((vmi.spec.volumes ?? []).map(({ name }) => name));
    const open = requests.filter(
      (request) => there.has(requestedName(request)) !== (request.addVolumeOptions !== undefined),
    );
    if (open.length > 0 && vmi.status?.phase !== "Running") {
      const refusal = `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${vmi.metadata.name}": VMI is not running`;
      const message = `Error encountered while handling volume hotplug requests: ${refusal}`;
      return { reason: "HotPlugVolumeError", message };
    }
    for (const request of open)
      virtApi.modifyObject(vmiKind, vmi, (current) => ({
        ...current,
        metadata: bumped(current),
        spec: withVolumeRequest(current.spec, request),
      }));
  }
  store.modifyObject(vmKind, vm, (current) => {
    const { template } = current.spec;
    const spec = requests.reduce((all, request) => withVolumeRequest(all, request), template.spec);
    if (remainingVolumeRequests(current).length === 0) return current;
    return {
      ...current,
      metadata: bumped(current),
      spec: { ...current.spec, template: { ...template, spec } },
    };
  });
  return undefined;
}

/** Requests that the VM's own definition does not show yet. */
export function remainingVolumeRequests({ spec, status }: VirtualMachine): VolumeRequest[] {
  const { volumes = [], domain } = spec.template.spec;
  const { disks = [] } = domain.devices;
  return (status?.volumeRequests ?? []).filter((request) => {
    const name = requestedName(request);
    const both = [volumes.some((one) => one.name === name), disks.some((one) => one.name === name)];
    return !both.every((there) => there === (request.addVolumeOptions !== undefined));
  });
}

/** addvolume and removevolume: as under the gate DeclarativeHotplugVolumes, they edit the VM's own spec. Codes and words as recorded. */
import type { KubeObject } from "../store/kube-object.ts";
import { findKindOf } from "../schema/registry.ts";
import { badRequest, internalError, StatusError } from "../store/status-error.ts";
import { ACCEPTED, type Action, type ActionCall, type ActionContext, isDryRun, VIRT_API } from "./action.ts";
import { findVm, findVmi, vmConflict, VMS, vmiConflict, vmiStatus } from "./virt-objects.ts";

interface Named {
  name: string;
  [field: string]: unknown;
}

interface TemplateSpec {
  volumes?: (Named & {
    dataVolume?: { name?: string; hotpluggable?: boolean };
    persistentVolumeClaim?: { claimName?: string; hotpluggable?: boolean };
  })[];
  domain: { devices: { disks?: Named[]; [field: string]: unknown }; [field: string]: unknown };
  [field: string]: unknown;
}

interface AddOptions {
  name?: string;
  disk?: { disk?: { bus?: string }; lun?: { bus?: string }; [field: string]: unknown };
  volumeSource?: {
    dataVolume?: { name?: string };
    persistentVolumeClaim?: { claimName?: string };
  };
}

const templateOf = (vm: KubeObject) => (vm["spec"] as { template: { spec: TemplateSpec } }).template.spec; // admitted on write

const sourceName = (volume: NonNullable<AddOptions["volumeSource"]>): string | undefined =>
  volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;

/** Writes the changed template; what admission says of it reaches the caller as it is. */
function writeTemplate(
  context: ActionContext,
  call: ActionCall,
  change: (template: TemplateSpec) => TemplateSpec,
): void {
  const kind = findKindOf("kubevirt.io/v1", "VirtualMachine");
  if (kind === undefined) throw internalError("virtual machines are not served");
  const old = findVm(context.store, call.namespace, call.name);
  const spec = old["spec"] as { template: { spec: TemplateSpec } }; // admitted on write
  const changed = {
    ...old,
    spec: { ...spec, template: { ...spec.template, spec: change(spec.template.spec) } },
  };
  const { namespace, name } = call;
  context.admission.admit(changed, {
    operation: "UPDATE",
    kind,
    group: kind.group,
    namespace,
    name,
    subresource: "",
    old,
    user: call.user,
    dryRun: isDryRun(call),
    warn: () => {},
  });
  if (!isDryRun(call)) context.store.modify({ ...VMS, namespace, name }, VIRT_API, () => changed);
}

function refuseBus(name: string, { disk, lun }: NonNullable<AddOptions["disk"]>): void {
  const bus = disk?.bus ?? lun?.bus ?? "";
  if (bus === "" || bus === "scsi" || bus === "virtio") return;
  const message = `AddVolume request for disk [${name}] requires bus to be 'scsi' or 'virtio'. [${bus}] is not permitted.`;
  throw new StatusError(
    422,
    "Invalid",
    `admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ${message}`,
    { causes: [{ reason: "FieldValueInvalid", message, field: "spec.template.spec.domain.devices.disks" }] },
  );
}

export const addVolume: Action = (context, call) => {
  const { name = "", disk, volumeSource } = call.body as AddOptions; // every field is checked below
  if (name === "") throw badRequest("AddVolumeOptions requires name to be set");
  if (disk === undefined) throw badRequest("AddVolumeOptions requires disk to not be nil");
  if (volumeSource === undefined) throw badRequest("AddVolumeOptions requires VolumeSource to not be nil");
  const volumes = templateOf(findVm(context.store, call.namespace, call.name)).volumes ?? [];
  if (volumes.some((volume) => volume.name === name))
    throw vmConflict(
      call.name,
      `Unable to add volume [${name}] because volume with that name already exists`,
    );
  const source = sourceName(volumeSource);
  if (volumes.some((volume) => source !== undefined && sourceName(volume) === source))
    throw vmConflict(call.name, `Unable to add volume source [${source}] because it already exists`);
  refuseBus(name, disk);
  const { dataVolume, persistentVolumeClaim } = volumeSource;
  writeTemplate(context, call, (template) => ({
    ...template,
    volumes: [
      ...(template.volumes ?? []),
      dataVolume === undefined
        ? { name, persistentVolumeClaim: { ...persistentVolumeClaim, hotpluggable: true } }
        : { name, dataVolume: { ...dataVolume, hotpluggable: true } },
    ],
    domain: {
      ...template.domain,
      devices: {
        ...template.domain.devices,
        disks: [...(template.domain.devices.disks ?? []), { ...disk, name }],
      },
    },
  }));
  return ACCEPTED;
};

export const removeVolume: Action = (context, call) => {
  const given = call.body["name"];
  const name = typeof given === "string" ? given : "";
  if (name === "") throw badRequest("RemoveVolumeOptions requires name to be set");
  const volume = templateOf(findVm(context.store, call.namespace, call.name)).volumes?.find(
    (candidate) => candidate.name === name,
  );
  if (volume === undefined)
    throw vmConflict(call.name, `Unable to remove volume [${name}] because it does not exist`);
  if (volume.dataVolume?.hotpluggable !== true && volume.persistentVolumeClaim?.hotpluggable !== true)
    throw vmConflict(call.name, `Unable to remove volume [${name}] because it is not hotpluggable`);
  writeTemplate(context, call, (template) => ({
    ...template,
    volumes: (template.volumes ?? []).filter((candidate) => candidate.name !== name),
    domain: {
      ...template.domain,
      devices: {
        ...template.domain.devices,
        disks: (template.domain.devices.disks ?? []).filter((disk) => disk.name !== name),
      },
    },
  }));
  return ACCEPTED;
};

/** On an instance of a VM these are refused unless the legacy gate is on, which it is not here. */
export const refuseOnVmi: Action = (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (vmi.metadata.ownerReferences?.some((owner) => owner.kind === "VirtualMachine"))
    throw badRequest(`VMI ${call.namespace}/${call.name} is owned by a VM`);
  if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  throw new StatusError(501, "NotImplemented", "kube-sim hotplugs no volumes into an instance without a VM.");
};

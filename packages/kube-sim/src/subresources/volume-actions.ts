/**
 * addvolume and removevolume, of machines and of instances. Under the gate DeclarativeHotplugVolumes they edit the VM's own spec;
 * under the deprecated HotplugVolumes, which wins, they wait in its status, and instances take them too. Codes and words as
 * recorded. Source: KubeVirt's pkg/virt-api/rest/volumes.go.
 */
import type { Volume } from "../controllers/kubevirt-shapes.ts";
import { isHotplugged } from "../controllers/live-update.ts";
import {
  requestedName,
  type SpecWithDisks,
  type VolumeRequest,
  withVolumeRequest,
} from "../controllers/volume-requests.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { findKindOf } from "../schema/registry.ts";
import { badRequest, conflict, internalError, StatusError } from "../store/status-error.ts";
import { ACCEPTED, type Action, type ActionCall, type ActionContext, isDryRun, VIRT_API } from "./action.ts";
import { isGateOpen } from "./feature-gates.ts";
import {
  findVm,
  findVmi,
  VMI_NAME,
  VMIS,
  VMS,
  vmConflict,
  vmiConflict,
  vmiStatus,
  vmStatus,
} from "./virt-objects.ts";

const templateOf = (vm: KubeObject) => (vm["spec"] as { template: { spec: SpecWithDisks } }).template.spec; // admitted on write

const sourceName = ({ dataVolume, persistentVolumeClaim }: Omit<Volume, "name">): string =>
  dataVolume?.name ?? persistentVolumeClaim?.claimName ?? "";

/** What the caller asks for; every field that matters is checked. */
function requestOf({ body }: ActionCall, kind: "add" | "remove"): VolumeRequest {
  const options = kind === "add" ? "AddVolumeOptions" : "RemoveVolumeOptions";
  if (typeof body["name"] !== "string" || body["name"] === "")
    throw badRequest(`${options} requires name to be set`);
  const { name } = body as { name: string }; // just checked
  if (kind === "remove") return { removeVolumeOptions: { ...body, name } };
  const { disk, volumeSource } = body as Partial<NonNullable<VolumeRequest["addVolumeOptions"]>>; // its schema
  if (disk === undefined) throw badRequest("AddVolumeOptions requires disk to not be nil");
  if (volumeSource === undefined) throw badRequest("AddVolumeOptions requires VolumeSource to not be nil");
  const { dataVolume, persistentVolumeClaim } = volumeSource;
  const source = dataVolume
    ? { dataVolume: { ...dataVolume, hotpluggable: true } }
    : persistentVolumeClaim && { persistentVolumeClaim: { ...persistentVolumeClaim, hotpluggable: true } };
  return { addVolumeOptions: { ...body, name, disk: { ...disk, name }, volumeSource: source ?? {} } };
}

/** Why the request cannot be, seen from the volumes that there are; null when it can. Source: verifyVolumeOption. */
function misfit(
  volumes: readonly Volume[],
  { addVolumeOptions, removeVolumeOptions }: VolumeRequest,
): string | null {
  for (const volume of volumes) {
    if (addVolumeOptions) {
      const source = sourceName(addVolumeOptions.volumeSource);
      if (volume.name === addVolumeOptions.name)
        return `Unable to add volume [${volume.name}] because volume with that name already exists`;
      if (source !== "" && sourceName(volume) === source)
        return `Unable to add volume source [${source}] because it already exists`;
    } else if (volume.name === removeVolumeOptions?.name || sourceName(volume) === removeVolumeOptions?.name)
      return isHotplugged(volume)
        ? null
        : `Unable to remove volume [${volume.name}] because it is not hotpluggable`;
  }
  return removeVolumeOptions
    ? `Unable to remove volume [${removeVolumeOptions.name}] because it does not exist`
    : null;
}

/** The refusals of admission: each of its webhooks says the same under its own name and prefix. */
function refuseBus(
  { addVolumeOptions }: VolumeRequest,
  webhook: string,
  prefix: string,
  field: string,
): void {
  if (addVolumeOptions === undefined) return;
  const { name, disk } = addVolumeOptions;
  const bus = disk.disk?.bus ?? disk.lun?.bus ?? "";
  const message = disk.disk
    ? !["scsi", "virtio"].includes(bus) &&
      `${prefix} for disk [${name}] requires bus to be 'scsi' or 'virtio'. [${bus}] is not permitted.`
    : disk.lun
      ? bus !== "scsi" && `${prefix} for LUN [${name}] requires bus to be 'scsi'. [${bus}] is not permitted.`
      : `${prefix} for [${name}] requires diskDevice of type 'disk' or 'lun' to be used.`;
  if (message === false) return;
  throw new StatusError(422, "Invalid", `admission webhook "${webhook}" denied the request: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, ...(field !== "" && { field }) }],
  });
}

/** Writes the changed template; what admission says of it reaches the caller as it is. */
function editVm(context: ActionContext, call: ActionCall, request: VolumeRequest): void {
  const kind = findKindOf("kubevirt.io/v1", "VirtualMachine");
  if (kind === undefined) throw internalError("virtual machines are not served");
  const old = findVm(context.store, call.namespace, call.name);
  const disk = request.addVolumeOptions?.disk;
  // a bus that is left out is given by the defaults
  if ((disk?.disk?.bus ?? disk?.lun?.bus ?? "") !== "")
    refuseBus(
      request,
      "virtualmachine-validator.kubevirt.io",
      "AddVolume request",
      "spec.template.spec.domain.devices.disks",
    );
  const spec = old["spec"] as { template: { spec: SpecWithDisks } }; // admitted on write
  const changed = {
    ...old,
    spec: { ...spec, template: { ...spec.template, spec: withVolumeRequest(spec.template.spec, request) } },
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

/** The request joins those that wait; virt-controller carries them out. */
function askInStatus(context: ActionContext, call: ActionCall, request: VolumeRequest): void {
  const { namespace, name } = call;
  const { volumeRequests: waiting = [] } = vmStatus(findVm(context.store, namespace, name)) as {
    volumeRequests?: VolumeRequest[];
  }; // written here
  const wanted = requestedName(request);
  const removal = waiting.some(({ removeVolumeOptions }) => removeVolumeOptions?.name === wanted);
  if (request.addVolumeOptions) {
    if (waiting.some(({ addVolumeOptions }) => addVolumeOptions?.name === wanted))
      throw vmConflict(name, `add volume request for volume [${wanted}] already exists`);
    if (removal)
      throw vmConflict(
        name,
        `unable to add volume since a remove volume request for volume [${wanted}] already exists and is still being processed`,
      );
  } else if (removal)
    throw vmConflict(
      name,
      `a remove volume request for volume [${wanted}] already exists and is still being processed`,
    );
  const webhook = "kubevirt-crd-status-validator.kubevirt.io";
  refuseBus(request, webhook, "AddVolume request", "Status.volumeRequests");
  if (isDryRun(call)) return;
  const others = waiting.filter(({ addVolumeOptions }) => addVolumeOptions?.name !== wanted);
  context.store.modify({ ...VMS, namespace, name }, VIRT_API, (current) => ({
    ...current,
    status: { ...vmStatus(current), volumeRequests: [...others, request] },
  }));
}

function refuseWithoutGate({ store }: ActionContext): void {
  if (!isGateOpen(store, "HotplugVolumes") && !isGateOpen(store, "DeclarativeHotplugVolumes"))
    throw badRequest("Enable DeclarativeHotplugVolumes or HotplugVolumes feature gate to use this API.");
}

const onVm =
  (kind: "add" | "remove"): Action =>
  (context, call) => {
    refuseWithoutGate(context);
    const request = requestOf(call, kind);
    const text = misfit(templateOf(findVm(context.store, call.namespace, call.name)).volumes ?? [], request);
    if (text !== null) throw vmConflict(call.name, text);
    if (isGateOpen(context.store, "HotplugVolumes")) askInStatus(context, call, request);
    else editVm(context, call, request);
    return ACCEPTED;
  };

/** Ephemeral: the VM, if there is one, knows nothing of it. */
const onVmi =
  (kind: "add" | "remove"): Action =>
  (context, call) => {
    const { store } = context;
    const { namespace, name } = call;
    refuseWithoutGate(context);
    const request = requestOf(call, kind);
    const vmi = findVmi(store, namespace, name);
    const owned = vmi.metadata.ownerReferences?.some((owner) => owner.kind === "VirtualMachine") === true;
    if (owned && !isGateOpen(store, "HotplugVolumes"))
      throw badRequest(`VMI ${namespace}/${name} is owned by a VM`);
    if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(name, "VMI is not running");
    const spec = vmi["spec"] as SpecWithDisks; // admitted on write
    const text = misfit(spec.volumes ?? [], request);
    if (text !== null) throw conflict(VMI_NAME, name, text);
    refuseBus(request, "virtualmachineinstances-update-validator.kubevirt.io", "Hotplug configuration", "");
    if (isDryRun(call)) return ACCEPTED;
    store.modify({ ...VMIS, namespace, name }, VIRT_API, (current) => ({
      ...current,
      metadata: { ...current.metadata, generation: (current.metadata.generation ?? 1) + 1 },
      spec: withVolumeRequest(current["spec"] as SpecWithDisks, request), // admitted on write
    }));
    return ACCEPTED;
  };

export const addVolume = onVm("add");
export const removeVolume = onVm("remove");
export const addVolumeToVmi = onVmi("add");
export const removeVolumeFromVmi = onVmi("remove");

/**
 * Whether a running machine can move: a device of its host holds it, and so does each claim that two hosts cannot have at once.
 * Source: KubeVirt's calculateLiveMigrationCondition and checkVolumesForMigration (virt-handler), word for word.
 */
import { withCondition } from "./conditions.ts";
import type { Condition } from "./core-shapes.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";

const type = "LiveMigratable";
const rule = "live migration requires that all PVCs must be shared (using ReadWriteMany access mode)";

/** What keeps its disks from being shared, in words; null when nothing does. */
function unsharedDisk({ spec, status }: VirtualMachineInstance): string | null {
  for (const { name, dataVolume, persistentVolumeClaim } of spec.volumes ?? []) {
    const claimName = persistentVolumeClaim?.claimName ?? dataVolume?.name;
    if (claimName === undefined) continue;
    const info = status?.volumeStatus?.find((one) => one.name === name)?.persistentVolumeClaimInfo;
    if (info === undefined)
      return `cannot migrate VMI: Unable to determine if PVC ${claimName} is shared, ${rule}`;
    if (info.accessModes?.includes("ReadWriteMany") !== true)
      return `cannot migrate VMI: PVC ${claimName} is not shared, ${rule}`;
  }
  return null;
}

/** Disks without claims are copied along; CD-ROMs that cannot be written are not. */
function copiesDisks({ spec }: VirtualMachineInstance): boolean {
  const readOnly = new Set(
    (spec.domain.devices.disks ?? [])
      .filter(({ cdrom }) => cdrom !== undefined && cdrom.readonly !== false)
      .map(({ name }) => name),
  );
  return (spec.volumes ?? []).some(
    ({ name, dataVolume, persistentVolumeClaim }) =>
      (dataVolume ?? persistentVolumeClaim) === undefined && !readOnly.has(name),
  );
}

function liveMigratable({ spec }: VirtualMachineInstance, unshared: string | null): Condition {
  const { gpus = [], hostDevices = [] } = spec.domain.devices;
  if (gpus.length + hostDevices.length > 0)
    return {
      type,
      status: "False",
      reason: "HostDeviceNotLiveMigratable",
      message: "VMI uses a PCI host devices",
    };
  return unshared === null
    ? { type, status: "True" }
    : { type, status: "False", reason: "DisksNotLiveMigratable", message: unshared };
}

/** The same object when nothing of it has changed. */
export function withMigratability(vmi: VirtualMachineInstance, now: string): VirtualMachineInstance {
  const unshared = unsharedDisk(vmi);
  const conditions = withCondition(vmi.status?.conditions, liveMigratable(vmi, unshared), now);
  const migrationMethod = unshared !== null || copiesDisks(vmi) ? "BlockMigration" : "LiveMigration";
  return conditions === vmi.status?.conditions && migrationMethod === vmi.status?.["migrationMethod"]
    ? vmi
    : { ...vmi, status: { ...vmi.status, conditions, migrationMethod } };
}

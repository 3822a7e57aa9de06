/** Disks and volumes. Source: KubeVirt's vmi-create-admitter and storage admitters. */
import type { CloudInit, Disk, Report, VmiTemplateSpec, Volume } from "./vm-shape.ts";

const INVALID = "FieldValueInvalid";
const BUSES = ["virtio", "scsi", "sata", "usb"];
const MOST_USER_DATA_BYTES = 2048;

export function checkDisks(spec: VmiTemplateSpec, path: string, report: Report): void {
  const disks = spec.domain?.devices?.disks ?? [];
  const at = (index: number): string => `${path}.domain.devices.disks[${index}]`;
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  disks.forEach((disk, index) => {
    const first = disks.findIndex(({ name }) => name === disk.name);
    if (first !== index) {
      report(INVALID, `${at(index)}.name`, `${at(index)} and ${at(first)} must not have the same Name.`);
    }
    const targets = [disk.disk, disk.cdrom, disk.lun].filter((target) => target !== undefined);
    if (targets.length > 1) {
      report(INVALID, at(index), `${at(index)} can only have a single target type defined`);
    }
    if (disk.bootOrder !== undefined && disk.bootOrder < 1) {
      report(INVALID, `${at(index)}.bootOrder`, `${at(index)} must have a boot order > 0, if supplied`);
    }
    checkBus(disk, at(index), report);
    if ((disk.serial?.length ?? 0) > 256) {
      report(
        INVALID,
        `${at(index)}.serial`,
        `${at(index)} must be less than or equal to 256 in length, if specified`,
      );
    }
    if (disk.name.length > 63) {
      // The doubled path is virt-api's own.
      report(
        INVALID,
        `${path}.domain.devices.disks.domain.devices.disks[${index}].name`,
        "must be no more than 63 characters",
      );
    }
    if (!volumes.has(disk.name) && disk.cdrom === undefined) {
      report(INVALID, `${at(index)}.name`, `${at(index)}.Name '${disk.name}' not found.`);
    }
  });
}

function checkBus(disk: Disk, at: string, report: Report): void {
  const [kind, target] =
    disk.cdrom !== undefined
      ? (["cdrom", disk.cdrom] as const)
      : disk.lun !== undefined
        ? (["lun", disk.lun] as const)
        : (["disk", disk.disk] as const);
  const bus = target?.bus;
  if (bus === undefined || bus === "") return;
  if (bus === "ide") report(INVALID, `${at}.${kind}.bus`, "IDE bus is not supported");
  else if (!BUSES.includes(bus)) {
    report(
      INVALID,
      `${at}.${kind}.bus`,
      `${at} is set with an unrecognized bus ${bus}, must be one of: [${BUSES.join(" ")}]`,
    );
  } else if (kind === "cdrom" && bus === "virtio") {
    report(INVALID, `${at}.cdrom.bus`, `Bus type ${bus} is invalid for CD-ROM device`);
  }
}

export function checkBootOrders(spec: VmiTemplateSpec, path: string, report: Report): void {
  const seen = new Set<number>();
  const check = (order: number | undefined, field: string): void => {
    if (order === undefined || order < 1) return;
    if (seen.has(order))
      report(INVALID, field, `Boot order for ${field} already set for a different device.`);
    seen.add(order);
  };
  spec.domain?.devices?.disks?.forEach(({ bootOrder }, index) =>
    check(bootOrder, `${path}.domain.devices.disks[${index}].bootOrder`),
  );
  spec.domain?.devices?.interfaces?.forEach(({ bootOrder }, index) =>
    check(bootOrder, `${path}.domain.devices.interfaces[${index}].bootOrder`),
  );
}

export function checkVolumes(spec: VmiTemplateSpec, path: string, report: Report): void {
  const volumes = spec.volumes ?? [];
  const at = (index: number): string => `${path}.volumes[${index}]`;
  volumes.forEach((volume, index) => {
    const first = volumes.findIndex(({ name }) => name === volume.name);
    if (first !== index) {
      report(INVALID, `${at(index)}.name`, `${at(index)} and ${at(first)} must not have the same Name.`);
    }
    const sources = Object.keys(volume).filter(
      (key) => key !== "name" && volume[key] !== undefined && volume[key] !== null,
    );
    if (sources.length !== 1) {
      report(INVALID, at(index), `${at(index)} must have exactly one source type set`);
      return;
    }
    checkCloudInit(volume, at(index), report);
  });
}

function checkCloudInit(volume: Volume, at: string, report: Report): void {
  for (const kind of ["cloudInitNoCloud", "cloudInitConfigDrive"] as const) {
    const source: CloudInit | undefined = volume[kind];
    if (source === undefined) continue;
    const field = `${at}.${kind}`;
    const given = (values: unknown[]): unknown[] =>
      values.filter((value) => value !== undefined && value !== "");
    const user = given([source.userData, source.userDataBase64, source.secretRef]);
    const network = given([source.networkData, source.networkDataBase64, source.networkDataSecretRef]);
    if (user.length > 1) report(INVALID, field, `${field} must have only one userdatasource set.`);
    if (network.length > 1) report(INVALID, field, `${field} must have only one networkdata source set.`);
    if (user.length === 0 && network.length === 0) {
      report(INVALID, field, `${field} must have at least one userdatasource or one networkdatasource set.`);
    }
    if (source.userDataBase64 !== undefined && !isBase64(source.userDataBase64)) {
      report(INVALID, `${field}.userDataBase64`, `${field}.userDataBase64 is not a valid base64 value.`);
    }
    const bytes = Math.max(
      Buffer.byteLength(source.userData ?? ""),
      Buffer.from(source.userDataBase64 ?? "", "base64").length,
    );
    if (bytes > MOST_USER_DATA_BYTES) {
      report(
        INVALID,
        field,
        `${field} userdata exceeds ${MOST_USER_DATA_BYTES} byte limit. Should use UserDataSecretRef for larger data.`,
      );
    }
  }
}

const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);

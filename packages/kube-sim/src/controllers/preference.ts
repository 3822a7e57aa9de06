/**
 * Puts what a preference says into a machine's spec, where nothing is said there. Source: KubeVirt
 * pkg/instancetype/preference/apply.
 */
import type { VmiSpec } from "./kubevirt-shapes.ts";

type Json = Record<string, unknown>;

export interface PreferenceSpec {
  annotations?: Record<string, string>;
  clock?: { preferredClockOffset?: Json; preferredTimer?: Json };
  cpu?: {
    preferredCPUTopology?: string;
    preferredCPUFeatures?: { name: string }[];
    spreadOptions?: { across?: string; ratio?: number };
  };
  devices?: Json;
  features?: { preferredHyperv?: Json; [name: string]: unknown };
  firmware?: {
    preferredEfi?: Json;
    preferredUseEfi?: boolean;
    preferredUseSecureBoot?: boolean;
    preferredUseBios?: boolean;
    preferredUseBiosSerial?: boolean;
  };
  machine?: { preferredMachineType?: string };
  preferSpreadSocketToCoreRatio?: number;
  preferredArchitecture?: string;
  preferredSubdomain?: string;
  preferredTerminationGracePeriodSeconds?: number;
  requirements?: { cpu?: { guest?: number }; memory?: { guest?: string }; architecture?: string };
  volumes?: { preferredStorageClassName?: string };
}

const json = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}; // just checked

/** `target` with the wanted fields that it lacks. */
function filled(target: Json, wanted: Json): Json {
  const missing = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && (target[name] === undefined || target[name] === ""),
  );
  return { ...target, ...Object.fromEntries(missing) };
}

/** From the preference's field to the device section's, where the value goes over as it is. */
const deviceFields: Readonly<Record<string, string>> = {
  preferredAutoattachGraphicsDevice: "autoattachGraphicsDevice",
  preferredAutoattachMemBalloon: "autoattachMemBalloon",
  preferredAutoattachPodInterface: "autoattachPodInterface",
  preferredAutoattachSerialConsole: "autoattachSerialConsole",
  preferredAutoattachInputDevice: "autoattachInputDevice",
  preferredUseVirtioTransitional: "useVirtioTransitional",
  preferredBlockMultiQueue: "blockMultiQueue",
  preferredNetworkInterfaceMultiqueue: "networkInterfaceMultiqueue",
  preferredDisableHotplug: "disableHotplug",
  preferredRng: "rng",
  preferredTPM: "tpm",
};

const featureFields: Readonly<Record<string, string>> = {
  preferredApic: "apic",
  preferredKvm: "kvm",
  preferredPvspinlock: "pvspinlock",
  preferredSmm: "smm",
};

const renamed = (from: Json, names: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(Object.entries(names).map(([preferred, name]) => [name, from[preferred]]));

function preferredDisk(disk: Json, wanted: Json): Json {
  if (disk["cdrom"] !== undefined)
    return { ...disk, cdrom: filled(json(disk["cdrom"]), { bus: wanted["preferredCdromBus"] }) };
  if (disk["lun"] !== undefined)
    return { ...disk, lun: filled(json(disk["lun"]), { bus: wanted["preferredLunBus"] }) };
  const target = filled(json(disk["disk"]), { bus: wanted["preferredDiskBus"] });
  return filled(
    { ...disk, disk: target },
    {
      blockSize: wanted["preferredDiskBlockSize"],
      cache: wanted["preferredDiskCache"],
      io: wanted["preferredDiskIO"],
      dedicatedIOThread: target["bus"] === "virtio" ? wanted["preferredDiskDedicatedIoThread"] : undefined,
    },
  );
}

const bindings = ["masquerade", "bridge", "sriov", "binding", "passt", "slirp", "macvtap"];

function preferredInterface(nic: Json, wanted: Json, onPodNetwork: boolean): Json {
  const bound = bindings.some((name) => nic[name] !== undefined);
  return filled(nic, {
    model: wanted["preferredInterfaceModel"],
    masquerade: bound || !onPodNetwork ? undefined : wanted["preferredInterfaceMasquerade"],
  });
}

function withDevices(spec: VmiSpec, wanted: Json): VmiSpec["domain"]["devices"] {
  const devices: Json = filled({ ...spec.domain.devices }, renamed(wanted, deviceFields));
  const list = (name: string) => devices[name] as Json[] | undefined; // lists by the CRD
  const onPodNetwork = new Set((spec.networks ?? []).filter(({ pod }) => pod).map(({ name }) => name));
  const disks = list("disks")?.map((disk) => preferredDisk(disk, wanted));
  const interfaces = list("interfaces")?.map((nic) =>
    preferredInterface(nic, wanted, onPodNetwork.has(String(nic["name"]))),
  );
  const inputs = list("inputs")?.map((input) =>
    filled(input, { bus: wanted["preferredInputBus"], type: wanted["preferredInputType"] }),
  );
  const model = wanted["preferredPanicDeviceModel"];
  const panicDevices = list("panicDevices")?.map((device) => filled(device, { model })) ?? [{ model }];
  return {
    ...devices,
    ...(disks && { disks }),
    ...(interfaces && { interfaces }),
    ...(inputs && { inputs }),
    ...(model !== undefined && { panicDevices }),
    ...(wanted["preferredVideoType"] !== undefined && {
      video: filled(json(devices["video"]), { type: wanted["preferredVideoType"] }),
    }),
    ...(devices["sound"] !== undefined && {
      sound: filled(json(devices["sound"]), { model: wanted["preferredSoundModel"] }),
    }),
  } as unknown as VmiSpec["domain"]["devices"]; // the same lists with fields more
}

function withFirmware(given: Json, wanted: NonNullable<PreferenceSpec["firmware"]>): Json {
  const bootloader = json(given["bootloader"]);
  const none = bootloader["efi"] === undefined && bootloader["bios"] === undefined;
  if (wanted.preferredUseBios === true && none)
    return {
      ...given,
      bootloader: {
        bios: wanted.preferredUseBiosSerial === undefined ? {} : { useSerial: wanted.preferredUseBiosSerial },
      },
    };
  if (!none) return given;
  if (wanted.preferredEfi !== undefined) return { ...given, bootloader: { efi: wanted.preferredEfi } };
  if (wanted.preferredUseEfi !== true) return given;
  const secureBoot = wanted.preferredUseSecureBoot;
  return { ...given, bootloader: { efi: secureBoot === undefined ? {} : { secureBoot } } };
}

export function applyPreference(preference: PreferenceSpec, spec: VmiSpec): VmiSpec {
  const { clock, cpu, devices, features, firmware, machine } = preference;
  const domain: Json = { ...spec.domain };
  if (cpu?.preferredCPUFeatures?.length) {
    const given = json(domain["cpu"]);
    const own = (given["features"] ?? []) as { name: string }[]; // a list by the CRD
    const more = cpu.preferredCPUFeatures.filter((one) => !own.some(({ name }) => name === one.name));
    domain["cpu"] = { ...given, features: [...own, ...more] };
  }
  if (devices) domain["devices"] = withDevices(spec, devices);
  if (features) {
    const given = filled(json(domain["features"]), renamed(features, featureFields));
    if (features["preferredAcpi"] !== undefined) given["acpi"] = features["preferredAcpi"];
    if (features.preferredHyperv) given["hyperv"] = filled(json(given["hyperv"]), features.preferredHyperv);
    domain["features"] = given;
  }
  if (firmware) domain["firmware"] = withFirmware(json(domain["firmware"]), firmware);
  if (machine?.preferredMachineType)
    domain["machine"] = filled(json(domain["machine"]), { type: machine.preferredMachineType });
  if (clock) {
    const given = json(domain["clock"]);
    const hasOffset = given["utc"] !== undefined || given["timezone"] !== undefined;
    domain["clock"] = filled(hasOffset ? given : { ...given, ...clock.preferredClockOffset }, {
      timer: clock.preferredTimer,
    });
  }
  return {
    ...filled(
      { ...spec },
      {
        subdomain: preference.preferredSubdomain,
        architecture: preference.preferredArchitecture,
        terminationGracePeriodSeconds: preference.preferredTerminationGracePeriodSeconds,
      },
    ),
    domain,
  } as VmiSpec; // its own fields, and what was missing
}

/** How many of each a guest gets for its vCPUs. Source: applyGuestCPUTopology. */
export function preferredTopology(
  vcpus: number,
  preference: PreferenceSpec | undefined,
): { sockets: number; cores: number; threads: number } {
  const one = { sockets: 1, cores: 1, threads: 1 };
  if (vcpus === 1) return one;
  const { preferredCPUTopology = "sockets", spreadOptions } = preference?.cpu ?? {};
  const ratio = spreadOptions?.ratio ?? (preference?.preferSpreadSocketToCoreRatio || 2);
  switch (preferredCPUTopology) {
    case "cores":
    case "preferCores":
      return { ...one, cores: vcpus };
    case "threads":
    case "preferThreads":
      return { ...one, threads: vcpus };
    case "spread":
    case "preferSpread":
      switch (spreadOptions?.across ?? "SocketsCores") {
        case "CoresThreads":
          return { ...one, threads: ratio, cores: Math.floor(vcpus / ratio) };
        case "SocketsCoresThreads":
          return { threads: 2, cores: ratio, sockets: Math.floor(vcpus / 2 / ratio) };
        default:
          return { ...one, cores: ratio, sockets: Math.floor(vcpus / ratio) };
      }
    default:
      return { ...one, sockets: vcpus };
  }
}

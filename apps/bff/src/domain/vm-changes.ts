/**
 * What changes between two definitions of a machine, item by item, and what each change takes to reach the guest.
 * Rules: api-surface §3 (RestartRequired) and §4 (hotplug of CPU and memory). Pure; KubeVirt has the last word.
 */
import type { ChangeEffect, SettingChange, VmSettingsForm } from "@kubev/api-types/vm-settings";
import { jsonDiff } from "./json-diff.ts";
import { quantityOrZero } from "./quantity.ts";
import type { SettingsSpec, SettingsTemplate, SettingsVm } from "./vm-settings.ts";
import { settingsOf } from "./vm-settings.ts";

/** What runs now. */
export interface RunningFacts {
  maxSockets: number | null;
  /** Null where memory cannot be hotplugged. */
  maxMemoryBytes: number | null;
  memoryAtBootBytes: number;
  migratable: boolean;
}

const liveFields = new Set(["description", "labels", "deleteProtected", "runStrategy"]);

function sizeEffect(from: number, to: number, most: number | null, facts: RunningFacts): ChangeEffect {
  return to > from && most !== null && to <= most && facts.migratable ? "migration" : "restart";
}

type Domain = NonNullable<SettingsTemplate["domain"]>;

/** A machine's domain with its instance type written out, as KubeVirt expands it. */
export interface ExpandedDomains {
  was: Domain;
  now: Domain;
}

const socketsOf = ({ cpu }: Domain) => cpu?.sockets ?? 1;
const guestBytesOf = ({ memory }: Domain) => quantityOrZero(memory?.guest);

function withoutSizes({ cpu = {}, memory = {}, ...rest }: Domain): unknown {
  const { sockets: _sockets, ...cpuRest } = cpu;
  const { guest: _guest, ...memoryRest } = memory;
  return { ...rest, cpu: cpuRest, memory: memoryRest };
}

function memoryEffect(bytes: number, facts: RunningFacts): ChangeEffect {
  const most = facts.maxMemoryBytes;
  const fits = most !== null && bytes <= most && bytes >= facts.memoryAtBootBytes && facts.migratable;
  return fits ? "migration" : "restart";
}

/** Another type is hotplugged where only sockets and memory differ and both may grow that far (api-surface §4). */
function typeEffect({ was, now }: ExpandedDomains, facts: RunningFacts): ChangeEffect {
  if (jsonDiff(withoutSizes(was), withoutSizes(now)).length > 0) return "restart";
  const effects: ChangeEffect[] = [
    ...(socketsOf(was) === socketsOf(now)
      ? []
      : [sizeEffect(socketsOf(was), socketsOf(now), facts.maxSockets, facts)]),
    ...(guestBytesOf(was) === guestBytesOf(now) ? [] : [memoryEffect(guestBytesOf(now), facts)]),
  ];
  if (effects.length === 0) return "live";
  return effects.every((effect) => effect === "migration") ? "migration" : "restart";
}

/** `running` is null for a machine that does not run; `expanded` where nobody expanded it. */
function effectOf(
  field: string,
  from: unknown,
  to: unknown,
  running: RunningFacts | null,
  expanded: ExpandedDomains | null,
): ChangeEffect {
  if (liveFields.has(field)) return "live";
  if (running === null) return "next-start";
  if (field === "sockets") return sizeEffect(Number(from), Number(to), running.maxSockets, running);
  if (field === "memoryBytes") return memoryEffect(Number(to), running);
  if (field === "instanceType" && expanded !== null) return typeEffect(expanded, running);
  return "restart";
}

type Shown = SettingChange["from"];

function shownValue(value: VmSettingsForm[keyof VmSettingsForm]): Shown {
  if (Array.isArray(value)) return value.join(", ");
  if (value !== null && typeof value === "object")
    return Object.entries(value)
      .map(([key, text]) => (text === "" ? key : `${key}=${text}`))
      .toSorted()
      .join(", ");
  return value;
}

/** Fields of the form that differ. Sizes beside an instance type are left out: they have no effect. */
export function settingChanges(
  was: VmSettingsForm,
  now: VmSettingsForm,
  running: RunningFacts | null,
  expanded: ExpandedDomains | null,
): SettingChange[] {
  const sized = new Set(["sockets", "cores", "threads", "memoryBytes"]);
  const keys = Object.keys(was) as (keyof VmSettingsForm)[]; // the form's own keys
  return keys.flatMap((field) => {
    if (now.instanceType !== "" && sized.has(field)) return [];
    const from = shownValue(was[field]);
    const to = shownValue(now[field]);
    return from === to ? [] : [{ field, from, to, effect: effectOf(field, from, to, running, expanded) }];
  });
}

/**
 * While a restart is required KubeVirt begins no migration for a change: it comes with the restart (api-surface §3).
 * @param isPending whether one is already; one of the changes may require it, too
 */
export function heldForRestart(changes: readonly SettingChange[], isPending: boolean): SettingChange[] {
  const isRequired = isPending || changes.some(({ effect }) => effect === "restart");
  return changes.map((change) =>
    isRequired && change.effect === "migration" ? { ...change, effect: "restart" } : change,
  );
}

interface Named {
  name?: string;
  dataVolume?: { name?: string; hotpluggable?: boolean };
  persistentVolumeClaim?: { claimName?: string; hotpluggable?: boolean };
  [field: string]: unknown;
}

const byName = (list: unknown): Map<string, Named> =>
  new Map(((list ?? []) as Named[]).map((item) => [item.name ?? "", item])); // lists of named things by schema

const isHot = (volume: Named): boolean =>
  volume.dataVolume?.hotpluggable === true || volume.persistentVolumeClaim?.hotpluggable === true;

function namedChanges(
  kind: string,
  was: unknown,
  now: unknown,
  effect: ChangeEffect = "restart",
): SettingChange[] {
  const before = byName(was);
  const after = byName(now);
  const source = (item: Named | undefined): Shown =>
    item === undefined
      ? null
      : (item.dataVolume?.name ?? item.persistentVolumeClaim?.claimName ?? item.name ?? "");
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): SettingChange[] => {
    const from = before.get(name);
    const to = after.get(name);
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [{ field: `${kind}.${name}`, from: source(from), to: source(to), effect }];
  });
}

/** A disk that comes or goes live: only whether it is there is compared, since the instance fills in defaults. */
function hotChanges(instanceVolumes: unknown, volumes: unknown): SettingChange[] {
  const presence = (list: unknown) =>
    ((list ?? []) as Named[]).filter(isHot).map(({ name, dataVolume, persistentVolumeClaim }) => ({
      name: name ?? "",
      persistentVolumeClaim: { claimName: dataVolume?.name ?? persistentVolumeClaim?.claimName ?? "" },
    })); // lists of volumes by schema
  return namedChanges("disk", presence(instanceVolumes), presence(volumes), "live");
}

const coldVolumes = (list: unknown) => ((list ?? []) as Named[]).filter((volume) => !isHot(volume)); // as above

/** Without what another field of the form says, and without disks that are plugged in live. */
function fixedDevices(list: unknown, hotNames: ReadonlySet<string>): unknown[] {
  return ((list ?? []) as Named[]) // lists of devices by schema
    .filter((device) => !hotNames.has(device.name ?? ""))
    .map(({ bootOrder: _order, ...device }) => device);
}

const bare = (template: SettingsTemplate | undefined): unknown => {
  const {
    domain = {},
    volumes: _v,
    networks: _n,
    evictionStrategy: _e,
    terminationGracePeriodSeconds: _t,
    hostname: _h,
    ...rest
  } = template ?? {};
  const { cpu = {}, memory = {}, firmware = {}, features: _f, devices = {}, ...domainRest } = domain;
  const { sockets: _s, cores: _c, threads: _th, ...cpuRest } = cpu;
  const { guest: _g, ...memoryRest } = memory;
  const { bootloader: _b, ...firmwareRest } = firmware;
  const { disks: _d, interfaces: _i, ...deviceRest } = devices;
  return {
    ...rest,
    domain: { ...domainRest, cpu: cpuRest, memory: memoryRest, firmware: firmwareRest, devices: deviceRest },
  };
};

function devicesOf(template: SettingsTemplate | undefined, list: "disks" | "interfaces"): unknown[] {
  const hotNames = ((template?.["volumes"] ?? []) as Named[]).filter(isHot).map(({ name }) => name ?? ""); // by schema
  return fixedDevices(template?.domain?.devices?.[list], new Set(hotNames));
}

/** Parts of the template that reach a running machine at once, as prefixes of JSON pointers. */
const livePaths = ["/nodeSelector", "/tolerations", "/affinity"];

const textOf = (value: unknown): Shown =>
  value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value);

export interface RunningMachine {
  /** The VM's spec when this instance started. */
  started: SettingsSpec;
  /** The instance's spec and sizes now. */
  instanceSpec: SettingsTemplate;
  sockets: number;
  memoryBytes: number;
  facts: RunningFacts;
}

/** What the definition says and the running instance does not, yet. */
export function pendingChanges(
  vm: SettingsVm,
  machine: RunningMachine,
  expanded: ExpandedDomains | null,
): SettingChange[] {
  const { started, instanceSpec, facts } = machine;
  const now = settingsOf(vm);
  const before = settingsOf({
    ...(vm.metadata === undefined ? {} : { metadata: vm.metadata }),
    spec: started,
  });
  const was: VmSettingsForm = {
    ...before,
    // these are never pending
    description: now.description,
    labels: now.labels,
    deleteProtected: now.deleteProtected,
    runStrategy: now.runStrategy,
    ...(now.instanceType === "" && before.instanceType === ""
      ? { sockets: machine.sockets, memoryBytes: machine.memoryBytes }
      : {}),
  };
  const template = vm.spec?.template?.spec;
  const startedTemplate = started.template?.spec;
  const other = jsonDiff(bare(startedTemplate), bare(template)).flatMap(({ path, old, new: next }) =>
    livePaths.some((live) => path.startsWith(live))
      ? []
      : [{ field: path, from: textOf(old), to: textOf(next), effect: "restart" as const }],
  );
  return [
    ...settingChanges(was, now, facts, expanded),
    ...hotChanges(instanceSpec["volumes"], template?.["volumes"]),
    ...namedChanges("disk", coldVolumes(startedTemplate?.["volumes"]), coldVolumes(template?.["volumes"])),
    ...namedChanges("device", devicesOf(startedTemplate, "disks"), devicesOf(template, "disks")),
    ...namedChanges("interface", devicesOf(startedTemplate, "interfaces"), devicesOf(template, "interfaces")),
    ...other,
  ];
}

export function runningFacts(
  instance: SettingsTemplate & { domain?: { cpu?: { maxSockets?: number }; memory?: { maxGuest?: string } } },
  memoryAtBoot: string | undefined,
  migratable: boolean,
): RunningFacts {
  const maxGuest = instance.domain?.memory?.maxGuest;
  return {
    maxSockets: instance.domain?.cpu?.maxSockets ?? null,
    maxMemoryBytes: maxGuest === undefined ? null : quantityOrZero(maxGuest),
    memoryAtBootBytes: quantityOrZero(memoryAtBoot ?? instance.domain?.memory?.guest),
    migratable,
  };
}

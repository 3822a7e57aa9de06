/** What is looked at before a machine is made, beyond what the cluster's dry run says. Pure: facts in, checks out. */
import type { SecretSort } from "@kubev/api-types/secrets";
import { sshKeyProblem } from "./ssh-public-key.ts";
import type { FieldError } from "@kubev/api-types/errors";
import type { QuotaLine } from "@kubev/api-types/quota-line";
import type { ActionDecision, Reason } from "@kubev/api-types/reason";
import type { PreflightCheck, VmCreateSpec } from "@kubev/api-types/vm-create";
import { longestVmName } from "@kubev/api-types/vm-name";
import type { ImageState } from "./image-state.ts";
import type { InstanceTypeRecord, PreferenceRecord } from "./platform-records.ts";
import { sourceAddressProblem } from "./disk-preflight.ts";
import { instanceNeeds, launcherNeeds } from "./launcher-quota.ts";
import type { NicFacts } from "./nic-problem.ts";
import { nicProblem } from "./nic-problem.ts";
import type { QuotaNeeds } from "./quota-needs.ts";
import { quotaProblem, storageNeeds } from "./quota-needs.ts";
import { readYaml } from "./bounded-yaml.ts";
import { reasonOf } from "./reasons.ts";
import type { HostFit, MachineNeed } from "./schedulability.ts";
import { fitOf } from "./schedulability.ts";
import type { StorageFacts } from "./storage-checks.ts";
import { classNameOf, usableClass } from "./storage-checks.ts";
import { newDiskNames } from "./vm-manifest.ts";

export interface PreflightFacts extends StorageFacts, Omit<NicFacts, "machine"> {
  nameTaken: boolean;
  /** Null where hosts are not known. */
  hosts: readonly HostFit[] | null;
  quota: readonly QuotaLine[] | null;
  image: { media: "disk" | "iso"; state: ImageState; sizeBytes: number | null } | undefined;
  /** The volume snapshot it is to be copied from, where the caller may see it. */
  snapshot: { ready: boolean; sizeBytes: number | null } | undefined;
  snapshotsServed: boolean;
  /** Whether the disk to start from may be given to a machine; undefined where there is none for the caller. */
  disk: ActionDecision | undefined;
  instanceType: InstanceTypeRecord | undefined;
  preference: PreferenceRecord | undefined;
  /** Machines that use the project's disk of this name; undefined where there is none. */
  usersOfDisk: (name: string) => readonly string[] | undefined;
  /** Names of the project's network attachments; null where the caller may not know them. */
  attachments: ReadonlySet<string> | null;
  /** What the chosen SSH key secrets are, as far as the caller may look at them. */
  keySecrets: ReadonlyMap<string, SecretSort | "missing">;
}

const memoryAlignment = 2 * 1024 ** 2;

type Name = PreflightCheck["name"];

const unknown = (name: Name, reason: Reason): PreflightCheck => ({ name, result: "unknown", reason });
const ok = (name: Name, reason?: Reason): PreflightCheck => ({
  name,
  result: "ok",
  ...(reason === undefined ? {} : { reason }),
});

function blocked(name: Name, reason: Reason, path?: string): PreflightCheck {
  const fields: FieldError[] = path === undefined ? [] : [{ path, reason }];
  return { name, result: "blocking", reason, ...(fields.length === 0 ? {} : { fields }) };
}

/** What the machine asks of a host; null when its instance type is not known. */
export function machineNeed(spec: VmCreateSpec, type: InstanceTypeRecord | undefined): MachineNeed | null {
  if (spec.sizing.kind === "custom")
    return {
      cpuCores: spec.sizing.cpuCores,
      memoryBytes: spec.sizing.memoryBytes,
      dedicatedCpu: false,
      hugepages: "",
      devices: {},
    };
  return type === undefined ? null : type;
}

function checkName(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  if (spec.name.length > longestVmName)
    return blocked("name", reasonOf("field-too-long", { max: longestVmName }), "name");
  return facts.nameTaken ? blocked("name", reasonOf("name-taken"), "name") : ok("name");
}

function checkSizing(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  if (spec.sizing.kind === "instance-type" && facts.instanceType === undefined)
    return blocked(
      "instance-type",
      reasonOf("instance-type-missing", { name: spec.sizing.name }),
      "sizing.name",
    );
  if (spec.preference !== "" && facts.preference === undefined)
    return blocked("instance-type", reasonOf("preference-missing", { name: spec.preference }), "preference");
  if (spec.sizing.kind === "custom" && spec.sizing.memoryBytes % memoryAlignment !== 0)
    return blocked(
      "instance-type",
      reasonOf("memory-misaligned", { alignmentBytes: memoryAlignment }),
      "sizing.memoryBytes",
    );
  const need = machineNeed(spec, facts.instanceType);
  const wants = facts.preference;
  if (
    need !== null &&
    wants !== undefined &&
    (need.cpuCores < wants.minCpuCores || need.memoryBytes < wants.minMemoryBytes)
  )
    return blocked(
      "instance-type",
      reasonOf("instance-type-too-small", {
        preference: wants.name,
        minCpuCores: wants.minCpuCores,
        minMemoryBytes: wants.minMemoryBytes,
      }),
      "preference",
    );
  return ok("instance-type");
}

function checkSchedulable(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  const need = machineNeed(spec, facts.instanceType);
  if (facts.hosts === null || need === null) return unknown("schedulable", reasonOf("hosts-not-visible"));
  const fit = fitOf(need, facts.hosts);
  if (fit.result === "ok") return ok("schedulable");
  // hosts come, go and grow: the machine may be made now and waits for one
  return { name: "schedulable", result: "warning", reason: fit.reason };
}

/** The claims that the machine brings: its disk, the copy of an installer's ISO beside it, and empty ones. */
function claimsOf(spec: VmCreateSpec, facts: PreflightFacts) {
  const first = spec.diskSizeBytes;
  const started =
    spec.source.kind === "disk"
      ? []
      : spec.source.kind === "iso"
        ? [first, facts.image?.sizeBytes ?? 0]
        : [first];
  return [...started.map((sizeBytes) => ({ sizeBytes, storageClass: spec.storageClass })), ...spec.dataDisks];
}

/** What each class's claims count together. */
function storageNeedsOf(spec: VmCreateSpec, facts: PreflightFacts): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sizeBytes, storageClass } of claimsOf(spec, facts)) {
    const name = classNameOf(storageClass, facts);
    for (const [resource, amount] of storageNeeds(sizeBytes, name, 1))
      sums.set(resource, (sums.get(resource) ?? 0) + amount);
  }
  return sums;
}

/** What a machine counts against its project's quotas. */
export function machineQuotaNeeds(spec: VmCreateSpec, facts: PreflightFacts): QuotaNeeds {
  const need = machineNeed(spec, facts.instanceType);
  const needs = storageNeedsOf(spec, facts);
  needs.set("count/virtualmachines.kubevirt.io", 1);
  if (spec.startAfterCreate && need !== null) {
    for (const [resource, amount] of [...launcherNeeds(need), ...instanceNeeds]) needs.set(resource, amount);
  }
  return needs;
}

function checkQuota(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  if (facts.quota === null) return unknown("quota", reasonOf("quota-unknown"));
  const over = quotaProblem(facts.quota, machineQuotaNeeds(spec, facts));
  return over === null ? ok("quota") : blocked("quota", over);
}

/** KubeVirt would take the disk that is there, with all that is on it. */
function diskInTheWay(spec: VmCreateSpec, facts: PreflightFacts): Reason | undefined {
  for (const name of newDiskNames(spec)) {
    const users = facts.usersOfDisk(name);
    if (users === undefined) continue;
    const [by] = users;
    return by === undefined
      ? reasonOf("disk-name-taken-by-old", { name })
      : reasonOf("disk-name-taken-in-use", { name, by });
  }
  return undefined;
}

function checkStorage(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  // of a machine that has the name the disks have theirs: another name is all that is wanted
  const taken = facts.nameTaken ? undefined : diskInTheWay(spec, facts);
  if (taken !== undefined) return blocked("storage", taken, "name");
  let unread: Reason | null = null;
  for (const [at, { storageClass }] of spec.dataDisks.entries()) {
    const data = usableClass(storageClass, facts);
    if ("refusal" in data) return blocked("storage", data.refusal, `dataDisks.${at}.storageClass`);
    if ("unread" in data) unread = data.unread;
  }
  if (spec.source.kind === "disk") {
    if (facts.disk === undefined)
      return blocked("storage", reasonOf("disk-missing", { name: spec.source.name }), "source.name");
    if (!facts.disk.allowed) return blocked("storage", facts.disk.reason, "source.name");
    return unread === null ? ok("storage") : unknown("storage", unread);
  }
  const found = usableClass(spec.storageClass, facts);
  if ("refusal" in found) return blocked("storage", found.refusal, "storageClass");
  if ("unread" in found) return unknown("storage", found.unread);
  const { name, bindingMode } = found.storageClass;
  return bindingMode === "WaitForFirstConsumer"
    ? ok("storage", reasonOf("storage-waits-for-machine", { storageClass: name }))
    : ok("storage");
}

function checkSnapshot(spec: VmCreateSpec, name: string, facts: PreflightFacts): PreflightCheck {
  const { snapshot } = facts;
  if (!facts.snapshotsServed) return blocked("image", reasonOf("snapshots-absent"), "source.name");
  if (snapshot === undefined) return blocked("image", reasonOf("snapshot-missing", { name }), "source.name");
  if (!snapshot.ready) return blocked("image", reasonOf("snapshot-not-ready", { name }), "source.name");
  if (snapshot.sizeBytes !== null && spec.diskSizeBytes < snapshot.sizeBytes)
    return blocked(
      "image",
      reasonOf("disk-smaller-than-source", {
        diskBytes: spec.diskSizeBytes,
        sourceBytes: snapshot.sizeBytes,
      }),
      "diskSizeBytes",
    );
  return ok("image");
}

function checkImage(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  const { source } = spec;
  if (source.kind === "url" || source.kind === "registry") {
    const problem = sourceAddressProblem(source.kind === "url" ? { ...source, checksum: "" } : source);
    return problem === null ? ok("image") : blocked("image", problem.reason, problem.path);
  }
  if (source.kind === "snapshot") return checkSnapshot(spec, source.name, facts);
  if (source.kind !== "image" && source.kind !== "iso") return ok("image");
  const { image } = facts;
  if (image === undefined)
    return blocked("image", reasonOf("image-missing", { name: source.name }), "source.name");
  if (source.kind === "iso" && image.media !== "iso")
    return blocked("image", reasonOf("image-not-iso"), "source.name");
  if (source.kind === "image" && image.media === "iso")
    return blocked("image", reasonOf("image-not-disk"), "source.name");
  if (image.state.status !== "ready") return blocked("image", reasonOf("image-not-ready"), "source.name");
  if (source.kind === "image" && image.sizeBytes !== null && spec.diskSizeBytes < image.sizeBytes)
    return blocked(
      "image",
      reasonOf("disk-smaller-than-image", { diskBytes: spec.diskSizeBytes, imageBytes: image.sizeBytes }),
      "diskSizeBytes",
    );
  return ok("image");
}

function checkNetwork(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck {
  const problem = nicProblem(spec.nic, { ...facts, machine: spec.name });
  if (problem !== null) return blocked("network", problem.reason, `nic.${problem.path}`);
  const twice = spec.attachments.findIndex((name, at) => spec.attachments.indexOf(name) < at);
  if (twice >= 0)
    return blocked(
      "network",
      reasonOf("named-twice", { name: spec.attachments[twice] ?? "" }),
      `attachments.${twice}`,
    );
  const at = spec.attachments.findIndex((name) => facts.attachments?.has(name) === false);
  return at < 0
    ? ok("network")
    : blocked(
        "network",
        reasonOf("network-attachment-missing", { name: spec.attachments[at] ?? "" }),
        `attachments.${at}`,
      );
}

/** What is in such a secret is told to the guest: one that holds anything but public keys is not taken. */
function keySecretProblems(names: readonly string[], known: PreflightFacts["keySecrets"]): FieldError[] {
  return names.flatMap((name, index) => {
    const sort = known.get(name);
    const reason =
      names.indexOf(name) < index
        ? reasonOf("named-twice", { name })
        : sort === "missing"
          ? reasonOf("named-object-missing", { kind: "Secret", name })
          : sort !== undefined && sort !== "ssh-keys"
            ? reasonOf("secret-no-ssh-keys", { name })
            : undefined;
    return reason === undefined ? [] : [{ path: `cloudInit.sshKeySecrets.${index}`, reason }];
  });
}

function checkCloudInit(spec: VmCreateSpec, { keySecrets }: PreflightFacts): PreflightCheck {
  const { cloudInit } = spec;
  if (cloudInit.kind === "form") {
    const ofKeys = cloudInit.sshKeys.flatMap((key, index): FieldError[] => {
      const problem = sshKeyProblem(key);
      return problem === null
        ? []
        : [
            {
              path: `cloudInit.sshKeys.${index}`,
              reason: reasonOf(`ssh-key-${problem}`, { line: index + 1 }),
            },
          ];
    });
    const fields = [...ofKeys, ...keySecretProblems(cloudInit.sshKeySecrets, keySecrets)];
    return fields[0] === undefined
      ? ok("cloud-init")
      : { name: "cloud-init", result: "blocking", reason: fields[0].reason, fields };
  }
  if (cloudInit.kind !== "raw") return ok("cloud-init");
  const text = cloudInit.userData;
  const at = "cloudInit.userData";
  if (text.trim() === "") return blocked("cloud-init", reasonOf("cloud-init-empty"), at);
  if (text.startsWith("#cloud-config")) {
    const [error] = readYaml(text).problems;
    return error === undefined
      ? ok("cloud-init")
      : blocked("cloud-init", reasonOf("cloud-init-not-yaml", undefined, error.message), at);
  }
  if (/^(#!|#include|#cloud-boothook|#part-handler|Content-Type:|## template: )/i.test(text))
    return ok("cloud-init");
  return {
    name: "cloud-init",
    result: "warning",
    reason: reasonOf("cloud-init-no-header"),
    fields: [{ path: at, reason: reasonOf("cloud-init-no-header") }],
  };
}

/** All checks but the dry run, which the cluster answers. */
export function preflight(spec: VmCreateSpec, facts: PreflightFacts): PreflightCheck[] {
  return [
    checkName(spec, facts),
    checkSizing(spec, facts),
    checkSchedulable(spec, facts),
    checkQuota(spec, facts),
    checkStorage(spec, facts),
    checkImage(spec, facts),
    checkNetwork(spec, facts),
    checkCloudInit(spec, facts),
  ];
}

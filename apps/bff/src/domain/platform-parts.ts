/** KubeVirt's, CDI's and Kube-OVN's own objects and pods as the parts of a status page. Pure. */
import type { PlatformPart, PlatformStatus, PlatformWorkload } from "@kubev/api-types/platform-status";
import type { Reason, Tone } from "@kubev/api-types/reason";
import { conditionsOf, operandTone, type RawCondition } from "./conditions.ts";
import { reasonOf } from "./reasons.ts";

/** A KubeVirt or a CDI object. */
export interface RawOperand {
  spec?: {
    configuration?: {
      developerConfiguration?: { featureGates?: string[]; disabledFeatureGates?: string[] };
    };
    config?: { featureGates?: string[] };
  };
  status?: {
    phase?: string;
    observedKubeVirtVersion?: string;
    targetKubeVirtVersion?: string;
    observedVersion?: string;
    targetVersion?: string;
    conditions?: RawCondition[];
  };
}

export interface RawWorkload {
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
  spec?: {
    replicas?: number;
    template?: { spec?: { containers?: { image?: string }[] } };
  };
  status?: {
    readyReplicas?: number;
    desiredNumberScheduled?: number;
    numberReady?: number;
  };
}

export interface RawPlatformPod {
  metadata?: { name?: string; labels?: Record<string, string>; deletionTimestamp?: string };
  spec?: { nodeName?: string };
  status?: { conditions?: RawCondition[] };
}

const bare = (name: string, tone: Tone): PlatformPart => ({
  name,
  tone,
  phase: "",
  version: "",
  targetVersion: "",
  conditions: [],
  featureGates: [],
  disabledFeatureGates: [],
});

export function missingPart(name: string, tone: Tone, reason: Reason): PlatformPart {
  return { ...bare(name, tone), reason };
}

export function plainPart(name: string, version: string): PlatformPart {
  return { ...bare(name, "ok"), version };
}

/** Degraded beats everything; what is under way is no failure. */
function partTone({ phase = "", conditions }: NonNullable<RawOperand["status"]>): Tone {
  const is = (type: string, status: string) =>
    conditions?.some((condition) => condition.type === type && condition.status === status) === true;
  if (is("Degraded", "True") || phase === "Error") return "error";
  if (is("Available", "False")) return "attention";
  if (is("Progressing", "True") || (phase !== "Deployed" && phase !== "")) return "working";
  return "ok";
}

export function operandPart(name: string, { spec, status = {} }: RawOperand): PlatformPart {
  const version = status.observedKubeVirtVersion ?? status.observedVersion ?? "";
  const target = status.targetKubeVirtVersion ?? status.targetVersion ?? "";
  const developer = spec?.configuration?.developerConfiguration;
  return {
    ...bare(name, partTone(status)),
    phase: status.phase ?? "",
    version,
    targetVersion: target === version ? "" : target,
    conditions: conditionsOf(status.conditions, operandTone),
    featureGates: [...(developer?.featureGates ?? spec?.config?.featureGates ?? [])].toSorted((a, b) =>
      a.localeCompare(b),
    ),
    disabledFeatureGates: developer?.disabledFeatureGates ?? [],
  };
}

const kubeOvnApps = new Set([
  "ovn-central",
  "kube-ovn-controller",
  "ovs",
  "kube-ovn-cni",
  "kube-ovn-monitor",
  "kube-ovn-pinger",
]);

/** The part that a workload belongs to, by the labels that its maker gives it; null for all others. */
export function partOf({ metadata }: RawWorkload): string | null {
  const labels = metadata?.labels ?? {};
  if (labels["kubevirt.io"]?.startsWith("virt-") === true) return "KubeVirt";
  if (labels["cdi.kubevirt.io"] !== undefined || labels["app.kubernetes.io/component"] === "storage")
    return "CDI";
  if (kubeOvnApps.has(labels["app"] ?? "")) return "Kube-OVN";
  return null;
}

export function workloadOf(kind: "Deployment" | "DaemonSet", raw: RawWorkload): PlatformWorkload | null {
  const part = partOf(raw);
  if (part === null) return null;
  const desired =
    kind === "Deployment" ? (raw.spec?.replicas ?? 1) : (raw.status?.desiredNumberScheduled ?? 0);
  const ready = (kind === "Deployment" ? raw.status?.readyReplicas : raw.status?.numberReady) ?? 0;
  return {
    part,
    project: raw.metadata?.namespace ?? "",
    kind,
    name: raw.metadata?.name ?? "",
    ready,
    desired,
    tone: ready >= desired ? "ok" : ready === 0 && desired > 0 ? "error" : "attention",
  };
}

/** The tag of the image, e.g. v1.16.0. */
export function imageVersion(raw: RawWorkload | undefined): string {
  const image = raw?.spec?.template?.spec?.containers?.[0]?.image ?? "";
  return /:([^/:@]+)(@|$)/.exec(image)?.[1] ?? "";
}

/** Kube-OVN has no object of its own: it is as well as what it is made of. */
export function kubeOvnPart(workloads: readonly PlatformWorkload[], version: string): PlatformPart {
  const own = workloads.filter((one) => one.part === "Kube-OVN");
  const tone = own.some((one) => one.tone === "error")
    ? "error"
    : own.some((one) => one.tone === "attention")
      ? "attention"
      : "ok";
  return { ...bare("Kube-OVN", tone), version };
}

const isReady = ({ metadata, status }: RawPlatformPod): boolean =>
  metadata?.deletionTimestamp === undefined &&
  status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true;

const podOf = (raw: RawPlatformPod) => ({
  name: raw.metadata?.name ?? "",
  host: raw.spec?.nodeName ?? "",
  ready: isReady(raw),
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

/** `pods`: those that bear the label `app` of a part of Kube-OVN. */
export function ovnHealth(pods: readonly RawPlatformPod[], hosts: readonly string[]): PlatformStatus["ovn"] {
  const of = (app: string) => pods.filter(({ metadata }) => metadata?.labels?.["app"] === app);
  const central = of("ovn-central");
  const leader = (label: string) => {
    const found = central.find((raw) => raw.metadata?.labels?.[label] === "true" && isReady(raw));
    return found?.metadata?.name ?? "";
  };
  const ovs = new Map(of("ovs").map((raw) => [raw.spec?.nodeName ?? "", podOf(raw)]));
  const cni = new Map(of("kube-ovn-cni").map((raw) => [raw.spec?.nodeName ?? "", podOf(raw)]));
  return {
    databases: [
      { name: "northbound", leader: leader("ovn-nb-leader") },
      { name: "southbound", leader: leader("ovn-sb-leader") },
      { name: "northd", leader: leader("ovn-northd-leader") },
    ],
    members: central.map(podOf).toSorted(byName),
    controllers: of("kube-ovn-controller").map(podOf).toSorted(byName),
    hosts: hosts.map((host) => ({ host, ovs: ovs.get(host) ?? null, cni: cni.get(host) ?? null })),
    ...(pods.length === 0 ? { reason: reasonOf("ovn-pods-missing") } : {}),
  };
}

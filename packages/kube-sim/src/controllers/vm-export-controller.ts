/**
 * VirtualMachineExport: a service, a token, and a pod that serves the disks of the source while nobody else uses them; the status
 * tells how far it is and where to fetch. Order, words and reasons as in KubeVirt's pkg/storage/export/export/export.go.
 */
import { randomInt } from "node:crypto";
import { sameJson } from "../store/json-equality.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import type { ControllerContext } from "./controller.ts";
import { serviceKind } from "./endpoints-controller.ts";
import type { EventRecorder } from "./events.ts";
import { exportLinks } from "./export-links.ts";
import { manifestConfigMap } from "./export-manifest.ts";
import {
  defaultTokenSecretName,
  exporterPodName,
  exportLabelValue,
  exportServiceName,
  manifestConfigMapName,
} from "./export-names.ts";
import type { ExportStatus, VmExport } from "./export-shapes.ts";
import { snapshotSource } from "./export-snapshot-source.ts";
import { type ExportSource, ExportSources, isAvailable, notReady } from "./export-sources.ts";
import {
  deadlineVariable,
  exporterPod,
  exportOwner,
  exportServiceLabel,
  isExporterReady,
} from "./exporter-pod.ts";
import { goDurationMs } from "./go-duration.ts";
import type { Indexes } from "./indexes.ts";
import { configMapKind, dataVolumeKind, podKind, secretKind, vmExportKind, vmKind } from "./kinds.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

/** Source: DefaultDurationTTL of the export API. */
const defaultTtl = "2h";
/** The exporter ends before its certificate would: a day, less a fifth of it. Source: GetCertDuration, GetCertRenewBefore. */
const certificateMs = 24 * 3_600_000 * 0.8;
/** Timers reach no further than 24 days. */
const longestWaitMs = 3_600_000;
const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export class VmExportController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #sources: ExportSources;
  readonly #requeue: (vmExport: VmExport, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    requeue: (vmExport: VmExport, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#sources = new ExportSources(store, indexes);
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const vmExport = this.#store.get(vmExportKind, namespace, name);
    if (vmExport === undefined || vmExport.metadata.deletionTimestamp !== undefined) return;
    const source = this.#sourceOf(vmExport);
    if (source === undefined) return;
    this.#makeService(vmExport);
    const tokenSecret = this.#tokenSecret(vmExport, source);
    const pod = this.#managePod(vmExport, source, tokenSecret);
    if (pod === "over") return;
    this.#report(vmExport, source, pod, tokenSecret);
  }

  /** Undefined for what nothing is done about: backups. */
  #sourceOf(vmExport: VmExport): ExportSource | undefined {
    const { apiGroup = "", kind } = vmExport.spec.source;
    switch (`${apiGroup}/${kind}`) {
      case "/PersistentVolumeClaim":
        return this.#sources.claimSource(vmExport);
      case "kubevirt.io/VirtualMachine":
        return this.#sources.machineSource(vmExport);
      case "snapshot.kubevirt.io/VirtualMachineSnapshot":
        return snapshotSource(this.#store, vmExport);
      default:
        return undefined;
    }
  }

  #makeService(vmExport: VmExport): void {
    const { name, namespace, labels, annotations } = vmExport.metadata;
    const serviceName = exportServiceName(name);
    if (this.#store.get(serviceKind, namespace, serviceName)) return;
    const made = this.#context.admit({
      apiVersion: serviceKind.apiVersion,
      kind: serviceKind.kind,
      metadata: {
        name: serviceName,
        ...(namespace !== undefined && { namespace }),
        labels: { "kubevirt.io": "virt-exporter", ...labels },
        ...(annotations && { annotations }),
        ownerReferences: [exportOwner(vmExport)],
      },
      spec: {
        ports: [{ name: "export", protocol: "TCP", port: 443, targetPort: 8443 }],
        selector: { [exportServiceLabel]: exportLabelValue(name) },
      },
    });
    this.#store.create(serviceKind, made);
    this.#events.record(
      vmExport,
      "Normal",
      "ServiceCreated",
      `Created service ${namespace ?? ""}/${serviceName}`,
    );
  }

  /** Its author's, or one of our own once there is something to fetch. */
  #tokenSecret(vmExport: VmExport, source: ExportSource): string | undefined {
    const given = vmExport.spec.tokenSecretRef;
    if (given !== undefined) return given;
    const before = vmExport.status?.tokenSecretRef;
    if (!isAvailable(source) || source.claims.length === 0) return before;
    const { namespace, name } = vmExport.metadata;
    const secret = before ?? defaultTokenSecretName(name);
    if (this.#store.get(secretKind, namespace, secret)) return secret;
    const token = Array.from({ length: 20 }, () => alphanumerics[randomInt(alphanumerics.length)]).join("");
    this.#store.create(secretKind, {
      metadata: {
        name: secret,
        ...(namespace !== undefined && { namespace }),
        ownerReferences: [exportOwner(vmExport)],
      },
      type: "Opaque",
      data: { token: Buffer.from(token).toString("base64") },
    });
    this.#events.record(
      vmExport,
      "Normal",
      "SecretCreated",
      `Created default secret ${namespace ?? ""}/${secret}`,
    );
    return secret;
  }

  #expiresAtMs({ metadata, spec }: VmExport): number {
    return Date.parse(metadata.creationTimestamp) + goDurationMs(spec.ttlDuration ?? defaultTtl);
  }

  /** The pod as it is now; `over` when the export was taken away with it. */
  #managePod(
    vmExport: VmExport,
    source: ExportSource,
    tokenSecret: string | undefined,
  ): Pod | undefined | "over" {
    const { namespace, name } = vmExport.metadata;
    const pod = this.#store.get(podKind, namespace, exporterPodName(name));
    if (pod === undefined)
      return isAvailable(source) && source.claims.length > 0
        ? this.#createPod(vmExport, source, tokenSecret ?? "")
        : undefined;
    if (!isAvailable(source)) {
      this.#endPod(vmExport, pod, "ExportPaused", source.condition?.message ?? "");
      return undefined;
    }
    if (pod.metadata.deletionTimestamp !== undefined) return pod;
    const now = this.#context.clock.now();
    if (now >= this.#expiresAtMs(vmExport)) {
      this.#store.delete(vmExportKind, vmExport);
      return "over";
    }
    const { phase } = pod.status ?? {};
    if (phase === "Succeeded" || phase === "Failed") {
      const words = `Exporter pod ${namespace ?? ""}/${pod.metadata.name} is in phase ${phase}`;
      this.#endPod(vmExport, pod, "ExporterPodFailedOrCompleted", words);
      return pod;
    }
    this.#endAtDeadline(vmExport, pod, now);
    return pod;
  }

  /** What the exporter does itself when its time is over. */
  #endAtDeadline(vmExport: VmExport, pod: Pod, now: number): void {
    const deadline = pod.spec.containers[0]?.env?.find((one) => one.name === deadlineVariable)?.value;
    const leftMs = Date.parse(deadline ?? "") - now;
    if (!(leftMs <= 0)) {
      this.#requeue(vmExport, Math.min(longestWaitMs, Number.isNaN(leftMs) ? longestWaitMs : leftMs));
      return;
    }
    if (pod.status?.phase === "Running")
      this.#store.modifyObject(podKind, pod, (current) => ({
        ...current,
        status: { ...current.status, phase: "Succeeded" },
      }));
    else this.#requeue(vmExport, 1_000);
  }

  #endPod(vmExport: VmExport, pod: Pod, reason: string, message: string): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    this.#events.record(vmExport, "Warning", reason, message);
    this.#store.delete(podKind, pod);
  }

  #createPod(vmExport: VmExport, source: ExportSource, tokenSecret: string): Pod {
    const { namespace, name } = vmExport.metadata;
    const exported = source.claims.map((claim) => ({ claim, isDisk: this.#holdsDisk(claim) }));
    const deadline = Math.min(this.#context.clock.now() + certificateMs, this.#expiresAtMs(vmExport));
    const made = this.#context.admit(
      exporterPod(vmExport, exported, {
        tokenSecret,
        deadline: timestamp(deadline),
        hasManifest: source.hasManifest,
        configMap: this.#makeManifest(vmExport, source),
      }),
    );
    const pod = this.#store.create(podKind, made);
    this.#events.record(
      vmExport,
      "Normal",
      "ExporterPodCreated",
      `Created exporter pod ${namespace ?? ""}/${exporterPodName(name)}`,
    );
    return pod;
  }

  /** Whether there is a machine to tell of. */
  #makeManifest(vmExport: VmExport, source: ExportSource): boolean {
    const { namespace, name } = vmExport.metadata;
    const vmName = source.virtualMachineName;
    const vm = vmName === undefined ? undefined : this.#store.get(vmKind, namespace, vmName);
    if (vm === undefined) return false;
    const configMap = manifestConfigMapName(name);
    if (this.#store.get(configMapKind, namespace, configMap)) return true;
    this.#store.create(configMapKind, manifestConfigMap(this.#store, vmExport, vm, this.#context.exportDoor));
    this.#events.record(
      vmExport,
      "Normal",
      "DataManifestCreated",
      `Created exporter data manifest ${namespace ?? ""}/${configMap}`,
    );
    return true;
  }

  /** Source: isKubevirtContentType. */
  #holdsDisk({ metadata, spec }: PersistentVolumeClaim): boolean {
    if (spec.volumeMode === "Block") return true;
    const contentType = metadata.annotations?.["cdi.kubevirt.io/storage.contentType"];
    if (contentType === "kubevirt" || contentType === "") return true;
    const owner = metadata.ownerReferences?.find((one) => one.controller === true);
    if (owner?.kind !== dataVolumeKind.kind || owner.apiVersion !== dataVolumeKind.apiVersion) return false;
    const dataVolume = this.#store.get(dataVolumeKind, metadata.namespace, owner.name);
    return dataVolume !== undefined && (dataVolume.spec.contentType ?? "kubevirt") === "kubevirt";
  }

  #report(
    vmExport: VmExport,
    source: ExportSource,
    pod: Pod | undefined,
    tokenSecret: string | undefined,
  ): void {
    const serviceName = exportServiceName(vmExport.metadata.name);
    const now = timestamp(this.#context.clock.now());
    const [phase, ready] = podState(pod, source);
    const before = vmExport.status;
    const links =
      pod !== undefined && phase === "Ready"
        ? exportLinks(vmExport, pod, serviceName, this.#context.exportDoor)
        : {};
    let conditions = replaced(before?.conditions ?? [], ready, now);
    if (source.condition) conditions = replaced(conditions, source.condition, now);
    const status: ExportStatus = {
      ...before,
      phase: source.isSkipped ? "Skipped" : phase,
      links,
      ...(tokenSecret !== undefined && { tokenSecretRef: tokenSecret }),
      ttlExpirationTime: before?.ttlExpirationTime ?? timestamp(this.#expiresAtMs(vmExport)),
      serviceName,
      ...(source.virtualMachineName !== undefined && { virtualMachineName: source.virtualMachineName }),
      conditions,
    };
    if (sameJson(before, status)) return;
    this.#store.modifyObject(vmExportKind, vmExport, (current) => ({ ...current, status }));
  }
}

function podState(
  pod: Pod | undefined,
  source: ExportSource,
): [phase: NonNullable<ExportStatus["phase"]>, ready: Condition] {
  if (pod === undefined) return ["Pending", source.ready];
  if (isExporterReady(pod)) return ["Ready", { type: "Ready", status: "True", reason: "PodReady" }];
  switch (pod.status?.phase) {
    case "Succeeded":
      return ["Terminated", notReady("PodCompleted")];
    case "Pending":
      return ["Pending", notReady("PodPending")];
    default:
      return ["Pending", notReady("Unknown")];
  }
}

/** A condition that changed in anything is a new one. Source: updateCondition. */
function replaced(conditions: Condition[], next: Condition, now: string): Condition[] {
  const full = { ...next, lastProbeTime: null, lastTransitionTime: now };
  const before = conditions.find(({ type }) => type === next.type);
  if (before === undefined) return [...conditions, full];
  const isSame =
    before.status === next.status &&
    (before.reason ?? "") === (next.reason ?? "") &&
    (before.message ?? "") === (next.message ?? "");
  return isSame ? conditions : conditions.map((one) => (one === before ? full : one));
}

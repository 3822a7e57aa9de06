/**
 * What an export is made of: the claims of its source, whether they may be read now, and what its conditions say meanwhile.
 * Source: pvc-source.go, vm-source.go and export.go of KubeVirt's pkg/storage/export/export; words and reasons are theirs.
 */
import type { Condition } from "./core-shapes.ts";
import type { VmExport } from "./export-shapes.ts";
import { type Indexes, namespacedKey } from "./indexes.ts";
import { claimKind, dataVolumeKind, vmiKind, vmKind } from "./kinds.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";

export interface ExportSource {
  claims: PersistentVolumeClaim[];
  inUse: boolean;
  isPopulated: boolean;
  /** What the condition Ready says as long as there is no pod. */
  ready: Condition;
  /** PVCReady or VolumesCreated; a machine has none. */
  condition?: Condition;
  /** Why a pod that was there is taken away. */
  why?: string;
  virtualMachineName?: string;
  isSkipped: boolean;
  hasManifest: boolean;
}

export const isAvailable = (source: ExportSource): boolean => !source.inUse && source.isPopulated;

export const notReady = (reason: string, message = ""): Condition => ({
  type: "Ready",
  status: "False",
  reason,
  ...(message !== "" && { message }),
});

const initializing = notReady("Initializing");

/** Bound is the least, Pending more, Lost the most severe. */
function claimCondition(claims: PersistentVolumeClaim[]): Condition {
  const phases = claims.map(({ status }) => status?.phase);
  const [status, reason] = phases.includes("Lost")
    ? ["False", "Unknown"]
    : phases.includes("Pending")
      ? ["False", "PVCPending"]
      : ["True", "PVCBound"];
  return { type: "PVCReady", status, reason };
}

export class ExportSources {
  readonly #store: TypedStore;
  readonly #indexes: Indexes;

  constructor(store: TypedStore, indexes: Indexes) {
    this.#store = store;
    this.#indexes = indexes;
  }

  /** CDI's IsPopulated: a claim of nobody's has whatever its owner put there. Throws while its DataVolume is not there. */
  #isPopulated(claim: PersistentVolumeClaim): boolean {
    const { namespace, ownerReferences = [] } = claim.metadata;
    const owner = ownerReferences.find(
      ({ controller, kind }) => controller === true && kind === "DataVolume",
    );
    if (owner === undefined) return true;
    const dataVolume = this.#store.get(dataVolumeKind, namespace, owner.name);
    if (dataVolume === undefined) throw new Error(`datavolume ${namespace ?? ""}/${owner.name} not found`);
    return dataVolume.status?.phase === "Succeeded";
  }

  claimSource(vmExport: VmExport): ExportSource {
    const { namespace, uid } = vmExport.metadata;
    const { name } = vmExport.spec.source;
    const shown = `PersistentVolumeClaim ${namespace ?? ""}/${name}`;
    const claim = this.#store.get(claimKind, namespace, name);
    const common = { isSkipped: false, hasManifest: false };
    if (claim === undefined) {
      const condition = {
        type: "PVCReady",
        status: "False",
        reason: "PVCNotFound",
        message: `${shown} not found`,
      };
      return { ...common, claims: [], inUse: false, isPopulated: false, ready: initializing, condition };
    }
    const isPopulated = this.#isPopulated(claim);
    const inUse =
      isPopulated &&
      this.#indexes.podsByClaim
        .get(namespacedKey(namespace, name))
        .some(
          ({ status, metadata }) =>
            status?.phase !== "Succeeded" &&
            !metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid),
        );
    const ready = !isPopulated
      ? notReady("PVCPending", `${shown} is not populated`)
      : inUse
        ? notReady("InUse", `${shown} is in use`)
        : initializing;
    return { ...common, claims: [claim], inUse, isPopulated, ready, condition: claimCondition([claim]) };
  }

  machineSource(vmExport: VmExport): ExportSource {
    const { namespace } = vmExport.metadata;
    const { name } = vmExport.spec.source;
    const shown = `Virtual Machine ${namespace ?? ""}/${name}`;
    const common = { virtualMachineName: name, inUse: false, hasManifest: true };
    const vm = this.#store.get(vmKind, namespace, name);
    if (vm === undefined) {
      const ready = notReady("VMNotFound", `${shown} not found`);
      return { ...common, claims: [], isPopulated: false, ready, isSkipped: true };
    }
    const claims: PersistentVolumeClaim[] = [];
    let isPopulated = true;
    for (const volume of vm.spec.template.spec.volumes ?? []) {
      const claimName = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
      if (claimName === undefined) continue;
      const claim = this.#store.get(claimKind, namespace, claimName);
      if (claim === undefined) {
        // a claim that nobody is about to make is left out
        if (volume.dataVolume) isPopulated = false;
        continue;
      }
      claims.push(claim);
      if (!this.#isPopulated(claim)) isPopulated = false;
    }
    if (claims.length === 0) {
      const ready = notReady("VMNoVolumes", `${shown} has no volumes`);
      return { ...common, claims, isPopulated: true, ready, isSkipped: true };
    }
    if (!isPopulated) {
      const words = `Not all volumes in the ${shown} are populated`;
      const ready = notReady("VolumesNotPopulated", words);
      return { ...common, claims, isPopulated, ready, isSkipped: false };
    }
    const vmi = this.#store.get(vmiKind, namespace, name);
    const inUse = vmi !== undefined && !isFinal(vmi);
    const ready = inUse ? notReady("InUse", `${shown} is running`) : initializing;
    return { ...common, claims, inUse, isPopulated, ready, isSkipped: false };
  }
}

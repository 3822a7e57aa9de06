/** Which of KubeVirt's feature gates are open, as its object says. Source: pkg/virt-config/featuregate/active.go of v1.9. */
import type { ObjectStore } from "../store/object-store.ts";

/** Betas are open unless they are named among the disabled ones. */
const openByDefault = new Set(["Snapshot", "WorkloadEncryptionSEV", "DeclarativeHotplugVolumes"]);

interface Configuration {
  developerConfiguration?: { featureGates?: string[]; disabledFeatureGates?: string[] };
}

export function isGateOpen(store: ObjectStore, gate: string): boolean {
  const [kubeVirt] = store.list({ group: "kubevirt.io", resource: "kubevirts" });
  const spec = (kubeVirt?.["spec"] ?? {}) as { configuration?: Configuration }; // the CRD's
  const { featureGates = [], disabledFeatureGates = [] } = spec.configuration?.developerConfiguration ?? {};
  if (featureGates.includes(gate)) return true;
  return openByDefault.has(gate) && !disabledFeatureGates.includes(gate);
}

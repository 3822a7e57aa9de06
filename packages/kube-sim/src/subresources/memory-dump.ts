/** memorydump and removememorydump: what virt-api refuses of them. Source: KubeVirt's pkg/virt-api/rest/memorydump.go. */
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, conflict, notFound, notImplemented } from "../store/status-error.ts";
import { binaryQuantity, parseQuantity } from "../controllers/quantity.ts";
import type { Action } from "./action.ts";
import { isGateOpen } from "./feature-gates.ts";
import { findVm, findVmi, vmConflict, vmiConflict, vmiSpec, vmiStatus } from "./virt-objects.ts";

const CLAIM = { group: "kubevirt.io", resource: "persistentvolumeclaim" };
const dumpOverheadBytes = 100 * 1024 ** 2;
/** CDI's default for claims with a file system. */
const filesystemShare = 0.06;

function refuseClaim(claim: KubeObject, vmi: KubeObject): void {
  const { name } = claim.metadata;
  const spec = claim["spec"] as {
    volumeMode?: string;
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
  }; // a claim's
  if (spec.volumeMode === "Block") throw conflict(CLAIM, name, "pvc should be filesystem pvc");
  const modes = spec.accessModes ?? [];
  if (modes.length > 0 && modes.every((mode) => mode === "ReadOnlyMany"))
    throw conflict(CLAIM, name, "pvc access mode can't be read only");
  const { resources } = (vmiSpec(vmi).domain ?? {}) as {
    resources?: { requests?: { memory?: string } };
  }; // admitted on write
  const wanted = (parseQuantity(resources?.requests?.memory) + dumpOverheadBytes) * (1 + filesystemShare);
  const given = spec.resources?.requests?.storage ?? "0";
  if (parseQuantity(given) < wanted)
    throw conflict(
      CLAIM,
      name,
      `pvc size [${given}] should be bigger then [${binaryQuantity(Math.ceil(wanted))}]`,
    );
}

export const memoryDump: Action = (context, call) => {
  const { store } = context;
  if (!isGateOpen(store, "DeclarativeHotplugVolumes") && !isGateOpen(store, "HotplugVolumes"))
    throw badRequest("Enable DeclarativeHotplugVolumes or HotplugVolumes feature gate to use this API.");
  findVm(store, call.namespace, call.name);
  const { claimName } = call.body;
  if (typeof claimName !== "string" || claimName === "")
    throw badRequest("Memory dump requires claim name to be set");
  const vmi = findVmi(store, call.namespace, call.name);
  if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  const claims = { group: "", resource: "persistentvolumeclaims" };
  const claim = store.get({ ...claims, namespace: call.namespace, name: claimName });
  if (claim === undefined) throw notFound(CLAIM, claimName);
  refuseClaim(claim, vmi);
  throw notImplemented("memory dumps");
};

/** No VM here ever has a dump to remove. */
export const removeMemoryDump: Action = (context, call) => {
  findVm(context.store, call.namespace, call.name);
  throw vmConflict(
    call.name,
    `can't remove memory dump association for vm ${call.name}, no association found`,
  );
};

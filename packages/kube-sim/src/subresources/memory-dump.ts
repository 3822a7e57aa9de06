/** memorydump and removememorydump: what virt-api refuses of them, and what it asks of virt-controller. Source: KubeVirt's pkg/virt-api/rest/memorydump.go. */
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, conflict, notFound } from "../store/status-error.ts";
import { binaryQuantity, kiloQuantity, parseQuantity } from "../controllers/quantity.ts";
import type { MemoryDumpRequest } from "../controllers/kubevirt-shapes.ts";
import { ACCEPTED, type Action, type ActionContext, VIRT_API } from "./action.ts";
import { filesystemOverhead } from "./cdi-overhead.ts";
import { isGateOpen } from "./feature-gates.ts";
import {
  findVm,
  findVmi,
  VMS,
  vmConflict,
  vmiConflict,
  vmiSpec,
  vmiStatus,
  vmStatus,
} from "./virt-objects.ts";

const CLAIM = { group: "kubevirt.io", resource: "persistentvolumeclaim" };
const dumpOverheadBytes = 100 * 1024 ** 2;
const mebibyte = 1024 ** 2;

function refuseClaim(context: ActionContext, claim: KubeObject, vmi: KubeObject): void {
  const { name } = claim.metadata;
  const spec = claim["spec"] as {
    volumeMode?: string;
    storageClassName?: string;
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
  const overhead = filesystemOverhead(context, spec.storageClassName);
  const bytes = (parseQuantity(resources?.requests?.memory) + dumpOverheadBytes) * (1 + overhead);
  const wanted = Math.ceil(bytes / mebibyte) * mebibyte;
  const given = Math.ceil(parseQuantity(spec.resources?.requests?.storage) / 1000);
  if (given * 1000 >= wanted) return;
  const sizes = `pvc size [${kiloQuantity(given)}] should be bigger then [${binaryQuantity(wanted)}]`;
  throw conflict(CLAIM, name, sizes);
}

const requestOf = (vm: KubeObject): MemoryDumpRequest | undefined =>
  vmStatus(vm)["memoryDumpRequest"] as MemoryDumpRequest | undefined; // written here and by its controller

function setRequest({ store }: ActionContext, vm: KubeObject, request: MemoryDumpRequest): void {
  const { name, namespace = "" } = vm.metadata;
  store.modify({ ...VMS, namespace, name }, VIRT_API, (current) => ({
    ...current,
    status: { ...vmStatus(current), memoryDumpRequest: request },
  }));
}

export const memoryDump: Action = (context, call) => {
  const { store } = context;
  if (!isGateOpen(store, "DeclarativeHotplugVolumes") && !isGateOpen(store, "HotplugVolumes"))
    throw badRequest("Enable DeclarativeHotplugVolumes or HotplugVolumes feature gate to use this API.");
  const vm = findVm(store, call.namespace, call.name);
  const before = requestOf(vm);
  const asked = call.body["claimName"];
  const claimName = typeof asked === "string" && asked !== "" ? asked : before?.claimName;
  if (claimName === undefined) throw badRequest("Memory dump requires claim name to be set");
  if (before !== undefined && before.claimName !== claimName)
    throw vmConflict(
      call.name,
      `can't request memory dump for pvc [${claimName}] while pvc [${before.claimName}] is still associated as the memory dump pvc`,
    );
  const vmi = findVmi(store, call.namespace, call.name);
  if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  const claims = { group: "", resource: "persistentvolumeclaims" };
  const claim = store.get({ ...claims, namespace: call.namespace, name: claimName });
  if (claim === undefined) throw notFound(CLAIM, claimName);
  refuseClaim(context, claim, vmi);
  if (before?.phase === "Dissociating")
    throw vmConflict(
      call.name,
      `can't dump memory for pvc [${claimName}] a remove memory dump request is in progress`,
    );
  if (before !== undefined && before.phase !== "Completed" && before.phase !== "Failed")
    throw vmConflict(call.name, `memory dump request for pvc [${claimName}] already in progress`);
  setRequest(context, vm, { claimName, phase: "Associating" });
  return ACCEPTED;
};

export const removeMemoryDump: Action = (context, call) => {
  const vm = findVm(context.store, call.namespace, call.name);
  const before = requestOf(vm);
  if (before === undefined)
    throw vmConflict(
      call.name,
      `can't remove memory dump association for vm ${call.name}, no association found`,
    );
  if (before.remove === true)
    throw vmConflict(call.name, `memory dump remove request for pvc [${before.claimName}] already exists`);
  setRequest(context, vm, { claimName: before.claimName, phase: "Dissociating", remove: true });
  return ACCEPTED;
};

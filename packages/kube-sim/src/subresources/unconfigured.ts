/** Subresources whose devices no kube-sim guest has: virt-api's answers for a VMI without them. */
import { badRequest, notFound, notImplemented } from "../store/status-error.ts";
import type { Action } from "./action.ts";
import { findVm, findVmi, vmConflict, vmiConflict } from "./virt-objects.ts";

export const usbRedirection: Action = (context, call) => {
  findVmi(context.store, call.namespace, call.name);
  throw vmiConflict(call.name, "Not configured with USB Redirection");
};

export const vsock: Action = (context, call) => {
  findVmi(context.store, call.namespace, call.name);
  throw badRequest("VSOCK is not attached.");
};

export const attestation: Action = (context, call) => {
  findVmi(context.store, call.namespace, call.name);
  throw vmiConflict(call.name, "Attestation not requested for VMI");
};

export const memoryDump: Action = (context, call) => {
  findVm(context.store, call.namespace, call.name);
  const { claimName } = call.body;
  if (typeof claimName !== "string" || claimName === "")
    throw badRequest("Memory dump requires claim name to be set");
  const claims = { group: "", resource: "persistentvolumeclaims" };
  if (context.store.get({ ...claims, namespace: call.namespace, name: claimName }) === undefined) {
    throw notFound({ group: "kubevirt.io", resource: "persistentvolumeclaim" }, claimName);
  }
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

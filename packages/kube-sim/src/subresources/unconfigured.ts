/** Subresources whose devices no kube-sim guest has: virt-api's answers for a VMI without them. */
import { badRequest, notImplemented } from "../store/status-error.ts";
import type { Action, ActionContext } from "./action.ts";
import { isGateOpen } from "./feature-gates.ts";
import { findVmi, vmiConflict, vmiStatus } from "./virt-objects.ts";

export const usbRedirection: Action = (context, call) => {
  findVmi(context.store, call.namespace, call.name);
  throw vmiConflict(call.name, "Not configured with USB Redirection");
};

export const vsock: Action = (context, call) => {
  findVmi(context.store, call.namespace, call.name);
  throw badRequest("VSOCK is not attached.");
};

function requireSev(context: ActionContext): void {
  if (!isGateOpen(context.store, "WorkloadEncryptionSEV"))
    throw badRequest("'WorkloadEncryptionSEV' feature gate is not enabled");
}

/** Source: KubeVirt's pkg/virt-api/rest/sev.go. */
export const attestation: Action = (context, call) => {
  requireSev(context);
  findVmi(context.store, call.namespace, call.name);
  throw vmiConflict(call.name, "Attestation not requested for VMI");
};

export const setUpSevSession: Action = (context, call) => {
  requireSev(context);
  if (!call.body["session"]) throw badRequest("Session blob is required");
  if (!call.body["dhCert"]) throw badRequest("DH cert is required");
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (vmiStatus(vmi).phase !== "Scheduled") throw vmiConflict(call.name, "VMI is not in Scheduled phase");
  throw vmiConflict(call.name, "Attestation not requested for VMI");
};

export const injectLaunchSecret: Action = (context, call) => {
  requireSev(context);
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  throw vmiConflict(call.name, "Attestation not requested for VMI");
};

/** No disk here has its changed blocks tracked. Source: RedefineCheckpointVMIRequestHandler. */
export const redefineCheckpoint: Action = (context, call) => {
  findVmi(context.store, call.namespace, call.name);
  throw vmiConflict(call.name, "ChangedBlockTracking is not enabled");
};

/** Source: BackupVMIRequestHandler; past its check the real one asks virt-handler. */
export const backup: Action = (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(call.name, "VM is not running");
  throw notImplemented("backups of running machines");
};

/** What a guest agent would tell. kube-sim's guests run none, so it answers from what controllers put into the status. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Action, ActionCall, ActionContext } from "./action.ts";
import { findVmi, hasCondition, vmiConflict, vmiSpec, vmiStatus } from "./virt-objects.ts";

/** Throws what virt-api turns into its 500 texts. */
function requireAgent(context: ActionContext, call: ActionCall): KubeObject {
  const vmi = findVmi(context.store, call.namespace, call.name);
  const status = vmiStatus(vmi);
  if (status.phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  if (!hasCondition(status, "AgentConnected")) {
    throw vmiConflict(call.name, "VMI does not have guest agent connected");
  }
  return vmi;
}

export const guestOsInfo: Action = (context, call) => {
  const vmi = requireAgent(context, call);
  const { guestOSInfo = {}, fsFreezeStatus } = vmiStatus(vmi);
  return {
    code: 200,
    kind: "json",
    body: {
      guestAgentVersion: vmi.metadata.annotations?.["kubesim/guest-agent-version"] ?? "9.2.4",
      hostname: vmiSpec(vmi).hostname ?? call.name,
      os: guestOSInfo,
      timezone: "UTC, 0",
      supportedCommands: [],
      userList: [],
      fsInfo: { disks: [] },
      fsFreezeStatus: fsFreezeStatus ?? "thawed",
    },
  };
};

export const userList: Action = (context, call) => {
  requireAgent(context, call);
  return { code: 200, kind: "json", body: { items: [], metadata: {} } };
};

export const filesystemList: Action = (context, call) => {
  requireAgent(context, call);
  return { code: 200, kind: "json", body: { items: [], metadata: {} } };
};

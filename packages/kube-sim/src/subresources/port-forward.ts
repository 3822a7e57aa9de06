/**
 * portforward: virt-api dials the guest before it upgrades. No network leads to the guests of kube-sim, so every port is
 * one that nobody listens on. Source: KubeVirt's pkg/virt-api/rest/{portforward,dialers,streamer}.go.
 */
import type { ResourceRequest } from "../api/request-info.ts";
import { badRequest, internalError } from "../store/status-error.ts";
import type { Action, ActionContext } from "./action.ts";
import { NO_UPGRADE_TEXT } from "./no-upgrade.ts";
import { findVmi, findVmiOfVm, hasCondition, vmiConflict, vmiStatus } from "./virt-objects.ts";

function checkTarget(context: ActionContext, namespace: string, name: string): string {
  const status = vmiStatus(findVmi(context.store, namespace, name));
  if (hasCondition(status, "Paused")) throw vmiConflict(name, "VMI is paused");
  const interfaces = (status["interfaces"] ?? []) as { ipAddress?: string }[]; // written by controllers
  const [first] = interfaces;
  if (first === undefined) throw badRequest("no network interfaces are present");
  return first.ipAddress ?? "";
}

/** A GET that asks for no upgrade. */
export const portForward: Action = (context, call) => {
  checkTarget(context, call.namespace, call.name);
  return { code: 400, kind: "text", text: NO_UPGRADE_TEXT };
};

export const portForwardOfVm: Action = (context, call) => {
  findVmiOfVm(context.store, call.namespace, call.name);
  return portForward(context, call);
};

/** `portforward/PORT[/PROTOCOL]` of a client that asks for a WebSocket. */
export function refuseTunnel(context: ActionContext, info: ResourceRequest): never {
  if (info.resource === "virtualmachines") findVmiOfVm(context.store, info.namespace, info.name);
  const address = checkTarget(context, info.namespace, info.name);
  const [, port = "", protocol = "tcp"] = info.subresource.split("/");
  if (port === "") throw badRequest("port must not be empty");
  const target = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  throw internalError(`dialing VM: dial ${protocol} ${target}: connect: connection refused`);
}

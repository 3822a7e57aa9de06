/** Conditions of objects, and which of them are well. Pure. */
import type { Condition } from "@kubev/api-types/conditions";
import type { Tone } from "@kubev/api-types/reason";

export interface RawCondition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastHeartbeatTime?: string;
}

type Said = Omit<Condition, "tone">;

/** Types of which `True` is the wanted state; of all others only their own words tell. */
const wanted = new Set([
  "Available",
  "Bound",
  "Complete",
  "ContainersReady",
  "Initialized",
  "PodReadyToStartContainers",
  "PodScheduled",
  "Progressing",
  "Ready",
  "Running",
  "SuccessCriteriaMet",
  "UpToDate",
]);

function usualTone({ type, status, reason }: Said): Tone {
  if (reason === "Error" || (status === "True" && /Fail|Error/.test(type))) return "error";
  if (!wanted.has(type)) return "off";
  if (status === "True") return "ok";
  // what has ended is not ready any more, and nothing is wrong with that
  return status === "False" && type === "Progressing" ? "attention" : "off";
}

/** Of a Node: Ready is good when True, every pressure and problem when False. */
export function hostTone({ type, status }: Said): Tone {
  if (status === "Unknown") return "attention";
  const good = type === "Ready" ? "True" : "False";
  return status === good ? "ok" : type === "Ready" ? "error" : "attention";
}

/** Of a Kube-OVN subnet: all but Error say what has been done. */
export function subnetTone({ type, status }: Said): Tone {
  if (type === "Error") return status === "True" ? "error" : "off";
  return status === "True" ? "ok" : "attention";
}

/** Of KubeVirt's and CDI's own objects. */
export function operandTone({ type, status }: Said): Tone {
  if (type === "Available") return status === "True" ? "ok" : "attention";
  if (status !== "True") return "off";
  return type === "Degraded" ? "error" : type === "Progressing" ? "working" : "off";
}

export function conditionsOf(
  conditions: readonly RawCondition[] | undefined,
  toneOf: (said: Said) => Tone = usualTone,
): Condition[] {
  return (conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) => {
    const said = {
      type: type ?? "",
      status: status ?? "",
      reason: reason ?? "",
      message: message ?? "",
      since: lastTransitionTime ?? "",
    };
    return { ...said, tone: toneOf(said) };
  });
}

/** A pod's conditions through its life, as kubelets report them. Source: pkg/kubelet/status/generate.go of Kubernetes. */
import { isTrue } from "./conditions.ts";
import type { Condition, Pod } from "./core-shapes.ts";

const quoted = (pod: Pod): string => pod.spec.containers.map(({ name }) => name).join(" ");

/** On its host, with containers that are still being made. */
export function creating(pod: Pod): Condition[] {
  const message = `containers with unready status: [${quoted(pod)}]`;
  const inits = (pod.spec.initContainers ?? []).map(({ name }) => name);
  return [
    { type: "PodReadyToStartContainers", status: "False" },
    inits.length > 0
      ? {
          type: "Initialized",
          status: "False",
          reason: "ContainersNotInitialized",
          message: `containers with incomplete status: [${inits.join(" ")}]`,
        }
      : { type: "Initialized", status: "True" },
    { type: "Ready", status: "False", reason: "ContainersNotReady", message },
    { type: "ContainersReady", status: "False", reason: "ContainersNotReady", message },
  ];
}

/** Of a pod whose containers all run: ready when its gates are open. */
export function readiness(pod: Pod): Condition {
  const conditions = pod.status?.conditions;
  const shut = (pod.spec.readinessGates ?? [])
    .map(({ conditionType }) => conditionType)
    .filter((gate) => !isTrue(conditions, gate));
  if (shut.length === 0) return { type: "Ready", status: "True" };
  const message = shut
    .map((gate) =>
      conditions?.some(({ type }) => type === gate) === true
        ? `the status of pod readiness gate "${gate}" is not "True", but False`
        : `corresponding condition of pod readiness gate "${gate}" does not exist.`,
    )
    .join(", ");
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message };
}

/** Of a pod whose containers have ended. */
export function ended(phase: "Succeeded" | "Failed"): Condition[] {
  const reason = phase === "Failed" ? "PodFailed" : "PodCompleted";
  return [
    { type: "PodReadyToStartContainers", status: "False" },
    { type: "Ready", status: "False", reason },
    { type: "ContainersReady", status: "False", reason },
  ];
}

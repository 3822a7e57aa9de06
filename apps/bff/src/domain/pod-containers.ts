/** What Kubernetes says of each container of a pod. */
import type { PodContainer } from "@kubev/api-types/objects/pod";

export interface RawContainer {
  name?: string;
  image?: string;
  restartPolicy?: string;
}

interface RawContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: { reason?: string; message?: string; exitCode?: number; startedAt?: string };
}

export interface RawContainerStatus {
  name?: string;
  ready?: boolean;
  restartCount?: number;
  state?: RawContainerState;
  lastState?: RawContainerState;
}

/** What of a pod tells of its containers. */
export interface RawContainers {
  spec?: { containers?: RawContainer[]; initContainers?: RawContainer[] };
  status?: { containerStatuses?: RawContainerStatus[]; initContainerStatuses?: RawContainerStatus[] };
}

export function containersOf({ spec, status }: RawContainers): PodContainer[] {
  const statuses = new Map(
    [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map((one) => [
      one.name,
      one,
    ]),
  );
  const made = (one: RawContainer, init: boolean): PodContainer => {
    const known = statuses.get(one.name);
    const { waiting, running, terminated } = known?.state ?? {};
    return {
      name: one.name ?? "",
      image: one.image ?? "",
      role: init ? (one.restartPolicy === "Always" ? "sidecar" : "init") : "main",
      state: running ? "running" : terminated ? "terminated" : waiting ? "waiting" : "",
      stateReason: waiting?.reason ?? terminated?.reason ?? "",
      message: waiting?.message ?? terminated?.message ?? "",
      exitCode: terminated?.exitCode ?? null,
      ready: known?.ready === true,
      restarts: known?.restartCount ?? 0,
      startedAt: running?.startedAt ?? terminated?.startedAt ?? "",
      hasPrevious: known?.lastState?.terminated !== undefined || (known?.restartCount ?? 0) > 0,
    };
  };
  return [
    ...(spec?.containers ?? []).map((one) => made(one, false)),
    ...(spec?.initContainers ?? []).map((one) => made(one, true)),
  ];
}

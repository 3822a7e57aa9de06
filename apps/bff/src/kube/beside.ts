/** What a page reads beside its own object: a part of the cluster that fails, or says nothing, takes nothing else with it. */
import { KubeError, KubeUnreachableError } from "./kube-error.ts";

/** For requests whose answer only adds to what is told anyway. */
export const beside = { timeoutMs: 3000, aside: true } as const;

/** What the cluster itself said of it; undefined where it said nothing, and only our side of the line did. */
export function clusterWords(error: KubeError | KubeUnreachableError): string | undefined {
  return error instanceof KubeError ? error.message : undefined;
}

/** Whether the cluster may answer otherwise later: it failed, and refused nothing. */
export function isAway(error: unknown): error is KubeError | KubeUnreachableError {
  if (error instanceof KubeUnreachableError) return error.kind !== "aborted";
  return error instanceof KubeError && (error.status === 429 || error.status >= 500);
}

/** Whether a pod or a machine's instance still runs or may come to run. Pods and instances name their last phases alike. */
export function isLivePhase(phase: string): boolean {
  return phase !== "Succeeded" && phase !== "Failed";
}

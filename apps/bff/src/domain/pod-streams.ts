/** Who may follow what containers write, and who may run commands in them. */
import type { Reason } from "@kubev/api-types/reason";
import { clusterLabels, isLauncher } from "./cluster-labels.ts";
import { reasonOf } from "./reasons.ts";
import type { NeededRight } from "./vm-actions.ts";

const onPod = (verb: string, subresource: string): NeededRight => ({
  verb,
  group: "",
  resource: "pods",
  subresource,
});

export const readLogRight = onPod("get", "log");

/** The upgrade is a GET, and newer clusters ask for `create` with it, which older ones asked of POST only. */
export const openShellRights = [onPod("create", "exec"), onPod("get", "exec")] as const;

/** Why a shell in the pod must be confirmed: in that of a machine its process, its disks and its console lie open. */
export function shellWarning(labels: Readonly<Record<string, string>> | undefined): Reason | null {
  return isLauncher(labels)
    ? reasonOf("shell-into-machine", { name: labels?.[clusterLabels.machine] ?? "" })
    : null;
}

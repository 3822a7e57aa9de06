/** The instance that runs a machine now, as the cluster tells the caller. */
import { isLivePhase } from "../domain/live-phase.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { SettingsTemplate } from "../domain/vm-settings.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";

export interface LiveInstance {
  metadata?: RawMeta;
  spec?: SettingsTemplate & {
    domain?: { cpu?: { maxSockets?: number; sockets?: number }; memory?: { maxGuest?: string } };
    terminationGracePeriodSeconds?: number;
  };
  status?: {
    phase?: string;
    conditions?: RawCondition[];
    virtualMachineRevisionName?: string;
    currentCPUTopology?: { sockets?: number };
    memory?: { guestAtBoot?: string; guestCurrent?: string };
  };
}

/** Null where none runs, or the caller may not see it. */
export async function liveInstance(
  caller: Caller,
  { project, name }: { project: string; name: string },
): Promise<LiveInstance | null> {
  try {
    const instance = await caller.client.json<LiveInstance>(
      objectPath(types.virtualMachineInstance, name, project),
    );
    return isLivePhase(instance.status?.phase ?? "") ? instance : null;
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

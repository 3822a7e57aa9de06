/** Why a machine that fails again and again does not start: KubeVirt says it of an instance that is soon gone, and in an event. */
import type { VmState } from "@kubev/api-types/virtual-machines";
import type { Caller } from "../identity/callers.ts";
import { KubeError } from "../kube/kube-error.ts";
import { eventsOf } from "./object-events.ts";
import type { RawInstance } from "./vm-detail.ts";

/** What virt-handler writes where a guest cannot be started; `Stopped` comes of one that ends by itself. */
const tellingReasons: ReadonlySet<string> = new Set(["SyncFailed", "FailedCreate", "FailedSync", "Failed"]);

async function fromEvents(caller: Caller, project: string, name: string): Promise<string | undefined> {
  try {
    const selector = `involvedObject.kind=VirtualMachineInstance,involvedObject.name=${name}`;
    const { events } = await eventsOf(caller.client, project, [selector]);
    return events.find(({ type, reason }) => type === "Warning" && tellingReasons.has(reason))?.message;
  } catch (error) {
    // who may not read events is told the state alone
    if (error instanceof KubeError && error.status === 403) return undefined;
    throw error;
  }
}

/** The state with the cluster's words of the last failure, where it is one of repeated failures and says nothing yet. */
export async function withLaunchFailure(
  caller: Caller,
  project: string,
  name: string,
  state: VmState,
  instance: RawInstance | null,
): Promise<VmState> {
  const { reason } = state;
  if (reason?.code !== "vm-crash-loop" || reason.upstreamText !== undefined) return state;
  const unsynchronized = instance?.status?.conditions?.find(
    ({ type, status }) => type === "Synchronized" && status === "False",
  );
  const words = unsynchronized?.message ?? (await fromEvents(caller, project, name));
  return words === undefined ? state : { ...state, reason: { ...reason, upstreamText: words } };
}

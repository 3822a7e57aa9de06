/** Why a machine that fails again and again does not start: KubeVirt says it of an instance that is soon gone, and in an event. */
import type { VmState } from "@kubev/api-types/virtual-machines";
import type { Caller } from "../identity/callers.ts";
import { eventsBeside } from "./object-events.ts";
import type { RawInstance, RawVm } from "./vm-detail.ts";

/** What virt-handler writes where a guest cannot be started; `Stopped` comes of one that ends by itself. */
const tellingReasons: ReadonlySet<string> = new Set(["SyncFailed", "FailedCreate", "FailedSync", "Failed"]);

/** `instances` are uids: others that had the same name failed for reasons of their own. */
async function fromEvents(
  caller: Caller,
  project: string,
  instances: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const selectors = instances.map(
    (uid) => `involvedObject.kind=VirtualMachineInstance,involvedObject.uid=${uid}`,
  );
  const events = await eventsBeside(caller.client, project, selectors, signal);
  return events?.find(({ type, reason }) => type === "Warning" && tellingReasons.has(reason))?.message;
}

/** The state with the cluster's words of the last failure, where it is one of repeated failures and says nothing yet; alone where none can be had. */
export async function withLaunchFailure(
  caller: Caller,
  project: string,
  { status }: RawVm,
  state: VmState,
  instance: RawInstance | null,
  signal: AbortSignal,
): Promise<VmState> {
  const { reason } = state;
  if (reason?.code !== "vm-crash-loop" || reason.upstreamText !== undefined) return state;
  const unsynchronized = instance?.status?.conditions?.find(
    (condition) => condition.type === "Synchronized" && condition.status === "False",
  );
  const now = instance?.metadata?.uid ?? "";
  const last = status?.startFailure?.lastFailedVMIUID ?? "";
  const instances = [...new Set([now, last])].filter((uid) => uid !== "");
  const words = unsynchronized?.message ?? (await fromEvents(caller, project, instances, signal));
  return words === undefined ? state : { ...state, reason: { ...reason, upstreamText: words } };
}

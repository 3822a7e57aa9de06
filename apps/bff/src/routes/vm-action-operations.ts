/** Power actions on one or many machines: each goes to the cluster as the caller, each has its own outcome and audit row. */
import type { Reason } from "@kubev/api-types/reason";
import type { ActionOutcome, VmActionName } from "@kubev/api-types/virtual-machines";
import { mapLimited } from "../domain/mapped-limit.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { Caller } from "../identity/callers.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import type { Operations } from "./operation.ts";
import { outcomeOf, reasonOfOutcome } from "./trail-outcome.ts";
import { cancelMigration, requestMigration } from "./vm-migration-operations.ts";

interface Subresource {
  on: "vm" | "instance";
  name: string;
  body: Readonly<Record<string, unknown>>;
}

type SubresourceAction = Exclude<VmActionName, "migrate" | "cancelMigration">;

/** api-surface §1; bodies are never empty, since virt-api takes any JSON. */
const subresources: Readonly<Record<SubresourceAction, Subresource>> = {
  start: { on: "vm", name: "start", body: {} },
  startPaused: { on: "vm", name: "start", body: { paused: true } },
  stop: { on: "vm", name: "stop", body: {} },
  forceStop: { on: "vm", name: "stop", body: { gracePeriod: 0 } },
  restart: { on: "vm", name: "restart", body: {} },
  forceRestart: { on: "vm", name: "restart", body: { gracePeriodSeconds: 0 } },
  pause: { on: "instance", name: "pause", body: {} },
  unpause: { on: "instance", name: "unpause", body: {} },
  reset: { on: "instance", name: "reset", body: {} },
  softReboot: { on: "instance", name: "softreboot", body: {} },
};

const concurrency = 8;

/** Sends one action as the caller. @throws KubeError, KubeUnreachableError */
export async function sendSubresource(
  caller: Caller,
  action: SubresourceAction,
  { project, name }: { project: string; name: string },
): Promise<void> {
  const { on, name: subresource, body } = subresources[action];
  const type = on === "vm" ? resourceTypes.vmSubresource : resourceTypes.instanceSubresource;
  await caller.client.done(objectPath(type, name, project, subresource), {
    method: "PUT",
    body,
    accept: "*/*",
    timeoutMs: 20_000,
  });
}

/** A guest that does not run is not found either: only what is asked of the machine itself tells that it is gone. */
function reasonOfFailure(action: VmActionName, problem: ApiProblem): Reason {
  const reason = reasonOfOutcome(problem) ?? reasonOf("upstream-refused");
  const asked: Readonly<Partial<Record<VmActionName, Subresource>>> = subresources;
  // without its reason nothing answered that knows machines
  const isGone = asked[action]?.on === "vm" && problem.details.upstream?.reason === "NotFound";
  return isGone ? reasonOf("vm-gone", undefined, reason.upstreamText) : reason;
}

export function vmActionOperations(services: Services) {
  const one = async (
    caller: Caller,
    { action, host }: { action: VmActionName; host: string | undefined },
    target: { project: string; name: string },
    trail: { sourceIp: string; requestId: string },
  ): Promise<ActionOutcome> => {
    let failure: unknown;
    try {
      if (action === "migrate") await requestMigration(services, caller, target, host);
      else if (action === "cancelMigration") await cancelMigration(caller, target);
      else await sendSubresource(caller, action, target);
    } catch (error) {
      failure = error;
    }
    const problem = failure === undefined ? null : problemOf(failure);
    const reason = problem === null ? undefined : reasonOfFailure(action, problem);
    await services.audit.record({
      user: caller.session.person.userName,
      action,
      noun: "virtual-machine",
      ...target,
      outcome: outcomeOf(problem),
      ...(reason === undefined ? {} : { reason }),
      ...trail,
      diff: host === undefined || action !== "migrate" ? [] : [{ path: "/host", new: host }],
    });
    return { ...target, ok: problem === null, ...(reason === undefined ? {} : { reason }) };
  };

  return {
    actOnVms: {
      access: "session",
      handle: async (call) => ({
        outcomes: await mapLimited(call.body.targets, concurrency, async (target) =>
          one(call.caller, { action: call.body.action, host: call.body.host }, target, {
            sourceIp: call.sourceIp,
            requestId: call.requestId,
          }),
        ),
      }),
    },
  } satisfies Partial<Operations>;
}

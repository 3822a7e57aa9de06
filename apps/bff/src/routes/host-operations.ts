/** Hosts: one, closing it to new machines, and emptying it: first the plan, then the work. */
import type { DrainOptions, DrainPlan } from "@kubev/api-types/host-drain";
import { drainOutcome } from "@kubev/api-types/host-drain";
import type { HostDetail, HostRow } from "@kubev/api-types/hosts";
import { maxHostPods } from "@kubev/api-types/hosts";
import type { ActionDecision } from "@kubev/api-types/reason";
import { sees } from "../access/scope.ts";
import { drainPlan } from "../domain/drain-plan.ts";
import type { RawNode } from "../domain/host-detail.ts";
import { hostFacts } from "../domain/host-detail.ts";
import { hostRights } from "../domain/host-state.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { reasonOf } from "../domain/reasons.ts";
import { budgetsOf, podsToDrain } from "../drains/drain-pods.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { roomsOf } from "../inventory/host-rooms.ts";
import type { HostEntry } from "../inventory/hosts.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { eventsOf } from "./object-events.ts";
import { checkText, readText, storeText } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";

const settleMs = 5000;

/** A state that forbids is a conflict; a missing right is for the cluster to refuse, in its words. */
function requireState(decision: ActionDecision): void {
  if (!decision.allowed && decision.reason.code !== "no-permission")
    throw new ApiProblem("conflict", { reason: decision.reason });
}

export function hostOperations(services: Services) {
  const { nouns, inventory, drains, clock } = services;
  const { feeds } = inventory;

  async function visible(caller: Caller, name: string): Promise<HostEntry> {
    const entry = await visibleEntry(nouns.hosts, caller.rights, name);
    if (entry === undefined) throw notFound();
    return entry;
  }

  const rowOf = async (caller: Caller, entry: HostEntry): Promise<HostRow> =>
    (await nouns.hosts.rowMaker(caller.rights, []))(entry);

  async function podsOn(caller: Caller, host: string): Promise<Pick<HostDetail, "pods" | "podsTotal">> {
    const scope = await caller.rights.scope(hostRights.listPods);
    const found = [...feeds.pods.table.values()].filter(
      (pod) => pod.host === host && isLivePhase(pod.phase) && sees(scope, pod.namespace, pod.name),
    );
    return {
      podsTotal: found.length,
      pods: found
        .toSorted((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name))
        .slice(0, maxHostPods)
        .map((pod) => ({
          project: pod.namespace,
          name: pod.name,
          phase: pod.phase,
          owner: { kind: pod.ownerKind, name: pod.ownerName },
          machine: pod.instance,
          cpuCores: pod.cpuCores,
          memoryBytes: pod.memoryBytes,
        })),
    };
  }

  async function planFor(caller: Caller, host: string, options: DrainOptions): Promise<DrainPlan> {
    const [found, budgets] = await Promise.all([
      podsToDrain(caller.client, feeds, host, { volumes: true }),
      budgetsOf(caller.client),
    ]);
    const rooms = roomsOf(nouns.hosts.index, clock.nowMs()).filter((room) => room.host !== host);
    const items = drainPlan(
      found.map(({ pod }) => pod),
      rooms,
      options,
      budgets,
    );
    const count = (outcome: string) => items.filter((item) => item.outcome === outcome).length;
    return {
      host,
      items,
      counts: Object.fromEntries(
        drainOutcome.options.map((outcome) => [outcome, count(outcome)]),
      ) as DrainPlan["counts"], // one entry per outcome
      openHosts: rooms.filter((room) => room.open && room.forMachines).length,
      madeAt: new Date(clock.nowMs()).toISOString(),
    };
  }

  async function cordon(caller: Caller, name: string, cordoned: boolean): Promise<HostEntry> {
    await caller.client.json(objectPath(types.node, name), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { spec: { unschedulable: cordoned ? true : null } },
    });
    // the row that goes back shows what was done
    const deadlineMs = clock.monotonicMs() + settleMs;
    for (;;) {
      nouns.hosts.flush();
      const entry = nouns.hosts.index.get(name);
      if (entry === undefined) throw notFound();
      if (entry.host.cordoned === cordoned) return entry;
      if (clock.monotonicMs() > deadlineMs)
        throw new ApiProblem("upstream-timeout", {
          reason: reasonOf("upstream-silent"),
          outcomeUnknown: true,
        });
      await clock.sleep(25);
    }
  }

  return {
    getHost: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        const entry = await visible(caller, name);
        const [row, node, pods] = await Promise.all([
          rowOf(caller, entry),
          caller.client.json<RawNode>(objectPath(types.node, name)),
          podsOn(caller, name),
        ]);
        return { row, ...hostFacts(node, entry.requestedAll), promised: entry.promised, ...pods };
      },
    },
    getHostYaml: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        await visible(caller, name);
        return readText(caller.client, objectPath(types.node, name));
      },
    },
    checkHostYaml: {
      access: "session",
      handle: async ({ caller, params: { name }, body }) => {
        await visible(caller, name);
        return checkText(caller.client, objectPath(types.node, name), body);
      },
    },
    putHostYaml: {
      access: "session",
      audit: ({ params }) => ({ action: "edit", noun: "host", name: params.name, diff: [] }),
      handle: async ({ caller, params: { name }, body, audit }) => {
        await visible(caller, name);
        return storeText(caller.client, objectPath(types.node, name), body, audit);
      },
    },
    listHostEvents: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        await visible(caller, name);
        // events of what lies in no project are kept in this one
        return eventsOf(caller.client, "default", [`involvedObject.kind=Node,involvedObject.name=${name}`]);
      },
    },
    setHostCordon: {
      access: "session",
      audit: ({ params, body }) => ({
        action: body.cordoned ? "cordon" : "uncordon",
        noun: "host",
        name: params.name,
        diff: [{ path: "/spec/unschedulable", old: !body.cordoned, new: body.cordoned }],
      }),
      handle: async ({ caller, params: { name }, body: { cordoned } }) => {
        const { actions } = await rowOf(caller, await visible(caller, name));
        requireState(cordoned ? actions.cordon : actions.uncordon);
        return rowOf(caller, await cordon(caller, name, cordoned));
      },
    },
    deleteHost: {
      access: "session",
      audit: ({ params }) => ({ action: "delete", noun: "host", name: params.name, diff: [] }),
      handle: async ({ caller, params: { name } }) => {
        const entry = await visible(caller, name);
        requireState((await rowOf(caller, entry)).actions.delete);
        const path = objectPath(types.node, name);
        // a kubelet that comes back between this look and the delete changes the version
        const { metadata, status } = await caller.client.json<RawNode>(path);
        const ready = status?.conditions?.find((one) => one.type === "Ready");
        if (ready?.status === "True") throw new ApiProblem("conflict", { reason: reasonOf("host-is-alive") });
        const preconditions = { uid: entry.uid, resourceVersion: metadata?.resourceVersion ?? "" };
        await caller.client.json(path, { method: "DELETE", body: { preconditions } });
        return null;
      },
    },
    planHostDrain: {
      access: "session",
      handle: async ({ caller, params: { name }, query }) => {
        await visible(caller, name);
        return planFor(caller, name, {
          deleteLocalData: query.deleteLocalData === "true",
          deleteUnmanaged: query.deleteUnmanaged === "true",
        });
      },
    },
    getHostDrain: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        await visible(caller, name);
        // what is on the host is shown to those who may see it anywhere
        if (!(await caller.rights.can(hostRights.listPods, "")))
          throw new ApiProblem("forbidden", {
            reason: reasonOf("no-permission", { verb: "list", resource: "pods" }),
          });
        return { drain: drains.stateOf(name) };
      },
    },
    startHostDrain: {
      access: "session",
      audit: ({ params, body }) => ({
        action: "drain",
        noun: "host",
        name: params.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async (call) => {
        const { caller, body } = call;
        const { name } = call.params;
        const entry = await visible(caller, name);
        const { drain } = (await rowOf(caller, entry)).actions;
        if (!drain.allowed)
          throw new ApiProblem(drain.reason.code === "no-permission" ? "forbidden" : "conflict", {
            reason: drain.reason,
          });
        if (!entry.host.cordoned) await cordon(caller, name, true);
        if (drains.isRunning(name))
          throw new ApiProblem("conflict", { reason: reasonOf("host-drain-running") });
        call.audit = null; // from here the drain keeps its own row, until it ends
        return drains.start({
          host: name,
          client: caller.client,
          user: caller.session.person.userName,
          sessionHash: caller.session.hash,
          options: body,
          trail: { sourceIp: call.sourceIp, requestId: call.requestId },
        });
      },
    },
    cancelHostDrain: {
      access: "session",
      audit: ({ params }) => ({ action: "cancel-drain", noun: "host", name: params.name, diff: [] }),
      handle: async ({ caller, params: { name } }) => {
        await visible(caller, name);
        if (!(await caller.rights.can(hostRights.patch, "")))
          throw new ApiProblem("forbidden", {
            reason: reasonOf("no-permission", { verb: "patch", resource: "nodes" }),
          });
        const ended = drains.cancel(name);
        if (ended === null) throw new ApiProblem("conflict", { reason: reasonOf("host-drain-not-running") });
        return ended;
      },
    },
  } satisfies Partial<Operations>;
}

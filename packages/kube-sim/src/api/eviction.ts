/** The eviction subresource of pods: disruption budgets, and KubeVirt's interceptor that turns evictions of machines into migrations. */
import type { Pod } from "../controllers/core-shapes.ts";
import type { VirtualMachineInstance } from "../controllers/kubevirt-shapes.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { notFound, type StatusCause, StatusError } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { isRecord } from "./json-patch.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { sendJson } from "./reply.ts";
import { readObjectBody } from "./request-body.ts";
import { keyOf } from "./write.ts";
import { readDryRun } from "./write-options.ts";

interface Budget extends KubeObject {
  spec?: {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector?: { matchLabels?: Record<string, string> };
  };
}

const interceptor = "virt-launcher-eviction-interceptor.kubevirt.io";

const tooMany = (message: string, causes: StatusCause[] = []): StatusError =>
  new StatusError(429, "TooManyRequests", message, causes.length === 0 ? {} : { causes });

const denied = (text: string): StatusError =>
  tooMany(`admission webhook "${interceptor}" denied the request: ${text}`);

export async function handleEviction(context: ApiContext, call: ResourceCall): Promise<void> {
  const { kind, info, url } = call;
  const body = await readObjectBody(call.request);
  const options = isRecord(body) && isRecord(body["deleteOptions"]) ? body["deleteOptions"] : {};
  const inBody = Array.isArray(options["dryRun"]) ? options["dryRun"].map(String) : [];
  const dryRun = readDryRun([...url.searchParams.getAll("dryRun"), ...inBody], "DeleteOptions");
  const pod = context.store.get(keyOf(call)) as Pod | undefined; // stored under pods
  if (pod === undefined) throw notFound(kind, info.name);
  if (pod.metadata.deletionTimestamp === undefined) {
    intercept(context, pod, dryRun);
    const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (!over && pod.status?.phase !== "Pending") keepBudgets(context, pod);
    if (!dryRun) {
      const asked = options["gracePeriodSeconds"];
      const gracePeriodSeconds = over
        ? 0
        : typeof asked === "number"
          ? asked
          : (pod.spec.terminationGracePeriodSeconds ?? 30);
      context.store.remove(keyOf(call), { gracePeriodSeconds });
      context.store.flush();
    }
  }
  sendJson(call.request, call.response, 201, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    code: 201,
  });
}

/** Source: KubeVirt's pod-eviction-admitter. A machine that should move is marked; the eviction itself is refused. */
function intercept(context: ApiContext, pod: Pod, dryRun: boolean): void {
  if (pod.metadata.labels?.["kubevirt.io"] !== "virt-launcher") return;
  const owner = pod.metadata.ownerReferences?.find(
    (reference) => reference.kind === "VirtualMachineInstance",
  );
  const { namespace = "" } = pod.metadata;
  const key = {
    group: "kubevirt.io",
    resource: "virtualmachineinstances",
    namespace,
    name: owner?.name ?? "",
  };
  const vmi = context.store.get(key) as VirtualMachineInstance | undefined; // stored under virtualmachineinstances
  const { phase, nodeName, evacuationNodeName } = vmi?.status ?? {};
  if (vmi === undefined || phase === "Succeeded" || phase === "Failed") return;
  if (nodeName !== pod.spec.nodeName) return; // the far end of a migration
  const strategy = vmi.spec.evictionStrategy ?? "None";
  const migratable = vmi.status?.conditions?.some(
    ({ type, status }) => type === "LiveMigratable" && status === "True",
  );
  if (strategy === "None" || (strategy === "LiveMigrateIfPossible" && migratable !== true)) return;
  if (strategy === "LiveMigrate" && migratable !== true)
    throw denied(
      `VMI ${vmi.metadata.name} is configured with an eviction strategy but is not live-migratable`,
    );
  const triggered = `Eviction triggered evacuation of VMI "${namespace}/${vmi.metadata.name}"`;
  if (evacuationNodeName !== undefined && evacuationNodeName !== "")
    throw denied(`Evacuation in progress: ${triggered}`);
  if (!dryRun && nodeName !== undefined) {
    context.store.modify(key, { fieldManager: "virt-api" }, (current) => ({
      ...current,
      status: { ...(current["status"] as object | undefined), evacuationNodeName: nodeName }, // a VMI's status
    }));
    context.store.flush();
  }
  throw denied(triggered);
}

/** @throws 429 when a budget of the pod's namespace has nothing left to give. */
function keepBudgets(context: ApiContext, pod: Pod): void {
  const { namespace } = pod.metadata;
  const budgets = context.store
    .list({ group: "policy", resource: "poddisruptionbudgets" }, namespace)
    .map((object) => object as Budget) // stored under poddisruptionbudgets
    .filter((budget) => selects(budget, pod));
  if (budgets.length > 1)
    throw new StatusError(
      500,
      "InternalError",
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      {},
    );
  const [budget] = budgets;
  if (budget === undefined) return;
  const pods = context.store
    .list({ group: "", resource: "pods" }, namespace)
    .map((object) => object as Pod) // stored under pods
    .filter(
      (one) => selects(budget, one) && one.status?.phase !== "Succeeded" && one.status?.phase !== "Failed",
    );
  const healthy = pods.filter(
    (one) => one.status?.phase === "Running" && one.metadata.deletionTimestamp === undefined,
  ).length;
  const needed = neededBy(budget, pods.length);
  if (healthy - 1 >= needed) return;
  throw tooMany("Cannot evict pod as it would violate the pod's disruption budget.", [
    {
      reason: "DisruptionBudget",
      message: `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy} currently`,
    },
  ]);
}

function selects(budget: Budget, pod: Pod): boolean {
  const labels = Object.entries(budget.spec?.selector?.matchLabels ?? {});
  const matches = parseLabelSelector(labels.map(([key, value]) => `${key}=${value}`).join(","));
  return matches === undefined || matches(pod.metadata.labels);
}

/** Percentages are rounded up, as upstream does. */
function neededBy({ spec }: Budget, expected: number): number {
  const amount = (value: number | string): number =>
    typeof value === "number" ? value : Math.ceil((Number.parseInt(value, 10) / 100) * expected);
  if (spec?.minAvailable !== undefined) return amount(spec.minAvailable);
  return expected - amount(spec?.maxUnavailable ?? 0);
}

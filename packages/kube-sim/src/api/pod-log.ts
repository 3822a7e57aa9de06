/** pods/log. No program runs in kube-sim's containers, so a log says so, and then what became of the container. */
import type { Pod } from "../controllers/core-shapes.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, notFound } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { sendBytes } from "./reply.ts";
import { keyOf } from "./write.ts";

const eventKind = { group: "", resource: "events" };

interface ContainerStatus {
  name: string;
  state?: { waiting?: { reason?: string }; running?: object; terminated?: object };
}

export function handlePodLog(context: ApiContext, call: ResourceCall): void {
  const { kind, info, url } = call;
  const pod = context.store.get(keyOf(call)) as Pod | undefined; // stored under pods
  if (pod === undefined) throw notFound(kind, info.name);
  const container = containerOf(pod, url.searchParams.get("container"));
  const status = ((pod.status?.containerStatuses ?? []) as ContainerStatus[]).find(
    ({ name }) => name === container,
  );
  if (url.searchParams.get("previous") === "true")
    throw badRequest(`previous terminated container "${container}" in pod "${info.name}" not found`);
  if (status?.state?.running === undefined && status?.state?.terminated === undefined)
    throw badRequest(
      `container "${container}" in pod "${info.name}" is waiting to start: ${status?.state?.waiting?.reason ?? "ContainerCreating"}`,
    );
  const stamped = url.searchParams.get("timestamps") === "true";
  const lines = linesOf(context, pod, container).map(({ at, text }) => (stamped ? `${at} ${text}` : text));
  const tail = Number(url.searchParams.get("tailLines") ?? Number.NaN);
  const shown = Number.isNaN(tail) ? lines : tail === 0 ? [] : lines.slice(-tail);
  const text = shown.map((line) => `${line}\n`).join("");
  const limit = Number(url.searchParams.get("limitBytes") ?? Number.NaN);
  const bytes = Buffer.from(text);
  sendBytes(
    call.request,
    call.response,
    200,
    Number.isNaN(limit) ? bytes : bytes.subarray(0, limit),
    "text/plain",
  );
}

/** @throws 400 as the kubelet words it */
function containerOf(pod: Pod, asked: string | null): string {
  const names = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name);
  const { name } = pod.metadata;
  if (asked !== null && asked !== "") {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = names;
  const byDefault = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (byDefault !== undefined && names.includes(byDefault)) return byDefault;
  if (only !== undefined && pod.spec.containers.length === 1) return pod.spec.containers[0]?.name ?? only;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`);
}

interface EventParts {
  involvedObject?: { uid?: string };
  reason?: string;
  message?: string;
  count?: number;
  lastTimestamp?: string;
}

/** What the cluster knows of the pod and, where it carries one, of its machine; oldest first. */
function linesOf(context: ApiContext, pod: Pod, container: string): { at: string; text: string }[] {
  const { store } = context;
  const machine = pod.metadata.labels?.["kubevirt.io/created-by"];
  const about = new Set([pod.metadata.uid, ...(machine === undefined ? [] : [machine])]);
  const began = pod.status?.startTime ?? pod.metadata.creationTimestamp ?? "";
  const events = [...store.snapshot(eventKind)]
    .filter(
      (event: KubeObject) =>
        event.metadata.namespace === pod.metadata.namespace &&
        about.has((event as EventParts).involvedObject?.uid ?? ""),
    )
    .map((event) => {
      const { lastTimestamp = "", reason = "", message = "", count = 1 } = event as EventParts;
      const times = count > 1 ? ` (${count} times)` : "";
      return { at: lastTimestamp, text: `${lastTimestamp} ${reason}: ${message}${times}` };
    })
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const says =
    machine === undefined
      ? `kube-sim: no program runs in container ${container}; this is what became of its pod.`
      : "kube-sim: no virt-launcher runs here; this is what became of the pod and of its machine.";
  return [{ at: began, text: `${began} ${says}` }, ...events];
}

/** pods/log. No program runs in kube-sim's containers, so a log says so, and then what became of the container. */
import type { Pod } from "../controllers/core-shapes.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, notFound } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { sendBytes } from "./reply.ts";
import { keyOf } from "./write.ts";

const eventKind = { group: "", resource: "events" };

/** A reader this far behind is cut off. */
const MOST_BUFFERED_BYTES = 64 * 1024 * 1024;

interface ContainerStatus {
  name: string;
  restartCount?: number;
  state?: { waiting?: { reason?: string }; running?: object; terminated?: object };
  lastState?: { terminated?: { finishedAt?: string } };
}

export function handlePodLog(context: ApiContext, call: ResourceCall): void {
  const { kind, info, url } = call;
  const pod = context.store.get(keyOf(call)) as Pod | undefined; // stored under pods
  if (pod === undefined) throw notFound(kind, info.name);
  const container = containerOf(pod, url.searchParams.get("container"));
  const status = ((pod.status?.containerStatuses ?? []) as ContainerStatus[]).find(
    ({ name }) => name === container,
  );
  const flag = (name: string): boolean => url.searchParams.get(name) === "true";
  const shape = (line: LogLine): string => `${flag("timestamps") ? `${line.at} ` : ""}${line.text}\n`;
  if (flag("previous")) {
    const before = status?.lastState?.terminated;
    if (before === undefined)
      throw badRequest(`previous terminated container "${container}" in pod "${info.name}" not found`);
    const at = stampOf(before.finishedAt ?? pod.metadata.creationTimestamp ?? "", 0);
    const text = shape({ at, text: `kube-sim: no program ran in container ${container} before this run.` });
    sendBytes(call.request, call.response, 200, Buffer.from(text), "text/plain");
    return;
  }
  if (status?.state?.running === undefined && status?.state?.terminated === undefined)
    throw badRequest(
      `container "${container}" in pod "${info.name}" is waiting to start: ${status?.state?.waiting?.reason ?? "ContainerCreating"}`,
    );
  const since = sinceOf(url, context.now());
  const lines = linesOf(context, pod, container).filter(({ at }) => at >= since);
  const tail = Number(url.searchParams.get("tailLines") ?? Number.NaN);
  const shown = Number.isNaN(tail) ? lines : tail === 0 ? [] : lines.slice(-tail);
  const text = shown.map(shape).join("");
  if (flag("follow") && status.state.running !== undefined) {
    follow(context, call, pod, container, text, shape);
    return;
  }
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

/** The first instant that is meant, to the second as the kubelet takes it; '' means all. */
function sinceOf(url: URL, nowMs: number): string {
  const time = url.searchParams.get("sinceTime");
  const seconds = url.searchParams.get("sinceSeconds");
  if (time === null && seconds === null) return "";
  const sinceMs = time === null ? nowMs - Number(seconds) * 1000 : Date.parse(time);
  if (Number.isNaN(sinceMs)) throw badRequest("sinceTime and sinceSeconds must be an instant and a number");
  return new Date(Math.floor(sinceMs / 1000) * 1000).toISOString().replace(/\.\d+Z$/, ".000000000Z");
}

/** Writes on until the container's run is over, at the reader's pace. */
function follow(
  context: ApiContext,
  call: ResourceCall,
  pod: Pod,
  container: string,
  begun: string,
  shape: (line: LogLine) => string,
): void {
  const { store, faults } = context;
  const { response, kind } = call;
  const about = aboutOf(pod);
  const run = runOf(pod, container);
  response.on("error", () => stop());
  faults.trackWatch(response);
  response.writeHead(200, { "Content-Type": "text/plain", "Cache-Control": "no-cache, private" });
  response.flushHeaders();
  response.write(begun);
  const stops = [
    store.onKindChange(eventKind, ({ change: { type, object } }) => {
      if (type !== "DELETED" && isAbout(object, pod, about)) response.write(shape(lineOf(object)));
      if (response.writableLength > MOST_BUFFERED_BYTES) response.destroy();
    }),
    store.onKindChange(kind, ({ change: { type, object } }) => {
      if (object.metadata.uid !== pod.metadata.uid) return;
      if (type !== "DELETED" && runOf(object as Pod, container) === run) return; // stored under pods
      stop();
      response.end();
    }),
  ];
  const stop = (): void => {
    for (const one of stops) one();
  };
  response.on("close", stop);
}

/** Of the container's run: another one, or '' once it does not run. */
function runOf(pod: Pod, container: string): string {
  const statuses = (pod.status?.containerStatuses ?? []) as ContainerStatus[];
  const status = statuses.find(({ name }) => name === container);
  return status?.state?.running === undefined ? "" : String(status.restartCount ?? 0);
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

interface LogLine {
  /** With nanoseconds, which no two lines share. */
  at: string;
  text: string;
}

/** Of the pod and, where it carries one, of its machine. */
function aboutOf(pod: Pod): ReadonlySet<string> {
  const machine = pod.metadata.labels?.["kubevirt.io/created-by"];
  return new Set([pod.metadata.uid, ...(machine === undefined ? [] : [machine])]);
}

function isAbout(event: KubeObject, pod: Pod, about: ReadonlySet<string>): boolean {
  const { involvedObject } = event as EventParts;
  return event.metadata.namespace === pod.metadata.namespace && about.has(involvedObject?.uid ?? "");
}

/** Events tell seconds only: their versions order those of one second. */
function lineOf(event: KubeObject): LogLine {
  const { lastTimestamp = "", reason = "", message = "", count = 1 } = event as EventParts;
  const times = count > 1 ? ` (${count} times)` : "";
  const version = Number(event.metadata.resourceVersion ?? 0) % 1e9;
  return {
    at: stampOf(lastTimestamp, version),
    text: `${lastTimestamp} ${reason}: ${message}${times}`,
  };
}

const stampOf = (second: string, nanoseconds: number): string =>
  `${second.replace(/(\.\d+)?Z$/, "")}.${String(nanoseconds).padStart(9, "0")}Z`;

/** What the cluster knows of the pod and of its machine; oldest first. */
function linesOf(context: ApiContext, pod: Pod, container: string): LogLine[] {
  const about = aboutOf(pod);
  const began = pod.status?.startTime ?? pod.metadata.creationTimestamp ?? "";
  const events = [...context.store.snapshot(eventKind)]
    .filter((event) => isAbout(event, pod, about))
    .map(lineOf)
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const says =
    about.size === 1
      ? `kube-sim: no program runs in container ${container}; this is what became of its pod.`
      : "kube-sim: no virt-launcher runs here; this is what became of the pod and of its machine.";
  return [{ at: stampOf(began, 0), text: `${began} ${says}` }, ...events];
}

/** Jobs in small: pods that end by themselves a moment after they began. CronJobs are only kept; nothing begins them by the clock. */
import { randomSuffix } from "../store/random-suffix.ts";
import type { ControllerContext } from "./controller.ts";
import type { Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import type { Indexes } from "./indexes.ts";
import { jobKind, podKind } from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { createPod, livingPods } from "./workload-pods.ts";
import type { Job } from "./workload-shapes.ts";

const runMs = 1500;
/** On a job: its pods end with 1 instead of 0. */
const failsAnnotation = "kubesim.kubev.io/job-fails";

export class JobController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #requeue: (job: Job, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    requeue: (job: Job, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const job = this.#store.get(jobKind, namespace, name);
    if (!job || job.metadata.deletionTimestamp !== undefined) return;
    if (job.status?.conditions?.some(({ type }) => type === "Complete" || type === "Failed")) return;
    if (job.spec.selector === undefined) {
      this.#label(job);
      return;
    }
    const all = this.#indexes.podsByOwner.get(job.metadata.uid);
    const active = livingPods(this.#indexes, job);
    if (job.spec.suspend === true) {
      for (const pod of active) this.#store.delete(podKind, pod, { gracePeriodSeconds: 0 });
      this.#write(job, { active: 0 });
      return;
    }
    const now = this.#context.clock.now();
    for (const pod of active) if (pod.status?.phase === "Running") this.#finish(job, pod, now);
    const ended = (phase: string) => all.filter((pod) => pod.status?.phase === phase).length;
    const succeeded = ended("Succeeded");
    const failed = ended("Failed");
    const completions = job.spec.completions ?? 1;
    const startTime = job.status?.startTime ?? timestamp(now);
    if (succeeded >= completions) {
      this.#end(job, { succeeded, failed, startTime, completionTime: timestamp(now) }, "Complete");
      return;
    }
    if (failed > (job.spec.backoffLimit ?? 6)) {
      this.#end(job, { succeeded, failed, startTime }, "Failed");
      return;
    }
    const wanted = Math.min(job.spec.parallelism ?? 1, completions - succeeded) - active.length;
    for (let missing = wanted; missing > 0; missing -= 1) {
      const suffix = randomSuffix(this.#context.random);
      createPod(
        this.#store,
        job,
        { ...job.spec.template, spec: { restartPolicy: "Never", ...job.spec.template.spec } },
        { name: `${name}-${suffix}` },
      );
      this.#events.record(job, "Normal", "SuccessfulCreate", `Created pod: ${name}-${suffix}`);
    }
    this.#write(job, { active: active.length + Math.max(0, wanted), succeeded, failed, startTime });
  }

  /** As the API server does at creation: pods of one job are told from others by its uid. */
  #label(job: Job): void {
    const labels = { "batch.kubernetes.io/controller-uid": job.metadata.uid, "job-name": job.metadata.name };
    this.#store.modifyObject(jobKind, job, (one) => ({
      ...one,
      spec: {
        ...one.spec,
        selector: { matchLabels: { "batch.kubernetes.io/controller-uid": job.metadata.uid } },
        template: {
          ...one.spec.template,
          metadata: {
            ...one.spec.template.metadata,
            labels: { ...one.spec.template.metadata?.labels, ...labels },
          },
        },
      },
    }));
  }

  #finish(job: Job, pod: Pod, now: number): void {
    const startedAt = Date.parse(pod.status?.startTime ?? "");
    const left = startedAt + runMs - now;
    if (left > 0) {
      this.#requeue(job, left);
      return;
    }
    const fails = job.metadata.annotations?.[failsAnnotation] === "true";
    const finishedAt = timestamp(now);
    this.#store.modifyObject(podKind, pod, (one) => ({
      ...one,
      status: {
        ...one.status,
        phase: fails ? "Failed" : "Succeeded",
        containerStatuses: one.spec.containers.map(({ name, image }) => ({
          name,
          image: image ?? "",
          imageID: "",
          ready: false,
          restartCount: 0,
          state: {
            terminated: {
              exitCode: fails ? 1 : 0,
              reason: fails ? "Error" : "Completed",
              startedAt: one.status?.startTime ?? finishedAt,
              finishedAt,
            },
          },
        })),
      },
    }));
  }

  #end(job: Job, status: NonNullable<Job["status"]>, type: "Complete" | "Failed"): void {
    const at = timestamp(this.#context.clock.now());
    const reason = type === "Complete" ? "CompletionsReached" : "BackoffLimitExceeded";
    const message =
      type === "Complete"
        ? "Reached expected number of succeeded pods"
        : "Job has reached the specified backoff limit";
    this.#write(job, {
      ...status,
      active: 0,
      conditions: [{ type, status: "True", reason, message, lastTransitionTime: at }],
    });
    this.#events.record(
      job,
      type === "Complete" ? "Normal" : "Warning",
      type === "Complete" ? "Completed" : reason,
      message,
    );
  }

  #write(job: Job, status: NonNullable<Job["status"]>): void {
    if (JSON.stringify(job.status) === JSON.stringify(status)) return;
    this.#store.modifyObject(jobKind, job, (one) => ({ ...one, status }));
  }
}

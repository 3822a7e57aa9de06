/**
 * CDI's importer: fetches an image over HTTP into a volume, in the background, and tries again for ever, as CDI does. What
 * arrives is hostile and goes the way of uploads. Nothing but this machine itself is reached, and that only when allowed.
 */
import { ImageRefused } from "../machines/disk-images.ts";
import type { ControllerContext } from "./controller.ts";
import { openImportSource } from "./import-source.ts";
import { importerPod, importerPodName } from "./importer-pod.ts";
import { claimKind, nodeKind, podKind } from "./kinds.ts";
import type { DataVolume, PersistentVolumeClaim } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

/** What a DataVolume's status says of how far it is. */
export interface Progress {
  phase: string;
  progress?: string;
  /** Why it does not go on, as CDI's Running condition says it. */
  error?: string;
  restartCount?: number;
}

interface Attempt {
  claimUid: string;
  abort: AbortController;
  state: "running" | "waiting" | "done";
  received: number;
  expected: number | null;
  restarts: number;
  error?: string;
  againAtMs: number;
}

const podNameAnnotation = "cdi.kubevirt.io/storage.import.importPodName";
const firstRetryMs = 5_000;
const lastRetryMs = 300_000;
const reportEveryMs = 500;

export class Importer {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #requeue: (dataVolume: DataVolume, delayMs: number) => void;
  /** By `namespace/name`. */
  readonly #attempts = new Map<string, Attempt>();

  constructor(
    context: ControllerContext,
    store: TypedStore,
    requeue: (dataVolume: DataVolume, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#requeue = requeue;
  }

  close(): void {
    for (const attempt of this.#attempts.values()) attempt.abort.abort();
    this.#attempts.clear();
  }

  forget(namespace: string | undefined, name: string): void {
    const key = `${namespace ?? ""}/${name}`;
    this.#attempts.get(key)?.abort.abort();
    this.#attempts.delete(key);
  }

  /** Starts or goes on, and says how far it is. Called again whenever something may have changed. */
  follow(dataVolume: DataVolume, claim: PersistentVolumeClaim, volume: string, bytes: number): Progress {
    const { namespace, name } = dataVolume.metadata;
    const key = `${namespace ?? ""}/${name}`;
    const now = this.#context.clock.now();
    const known = this.#attempts.get(key);
    if (known === undefined || known.claimUid !== claim.metadata.uid) {
      known?.abort.abort();
      if (this.#context.images.get(volume)) return { phase: "Succeeded", progress: "100.0%" };
      const attempt: Attempt = {
        claimUid: claim.metadata.uid,
        abort: new AbortController(),
        state: "waiting",
        received: 0,
        expected: null,
        restarts: 0,
        againAtMs: now,
      };
      this.#attempts.set(key, attempt);
      this.#createPod(dataVolume, claim);
      this.#requeue(dataVolume, 1);
      return { phase: "ImportScheduled", progress: "N/A", restartCount: 0 };
    }
    if (known.state === "done") {
      this.#attempts.delete(key);
      const pod = this.#store.get(podKind, namespace, importerPodName(claim));
      if (pod) this.#store.delete(podKind, pod, { gracePeriodSeconds: 0 });
      return { phase: "Succeeded", progress: "100.0%", restartCount: known.restarts };
    }
    if (known.state === "waiting" && now >= known.againAtMs) {
      known.state = "running";
      delete known.error;
      this.#showPod(dataVolume, claim, known);
      void this.#run(dataVolume, claim, volume, bytes, known);
    }
    if (known.state === "waiting") this.#requeue(dataVolume, known.againAtMs - now);
    const share = known.expected === null ? null : (100 * known.received) / known.expected;
    return {
      phase: "ImportInProgress",
      progress: share === null ? "N/A" : `${share.toFixed(2)}%`,
      restartCount: known.restarts,
      ...(known.error !== undefined && { error: known.error }),
    };
  }

  async #run(
    dataVolume: DataVolume,
    claim: PersistentVolumeClaim,
    volume: string,
    capacityBytes: number,
    attempt: Attempt,
  ): Promise<void> {
    const { signal } = attempt.abort;
    const { clock, images } = this.#context;
    let reportedAtMs = 0;
    try {
      const { body, expectedBytes } = await openImportSource(
        this.#store,
        dataVolume,
        this.#context.importsFromLoopback === true,
        signal,
      );
      attempt.expected = expectedBytes;
      await images.receiveUpload(volume, body, {
        capacityBytes,
        ...(expectedBytes !== null && { expectedBytes }),
        signal,
        onBytes: (total) => {
          attempt.received = total;
          if (clock.now() < reportedAtMs + reportEveryMs) return;
          reportedAtMs = clock.now();
          this.#requeue(dataVolume, 1);
        },
      });
      attempt.state = "done";
    } catch (error) {
      if (signal.aborted) return;
      attempt.restarts += 1;
      attempt.received = 0;
      attempt.expected = null;
      attempt.state = "waiting";
      attempt.againAtMs = clock.now() + Math.min(firstRetryMs * 2 ** (attempt.restarts - 1), lastRetryMs);
      attempt.error = wordsOf(error);
      this.#showPod(dataVolume, claim, attempt);
    }
    this.#requeue(dataVolume, 1);
  }

  #createPod(dataVolume: DataVolume, claim: PersistentVolumeClaim): void {
    const { namespace } = dataVolume.metadata;
    const name = importerPodName(claim);
    this.#store.modifyObject(claimKind, claim, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { ...current.metadata.annotations, [podNameAnnotation]: name },
      },
    }));
    if (this.#store.get(podKind, namespace, name)) return;
    const node = this.#store
      .list(nodeKind)
      .find((one) => one.spec.unschedulable !== true && (one.spec.taints ?? []).length === 0);
    this.#store.create(
      podKind,
      importerPod(dataVolume, claim, node?.metadata.name, timestamp(this.#context.clock.now())),
    );
  }

  #showPod(dataVolume: DataVolume, claim: PersistentVolumeClaim, attempt: Attempt): void {
    const at = timestamp(this.#context.clock.now());
    const { error, restarts } = attempt;
    this.#store.modify(podKind, dataVolume.metadata.namespace, importerPodName(claim), (pod) => ({
      ...pod,
      status: {
        ...pod.status,
        phase: "Running",
        containerStatuses: [
          {
            name: "importer",
            image: pod.spec.containers[0]?.image ?? "",
            imageID: "",
            ready: error === undefined,
            restartCount: restarts,
            state:
              error === undefined
                ? { running: { startedAt: at } }
                : {
                    waiting: {
                      reason: "CrashLoopBackOff",
                      message: `back-off restarting failed container=importer pod=${pod.metadata.name}_${pod.metadata.namespace ?? ""}`,
                    },
                  },
            ...(error !== undefined && {
              lastState: { terminated: { exitCode: 1, reason: "Error", message: error, finishedAt: at } },
            }),
          },
        ],
      },
    }));
  }
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return error instanceof ImageRefused ? `Unable to process data: ${words}` : words;
}

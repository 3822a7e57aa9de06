/**
 * Follows what one container writes, as the caller: through dropped streams, restarts and absence of the cluster, without
 * losing or repeating a line, and says what became of the container in between. It reads no faster than its reader takes.
 */
import { isDeepStrictEqual } from "node:util";
import type { PodContainer } from "@kubev/api-types/objects/pod";
import type { PodLogMessage } from "@kubev/api-types/pod-streams";
import { LogLines } from "../domain/log-lines.ts";
import { containersOf, type RawContainers } from "../domain/pod-containers.ts";
import { isAway } from "../kube/beside.ts";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { type KubePath, kubePath } from "../kube/kube-path.ts";
import type { PodLogSubject } from "../store/ticket-store.ts";

const lookAgainMs = 2000;
const shortestPauseMs = 250;
const maxPodTimeoutMs = 10_000;
/** A log of what ended that breaks off this often in a row, without a new line, is given up: it is not the whole. */
const mostCuts = 5;

export interface PodLogReader {
  client: KubeClient;
  clock: Clock;
  subject: PodLogSubject;
  /** Resolves once the reader has taken it; only then is more read. */
  send: (message: PodLogMessage) => Promise<void>;
  signal: AbortSignal;
}

type Over = Extract<PodLogMessage, { type: "over" }>;

interface RawPod extends RawContainers {
  metadata?: { uid?: string };
  spec?: RawContainers["spec"] & { restartPolicy?: string };
  status?: RawContainers["status"] & { phase?: string };
}

interface Found {
  container: PodContainer;
  /** It will not run again. */
  final: boolean;
}

function isFinal({ spec, status }: RawPod, container: PodContainer): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return true;
  if (container.state !== "terminated" || container.role === "sidecar") return false;
  if (container.role === "init" && container.exitCode === 0) return true;
  const policy = spec?.restartPolicy ?? "Always";
  return policy === "Never" || (policy === "OnFailure" && container.exitCode === 0);
}

export class PodLog {
  readonly #reader: PodLogReader;
  readonly #lines: LogLines;
  readonly #podPath: KubePath;
  readonly #logPath: KubePath;
  #told: PodLogMessage | null = null;
  /** What the cluster does not answer: about the pod, or what its host has of the log. */
  #away: "pod" | "log" | null = null;
  #asked: "pod" | "log" = "pod";
  /** Streams of one run in a row that broke off without a new line. */
  #cuts = 0;
  #run = "";
  /** The host did not know the pod, which its status still tells of. */
  #missed = false;
  #pauseMs = shortestPauseMs;

  constructor(reader: PodLogReader) {
    this.#reader = reader;
    this.#lines = new LogLines(reader.subject.after);
    const { project, name } = reader.subject;
    this.#podPath = kubePath("api", "v1", "namespaces", project, "pods", name);
    this.#logPath = kubePath("api", "v1", "namespaces", project, "pods", name, "log");
  }

  /**
   * Sends until nothing more will come.
   * @returns the last word, unsent
   * @throws KubeError when the caller may not read it any more; whatever `send` throws; anything once the signal aborted
   */
  async follow(): Promise<Over> {
    const { signal } = this.#reader;
    /** The run that was read to its end after it had ended. */
    let emptied = "";
    for (;;) {
      signal.throwIfAborted();
      try {
        this.#asked = "pod";
        const found = await this.#look();
        if (found === null) return { type: "over", why: "gone", text: "" };
        await this.#tell(found.container);
        this.#asked = "log";
        const run = `${found.container.restarts} ${found.container.state}`;
        if (run !== this.#run) this.#cuts = 0;
        this.#run = run;
        if (this.#reader.subject.previous) {
          const cut = await this.#read();
          if (cut === null) return { type: "over", why: "ended", text: "" };
          if (this.#cuts >= mostCuts) return { type: "over", why: "cut", text: cut };
          await this.#pause(this.#pauseMs);
          continue;
        }
        const { state, hasPrevious } = found.container;
        if (emptied === run) {
          if (found.final) return { type: "over", why: "ended", text: "" };
          await this.#pause(lookAgainMs);
        } else if (state === "running" || state === "terminated" || hasPrevious) {
          const cut = await this.#read();
          if (state === "running" || (cut !== null && this.#cuts < mostCuts))
            await this.#pause(this.#pauseMs);
          else if (cut === null) emptied = run;
          // it may run again, but what is missing here would then never be told
          else return { type: "over", why: "cut", text: cut };
        } else if (found.final) return { type: "over", why: "ended", text: "" };
        else await this.#pause(lookAgainMs);
      } catch (error) {
        const over = await this.#afterError(error);
        if (over !== null) return over;
      }
    }
  }

  async #look(): Promise<Found | null> {
    const { client, subject, signal } = this.#reader;
    let pod: RawPod;
    try {
      pod = await client.json<RawPod>(this.#podPath, { signal, timeoutMs: maxPodTimeoutMs });
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return null;
      throw error;
    }
    if (pod.metadata?.uid !== subject.uid) return null;
    const container = containersOf(pod).find(({ name }) => name === subject.container);
    if (container === undefined)
      throw new KubeError(400, "BadRequest", `The pod has no container ${subject.container}`);
    return { container, final: isFinal(pod, container) };
  }

  async #tell({ state, restarts, exitCode, stateReason, message }: PodContainer): Promise<void> {
    if (this.#reader.subject.previous) return;
    const told: PodLogMessage = {
      type: "container",
      state: state === "terminated" ? "ended" : state === "" ? "waiting" : state,
      restarts,
      exitCode,
      reason: stateReason,
      message,
    };
    if (isDeepStrictEqual(told, this.#told) && this.#away !== "pod") return;
    this.#told = told;
    // its reader takes it for a sign of life
    this.#away = null;
    await this.#reader.send(told);
  }

  /** @returns null at the log's clean end, otherwise what broke it off */
  async #read(): Promise<string | null> {
    const { client, subject, signal, send } = this.#reader;
    const { last } = this.#lines;
    this.#lines.begin();
    const body = await client.reading(this.#logPath, {
      signal,
      accept: "*/*",
      query: {
        container: subject.container,
        timestamps: true,
        ...(subject.previous ? { previous: true } : { follow: true }),
        ...(last === null ? { tailLines: subject.tailLines } : { sinceTime: last.at }),
      },
    });
    this.#missed = false;
    // of a run that is over nothing was told: no lines are a sign of life too
    if (this.#away !== null) await send(this.#told ?? { type: "lines", lines: [] });
    this.#away = null;
    this.#pauseMs = Math.min(this.#pauseMs * 2, lookAgainMs);
    const pass = async (lines: ReturnType<LogLines["end"]>) => {
      if (lines.length === 0) return;
      this.#pauseMs = shortestPauseMs;
      this.#cuts = 0;
      await send({ type: "lines", lines });
    };
    try {
      // one chunk at a time: what is not asked for stays in the cluster
      for await (const chunk of body) await pass(this.#lines.push(chunk as Buffer)); // undici bodies yield buffers
    } catch (error) {
      if (signal.aborted || error instanceof SendError) throw error;
      // half a line is read again with the next one
      this.#cuts += 1;
      return error instanceof Error ? error.message : "";
    }
    await pass(this.#lines.end());
    this.#cuts = 0;
    return null;
  }

  /** @returns the last word where another try would meet the same */
  async #afterError(error: unknown): Promise<Over | null> {
    this.#reader.signal.throwIfAborted();
    if (isAway(error)) {
      if (this.#away === null)
        await this.#reader.send({ type: "away", text: error instanceof Error ? error.message : "" });
      this.#away = this.#asked;
      await this.#pause(lookAgainMs);
      return null;
    }
    if (!(error instanceof KubeError) || error.status === 401 || error.status === 403) throw error;
    // the pod went after it was looked at, or the host forgets it first: looking again tells which
    if (error.status === 404 && !this.#missed) {
      this.#missed = true;
      await this.#pause(shortestPauseMs);
      return null;
    }
    // the host has not begun yet, whatever the pod's status says
    if (/is waiting to start/.test(error.message)) {
      await this.#pause(lookAgainMs);
      return null;
    }
    return { type: "over", why: "refused", text: error.message };
  }

  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#reader;
    await clock.sleep(ms, signal);
  }
}

/** The reader is gone. */
export class SendError extends Error {}

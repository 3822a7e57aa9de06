/** Uploads outlive the page that began them: they belong to the tab. Time and transport are given by the caller. */
import type { ApiError } from "../api/api-error.ts";
import { startUpload, type Upload, UploadCancelled, type UploadTransport } from "../api/upload.ts";

export interface RunningUpload {
  id: string;
  project: string;
  name: string;
  fileName: string;
  sentBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  /** `finishing`: every byte was sent, the cluster is still writing. */
  state: "sending" | "finishing" | "done" | "failed" | "cancelled";
  error: ApiError | null;
}

export interface UploadStart {
  project: string;
  name: string;
  url: string;
  file: File;
}

export class UploadStore {
  #uploads: readonly RunningUpload[] = [];
  readonly #running = new Map<string, Upload>();
  readonly #listeners = new Set<() => void>();
  readonly #nowMs: () => number;
  readonly #createTransport: (() => UploadTransport) | undefined;
  #nextId = 0;

  constructor(nowMs: () => number, createTransport?: () => UploadTransport) {
    this.#nowMs = nowMs;
    this.#createTransport = createTransport;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): readonly RunningUpload[] => this.#uploads;

  /** Begins to send; `onSettled` runs once, however it ends. Returns the upload's id. */
  start({ project, name, url, file }: UploadStart, onSettled: () => void = () => undefined): string {
    this.#nextId += 1;
    const id = `upload-${this.#nextId}`;
    const startedMs = this.#nowMs();
    this.#uploads = [
      ...this.#uploads,
      {
        id,
        project,
        name,
        fileName: file.name,
        sentBytes: 0,
        totalBytes: file.size,
        bytesPerSecond: null,
        state: "sending",
        error: null,
      },
    ];
    this.#tell();
    const upload = startUpload(
      url,
      file,
      ({ sentBytes, totalBytes }) => {
        const seconds = (this.#nowMs() - startedMs) / 1000;
        this.#change(id, {
          sentBytes,
          bytesPerSecond: seconds > 0.5 ? sentBytes / seconds : null,
          state: sentBytes >= totalBytes ? "finishing" : "sending",
        });
      },
      this.#createTransport,
    );
    this.#running.set(id, upload);
    void upload.done
      .then(
        () => this.#change(id, { state: "done", sentBytes: file.size }),
        (error: unknown) =>
          error instanceof UploadCancelled
            ? this.#change(id, { state: "cancelled" })
            : this.#change(id, { state: "failed", error: error as ApiError }), // as: startUpload rejects with nothing else
      )
      .finally(() => {
        this.#running.delete(id);
        onSettled();
      });
    return id;
  }

  cancel(id: string): void {
    this.#running.get(id)?.cancel();
  }

  /** Takes an ended upload off the list. */
  dismiss(id: string): void {
    if (this.#running.has(id)) return;
    this.#uploads = this.#uploads.filter((upload) => upload.id !== id);
    this.#tell();
  }

  #change(id: string, change: Partial<RunningUpload>): void {
    this.#uploads = this.#uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function isRunning(upload: RunningUpload): boolean {
  return upload.state === "sending" || upload.state === "finishing";
}

/** Uploads that run through this server now, by the DataVolume that they fill; images and disks show them. */
import type { RunningUpload } from "../domain/upload-state.ts";
import { recordKey } from "./feed-table.ts";

export class RunningUploads {
  readonly #running = new Map<string, RunningUpload>();
  readonly #listeners: ((key: string) => void)[] = [];

  /** `listener` gets the key of what changed. */
  onChange(listener: (key: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Its progress; null when it ended. */
  set(project: string, name: string, upload: RunningUpload | null): void {
    const key = recordKey(project, name);
    if (upload === null) this.#running.delete(key);
    else this.#running.set(key, upload);
    for (const listener of this.#listeners) listener(key);
  }

  get(key: string): RunningUpload | undefined {
    return this.#running.get(key);
  }

  has(project: string, name: string): boolean {
    return this.#running.has(recordKey(project, name));
  }
}

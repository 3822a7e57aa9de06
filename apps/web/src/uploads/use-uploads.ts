/** The tab's uploads, for React. */
import { useEffect, useSyncExternalStore } from "react";
import { isRunning, type RunningUpload, UploadStore } from "./upload-store.ts";

export const uploads = new UploadStore(() => performance.now());

export function useUploads(): readonly RunningUpload[] {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}

/** Asks before the tab is closed while a file is still being sent: it could not go on. */
export function useWarnBeforeUnload(): void {
  const busy = useUploads().some(isRunning);
  useEffect(() => {
    if (!busy) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [busy]);
}

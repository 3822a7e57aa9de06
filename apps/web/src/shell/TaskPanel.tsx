/** What is under way, line by line: the cluster's own tasks and this tab's uploads. */
import type { Task } from "@kubev/api-types/tasks";
import { Popover } from "@base-ui/react/popover";
import { X } from "lucide-react";
import { TaskLine } from "../components/TaskLine.tsx";
import { formatBytes, formatRate } from "../format/numbers.ts";
import { errorLine } from "../reasons/error-text.ts";
import { IconButton } from "../ui/Button.tsx";
import { ProgressBar } from "../ui/Progress.tsx";
import { StatusShape } from "../ui/Status.tsx";
import { isRunning, type RunningUpload } from "../uploads/upload-store.ts";
import { uploads as store, useUploads } from "../uploads/use-uploads.ts";
import { TaskButton } from "./TaskButton.tsx";

/** The open tray. */
export default function TaskPanel({ tasks }: { tasks: readonly Task[] }) {
  const uploads = useUploads();
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger render={<TaskButton busy={tasks.length + uploads.filter(isRunning).length} />} />
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={4} className="z-popup">
          <Popover.Popup className="popup-motion max-h-[min(480px,80vh)] w-[360px] max-w-[94vw] overflow-y-auto rounded-lg border border-stroke bg-overlay shadow-overlay outline-none">
            <Popover.Title className="border-b border-stroke px-3 py-2 text-sm font-semibold">
              Tasks
            </Popover.Title>
            {tasks.length + uploads.length === 0 ? (
              <p className="px-3 py-6 text-center text-tertiary">
                Nothing is under way. Uploads, imports and migrations show here.
              </p>
            ) : (
              <ul className="divide-y divide-stroke">
                {uploads.map((upload) => (
                  <UploadLine key={upload.id} upload={upload} />
                ))}
                {tasks.map((task) => (
                  <li key={task.id} className="px-3 py-2.5">
                    <TaskLine task={task} />
                  </li>
                ))}
              </ul>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

const uploadWords: Record<RunningUpload["state"], string> = {
  sending: "Uploading",
  finishing: "Writing to the cluster",
  done: "Uploaded",
  failed: "Upload failed",
  cancelled: "Upload cancelled",
};

function UploadLine({ upload }: { upload: RunningUpload }) {
  const running = isRunning(upload);
  const percent = upload.totalBytes === 0 ? 0 : (upload.sentBytes / upload.totalBytes) * 100;
  const tone = running
    ? "working"
    : upload.state === "done"
      ? "ok"
      : upload.state === "failed"
        ? "error"
        : "off";
  return (
    <li className="flex flex-col gap-1.5 px-3 py-2.5">
      <div className="flex items-center gap-2">
        <StatusShape tone={tone} />
        <span className="min-w-0 flex-1 truncate">
          {uploadWords[upload.state]} · {upload.name}
        </span>
        <IconButton
          size="sm"
          aria-label={
            running ? `Cancel the upload of ${upload.name}` : `Remove ${upload.name} from this list`
          }
          icon={<X size={14} strokeWidth={1.5} aria-hidden />}
          onClick={() => (running ? store.cancel(upload.id) : store.dismiss(upload.id))}
        />
      </div>
      {running ? (
        <>
          <ProgressBar
            percent={upload.state === "finishing" ? null : percent}
            label={`Upload of ${upload.name}`}
          />
          <p className="tabular text-xs text-secondary">
            {formatBytes(upload.sentBytes)} of {formatBytes(upload.totalBytes)}
            {upload.bytesPerSecond === null ? "" : ` · ${formatRate(upload.bytesPerSecond)}`}
          </p>
        </>
      ) : null}
      {upload.error === null ? null : (
        <p className="text-xs break-words text-error">{errorLine(upload.error)}</p>
      )}
    </li>
  );
}

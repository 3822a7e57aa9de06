/** Long work under way. Survives navigation; the cluster's own tasks survive a reload too. The list is loaded when first opened. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useLiveFeed } from "../api/live/use-live.ts";
import { tasksQuery } from "../api/queries.ts";
import { isRunning } from "../uploads/upload-store.ts";
import { useUploads } from "../uploads/use-uploads.ts";
import { TaskButton } from "./TaskButton.tsx";

const load = () => import("./TaskPanel.tsx");
const TaskPanel = lazy(load);

export function TaskTray() {
  useLiveFeed("tasks");
  const tasks = useQuery(tasksQuery()).data?.tasks ?? [];
  const uploads = useUploads();
  const [wanted, setWanted] = useState(false);
  const closed = (
    <TaskButton
      busy={tasks.length + uploads.filter(isRunning).length}
      aria-haspopup="dialog"
      aria-expanded={false}
      onClick={() => setWanted(true)}
      onPointerEnter={() => void load()}
    />
  );
  return wanted ? (
    <Suspense fallback={closed}>
      <TaskPanel tasks={tasks} />
    </Suspense>
  ) : (
    closed
  );
}

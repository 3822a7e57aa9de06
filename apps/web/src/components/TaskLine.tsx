/** One thing that is under way: what, where, how far, and why it hangs. */
import type { Task } from "@kubev/api-types/tasks";
import { formatPercent } from "../format/numbers.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";
import { ProgressBar } from "../ui/Progress.tsx";
import { StatusShape } from "../ui/Status.tsx";
import { Age } from "./Age.tsx";
import { AppLink } from "./AppLink.tsx";
import { linkOf } from "./resource-link.ts";
import { taskWords } from "./task-words.ts";

export function TaskLine({ task, withProject = false }: { task: Task; withProject?: boolean }) {
  const to = linkOf(task.ref);
  const words = `${taskWords[task.kind]} ${task.ref.name}`;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <StatusShape tone={task.tone} />
        <span className="min-w-0 flex-1 truncate">
          {to === undefined ? (
            words
          ) : (
            <AppLink to={to} look="plain">
              {words}
            </AppLink>
          )}
          {withProject ? <span className="text-tertiary"> {task.ref.project}</span> : null}
        </span>
        <span className="tabular text-xs text-tertiary">
          {task.progressPercent !== null ? (
            formatPercent(task.progressPercent)
          ) : task.startedAt === null ? null : (
            <Age iso={task.startedAt} />
          )}
        </span>
      </div>
      {task.progressPercent === null ? null : <ProgressBar percent={task.progressPercent} label={words} />}
      {task.reason === undefined ? null : (
        <p className="text-xs break-words text-secondary">{reasonWithCause(task.reason)}</p>
      )}
    </div>
  );
}

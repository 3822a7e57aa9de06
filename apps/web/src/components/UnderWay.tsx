/** Tasks that are under way, of the platform or of one project. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../api/live/use-live.ts";
import { tasksQuery } from "../api/queries.ts";
import { formatPercent } from "../format/numbers.ts";
import { errorText } from "../reasons/error-text.ts";
import { Section } from "../ui/Facts.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { StatusShape } from "../ui/Status.tsx";
import { Age } from "./Age.tsx";
import { AppLink } from "./AppLink.tsx";
import { linkOf } from "./resource-link.ts";
import { taskWords } from "./task-words.ts";

const shownAtMost = 8;

export function UnderWay({ project }: { project?: string }) {
  useLiveFeed("tasks", project);
  const { data, error } = useQuery(tasksQuery());
  const tasks = data?.tasks.filter(({ ref }) => project === undefined || ref.project === project);
  return (
    <Section title="Under way">
      {error === null ? null : (
        <p className="text-secondary">{errorText(error, "The tasks could not be loaded.").title}</p>
      )}
      {tasks === undefined && error === null ? <SkeletonLines lines={1} label="Loading tasks" /> : null}
      {tasks?.length === 0 ? (
        <p className="text-secondary">Nothing is being imported, copied or moved now.</p>
      ) : null}
      <ul className="flex flex-col gap-2">
        {tasks?.slice(0, shownAtMost).map((task) => {
          const to = linkOf(task.ref);
          return (
            <li key={task.id} className="flex items-center gap-2">
              <StatusShape tone={task.tone} />
              <span className="min-w-0 flex-1 truncate">
                <span className="text-secondary">{taskWords[task.kind]}</span>{" "}
                {to === undefined ? (
                  task.ref.name
                ) : (
                  <AppLink to={to} look="plain">
                    {task.ref.name}
                  </AppLink>
                )}{" "}
                <span className="text-tertiary">{project === undefined ? task.ref.project : undefined}</span>
              </span>
              <span className="tabular text-xs text-secondary">
                {task.progressPercent === null ? (
                  <Age iso={task.startedAt} />
                ) : (
                  formatPercent(task.progressPercent)
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

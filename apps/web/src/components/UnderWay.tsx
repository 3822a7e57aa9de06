/** Tasks that are under way, of the platform or of one project. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../api/live/use-live.ts";
import { tasksQuery } from "../api/queries.ts";
import { errorText } from "../reasons/error-text.ts";
import { Section } from "../ui/Facts.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { TaskLine } from "./TaskLine.tsx";
import { tasksUnderWay } from "./tasks-under-way.ts";

const shownAtMost = 8;

export function UnderWay({ project }: { project?: string }) {
  useLiveFeed("tasks", project);
  const { data, error } = useQuery(tasksQuery());
  const tasks = data && tasksUnderWay(data.tasks, project);
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
        {tasks?.slice(0, shownAtMost).map((task) => (
          <li key={task.id}>
            <TaskLine task={task} withProject={project === undefined} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Which of the tasks go on by themselves, and which deletions wait for a person: each is told in one place, never in both. */
import type { Task } from "@kubev/api-types/tasks";

/** The server says by its tone that a deletion lasts too long. */
const hangs = ({ kind, tone }: Task) => kind === "delete" && tone === "attention";

const within = (project: string | undefined) => (task: Task) =>
  project === undefined || task.ref.project === project;

/** What goes on by itself, of the platform or of one project. */
export function tasksUnderWay(tasks: readonly Task[], project?: string): Task[] {
  return tasks.filter(within(project)).filter((task) => !hangs(task));
}

/** Deletions that wait for a person, but for machines: their own state says it, and so do their lists. */
export function hangingDeletions(tasks: readonly Task[], project?: string): Task[] {
  return tasks.filter(within(project)).filter((task) => hangs(task) && task.ref.noun !== "virtual-machine");
}

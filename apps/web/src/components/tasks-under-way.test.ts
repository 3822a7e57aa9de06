/** A task stands in one place: under way, or among what needs attention. */
import type { Task } from "@kubev/api-types/tasks";
import { expect, test } from "vitest";
import { hangingDeletions, tasksUnderWay } from "./tasks-under-way.ts";

const task = (id: string, of: Partial<Task> & { noun?: Task["ref"]["noun"]; project?: string }): Task => ({
  id,
  kind: "delete",
  ref: { cluster: "c", noun: of.noun ?? "disk", project: of.project ?? "shop", name: id },
  progressPercent: null,
  tone: "working",
  startedAt: null,
  ...of,
});

const tasks = [
  task("goes", {}),
  task("hangs", { tone: "attention" }),
  task("retired", { tone: "attention", noun: "virtual-machine" }),
  task("blocked", { kind: "drain", tone: "attention", noun: "host" }),
  task("elsewhere", { project: "data" }),
  task("hangs-elsewhere", { tone: "attention", project: "data" }),
];
const ids = (of: readonly Task[]) => of.map(({ id }) => id);

test("a deletion that hangs needs attention and is not under way, a machine's by its own state", () => {
  expect(ids(tasksUnderWay(tasks))).toEqual(["goes", "blocked", "elsewhere"]);
  expect(ids(hangingDeletions(tasks))).toEqual(["hangs", "hangs-elsewhere"]);
});

test("of one project only", () => {
  expect(ids(tasksUnderWay(tasks, "shop"))).toEqual(["goes", "blocked"]);
  expect(ids(hangingDeletions(tasks, "shop"))).toEqual(["hangs"]);
});

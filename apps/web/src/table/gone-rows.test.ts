/** Rows that nobody has any more are told from those that are merely not on screen. */
import { expect, test } from "vitest";
import { goneRows } from "./gone-rows.ts";

const row = (name: string, uid = name) => ({
  name,
  ref: { cluster: "local", noun: "disk" as const, project: "shop", name, uid },
});

test("gone is what the answer by name does not hold; another object of that name does not stand for it", async () => {
  const chosen = [row("kept"), row("taken"), row("again", "first")];
  const read = async () => Promise.resolve([row("kept"), row("again", "second")]);
  expect((await goneRows(chosen, read)).map(({ name }) => name)).toEqual(["taken", "again"]);
});

test("many names are asked for in questions within the bound of a search, each name once", async () => {
  const chosen = Array.from({ length: 60 }, (_, at) => row(`machine-with-a-long-name-${at}`));
  const asked: string[] = [];
  await goneRows([...chosen, ...chosen], async (q) => {
    asked.push(q);
    return Promise.resolve([]);
  });
  expect(asked.every((q) => q.length <= 500 && q.startsWith("name="))).toBe(true);
  expect(asked.flatMap((q) => q.slice(5).split(","))).toEqual(chosen.map(({ name }) => name));
});

test("what cannot be asked is told, so that nothing counts as gone", async () => {
  await expect(goneRows([row("kept")], async () => Promise.reject(new Error("offline")))).rejects.toThrow(
    "offline",
  );
});

/** Messages that cross an HTTP answer, in both orders, over a real cache. */
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followList, refetchAll } from "./catch-up.ts";

const key = ["listVms", {}];
const row = (uid: string, value: number) => ({
  ref: { cluster: "c", noun: "virtual-machine" as const, project: "p", name: uid, uid },
  value,
});
const list = (...rows: ReturnType<typeof row>[]) => ({
  rows,
  total: rows.length,
  totalUnfiltered: rows.length,
  staleSince: null,
});
const message = (part: object) => ({
  type: "rows" as const,
  id: "s1",
  seq: 1,
  upserts: [],
  ...list(),
  ...part,
});

let cache: QueryClient;
let answers: ((list: unknown) => void)[];
let stop: () => void;

beforeEach(() => {
  answers = [];
  cache = new QueryClient();
  const observer = new QueryObserver(cache, {
    queryKey: key,
    queryFn: async () => new Promise((resolve) => answers.push(resolve)),
  });
  stop = observer.subscribe(() => undefined);
});
afterEach(() => {
  stop();
  cache.clear();
});

const settled = async () => new Promise((resolve) => setTimeout(resolve, 0));
const shown = () => cache.getQueryData<ReturnType<typeof list>>(key)?.rows.map((each) => each.value);
const answer = async (content: unknown) => {
  answers.at(-1)?.(content);
  await settled();
};

test("a message that comes before the first answer counts for it", async () => {
  const follower = followList(cache, key);
  follower.take(message({ upserts: [row("a", 2)] }));
  expect(shown()).toBeUndefined();
  await answer(list(row("a", 1)));
  expect(shown()).toEqual([2]);
  expect(answers).toHaveLength(1);
  follower.stop();
});

test("a slow refetch does not put back what a message has changed", async () => {
  await answer(list(row("a", 1)));
  const follower = followList(cache, key);
  follower.refetch();
  follower.take(message({ upserts: [row("a", 2)] }));
  expect(shown()).toEqual([2]);
  await answer(list(row("a", 1)));
  expect(shown()).toEqual([2]);
  follower.take(message({ upserts: [row("a", 3)] }));
  expect(shown()).toEqual([3]);
  follower.stop();
});

test("a message about a row that the answer does not hold has it fetched again, once", async () => {
  const follower = followList(cache, key);
  follower.take(message({ order: ["a", "b"] }));
  await answer(list(row("a", 1)));
  expect(answers).toHaveLength(2);
  await answer(list(row("a", 1), row("b", 1)));
  expect(shown()).toEqual([1, 1]);
  expect(answers).toHaveLength(2);
  follower.stop();
});

test("what was loading for the first time when its feed told of a change is fetched once more", async () => {
  refetchAll(cache, () => true);
  refetchAll(cache, () => true);
  expect(answers).toHaveLength(1);
  await answer(list(row("a", 1)));
  expect(answers).toHaveLength(2);
  await answer(list(row("a", 2)));
  expect(shown()).toEqual([2]);
  expect(answers).toHaveLength(2);
});

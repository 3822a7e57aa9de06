/** Rows that are read together are each still their own asker's, and a read that failed is nobody's but theirs who waited for it. */
import { expect, test } from "vitest";
import { GatheredReads } from "../src/store/gathered-reads.ts";

const rowsOf = (keys: readonly string[]) => new Map(keys.map((key) => [key, `row of ${key}`]));

test("each asker has his own row, and who has none has none", async () => {
  const asked: (readonly string[])[] = [];
  const reads = new GatheredReads(async (keys) => {
    asked.push(keys);
    return rowsOf(keys.filter((key) => key !== "stranger"));
  });
  const people = ["alice", "bob", "stranger", "alice"];
  expect(await Promise.all(people.map(async (key) => reads.of(key)))).toEqual([
    "row of alice",
    "row of bob",
    undefined,
    "row of alice",
  ]);
  expect(asked).toEqual([["alice", "bob", "stranger"]]);
});

test("whoever asks once the read has begun is read for anew", async () => {
  const begun: (() => void)[] = [];
  const reads = new GatheredReads(
    async (keys) => new Promise<Map<string, string>>((resolve) => begun.push(() => resolve(rowsOf(keys)))),
  );
  const early = reads.of("alice");
  await expect.poll(() => begun.length).toBe(1);
  const late = reads.of("bob");
  begun[0]?.();
  expect(await early).toBe("row of alice");
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.();
  expect(await late).toBe("row of bob");
});

test("an error is told to all who waited for it, and to nobody later", async () => {
  let fails = true;
  const reads = new GatheredReads(async (keys) => {
    if (fails) throw new Error("the database is away");
    return rowsOf(keys);
  });
  const waiting = ["alice", "bob"].map(async (key) => reads.of(key));
  const told = await Promise.allSettled(waiting);
  expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await reads.of("alice")).toBe("row of alice");
});

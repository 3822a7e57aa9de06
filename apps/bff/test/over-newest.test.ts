/** Reading again and writing again when an object was stored meanwhile. */
import { expect, test } from "vitest";
import { KubeError } from "../src/kube/kube-error.ts";
import { overNewest } from "../src/kube/over-newest.ts";

const stale = new KubeError(409, "Conflict", "the object has been modified");

/** Writes that fail in turn as `failures` say, then succeed; what was read is the count of reads. */
function object(failures: readonly KubeError[]) {
  const left = [...failures];
  let reads = 0;
  return {
    read: async () => ++reads,
    write: async (read: number) => {
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      return `written over ${read}`;
    },
  };
}

test("what was stored meanwhile is read again and written over", async () => {
  const { read, write } = object([stale, stale]);
  expect(await overNewest(read, write)).toBe("written over 3");
});

test("another refusal ends it at once, with what was read last", async () => {
  const taken = new KubeError(409, "AlreadyExists", "it exists");
  const { read, write } = object([stale, taken]);
  expect(await overNewest(read, write, (error, seen) => `${String(error)} after ${seen}`)).toBe(
    "KubeError: it exists after 2",
  );
  const again = object([taken]);
  await expect(overNewest(again.read, again.write)).rejects.toBe(taken);
});

test("an object that never stands still is given up", async () => {
  const { read, write } = object(Array.from({ length: 100 }, () => stale));
  await expect(overNewest(read, write)).rejects.toBe(stale);
  expect(await read()).toBe(6);
});

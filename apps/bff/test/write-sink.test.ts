/** Who is told of what a list holds: those whose object changed since, and all where that cannot be known. */
import { expect, test } from "vitest";
import { writeSink } from "../src/inventory/write-sink.ts";

type Versions = Record<string, string | undefined>;

function world() {
  let told: (string | undefined)[] = [];
  const sink = writeSink([(object) => told.push(object?.name)]);
  const upsert = (name: string, resourceVersion: string | undefined) =>
    sink.upsert({ metadata: { name, resourceVersion } });
  const taken = () => {
    const all = told;
    told = [];
    return all;
  };
  const hear = (name: string, version: string) => {
    upsert(name, version);
    return taken();
  };
  const list = (versions: Versions, isWhole = true) => {
    sink.beginReplace();
    for (const [name, version] of Object.entries(versions)) upsert(name, version);
    if (isWhole) sink.endReplace();
    else sink.abortReplace();
    return taken();
  };
  return { hear, list };
}

test("of a later list those are told that changed since the last one or the last word", () => {
  const { hear, list } = world();
  expect(list({ a: "5", b: "9" })).toEqual([undefined]);
  expect(hear("a", "12")).toEqual(["a"]);
  expect(list({ a: "12", b: "9" })).toEqual([]);
  expect(list({ a: "12", b: "100", c: "13" })).toEqual(["b", "c"]);
});

test("a list that broke off tells nothing, and what it held is told with the next one", () => {
  const { list } = world();
  list({ a: "5" });
  expect(list({ a: "5", b: "7" }, false)).toEqual([]);
  expect(list({ a: "5", b: "7" })).toEqual(["b"]);
});

const many = (from: number): Versions =>
  Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`n${at}`, String(from + at)]));

test.each<[string, Versions, Versions]>([
  ["versions that fell, as after a restored backup", { a: "900" }, { a: "20" }],
  ["versions that are no numbers", { a: "5" }, { a: "v6" }],
  ["versions that were no numbers before", { a: "v5" }, { a: "6" }],
  ["no versions", { a: "5" }, { a: undefined }],
  ["a great many changes", many(1), many(5000)],
])("%s: any may have changed", (_what, first, second) => {
  const { list } = world();
  list(first);
  expect(list(second)).toEqual([undefined]);
});

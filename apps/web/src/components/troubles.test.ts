/** "Nothing needs attention" is said only where it is known. */
import type { UseQueryResult } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { cutWords, type TroubleSource, troublesOf, verdictOf, worstFirst } from "./troubles.ts";

interface Reply {
  rows: string[];
  total: number;
  warnings: unknown[];
  queryProblems: unknown[];
}

const reply = (rows: string[], of: Partial<Reply> = {}): Reply => ({
  rows,
  total: rows.length,
  warnings: [],
  queryProblems: [],
  ...of,
});

function source(data: Reply | undefined, error: Error | null = null): TroubleSource {
  const answer = { data, error } as UseQueryResult<Reply>; // as: nothing else of it is read
  return troublesOf("hosts", answer, (name) => ({
    key: name,
    name,
    to: `/${name}`,
    tone: "attention",
    status: null,
  }));
}

const well = source(reply([]));

test("all is well once every source answered whole and empty", () => {
  expect(verdictOf([well, well])).toMatchObject({ nothing: true, waiting: false });
});

test.each([
  ["one did not answer yet", source(undefined)],
  ["one failed", source(undefined, new Error("refused"))],
  ["one failed the second time", source(reply([]), new Error("refused"))],
  ["one found something", source(reply(["host-6"]))],
  ["one sees only some", source(reply([], { warnings: [{}] }))],
  ["one was not understood", source(reply(["every", "host"], { queryProblems: [{}] }))],
])("nothing is not said where %s", (_, other) => {
  expect(verdictOf([well, other]).nothing).toBe(false);
});

test("a missing right is no failure, and does not make all well", () => {
  const forbidden = new ApiError({ code: "forbidden", httpStatus: 403, operation: "getCapacity" });
  const refused = source(undefined, forbidden);
  expect(verdictOf([well, refused])).toMatchObject({ failed: [], nothing: false, nothingSeen: true });
  expect(verdictOf([source(reply(["host-6"])), refused])).toMatchObject({
    nothingSeen: false,
    refused: [refused],
  });
  expect(verdictOf([well]).nothingSeen).toBe(false);
});

test("what was not understood shows no rows as troubles", () => {
  const other = source(reply(["every", "host"], { queryProblems: [{}] }));
  expect(other).toMatchObject({ troubles: [], total: 0 });
  expect(verdictOf([other]).partial).toEqual([other]);
});

test("what fails stands before what only needs a look, and a long list does not push it out", () => {
  const trouble = (name: string, tone: "error" | "attention") => ({
    key: name,
    name,
    to: `/${name}`,
    tone,
    status: null,
  });
  const machines = {
    ...well,
    what: "machines",
    troubles: [trouble("a", "attention"), trouble("b", "attention"), trouble("c", "error")],
  };
  const parts = { ...well, what: "parts", troubles: [trouble("d", "attention"), trouble("e", "error")] };
  expect(worstFirst([machines, parts, source(undefined)], 2).map((one) => one.trouble.name)).toEqual([
    "c",
    "e",
    "a",
    "d",
  ]);
});

test("what is not shown of a long list is said, and nothing where all is shown", () => {
  expect(cutWords({ ...well, what: "machines", total: 10 }, 8)).toBe("8 of 10 machines stand here.");
  expect(cutWords({ ...well, what: "machines", total: 8 }, 8)).toBeUndefined();
});

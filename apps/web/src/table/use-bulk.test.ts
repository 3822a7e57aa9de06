/** How each of many ended: what was gone already is no failure, and one sentence is enough only where all was done. */
import { expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { runEach, wentWell } from "./use-bulk.ts";

const refusal = (code: "not-found" | "conflict", reason: string, upstream?: string) =>
  new ApiError({
    code,
    httpStatus: code === "conflict" ? 409 : 404,
    operation: "deleteVm",
    detail: {
      code,
      requestId: "r",
      reason: { code: reason },
      ...(upstream === undefined ? {} : { upstream: { status: 404, reason: upstream, message: "" } }),
    },
  });
const never = () => false;

test("each ends as it went: what nobody has any more is gone, whatever the cluster's words for that are", async () => {
  const answers: Record<string, () => string | undefined> = {
    went: () => undefined,
    partly: () => "Not deleted: root.",
    missing: () => {
      throw refusal("not-found", "upstream-refused", "NotFound");
    },
    uninstalled: () => {
      throw refusal("not-found", "upstream-refused", "");
    },
    replaced: () => {
      throw refusal("conflict", "vm-gone");
    },
    kept: () => {
      throw refusal("conflict", "vm-delete-protected");
    },
  };
  const told: string[] = [];
  const ended = await runEach(
    Object.keys(answers),
    async (name) => Promise.resolve().then(answers[name]),
    never,
    (_, { row, state }) => told.push(`${row} ${state}`),
  );
  expect(ended.map(({ row, state, note }) => [row, state, note])).toEqual([
    ["went", "done", undefined],
    ["partly", "done", "Not deleted: root."],
    ["missing", "gone", undefined],
    ["uninstalled", "refused", undefined],
    ["replaced", "gone", undefined],
    ["kept", "refused", undefined],
  ]);
  expect(told).toEqual(expect.arrayContaining(["went running", "went done", "missing gone"]));
});

test("all is well only where each was done, and wholly", async () => {
  const [row, stopped] = ["a", () => true];
  expect(
    wentWell(
      await runEach(
        [row],
        async () => Promise.resolve(undefined),
        never,
        () => null,
      ),
    ),
  ).toBe(true);
  for (const other of ["gone", "refused", "left"] as const)
    expect(
      wentWell([
        { row, state: "done" },
        { row, state: other },
      ]),
    ).toBe(false);
  expect(wentWell([{ row, state: "done", note: "Not deleted: root." }])).toBe(false);
  const left = await runEach(
    [row],
    async () => Promise.reject(new Error("begun")),
    stopped,
    () => null,
  );
  expect(left).toEqual([{ row, state: "left" }]);
});

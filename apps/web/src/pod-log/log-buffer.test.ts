/** What is kept of a log, and what is said between its lines. */
import { expect, test } from "vitest";
import { LogBuffer } from "./log-buffer.ts";

const at = (nanoseconds: number) => `2026-11-22T10:00:00.${String(nanoseconds).padStart(9, "0")}Z`;
const lines = (...texts: string[]) => ({
  type: "lines" as const,
  lines: texts.map((text) => ({ at: at(1), text })),
});
const container = (state: "running" | "ended" | "waiting", restarts = 0, exitCode: number | null = null) => ({
  type: "container" as const,
  state,
  restarts,
  exitCode,
  reason: "",
  message: "",
});

/** Publishes when it is told to. */
function opened() {
  const due: (() => void)[] = [];
  const buffer = new LogBuffer((run) => due.push(run));
  return {
    buffer,
    texts: () => {
      for (const run of due.splice(0)) run();
      return buffer.snapshot().lines.map(({ text }) => text);
    },
  };
}

test("the place to go on from counts lines of one instant", () => {
  const { buffer } = opened();
  expect(buffer.place).toBeNull();
  buffer.take(lines("a", "b"));
  buffer.take({ type: "lines", lines: [{ at: "", text: "the host's own" }] });
  expect(buffer.place).toEqual({ at: at(1), lines: 2 });
});

test("end and restart are said once, also when the connection comes back in between", () => {
  const { buffer, texts } = opened();
  buffer.take(container("running"));
  buffer.take(lines("a"));
  buffer.take(container("ended", 0, 7));
  buffer.take(container("ended", 0, 7));
  buffer.take(container("running", 1));
  buffer.take(lines("b"));
  buffer.take(container("running", 1));
  expect(texts()).toEqual([
    "a",
    "The container ended with exit code 7.",
    "The container began again; this is restart 1.",
    "b",
  ]);
});

test("only the newest are kept", () => {
  const { buffer, texts } = opened();
  buffer.take(lines(...Array.from({ length: 20_005 }, (_, index) => String(index))));
  const kept = texts();
  expect([kept.length, kept[0], buffer.snapshot().dropped]).toEqual([20_000, "5", true]);
  buffer.take(lines(...Array.from({ length: 300 }, () => "x".repeat(60_000))));
  expect(texts().reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(16 * 1024 * 1024);
});

test("the last word stays, the cluster's absence goes with the next line", () => {
  const { buffer } = opened();
  buffer.take({ type: "away", text: "503" });
  expect(buffer.snapshot().away).toBe("503");
  buffer.take(lines("a"));
  expect(buffer.snapshot().away).toBeNull();
  buffer.take({ type: "over", why: "gone", text: "" });
  expect(buffer.isOver).toBe(true);
  buffer.reopen();
  expect(buffer.isOver).toBe(false);
});

/** A guest that writes faster than a terminal shows fills nothing, and its last words are seen. */
import { expect, test } from "vitest";
import { BoundedOutput } from "./bounded-output.ts";

/** A terminal that shows only when told to. */
function slowTerminal() {
  const shown: string[] = [];
  let taken: (() => void) | null = null;
  return {
    shown,
    show: (text: string, done: () => void) => {
      shown.push(text);
      taken = done;
    },
    goOn: () => {
      const done = taken;
      taken = null;
      done?.();
      return done !== null;
    },
  };
}

test("what a terminal keeps up with passes whole, in order", () => {
  const terminal = slowTerminal();
  const output = new BoundedOutput(terminal.show, 100);
  for (const piece of ["a", "", "b", "c"]) output.push(piece);
  while (terminal.goOn());
  expect(terminal.shown.join("")).toBe("abc");
  output.push("d");
  while (terminal.goOn());
  expect(terminal.shown.join("")).toBe("abcd");
});

test("of a flood the oldest is left out in whole pieces, once said, and the newest is shown", () => {
  const terminal = slowTerminal();
  const output = new BoundedOutput(terminal.show, 100);
  const pieces = Array.from({ length: 1000 }, (_, index) => `<${String(index).padStart(3, "0")}>`);
  for (const piece of pieces) output.push(piece);
  while (terminal.goOn());
  const text = terminal.shown.join("");
  expect(text.length).toBeLessThan(200);
  expect(text.match(/too fast/g)).toHaveLength(1);
  expect(text).toContain("<999>");
  expect(text.replace(/\r\n\[.*\]\r\n/, "")).toMatch(/^(?:<\d{3}>)+$/);
});

test("one piece larger than the limit is shown all the same", () => {
  const terminal = slowTerminal();
  const output = new BoundedOutput(terminal.show, 10);
  output.push("x".repeat(50));
  while (terminal.goOn());
  expect(terminal.shown.join("")).toBe("x".repeat(50));
});

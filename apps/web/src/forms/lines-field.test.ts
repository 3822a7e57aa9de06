/** A text area for lines shows what is typed, and never what belongs to another value. */
import { expect, test } from "vitest";
import { textFor } from "./LinesField.tsx";

test("what is typed stays while it says what the form holds", () => {
  expect(textFor("10.0.0.1\n", ["10.0.0.1"])).toBe("10.0.0.1\n");
  expect(textFor("  a \n\nb", ["a", "b"])).toBe("  a \n\nb");
  expect(textFor("", [])).toBe("");
});

test("the text of a removed line is not shown over the value that took its place", () => {
  expect(textFor("10.0.0.1", ["10.0.0.2", "10.0.0.3"])).toBe("10.0.0.2\n10.0.0.3");
  expect(textFor("10.0.0.1", [])).toBe("");
});

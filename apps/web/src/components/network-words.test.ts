/** Counts of addresses and lines of a form's text, as people read and write them. */
import { expect, test } from "vitest";
import { linesOf } from "../forms/form-parts.tsx";
import { formatAddressCount } from "./network-words.ts";

test.each([
  ["0", "0"],
  ["65533", "65,533"],
  ["18446744073709551615", "1.8E19"],
])("%s addresses are written %s", (decimal, text) => {
  expect(formatAddressCount(decimal)).toBe(text);
});

test("empty lines and blanks around a line say nothing", () => {
  expect(linesOf("  10.0.0.5 \n\n10.0.0.7..10.0.0.9\n")).toEqual(["10.0.0.5", "10.0.0.7..10.0.0.9"]);
});

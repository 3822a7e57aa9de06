/** Nothing that a container writes may steer, hide or turn what a person reads. */
import { expect, test } from "vitest";
import { plainLine } from "./plain-line.ts";

test.for([
  ["\u001b[31mred\u001b[0m and \u001b[1;4mloud\u001b[m", "red and loud"],
  ["\u001b]0;title\u0007text", "text"],
  ["\u001b]52;c;cGF5bG9hZA==\u001b\\text", "text"],
  ["\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u001b\\", "link"],
  ["\u001bP$q\u001b\\a\u001b(Bb\u001bcc", "abc"],
  ["a\u001b[", "a"],
  ["over\rwritten\b\u0000", "over\u240dwritten\u2408\u2400"],
  ["a\tb", "a\tb"],
  ["user\u202etxt.exe", "user\u2039U+202E\u203atxt.exe"],
  ["c1\u009b31m", "c1\u2039U+009B\u203a31m"],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
] as const)("%j reads as %j", ([written, read]) => {
  expect(plainLine(written)).toBe(read);
});

/** What of a guest's output reaches the terminal, however it is cut into pieces. */
import { describe, expect, test } from "vitest";
import { SerialFilter } from "./serial-filter.ts";

const esc = "\u001b";

/** The output, with the input split at every possible place as well: the result must not depend on it. */
function filtered(input: string): string {
  const whole = new SerialFilter().push(input);
  for (let at = 1; at < input.length; at += 1) {
    const filter = new SerialFilter();
    expect(filter.push(input.slice(0, at)) + filter.push(input.slice(at))).toBe(whole);
  }
  return whole;
}

describe("what makes a console useful passes unchanged", () => {
  test.each([
    ["text", "login: grüße 你好 👋\r\n"],
    ["colours", `${esc}[1;31mred${esc}[0m`],
    ["24-bit colours", `${esc}[38;2;1;2;3mx`],
    ["cursor movement", `${esc}[2J${esc}[H${esc}[10;5H${esc}[K`],
    ["alternate screen", `${esc}[?1049h${esc}[?25l`],
    ["bracketed paste", `${esc}[?2004h`],
    ["save and restore", `${esc}7${esc}8${esc}[s${esc}[u`],
    ["scroll region", `${esc}[2;20r`],
    ["character set", `${esc}(0lqk${esc}(B`],
    ["cursor shape", `${esc}[2 q`],
    ["keypad", `${esc}=${esc}>`],
    ["two intermediates", `${esc}$(Bx`],
  ])("%s", (_, text) => expect(filtered(text)).toBe(text));
});

describe("what would reach out of the terminal is taken away", () => {
  test.each([
    ["clipboard, OSC 52 ended by BEL", `a${esc}]52;c;ZXZpbA==\u0007b`],
    ["clipboard, OSC 52 ended by ST", `a${esc}]52;c;?${esc}\\b`],
    ["link, OSC 8", `a${esc}]8;;https://evil.example${esc}\\${esc}]8;;${esc}\\b`],
    ["title, OSC 0", `a${esc}]0;run this\u0007b`],
    ["title, OSC 2 by one control character", "a\u009d2;title\u009cb"],
    ["colour query, OSC 11", `a${esc}]11;?\u0007b`],
    ["DECRQSS", `a${esc}P$q"p${esc}\\b`],
    ["sixel", `a${esc}Pq#0;2;0;0;0~~${esc}\\b`],
    ["APC", `a${esc}_Gq${esc}\\b`],
    ["privacy message", `a${esc}^x${esc}\\b`],
    ["device attributes", `a${esc}[cb`],
    ["secondary attributes", `a${esc}[>cb`],
    ["who are you", `a${esc}Zb`],
    ["status report", `a${esc}[5nb`],
    ["cursor position report", `a${esc}[6nb`],
    ["private status report", `a${esc}[?6nb`],
    ["mode request", `a${esc}[?25$pb`],
    ["terminal version", `a${esc}[>qb`],
    ["window report", `a${esc}[21tb`],
    ["keyboard protocol query", `a${esc}[?ub`],
    ["mouse reports", `a${esc}[?1000h${esc}[?1006hb`],
    ["mouse among other modes", `a${esc}[?1049;1003hb`],
    ["focus reports", `a${esc}[?1004hb`],
    ["mouse, with a leading zero", `a${esc}[?01000hb`],
    ["mouse, with a part after a colon", `a${esc}[?1003:1hb`],
    ["attributes behind a character set", `a${esc}(${esc}[cb`],
    ["position behind a character set", `a${esc})${esc}[6nb`],
    ["title behind a character set", `a${esc}*${esc}]2;t\u0007b`],
    ["link behind an encoding", `a${esc}%${esc}]8;;https://evil.example\u0007b`],
    ["clipboard behind two intermediates", `a${esc} #${esc}]52;c;?\u0007b`],
    ["one control character behind a character set", "a\u001b(\u009b6nb"],
    ["answerback behind a character set", `a${esc}(\u0005${esc}Zb`],
    ["a character set that is cancelled", `a${esc}(\u0018b`],
    ["answerback", "a\u0005b"],
    ["status report by one control character", "a\u009b6nb"],
  ])("%s", (_, text) => expect(filtered(text)).toBe("ab"));
});

test("an unterminated string ends at the line's end, so that noise cannot mute the console", () => {
  expect(filtered(`a${esc}]52;c;AAAA\nb`)).toBe("a\nb");
});

test("an unterminated string without line ends is given up after a while", () => {
  const filter = new SerialFilter();
  const out = filter.push(`${esc}]0;${"x".repeat(10_000)}`);
  expect(out.length).toBeGreaterThan(5000);
  expect(out).not.toContain(esc);
});

test("ten million characters of an unterminated string pass in a moment", () => {
  const filter = new SerialFilter();
  const chunk = `${esc}]52;c;${"A".repeat(64 * 1024)}`;
  const began = performance.now();
  let escapes = 0;
  for (let sent = 0; sent < 10_000_000; sent += chunk.length)
    if (filter.push(chunk).includes(esc)) escapes += 1;
  expect(escapes).toBe(0);
  expect(performance.now() - began).toBeLessThan(2000);
});

test("ten million characters in one piece hold up nothing, whatever they begin", () => {
  for (const begin of [`${esc}]52;c;`, `${esc}P$q`, `${esc}[`, `${esc}[0m`]) {
    const piece = `${begin}${"A".repeat(10_000_000)}`;
    let fastestMs = Number.POSITIVE_INFINITY; // of three: other programs take their turns, too
    let out = "";
    for (let round = 0; round < 3; round += 1) {
      const began = performance.now();
      out = new SerialFilter().push(piece);
      fastestMs = Math.min(fastestMs, performance.now() - began);
    }
    expect(fastestMs).toBeLessThan(200);
    expect(out.includes(esc)).toBe(begin.endsWith("m") || begin.endsWith("["));
  }
});

test("an escape inside a string cannot smuggle a second one out", () => {
  expect(filtered(`a${esc}]0;x${esc}]52;c;Zg==\u0007b`)).toBe("ab");
  expect(filtered(`a${esc}P${esc}[6n${esc}\\b`)).not.toContain("6n");
});

test("a sequence that never ends is bounded", () => {
  const filter = new SerialFilter();
  filter.push(`${esc}[${"1;".repeat(5000)}`);
  expect(filter.push("x\r\nok")).toContain("ok");
});

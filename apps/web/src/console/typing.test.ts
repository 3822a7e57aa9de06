/** Pasted text becomes the right keys on every layout. */
import { describe, expect, test } from "vitest";
import { type KeyboardLayoutId, keyboardLayouts, strokesOf } from "./keyboard-layouts.ts";
import { keysymOf, typeText, untypable } from "./typing.ts";

const go = () => Promise.resolve();

async function keysOf(text: string, layout: KeyboardLayoutId): Promise<string> {
  const keys: string[] = [];
  const sender = {
    sendKey: (_: number, code: string, down: boolean) => keys.push(`${down ? "+" : "-"}${code}`),
  };
  await typeText(sender, text, layout, go, new AbortController().signal);
  return keys.join(" ");
}

test("positions follow the guest's layout", async () => {
  expect(await keysOf("z", "en-us")).toBe("+KeyZ -KeyZ");
  expect(await keysOf("z", "de")).toBe("+KeyY -KeyY");
  expect(await keysOf("a", "fr")).toBe("+KeyQ -KeyQ");
  expect(await keysOf("/", "de")).toBe("+ShiftLeft +Digit7 -Digit7 -ShiftLeft");
  expect(await keysOf("@", "de")).toBe("+AltRight +KeyQ -KeyQ -AltRight");
  expect(await keysOf("1", "fr")).toBe("+ShiftLeft +Digit1 -Digit1 -ShiftLeft");
});

test("a dead key is followed by a space", async () => {
  expect(await keysOf("^", "de")).toBe("+Backquote -Backquote +Space -Space");
});

test("line ends are Enter, once each", async () => {
  expect(await keysOf("a\r\nb", "en-us")).toBe("+KeyA -KeyA +Enter -Enter +KeyB -KeyB");
});

describe.each(keyboardLayouts)("$id", ({ id }) => {
  test("writes all of printable ASCII", () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");
    expect(untypable(ascii, id)).toEqual([]);
  });
  test("has no two characters on one stroke", () => {
    const seen = new Set<string>();
    for (const [character, stroke] of strokesOf(id)) {
      if (character === "\r") continue; // the same key as a line feed
      const key = `${stroke.code} ${stroke.shift} ${stroke.altGr}`;
      expect(seen.has(key), `${character} on ${key}`).toBe(false);
      seen.add(key);
    }
  });
});

test("characters without a key are told and left out", async () => {
  expect(untypable("aä你a", "en-us")).toEqual(["ä", "你"]);
  expect(await keysOf("aäb", "en-us")).toBe("+KeyA -KeyA +KeyB -KeyB");
});

test("stops when told to, with every key released", async () => {
  const controller = new AbortController();
  const down = new Set<string>();
  const sender = {
    sendKey: (_: number, code: string, pressed: boolean) => {
      if (pressed) down.add(code);
      else down.delete(code);
    },
  };
  const typed = await typeText(sender, "ABCDEF", "en-us", go, controller.signal, (count) => {
    if (count === 2) controller.abort();
  });
  expect(typed).toBe(2);
  expect(down.size).toBe(0);
});

test("keysyms beyond Latin-1 carry the Unicode prefix", () => {
  expect(keysymOf("a")).toBe(0x61);
  expect(keysymOf("€")).toBe(0x0100_20ac);
});

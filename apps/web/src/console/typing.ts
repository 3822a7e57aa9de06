/** Types a text into a screen key by key. The sender, and the pause between keys, are given by the caller. */
import { type KeyboardLayoutId, type KeyStroke, strokesOf } from "./keyboard-layouts.ts";

export interface KeySender {
  sendKey(keysym: number, code: string, down: boolean): void;
}

const keysyms: Record<string, number> = { Enter: 0xff0d, Tab: 0xff09, Space: 0x20 };
const shiftKey = { keysym: 0xffe1, code: "ShiftLeft" };
const altGrKey = { keysym: 0xfe03, code: "AltRight" };

/** The X11 keysym of one character. */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x100 ? point : 0x0100_0000 + point;
}

/** Characters of `text` that `layout` has no key for, each once. */
export function untypable(text: string, layout: KeyboardLayoutId): string[] {
  const strokes = strokesOf(layout);
  return [...new Set(Array.from(normalise(text)).filter((character) => !strokes.has(character)))];
}

function normalise(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function press(sender: KeySender, character: string, stroke: KeyStroke): void {
  const keysym = keysyms[stroke.code] ?? keysymOf(character);
  if (stroke.shift) sender.sendKey(shiftKey.keysym, shiftKey.code, true);
  if (stroke.altGr) sender.sendKey(altGrKey.keysym, altGrKey.code, true);
  sender.sendKey(keysym, stroke.code, true);
  sender.sendKey(keysym, stroke.code, false);
  if (stroke.altGr) sender.sendKey(altGrKey.keysym, altGrKey.code, false);
  if (stroke.shift) sender.sendKey(shiftKey.keysym, shiftKey.code, false);
  if (stroke.dead) {
    sender.sendKey(0x20, "Space", true);
    sender.sendKey(0x20, "Space", false);
  }
}

/** Types `text`; characters without a key are left out. Ends early when `signal` is aborted. Resolves with how many were typed. */
export async function typeText(
  sender: KeySender,
  text: string,
  layout: KeyboardLayoutId,
  pause: () => Promise<void>,
  signal: AbortSignal,
  onProgress: (typed: number) => void = () => undefined,
): Promise<number> {
  const strokes = strokesOf(layout);
  let typed = 0;
  for (const character of normalise(text)) {
    if (signal.aborted) break;
    const stroke = strokes.get(character);
    if (stroke === undefined) continue;
    press(sender, character, stroke);
    typed += 1;
    onProgress(typed);
    await pause();
  }
  return typed;
}

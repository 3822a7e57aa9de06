/** Key combinations that the browser or the system keeps for itself, to be sent from a menu. */

interface Key {
  keysym: number;
  code: string;
}

export const keys = {
  ctrl: { keysym: 0xffe3, code: "ControlLeft" },
  alt: { keysym: 0xffe9, code: "AltLeft" },
  shift: { keysym: 0xffe1, code: "ShiftLeft" },
  meta: { keysym: 0xffeb, code: "MetaLeft" },
  del: { keysym: 0xffff, code: "Delete" },
  backspace: { keysym: 0xff08, code: "Backspace" },
  tab: { keysym: 0xff09, code: "Tab" },
  escape: { keysym: 0xff1b, code: "Escape" },
  enter: { keysym: 0xff0d, code: "Enter" },
  print: { keysym: 0xff61, code: "PrintScreen" },
  left: { keysym: 0xff51, code: "ArrowLeft" },
  up: { keysym: 0xff52, code: "ArrowUp" },
  right: { keysym: 0xff53, code: "ArrowRight" },
  down: { keysym: 0xff54, code: "ArrowDown" },
} as const satisfies Record<string, Key>;

/** F1 is 1. */
export function functionKey(number: number): Key {
  return { keysym: 0xffbd + number, code: `F${number}` };
}

export interface KeyCombination {
  label: string;
  keys: readonly Key[];
}

export const keyCombinations: readonly KeyCombination[] = [
  { label: "Ctrl + Alt + Del", keys: [keys.ctrl, keys.alt, keys.del] },
  { label: "Ctrl + Alt + Backspace", keys: [keys.ctrl, keys.alt, keys.backspace] },
  { label: "Alt + Tab", keys: [keys.alt, keys.tab] },
  { label: "Alt + F4", keys: [keys.alt, functionKey(4)] },
  { label: "Super (Windows key)", keys: [keys.meta] },
  { label: "Ctrl + Esc", keys: [keys.ctrl, keys.escape] },
  { label: "Print screen", keys: [keys.print] },
];

/** Ctrl + Alt + F1 to F12: the text terminals of Linux guests. */
export const terminalCombinations: readonly KeyCombination[] = Array.from({ length: 12 }, (_, index) => ({
  label: `Ctrl + Alt + F${index + 1}`,
  keys: [keys.ctrl, keys.alt, functionKey(index + 1)],
}));

/** Presses in order, releases in reverse. */
export function sendCombination(
  sender: { sendKey(keysym: number, code: string, down: boolean): void },
  combination: readonly Key[],
): void {
  for (const key of combination) sender.sendKey(key.keysym, key.code, true);
  for (const key of [...combination].reverse()) sender.sendKey(key.keysym, key.code, false);
}

/**
 * Which physical keys write a character on a keyboard of a given layout. KubeVirt's screen takes key positions, and the
 * guest turns them into characters by its own layout: so a text can only be typed when the layout is known.
 */

export type KeyboardLayoutId = "en-us" | "en-gb" | "de" | "fr";

export interface KeyStroke {
  /** The key's position as in KeyboardEvent.code. */
  code: string;
  shift: boolean;
  altGr: boolean;
  /** A dead key: it is followed by a space to write the character itself. */
  dead: boolean;
}

/** One key: position, then what it writes plain, with Shift and with AltGr. `\u0000` in front marks a dead key. */
type KeyRow = readonly [code: string, plain: string, shift: string, altGr?: string];

const dead = (character: string) => `\u0000${character}`;

const usKeys: readonly KeyRow[] = [
  ["Backquote", "`", "~"],
  ...digits("!@#$%^&*()"),
  ["Minus", "-", "_"],
  ["Equal", "=", "+"],
  ["BracketLeft", "[", "{"],
  ["BracketRight", "]", "}"],
  ["Backslash", "\\", "|"],
  ["Semicolon", ";", ":"],
  ["Quote", "'", '"'],
  ["Comma", ",", "<"],
  ["Period", ".", ">"],
  ["Slash", "/", "?"],
];

const gbKeys: readonly KeyRow[] = [
  ...usKeys.filter(([code]) => !["Backquote", "Quote", "Backslash", "Digit2", "Digit3"].includes(code)),
  ["Backquote", "`", "¬", "¦"],
  ["Digit2", "2", '"'],
  ["Digit3", "3", "£"],
  ["Quote", "'", "@"],
  ["Backslash", "#", "~"],
  ["IntlBackslash", "\\", "|"],
];

const deKeys: readonly KeyRow[] = [
  ["Backquote", dead("^"), "°"],
  ["Digit1", "1", "!"],
  ["Digit2", "2", '"', "²"],
  ["Digit3", "3", "§", "³"],
  ["Digit4", "4", "$"],
  ["Digit5", "5", "%"],
  ["Digit6", "6", "&"],
  ["Digit7", "7", "/", "{"],
  ["Digit8", "8", "(", "["],
  ["Digit9", "9", ")", "]"],
  ["Digit0", "0", "=", "}"],
  ["Minus", "ß", "?", "\\"],
  ["Equal", dead("´"), dead("`")],
  ["KeyQ", "q", "Q", "@"],
  ["KeyE", "e", "E", "€"],
  ["KeyM", "m", "M", "µ"],
  ["BracketLeft", "ü", "Ü"],
  ["BracketRight", "+", "*", "~"],
  ["Semicolon", "ö", "Ö"],
  ["Quote", "ä", "Ä"],
  ["Backslash", "#", "'"],
  ["IntlBackslash", "<", ">", "|"],
  ["Comma", ",", ";"],
  ["Period", ".", ":"],
  ["Slash", "-", "_"],
];

const frKeys: readonly KeyRow[] = [
  ["Backquote", "²", ""],
  ["Digit1", "&", "1"],
  ["Digit2", "é", "2", dead("~")],
  ["Digit3", '"', "3", "#"],
  ["Digit4", "'", "4", "{"],
  ["Digit5", "(", "5", "["],
  ["Digit6", "-", "6", "|"],
  ["Digit7", "è", "7", dead("`")],
  ["Digit8", "_", "8", "\\"],
  ["Digit9", "ç", "9", "^"],
  ["Digit0", "à", "0", "@"],
  ["Minus", ")", "°", "]"],
  ["Equal", "=", "+", "}"],
  ["KeyE", "e", "E", "€"],
  ["BracketLeft", "", dead("¨")],
  ["BracketRight", "$", "£", "¤"],
  ["Quote", "ù", "%"],
  ["Backslash", "*", "µ"],
  ["Semicolon", "m", "M"],
  ["KeyM", ",", "?"],
  ["Comma", ";", "."],
  ["Period", ":", "/"],
  ["Slash", "!", "§"],
  ["IntlBackslash", "<", ">"],
];

function digits(shifted: string): KeyRow[] {
  return Array.from(shifted, (character, index) => {
    const digit = String((index + 1) % 10);
    return [`Digit${digit}`, digit, character] as const;
  });
}

/** Letters on their own keys, but for the pairs a layout swaps. */
function letters(swaps: Record<string, string>, except: string): KeyRow[] {
  return Array.from("abcdefghijklmnopqrstuvwxyz")
    .filter((letter) => !except.includes(letter))
    .map(
      (letter) => [`Key${(swaps[letter] ?? letter).toUpperCase()}`, letter, letter.toUpperCase()] as const,
    );
}

const layoutKeys: Record<KeyboardLayoutId, readonly KeyRow[]> = {
  "en-us": [...usKeys, ...letters({}, "")],
  "en-gb": [...gbKeys, ...letters({}, "")],
  de: [...deKeys, ...letters({ y: "z", z: "y" }, "qem")],
  fr: [...frKeys, ...letters({ a: "q", q: "a", z: "w", w: "z" }, "em")],
};

export const keyboardLayouts: readonly { id: KeyboardLayoutId; label: string }[] = [
  { id: "en-us", label: "English (US)" },
  { id: "en-gb", label: "English (UK)" },
  { id: "de", label: "German" },
  { id: "fr", label: "French" },
];

export function isKeyboardLayout(id: string): id is KeyboardLayoutId {
  return id in layoutKeys;
}

const plainKeys: Record<string, string> = { "\n": "Enter", "\r": "Enter", "\t": "Tab", " ": "Space" };

/** Every character that `layout` can write, with its stroke. */
export function strokesOf(layout: KeyboardLayoutId): ReadonlyMap<string, KeyStroke> {
  const strokes = new Map<string, KeyStroke>();
  const add = (code: string, text: string | undefined, shift: boolean, altGr: boolean) => {
    const isDead = text?.startsWith("\u0000") ?? false;
    const character = isDead ? text?.slice(1) : text;
    if (character && !strokes.has(character)) strokes.set(character, { code, shift, altGr, dead: isDead });
  };
  for (const [code, plain, shift, altGr] of layoutKeys[layout]) {
    add(code, plain, false, false);
    add(code, shift, true, false);
    add(code, altGr, false, true);
  }
  for (const [character, code] of Object.entries(plainKeys))
    strokes.set(character, { code, shift: false, altGr: false, dead: false });
  return strokes;
}

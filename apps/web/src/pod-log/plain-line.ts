/**
 * A line of a log as harmless text: what would colour or steer a terminal is left out, other control characters are shown
 * as their pictures, and marks that turn the direction of writing are named, so that a line reads as it was written.
 */

const bell = "\\u0007";
const escape = "\\u001b";
/** Strings (title, clipboard, link …), control sequences, and the two-character ones; ended or not. */
const sequences = new RegExp(
  `${escape}[\\]PX^_][^${bell}${escape}]*(?:${bell}|${escape}\\\\|$)|${escape}\\[[0-?]*[ -/]*[@-~]|${escape}[ -/]*[0-~]`,
  "g",
);
const control = new RegExp(
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  "[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
  "g",
);

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x24_00 + code);
  if (code === 0x7f) return "\u2421";
  return `\u2039U+${code.toString(16).toUpperCase().padStart(4, "0")}\u203a`;
}

export function plainLine(text: string): string {
  return text.replace(sequences, "").replace(control, picture);
}

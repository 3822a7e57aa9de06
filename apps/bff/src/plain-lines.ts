/** Log lines as ASCII could show them: whoever reads them in a terminal is steered by nothing that strangers wrote. */

/**
 * What JSON leaves as it is and somebody may take for the end of a line, a command to the terminal or a turn of the writing:
 * DEL and C1, both separators, marks of direction.
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const steering = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A line of JSON with those as escapes, which say the same to who parses it. */
export const plainLine = (line: string): string =>
  line.replaceAll(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

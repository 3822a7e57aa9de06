/**
 * Makes a guest's terminal output harmless before the terminal sees it. A guest may print anything; nothing it prints may
 * set the clipboard or the title, make a link, or have the terminal answer by itself (an answer would be typed into the
 * guest). Colours, cursor movement and text pass.
 */

const esc = 0x1b;
const bel = 0x07;
const enq = 0x05;
const cancel = 0x18;
const substitute = 0x1a;
const lineFeed = 0x0a;

/** After so many characters an unterminated string is given up, so that line noise cannot mute the console. */
const stringLimit = 4096;
const sequenceLimit = 256;

type Mode = "text" | "escape" | "intermediate" | "sequence" | "string" | "string-escape";

/** Finals of control sequences that make a terminal answer, or act outside of its text. */
function isUnsafeSequence(body: string, final: string): boolean {
  if (final === "c" || final === "n" || final === "t" || final === "x" || final === "q" || final === "u") {
    // `CSI Ps SP q` only sets the cursor's shape; `CSI u` without a prefix only restores the cursor.
    if (final === "q") return !body.endsWith(" ");
    if (final === "u") return body !== "";
    return true;
  }
  if (final === "p" && body.includes("$")) return true;
  if ((final === "h" || final === "l") && body.startsWith("?"))
    return (
      body
        .slice(1)
        .split(";")
        // As the terminal reads it: leading zeros do not count, and neither does what follows a colon.
        .some((mode) => reportingModes.has(Number.parseInt(mode, 10)))
    );
  return false;
}

/** Mouse and focus reports: the terminal would send bytes that nobody typed. */
const reportingModes: ReadonlySet<number> = new Set([
  9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016,
]);

/** What ends a stretch of text; such stretches pass whole, so that a flood of them holds up nothing. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const endOfText = /[\u001b\u0005\u0080-\u009f]/g;

export class SerialFilter {
  #mode: Mode = "text";
  #sequence = "";
  #stringLength = 0;

  /** The harmless part of `chunk`; sequences may be split over chunks anywhere. */
  push(chunk: string): string {
    let out = "";
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === "text") {
        endOfText.lastIndex = at;
        const end = endOfText.exec(chunk)?.index ?? chunk.length;
        out += chunk.slice(at, end);
        at = end;
        if (at === chunk.length) break;
      }
      out += this.#take(chunk.charCodeAt(at), chunk[at] ?? "");
      at += 1;
    }
    return out;
  }

  #take(code: number, character: string): string {
    switch (this.#mode) {
      case "text":
        return this.#takeText(code, character);
      case "escape":
        return this.#takeEscape(code, character);
      case "intermediate":
        return this.#takeIntermediate(code, character);
      case "sequence":
        return this.#takeSequence(code, character);
      case "string":
        return this.#takeString(code, character);
      case "string-escape":
        this.#mode = "text";
        // `ESC \` ends the string; any other escape ends it too and is looked at by itself.
        if (character === "\\") return "";
        this.#mode = "escape";
        return this.#takeEscape(code, character);
    }
  }

  #takeText(code: number, character: string): string {
    if (code === esc) {
      this.#mode = "escape";
      return "";
    }
    if (code === enq) return "";
    if (code >= 0x80 && code <= 0x9f) {
      if (code === 0x9b) this.#begin("sequence");
      else if (code === 0x90 || code === 0x98 || code === 0x9d || code === 0x9e || code === 0x9f)
        this.#begin("string");
      return "";
    }
    return character;
  }

  #takeEscape(code: number, character: string): string {
    this.#mode = "text";
    if (code === esc) {
      this.#mode = "escape";
      return "";
    }
    if (character === "[") {
      this.#begin("sequence");
      return "";
    }
    if ("]PX^_".includes(character)) {
      this.#begin("string");
      return "";
    }
    if (character === "Z") return ""; // asks the terminal who it is
    if (code >= 0x20 && code <= 0x2f) {
      this.#begin("intermediate");
      this.#sequence = character;
      return "";
    }
    if (code < 0x20 || code > 0x7e) return this.#takeText(code, character);
    return `\u001b${character}`;
  }

  /** Within `ESC ( …` and the like; only a final byte lets it out, so that the terminal is never left in its middle. */
  #takeIntermediate(code: number, character: string): string {
    if (code === esc || code === cancel || code === substitute) {
      this.#mode = code === esc ? "escape" : "text";
      return "";
    }
    if (code >= 0x30 && code <= 0x7e) {
      this.#mode = "text";
      return `\u001b${this.#sequence}${character}`;
    }
    if (code < 0x20) return code === enq ? "" : character; // a control inside a sequence acts by itself
    if (code > 0x7e || this.#sequence.length >= sequenceLimit) {
      this.#mode = "text";
      return this.#takeText(code, character);
    }
    this.#sequence += character;
    return "";
  }

  #takeSequence(code: number, character: string): string {
    if (code === esc || code === cancel || code === substitute) {
      this.#mode = code === esc ? "escape" : "text";
      return "";
    }
    if (code >= 0x40 && code <= 0x7e) {
      this.#mode = "text";
      return isUnsafeSequence(this.#sequence, character) ? "" : `\u001b[${this.#sequence}${character}`;
    }
    if (code < 0x20) return code === enq ? "" : character; // a control inside a sequence acts by itself
    if (code > 0x7e || this.#sequence.length >= sequenceLimit) {
      this.#mode = "text";
      return this.#takeText(code, character);
    }
    this.#sequence += character;
    return "";
  }

  #takeString(code: number, character: string): string {
    this.#stringLength += 1;
    if (code === esc) {
      this.#mode = "string-escape";
      return "";
    }
    if (code === bel || code === 0x9c || code === cancel || code === substitute) {
      this.#mode = "text";
      return "";
    }
    if (code === lineFeed || this.#stringLength > stringLimit) {
      this.#mode = "text";
      return this.#takeText(code, character);
    }
    return "";
  }

  #begin(mode: "intermediate" | "sequence" | "string"): void {
    this.#mode = mode;
    this.#sequence = "";
    this.#stringLength = 0;
  }
}

/** The stand-in guest's screen: 80×25 characters, drawn into an RGB picture of 720×400 only when somebody looks. */
import { demoLetters } from "../../guest/boot-sector.ts";
import { cellHeight, cellWidth, glyphPixel } from "./font.ts";

const columns = 80;
const rows = 25;
const lettersAt = { column: 4, row: 2 };
const textFrom = { column: 4, row: 8 };
const grey = [170, 170, 170] as const;
const cyan = [0, 170, 170] as const;

/** A cell that is filled with cyan: a dot of the letters. Other cells hold a character's code, 0 where nothing is. */
const dot = 1;

export class TextScreen {
  readonly width = columns * cellWidth;
  readonly height = rows * cellHeight;
  readonly #cells = new Uint16Array(columns * rows);
  #column = textFrom.column;
  #row = textFrom.row;
  /** Counts changes, so that a viewer knows whether it is behind. */
  version = 0;

  constructor() {
    demoLetters.forEach((bits, row) => {
      Array.from(bits).forEach((bit, column) => {
        if (bit === "1") this.#cells[(lettersAt.row + row) * columns + lettersAt.column + column] = dot;
      });
    });
  }

  /** The picture as it is now: three bytes a pixel, row by row. */
  get rgb(): Uint8Array {
    const rgb = new Uint8Array(this.width * this.height * 3);
    this.#cells.forEach((code, cell) => {
      if (code === 0) return;
      const character = String.fromCharCode(code);
      const left = (cell % columns) * cellWidth;
      const top = Math.floor(cell / columns) * cellHeight;
      for (let y = 0; y < cellHeight; y++) {
        for (let x = 0; x < cellWidth; x++) {
          if (code !== dot && !glyphPixel(character, x, y)) continue;
          rgb.set(code === dot ? cyan : grey, ((top + y) * this.width + left + x) * 3);
        }
      }
    });
    return rgb;
  }

  /** Types text: printable characters, carriage return, line feed and backspace; scrolls at the end. */
  write(text: string): void {
    for (const character of text) {
      if (character === "\r") this.#column = 0;
      else if (character === "\n") this.#lineFeed();
      else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
      else if (character >= " ") this.#put(character);
    }
    this.version++;
  }

  #put(character: string): void {
    if (this.#column >= columns) {
      this.#column = 0;
      this.#lineFeed();
    }
    this.#cells[this.#row * columns + this.#column] = character.charCodeAt(0);
    this.#column++;
  }

  #lineFeed(): void {
    if (this.#row < rows - 1) {
      this.#row++;
      return;
    }
    this.#cells.copyWithin(0, columns);
    this.#cells.fill(0, this.#cells.length - columns);
  }
}

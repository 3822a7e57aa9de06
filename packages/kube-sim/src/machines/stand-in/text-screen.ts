/** The stand-in guest's screen: 80×25 characters drawn into an RGB picture of 720×400. */
import { demoLetters } from "../../guest/boot-sector.ts";
import { cellHeight, cellWidth, glyphPixel } from "./font.ts";

const columns = 80;
const rows = 25;
const lettersAt = { column: 4, row: 2 };
const textFrom = { column: 4, row: 8 };
const grey = [170, 170, 170] as const;
const cyan = [0, 170, 170] as const;

export class TextScreen {
  readonly width = columns * cellWidth;
  readonly height = rows * cellHeight;
  /** Three bytes a pixel, row by row. */
  readonly rgb = new Uint8Array(this.width * this.height * 3);
  #column = textFrom.column;
  #row = textFrom.row;
  /** Counts changes, so that a viewer knows whether it is behind. */
  version = 0;

  constructor() {
    demoLetters.forEach((bits, row) => {
      Array.from(bits).forEach((bit, column) => {
        if (bit === "1") this.#fill(lettersAt.column + column, lettersAt.row + row, () => cyan);
      });
    });
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
    this.#fill(this.#column, this.#row, (x, y) => (glyphPixel(character, x, y) ? grey : null));
    this.#column++;
  }

  #lineFeed(): void {
    if (this.#row < rows - 1) {
      this.#row++;
      return;
    }
    const lineBytes = this.width * cellHeight * 3;
    this.rgb.copyWithin(0, lineBytes);
    this.rgb.fill(0, this.rgb.length - lineBytes);
  }

  #fill(
    column: number,
    row: number,
    colour: (x: number, y: number) => readonly [number, number, number] | null,
  ): void {
    for (let y = 0; y < cellHeight; y++) {
      for (let x = 0; x < cellWidth; x++) {
        const at = ((row * cellHeight + y) * this.width + column * cellWidth + x) * 3;
        this.rgb.set(colour(x, y) ?? [0, 0, 0], at);
      }
    }
  }
}

/** Reads the guest's screen off the VNC canvas: pixels in, the painted letters and the lit cells out. */
import type { Page } from "@playwright/test";

export interface GuestScreen {
  /** The five rows of the painted letters, `1` for a cyan cell. */
  letters: string[];
  /** Lit pixels in each of the 25 text rows. */
  litPixels: number[];
}

/** Null while there is no picture of a guest. */
export function readGuestScreen(page: Page): Promise<GuestScreen | null> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || canvas.width < 640) return null;
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const cellWidth = width / 80;
    const cellHeight = height / 25;
    const at = (x: number, y: number) => {
      const index = (Math.floor(y) * width + Math.floor(x)) * 4;
      return { red: data[index] ?? 0, green: data[index + 1] ?? 0 };
    };
    const letters = Array.from({ length: 5 }, (_, row) =>
      Array.from({ length: 31 }, (__, column) => {
        const { red, green } = at((4 + column + 0.5) * cellWidth, (2 + row + 0.5) * cellHeight);
        return green > 100 && red < 100 ? "1" : "0";
      }).join(""),
    );
    const litPixels = Array.from({ length: 25 }, (_, row) => {
      let lit = 0;
      for (let y = row * cellHeight; y < (row + 1) * cellHeight; y++) {
        for (let x = 0; x < width; x++) if (at(x, y).green > 100) lit++;
      }
      return lit;
    });
    return { letters, litPixels };
  });
}

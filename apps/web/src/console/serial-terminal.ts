/** xterm.js as the console uses it: capped scrollback, search, its text as a log. */
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { BoundedOutput } from "./bounded-output.ts";

const scrollbackLines = 10_000;
/** Characters; more than the scrollback holds. */
const mostWaiting = 4_000_000;

interface TerminalOptions {
  /** What it is for those who cannot see it. */
  label?: string;
  /** A serial line knows no size; a shell does. */
  onResize?: (columns: number, rows: number) => void;
}

export class SerialTerminal {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #observer: ResizeObserver;
  readonly #output = new BoundedOutput((text, done) => this.#terminal.write(text, done), mostWaiting);

  /** `send` gets what the person types, as UTF-8. */
  constructor(
    holder: HTMLElement,
    send: (bytes: Uint8Array<ArrayBuffer>) => void,
    { label, onResize }: TerminalOptions = {},
  ) {
    this.#terminal = new Terminal({
      scrollback: scrollbackLines,
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: 13,
      lineHeight: 1.2,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      screenReaderMode: false,
      allowProposedApi: true,
      theme: {
        background: "#08090b",
        foreground: "#d7dce2",
        cursor: "#a9a8f7",
        selectionBackground: "#4541b3aa",
      },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.open(holder);
    this.#terminal.textarea?.setAttribute("aria-label", label ?? "Serial console");
    this.#fit.fit();
    this.#observer = new ResizeObserver(() => this.#fit.fit());
    this.#observer.observe(holder);
    const encoder = new TextEncoder();
    this.#terminal.onResize(({ cols, rows }) => onResize?.(cols, rows));
    this.#terminal.onData((text) => send(encoder.encode(text)));
    // Ctrl+Shift+C copies, as terminals do; Ctrl+C alone belongs to the guest.
    this.#terminal.attachCustomKeyEventHandler((event) => {
      if (event.type === "keydown" && event.ctrlKey && event.shiftKey && event.code === "KeyC") {
        void navigator.clipboard.writeText(this.selection());
        event.preventDefault();
        return false;
      }
      return true;
    });
  }

  /** What was pushed before holds no sequence that only this ends. */
  write(text: string): void {
    this.#output.push(text);
  }

  focus(): void {
    this.#terminal.focus();
  }

  size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  selection(): string {
    return this.#terminal.getSelection();
  }

  /** Finds `text` from where the last find ended; false when it is nowhere. */
  find(text: string, backwards: boolean): boolean {
    return backwards ? this.#search.findPrevious(text) : this.#search.findNext(text);
  }

  /** Everything that is kept, wrapped lines joined, without trailing blanks. */
  text(): string {
    const buffer = this.#terminal.buffer.active;
    const lines: string[] = [];
    for (let index = 0; index < buffer.length; index += 1) {
      const line = buffer.getLine(index);
      if (line === undefined) continue;
      const text = line.translateToString(true);
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return `${lines.join("\n").trimEnd()}\n`;
  }

  clear(): void {
    this.#terminal.clear();
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#terminal.dispose();
  }
}

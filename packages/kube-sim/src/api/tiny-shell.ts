/** What answers in a container, where no program runs: a terminal's line, and four commands. */

const ENTER = "\r";
const NEW_LINE = "\n";
const INTERRUPT = "\u0003";
const END_OF_INPUT = "\u0004";
const RUB_OUT = new Set(["\u007f", "\b"]);
const LONGEST_LINE = 4096;

export interface ShellPlace {
  pod: string;
  /** What the terminal sees. */
  write: (text: string) => void;
  exit: (code: number) => void;
}

export class TinyShell {
  readonly #place: ShellPlace;
  #line = "";
  #size = { Width: 80, Height: 24 };
  #lastCode = 0;
  #ended = false;

  constructor(place: ShellPlace) {
    this.#place = place;
    place.write("# ");
  }

  resize(size: { Width: number; Height: number }): void {
    this.#size = size;
  }

  /** What is typed comes back, as a terminal echoes it. */
  type(text: string): void {
    for (const character of text) {
      if (this.#ended) return;
      this.#take(character);
    }
  }

  #take(character: string): void {
    const { write } = this.#place;
    if (character === ENTER || character === NEW_LINE) {
      write("\r\n");
      this.#run(this.#line.trim());
      this.#line = "";
    } else if (character === INTERRUPT) {
      write("^C\r\n# ");
      this.#line = "";
    } else if (character === END_OF_INPUT) {
      if (this.#line === "") this.#exit(this.#lastCode);
    } else if (RUB_OUT.has(character)) {
      if (this.#line !== "") write("\b \b");
      this.#line = this.#line.slice(0, -1);
    } else if (character >= " " && this.#line.length < LONGEST_LINE) {
      this.#line += character;
      write(character);
    }
  }

  #run(line: string): void {
    const [command = "", ...words] = line.split(/\s+/);
    switch (command) {
      case "":
        this.#done(0, "");
        break;
      case "echo":
        this.#done(0, `${words.join(" ").replaceAll(/["']/g, "")}\r\n`);
        break;
      case "whoami":
        this.#done(0, "root\r\n");
        break;
      case "hostname":
        this.#done(0, `${this.#place.pod}\r\n`);
        break;
      case "stty":
        this.#done(0, `${this.#size.Height} ${this.#size.Width}\r\n`);
        break;
      case "exit":
        this.#exit(Number(words[0] ?? this.#lastCode) & 0xff);
        break;
      default:
        this.#done(127, `sh: ${command}: not found (kube-sim runs no programs)\r\n`);
    }
  }

  #done(code: number, text: string): void {
    this.#lastCode = code;
    this.#place.write(`${text}# `);
  }

  #exit(code: number): void {
    this.#ended = true;
    this.#place.exit(code);
  }
}

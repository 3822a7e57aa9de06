/** Gives an installation the same ports again, so that addresses it handed out stay valid over a restart. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

async function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

export class RememberedPorts {
  readonly #path: string;
  readonly #ports: Record<string, number>;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "ports.json");
    this.#ports = existsSync(this.#path)
      ? (JSON.parse(readFileSync(this.#path, "utf8")) as Record<string, number>) // written below
      : {};
  }

  /** The port asked for; else the one used last time if it is free; else 0, any. */
  async choose(name: string, asked: number | undefined, host: string): Promise<number> {
    if (asked !== undefined && asked !== 0) return asked;
    const last = this.#ports[name];
    return last !== undefined && (await isFree(last, host)) ? last : 0;
  }

  remember(name: string, port: number): void {
    if (this.#ports[name] === port) return;
    this.#ports[name] = port;
    writeFileSync(this.#path, JSON.stringify(this.#ports));
  }
}

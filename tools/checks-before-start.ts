/** What can be known to fail before anything starts, one clear line each. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import type { StartOptions } from "./start-options.ts";

function checkWritable(folder: string, variable: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch {
    throw new Error(`The folder ${folder} is not writable. Make it so, or set ${variable} to another one.`);
  }
}

function checkPort(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          error.code === "EADDRINUSE"
            ? `Port ${port} on ${host} is taken by another program. Stop it, or choose another: PORT=8081 npm start`
            : `Cannot listen on ${host}:${port}: ${error.message}`,
        ),
      );
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/** Throws with the first thing that is wrong. */
export async function checkBeforeStart(options: StartOptions): Promise<void> {
  checkWritable(options.dataDir, "DATA_DIR");
  if (options.kubeconfig === null) checkWritable(options.simDir, "KUBE_SIM_DIR");
  else if (!existsSync(options.kubeconfig.file))
    throw new Error(`There is no kubeconfig at ${options.kubeconfig.file}.`);
  await checkPort(options.port, options.host);
}

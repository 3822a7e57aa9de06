/** Drives the production build over the embedded cluster, started as a newcomer starts it, in a folder of its own. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const port = process.env["E2E_PORT"] ?? "18480";
// The configuration is read once more by every worker: what the first made is handed on.
process.env["E2E_FOLDER"] ??= mkdtempSync(join(tmpdir(), "kubev-e2e-"));
const folder = process.env["E2E_FOLDER"];
const chromium = process.env["CHROMIUM"];

export default defineConfig({
  testDir: "tests",
  fullyParallel: false,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  outputDir: "test-results",
  reporter: [
    ["line"],
    ...(process.env["REPORT_FILE"] ? [["json", { outputFile: process.env["REPORT_FILE"] }] as const] : []),
  ],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    actionTimeout: 10_000,
    colorScheme: "dark",
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    // it takes a sixth of the time; a failure leaves its picture and the page's outline without it
    trace: process.env["TRACE"] ? "retain-on-failure" : "off",
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-gpu",
        "--no-first-run",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
  webServer: {
    command: `exec ${process.execPath} --disable-warning=ExperimentalWarning ${join(import.meta.dirname, "../tools/start.ts")}`,
    url: `http://127.0.0.1:${port}/readyz`,
    env: {
      PORT: port,
      HOST: "127.0.0.1",
      DATA_DIR: join(folder, "console"),
      KUBE_SIM_DIR: join(folder, "cluster"),
      LOG_LEVEL: "warn",
    },
    timeout: 90_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "ignore",
    stderr: "pipe",
  },
});

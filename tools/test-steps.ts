/** The steps of `npm test`: each runs one tool and counts what passed, failed and was skipped. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin, root } from "./paths.ts";

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Step {
  name: string;
  run: () => Outcome;
}

const one = (ok: boolean): Outcome => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/** A tool whose exit code is the verdict: counts as one test. */
export function check(name: string, command: string, args: string[], cwd = root): Step {
  return {
    name,
    run: () => one(spawnSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] }).status === 0),
  };
}

/** Runs a test runner that writes a JSON report; `count` reads it. A runner that fails without a failed test counts as one failure. */
function reported(
  name: string,
  command: string,
  args: (report: string) => string[],
  cwd: string,
  count: (report: unknown) => Outcome,
  env = {},
): Step {
  return {
    name,
    run: () => {
      const folder = mkdtempSync(join(tmpdir(), "kubev-test-"));
      const report = join(folder, "report.json");
      const { status } = spawnSync(command, args(report), {
        cwd,
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, ...env, REPORT_FILE: report },
      });
      const outcome = existsSync(report) ? count(JSON.parse(readFileSync(report, "utf8"))) : one(false);
      rmSync(folder, { recursive: true, force: true });
      return status !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
    },
  };
}

export function vitest(name: string, folder: string): Step {
  return reported(
    name,
    bin("vitest"),
    (report) => ["run", "--root", folder, "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`],
    root,
    (report) => {
      const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report as Record<
        string,
        number
      >; // vitest's own format
      return {
        passed: numPassedTests ?? 0,
        failed: numFailedTests ?? 0,
        skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
      };
    },
  );
}

export function playwright(name: string, folder: string, chromium: string): Step {
  return reported(
    name,
    join(root, folder, "node_modules/.bin/playwright"),
    () => ["test"],
    join(root, folder),
    (report) => {
      const { stats } = report as {
        stats: { expected: number; unexpected: number; flaky: number; skipped: number };
      }; // playwright's own format
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
    { CHROMIUM: chromium },
  );
}

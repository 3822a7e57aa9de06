/** The steps of `npm test`: each runs one tool and counts what passed, failed and was skipped. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { bin, root } from "./paths.ts";

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** Name and first words of what failed, said again at the end where nobody has to search for it. */
  failures: string[];
}

export interface Step {
  name: string;
  /** Where `isAlone` what the tool prints is seen at once, else in one piece when it has ended. */
  run: (isAlone: boolean) => Promise<Outcome>;
}

interface Tool {
  command: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

/** The tool's exit code; null where a signal ended it. */
async function ended({ command, args, cwd, env }: Tool, isAlone: boolean): Promise<number | null> {
  const child = spawn(command, args, {
    cwd,
    stdio: ["ignore", isAlone ? "inherit" : "pipe", isAlone ? "inherit" : "pipe"],
    env: env ?? process.env,
  });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (piece: Buffer) => void pieces.push(piece));
  return new Promise((resolve) => {
    // a tool that cannot be started has failed, and the others go on
    child.once("error", (error) => {
      process.stdout.write(`${command}: ${error.message}\n`);
      resolve(null);
    });
    child.once("close", (code) => {
      process.stdout.write(Buffer.concat(pieces));
      resolve(code);
    });
  });
}

export const one = (ok: boolean): Outcome => ({
  passed: ok ? 1 : 0,
  failed: ok ? 0 : 1,
  skipped: 0,
  failures: [],
});

const shown = (name: string, message: string | undefined) =>
  `${name}: ${stripVTControlCharacters(message ?? "").split("\n")[0] ?? ""}`;

/** A tool whose exit code is the verdict: counts as one test. */
export function check(name: string, command: string, args: string[], cwd = root): Step {
  return {
    name,
    run: async (isAlone) => one((await ended({ command, args, cwd }, isAlone)) === 0),
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
    run: async (isAlone) => {
      const folder = mkdtempSync(join(tmpdir(), "kubev-test-"));
      const report = join(folder, "report.json");
      const status = await ended(
        { command, args: args(report), cwd, env: { ...process.env, ...env, REPORT_FILE: report } },
        isAlone,
      );
      const outcome = existsSync(report) ? count(JSON.parse(readFileSync(report, "utf8"))) : one(false);
      rmSync(folder, { recursive: true, force: true });
      return status !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
    },
  };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
}

/** `choice` is what of the folder is run: names of files, or options of the runner. */
export function vitest(name: string, folder: string, choice: readonly string[] = []): Step {
  return reported(
    name,
    bin("vitest"),
    (report) => [
      "run",
      ...choice,
      "--root",
      folder,
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    root,
    (report) => {
      const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
        report as VitestReport; // vitest's own format
      return {
        passed: numPassedTests,
        failed: numFailedTests,
        skipped: numPendingTests + numTodoTests,
        failures: testResults.flatMap(({ assertionResults }) =>
          assertionResults
            .filter(({ status }) => status === "failed")
            .map(({ fullName, failureMessages }) => shown(fullName, failureMessages[0])),
        ),
      };
    },
  );
}

interface PlaywrightSuite {
  specs?: {
    ok: boolean;
    title: string;
    tests: { results: { error?: { message?: string } }[] }[];
  }[];
  suites?: PlaywrightSuite[];
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites: PlaywrightSuite[];
}

const failuresOf = (suite: PlaywrightSuite): string[] => [
  ...(suite.specs ?? [])
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) => shown(title, tests[0]?.results[0]?.error?.message)),
  ...(suite.suites ?? []).flatMap(failuresOf),
];

/** `choice` is what of the folder is run: options of the runner. */
export function playwright(
  name: string,
  folder: string,
  chromium: string,
  choice: readonly string[] = [],
): Step {
  return reported(
    name,
    join(root, folder, "node_modules/.bin/playwright"),
    () => ["test", ...choice],
    join(root, folder),
    (report) => {
      const { stats, suites } = report as PlaywrightReport; // playwright's own format
      return {
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        skipped: stats.skipped,
        failures: suites.flatMap(failuresOf),
      };
    },
    { CHROMIUM: chromium },
  );
}

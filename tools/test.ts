/** `npm test`: gets what tests need, then lint, types, unit, conformance and end-to-end tests. The last line is the count. */
import { buildAll } from "./build.ts";
import { bin, root } from "./paths.ts";
import { findChromium, getPrograms } from "./system-packages.ts";
import { check, one, type Outcome, playwright, type Step, vitest } from "./test-steps.ts";
import { join } from "node:path";

const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const notes = getPrograms(say);
const chromium = findChromium(join(root, "e2e"), say);
if (chromium === null) notes.push("Chromium could not be had: end-to-end tests fail.");
if (chromium !== null && chromium !== "") process.env["CHROMIUM"] = chromium;

const buildStep: Step = {
  name: "production build",
  run: async () => {
    try {
      buildAll(say);
      return one(true);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      return one(false);
    }
  },
};

const projects = [
  "packages/api-types",
  "packages/kube-sim",
  "apps/bff",
  "apps/web",
  "e2e",
  "bench",
  "bench/browser",
  "tools",
];
/** One after another; the steps within one run two at a time, because each of them alone leaves a processor idle. */
const stages: Step[][] = [
  [
    check("lint", bin("oxlint"), ["--type-aware", "--deny-warnings", "."]),
    check("format", bin("biome"), ["format", "."]),
    ...projects.map((project) => check(`types of ${project}`, bin("tsc"), ["-p", project])),
    check("unused code", bin("knip"), ["--no-progress"]),
  ],
  [buildStep],
  [check("size of the first screen", bin("size-limit"), [])],
  // it measures how long a start takes
  [vitest("rules of the repository", "tools")],
  [
    vitest("server", "apps/bff"),
    vitest("embedded cluster", "packages/kube-sim", ["--exclude", "**/replay.test.ts"]),
    vitest("browser app", "apps/web"),
  ],
  // they keep the recorded cluster's pace, which a busy machine cannot
  [vitest("recordings", "packages/kube-sim", ["test/replay.test"])],
  [playwright("end to end", "e2e", chromium ?? "")],
];

const only = process.argv.slice(2);
const isChosen = ({ name }: Step) => only.length === 0 || only.some((word) => name.includes(word));
const total: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] };
const summary: string[] = [];

async function take({ name, run }: Step, isAlone: boolean): Promise<void> {
  say(`\n── ${name}`);
  const startedMs = Date.now();
  const outcome = await run(isAlone);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  total.failures.push(...outcome.failures);
  const mark = outcome.failed > 0 ? "✗" : "✓";
  const counts = `${outcome.passed} passed, ${outcome.failed} failed${outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : ""}`;
  summary.push(`${mark} ${name.padEnd(28)} ${counts.padEnd(38)} ${seconds(Date.now() - startedMs)}`);
}

for (const stage of stages) {
  const steps = stage.filter(isChosen);
  const waiting = steps.values();
  const lane = async () => {
    for (const step of waiting) await take(step, steps.length === 1);
  };
  await Promise.all([lane(), lane()]);
}
say(`\n${summary.join("\n")}`);
for (const failure of total.failures) say(`✗ ${failure}`);
for (const note of notes) say(`! ${note}`);
say(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exit(total.failed > 0 ? 1 : 0);

/**
 * `npm run test:soak`: the tests at full length (more kills, larger uploads, longer churn), run by hand; words after it choose the
 * steps whose names hold one. Its dated result goes into docs/soak.md.
 */
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { root } from "./paths.ts";
import { findChromium } from "./system-packages.ts";
import { playwright, type Step, vitest } from "./test-steps.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

process.env["SOAK"] = "1";

/** The journeys that say of themselves that they have a full length, on the production build. */
const journeys: Step = {
  name: "journeys, full length",
  run: async (isAlone) => {
    buildAll(say);
    const chromium = findChromium(join(root, "e2e"), say);
    return playwright("journeys", "e2e", chromium ?? "", ["--grep", "@soak"]).run(isAlone);
  },
};

const only = process.argv.slice(2);
const isChosen = ({ name }: Step) => only.length === 0 || only.some((word) => name.includes(word));
let failed = 0;
for (const step of [
  vitest("embedded cluster, full length", "packages/kube-sim"),
  vitest("server, full length", "apps/bff"),
  vitest("browser app, full length", "apps/web"),
  journeys,
].filter(isChosen)) {
  const outcome = await step.run(true);
  failed += outcome.failed;
  say(`${step.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
}
process.exit(failed > 0 ? 1 : 0);

/** `npm run test:soak`: the tests at full length (more kills, larger uploads, longer churn), run by hand. Its dated result goes into docs/soak.md. */
import { join } from "node:path";
import { root } from "./paths.ts";
import { findChromium } from "./system-packages.ts";
import { playwright, vitest } from "./test-steps.ts";

process.env["SOAK"] = "1";
const chromium = findChromium(join(root, "e2e"), (line) => process.stdout.write(`${line}\n`)) ?? "";
let failed = 0;
for (const step of [
  vitest("embedded cluster, full length", "packages/kube-sim"),
  vitest("server, full length", "apps/bff"),
  playwright("every page without each part of a cluster", "e2e", chromium, ["missing-parts"]),
]) {
  const outcome = await step.run(true);
  failed += outcome.failed;
  process.stdout.write(
    `${step.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped\n`,
  );
}
process.exit(failed > 0 ? 1 : 0);

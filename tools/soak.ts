/** `npm run test:soak`: the tests at full length (more kills, larger uploads, longer churn), run by hand. Its dated result goes into docs/soak.md. */
import { vitest } from "./test-steps.ts";

process.env["SOAK"] = "1";
let failed = 0;
for (const step of [
  vitest("embedded cluster, full length", "packages/kube-sim"),
  vitest("server, full length", "apps/bff"),
]) {
  const outcome = await step.run(true);
  failed += outcome.failed;
  process.stdout.write(
    `${step.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped\n`,
  );
}
process.exit(failed > 0 ? 1 : 0);

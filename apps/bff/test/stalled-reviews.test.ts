/** A right that is taken ends within ten seconds although the cluster is slow to say so: each review takes its longest, one after the other. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Rights } from "../src/access/rights.ts";
import { bindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, startConsole, until } from "./console-under-test.ts";
import { ShiftedClock } from "./shifted-clock.ts";

type FaultEffect = Parameters<KubeSim["faults"]["add"]>[0]["effect"];

const project = "slow-lab";
const folder = mkdtempSync(join(tmpdir(), "kubev-stalled-"));
const listVms = { verb: "list", group: "kubevirt.io", resource: "virtualmachines", subresource: "" };

/** A renewal begins at its latest age, whatever chance says. */
class LatestClock extends ShiftedClock {
  override random = () => 0.999;
}
const clock = new LatestClock();
let sim: KubeSim;
let cut: ConsoleUnderTest;
let rights: Rights;
let onTold = () => {};

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in", controllers: false });
  sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "console", namespace: "default" } },
  ]);
  // by a group that the cluster knows, so that no event of RBAC says when it changes
  bindRole({ sim }, project, "members", { kind: "Group", name: "members" }, [
    { verbs: ["list"], apiGroups: ["kubevirt.io"], resources: ["*"] },
  ]);
  bindRole({ sim }, "", "console", { kind: "User", name: "system:serviceaccount:default:console" }, [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  ]);
  const kubeconfigFile = join(folder, "config");
  writeFileSync(kubeconfigFile, await sim.serviceAccountKubeconfig("default", "console"));
  cut = await startConsole({ sim, kubeconfigFile, clock });
  sim.setGroups("bob", ["members"]);
  const person = await cut.signIn("bob");
  const id = person.cookie.split("=", 2)[1] ?? "";
  const session = await cut.app.services.sessions.find(id);
  if (typeof session === "string") throw new Error("bob has no session");
  ({ rights } = cut.app.services.callers.of(session, id));
  rights.onChange(() => onTold());
});
afterEach(() => {
  sim.faults.clear();
  sim.setGroups("bob", ["members"]);
  rights.drop();
  onTold = () => {};
});
afterAll(async () => {
  await cut.close();
  await sim.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How long, from now on, this process got no turn where it should have had one: other programs take the processors. */
function pausesFromNow(): { endMs: () => number } {
  const everyMs = 20;
  let pausedMs = 0;
  let lastMs = performance.now();
  const beat = setInterval(() => {
    const nowMs = performance.now();
    pausedMs += Math.max(0, nowMs - lastMs - 2 * everyMs);
    lastMs = nowMs;
  }, everyMs);
  return {
    endMs: () => {
      clearInterval(beat);
      return pausedMs;
    },
  };
}

test.each<[string, Record<"rules" | "access", FaultEffect>]>([
  [
    "rules never come, and each right alone takes its time",
    { rules: { kind: "silence" }, access: { kind: "delay", delayMs: 300 } },
  ],
  [
    "rules take nearly as long as they may, and each right alone its time",
    { rules: { kind: "delay", delayMs: 800 }, access: { kind: "delay", delayMs: 300 } },
  ],
  [
    "rules say no, and nothing is heard of the right alone",
    { rules: { kind: "delay", delayMs: 0 }, access: { kind: "silence" } },
  ],
])("where %s", { timeout: 20_000 }, async (_what, { rules, access }) => {
  expect(await rights.can(listVms, project)).toBe(true);
  const reviews = cut.app.services.access.reviews;
  clock.forward(3500);
  expect(await rights.can(listVms, project)).toBe(true); // by rules that are asked here
  expect(cut.app.services.access.reviews).toBeGreaterThan(reviews);
  const askedMs = clock.monotonicMs();
  const pauses = pausesFromNow();
  expect(await rights.can(listVms, project)).toBe(true);

  sim.setGroups("bob", []);
  sim.faults.add({ urlContains: "selfsubjectrulesreviews", effect: rules });
  sim.faults.add({ urlContains: "selfsubjectaccessreviews", effect: access });
  clock.forward(6600); // the renewal comes by itself in a moment
  // as an open socket does: it looks where it is told to, and every five seconds
  let goneMs = 0;
  const look = () => {
    void rights.can(listVms, project).then((may) => {
      if (!may && goneMs === 0) goneMs = clock.monotonicMs();
    });
  };
  onTold = look;
  await until(() => goneMs > 0);
  // 9.75 s at most by what the deadlines add up to, and what the machine that runs this stood still meanwhile
  expect(goneMs - askedMs).toBeLessThan(10_000 + pauses.endMs());
});

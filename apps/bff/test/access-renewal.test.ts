/**
 * What an open socket relies on is asked again by the rules of its projects, one question for all rights; what the rules say
 * otherwise, or not for certain, is asked alone. Time is set forward, the cluster's answers are as a test says.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Rights } from "../src/access/rights.ts";
import { bindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, startConsole, until } from "./console-under-test.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { startUpstreamRecorder, type UpstreamRecorder } from "./upstream-recorder.ts";

const project = "renewed-lab";
const folder = mkdtempSync(join(tmpdir(), "kubev-renewal-"));
const clock = new ShiftedClock();
const listVms = { verb: "list", group: "kubevirt.io", resource: "virtualmachines", subresource: "" };
const listInstances = { ...listVms, resource: "virtualmachineinstances" };
const deleteVms = { ...listVms, verb: "delete" };
const rule = { verbs: ["list"], apiGroups: ["kubevirt.io"], resources: ["*"] };
let sim: KubeSim;
let recorder: UpstreamRecorder;
let cut: ConsoleUnderTest;
let rights: Rights;
let told = 0;

/** What the cluster says of the project in its own place; undefined is what it says itself. */
interface Words {
  rules?: { resourceRules: object[]; incomplete: boolean };
  allowed?: boolean;
}
let words: Words = {};

interface Review {
  kind: string;
  spec?: { namespace?: string; resourceAttributes?: { namespace?: string } };
}

const asked = (kind: "access" | "rules") =>
  recorder.seen.filter(({ target }) => target.endsWith(`/selfsubject${kind}reviews`)).length;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in", controllers: false });
  sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "console", namespace: "default" } },
  ]);
  bindRole({ sim }, project, "bob", { kind: "User", name: "bob" }, [rule]);
  bindRole({ sim }, "", "console", { kind: "User", name: "system:serviceaccount:default:console" }, [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  ]);
  recorder = await startUpstreamRecorder(sim);
  recorder.answerInstead = (_request, response) => {
    const last = recorder.seen.at(-1);
    if (last?.target.includes("/selfsubject") !== true || last.body === "") return false;
    const { kind, spec } = JSON.parse(last.body) as Review; // by its path
    const status =
      kind === "SelfSubjectRulesReview" && spec?.namespace === project
        ? words.rules
        : spec?.resourceAttributes?.namespace === project && words.allowed !== undefined
          ? { allowed: words.allowed }
          : undefined;
    if (status === undefined) return false;
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ kind, status }));
    return true;
  };
  const kubeconfigFile = join(folder, "config");
  writeFileSync(
    kubeconfigFile,
    recorder.kubeconfig(await sim.serviceAccountKubeconfig("default", "console")),
  );
  cut = await startConsole({ sim, kubeconfigFile, clock });
  const person = await cut.signIn("bob");
  const id = person.cookie.split("=", 2)[1] ?? "";
  const session = await cut.app.services.sessions.find(id);
  if (typeof session === "string") throw new Error("bob has no session");
  ({ rights } = cut.app.services.callers.of(session, id));
  rights.onChange(() => {
    told += 1;
  });
});
beforeEach(() => {
  words = {};
  told = 0;
  rights.drop();
  recorder.seen.length = 0;
});
afterAll(async () => {
  await cut.close();
  await recorder.close();
  await sim.close();
  rmSync(folder, { recursive: true, force: true });
});

const look = async () => ({
  vms: await rights.can(listVms, project),
  instances: await rights.can(listInstances, project),
  deletes: await rights.can(deleteVms, project),
});
const own = { vms: true, instances: true, deletes: false };

/** A look as open sockets take them, and after it the renewal of what it used. */
async function lookAndRenew(kind: "access" | "rules", times: number): Promise<void> {
  clock.forward(5000);
  await look();
  recorder.seen.length = 0;
  clock.forward(7000);
  await until(() => asked(kind) === times);
}

test("what was asked alone is renewed by one question for the project and one for the whole cluster", async () => {
  expect(await look()).toEqual(own);
  expect([asked("access"), asked("rules")]).toEqual([7, 0]); // whether anything at all; three rights everywhere, and there
  expect(await look()).toEqual(own);
  expect([asked("access"), asked("rules")]).toEqual([7, 0]);
  for (let renewal = 0; renewal < 3; renewal += 1) {
    await lookAndRenew("rules", 2);
    expect(await look()).toEqual(own);
    expect([asked("access"), asked("rules")]).toEqual([0, 2]);
  }
  expect(told).toBe(0);
});

test("nothing is renewed that nobody used since", async () => {
  const { access } = cut.app.services;
  await rights.can(listVms, project);
  const sent = access.reviews;
  clock.forward(8000);
  rights.renew();
  expect(access.reviews).toBe(sent);
  await look();
  expect(access.reviews).toBeGreaterThan(sent);
});

test("rules that are another than before are told, and each right that they turn is asked alone", async () => {
  expect(await look()).toEqual(own);
  await lookAndRenew("rules", 2);
  words = { rules: { resourceRules: [], incomplete: false }, allowed: false };
  await lookAndRenew("rules", 2);
  await until(() => told === 1);
  recorder.seen.length = 0;
  expect(await look()).toEqual({ vms: false, instances: false, deletes: false });
  expect(asked("access")).toBe(2);
});

test("rules that came later than an answer and say otherwise have it asked again at once", async () => {
  expect(await look()).toEqual(own);
  words = { rules: { resourceRules: [], incomplete: false }, allowed: false };
  clock.forward(3500);
  expect(await look()).toEqual({ vms: false, instances: false, deletes: false });
});

test.each([
  { what: "complete", incomplete: false },
  { what: "incomplete", incomplete: true },
])(
  "a cluster that says no where its $what rules say yes is believed, whenever it began to",
  async ({ incomplete }) => {
    words = { rules: { resourceRules: [rule], incomplete }, allowed: false };
    expect(await look()).toEqual({ vms: false, instances: false, deletes: false });
    await lookAndRenew("rules", 2);
    expect(await look()).toEqual({ vms: false, instances: false, deletes: false });

    rights.drop();
    words = { rules: { resourceRules: [rule], incomplete } };
    expect(await look()).toEqual(own);
    words = { ...words, allowed: false };
    // rules that are not complete are no ground for anything; those that say so wrongly are found out in less than two minutes
    for (let passedMs = 0; passedMs < (incomplete ? 12_000 : 120_000); passedMs += 12_000) {
      clock.forward(5000);
      await look();
      clock.forward(7000);
      await until(() => told > 0 || asked("rules") > 0);
      recorder.seen.length = 0;
    }
    await until(async () => !(await look()).vms);
    expect(told).toBeGreaterThan(0);
  },
);

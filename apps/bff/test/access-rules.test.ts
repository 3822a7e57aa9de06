/** What rows offer is asked in one question for each project, and is what asking for each right alone would say. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ReviewQueue } from "../src/access/review-queue.ts";
import type { Rights } from "../src/access/rights.ts";
import { vmActionRights } from "../src/domain/vm-actions.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import { SteppedClock } from "./stepped-clock.ts";
import { startUpstreamRecorder, type UpstreamRecorder } from "./upstream-recorder.ts";

const people = ["alice", "bob", "viewer"];
const folder = mkdtempSync(join(tmpdir(), "kubev-rules-"));
let sim: KubeSim;
let recorder: UpstreamRecorder;
let cut: ConsoleUnderTest;
let alice: Person;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  sim.seed([
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "odd", namespace: "web-shop" },
      rules: [
        { apiGroups: ["*"], resources: ["*/start"], verbs: ["update"] },
        { apiGroups: ["subresources.kubevirt.io"], resources: ["virtualmachines/stop"], verbs: ["get"] },
        {
          apiGroups: ["kubevirt.io"],
          resources: ["virtualmachines"],
          verbs: ["delete"],
          resourceNames: ["web-1"],
        },
        { apiGroups: ["apps"], resources: ["*"], verbs: ["*"] },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "odd", namespace: "web-shop" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "odd" },
      subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "bob" }],
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "console", namespace: "default" } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "console" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", namespace: "default", name: "console" }],
    },
  ]);
  recorder = await startUpstreamRecorder(sim);
  const own = await sim.serviceAccountKubeconfig("default", "console");
  const kubeconfigFile = join(folder, "config");
  writeFileSync(kubeconfigFile, recorder.kubeconfig(own));
  cut = await startConsole({ sim, kubeconfigFile });
  alice = await cut.signIn("alice");
});
beforeEach(() => {
  recorder.answerInstead = null;
  recorder.seen.length = 0;
});
afterAll(async () => {
  await cut.close();
  await recorder.close();
  await sim.close();
  rmSync(folder, { recursive: true, force: true });
});

const isRules = (target: string | undefined) => target?.endsWith("/selfsubjectrulesreviews") === true;

async function rightsOf(name: string): Promise<Rights> {
  const person = await cut.signIn(name);
  const id = person.cookie.split("=", 2)[1] ?? "";
  const session = await cut.app.services.sessions.find(id);
  if (typeof session === "string") throw new Error(`${name} has no session`);
  const { rights } = cut.app.services.callers.of(session, id);
  rights.drop();
  return rights;
}

/** What each right alone is answered with, against the whole table. */
async function expectSame(name: string): Promise<number> {
  const rights = await rightsOf(name);
  const projects = [...cut.app.services.inventory.feeds.projects.table.values()].map((one) => one.name);
  expect(projects.length).toBeGreaterThan(4);
  // few are asked about one by one, many by what is allowed everywhere first
  const table = new Map(await rights.table(vmActionRights, projects));
  rights.drop();
  for (const [project, may] of await rights.table(vmActionRights, ["web-shop", "build-farm"]))
    expect(may).toEqual(table.get(project));
  let allowed = 0;
  for (const project of projects)
    for (const [key, right] of Object.entries(vmActionRights)) {
      const alone = await rights.can(right, project);
      expect({ name, project, key, may: table.get(project)?.[key as keyof typeof vmActionRights] }).toEqual({
        name,
        project,
        key,
        may: alone,
      });
      if (alone) allowed += 1;
    }
  return allowed;
}

test.each(people)("the table of %s is what each right alone is answered with", async (name) => {
  const allowed = await expectSame(name);
  expect(allowed > 0).toBe(name !== "viewer");
  expect(recorder.seen.some(({ target }) => isRules(target))).toBe(true);
});

test.each<[string, number, unknown]>([
  ["lists nothing and says that there may be more", 201, { resourceRules: [], incomplete: true }],
  [
    "lists too little and says that there may be more",
    201,
    {
      resourceRules: [
        { verbs: ["update"], apiGroups: ["subresources.kubevirt.io"], resources: ["virtualmachines/start"] },
      ],
      incomplete: true,
    },
  ],
  ["says nothing", 201, {}],
  ["knows no such question", 404, {}],
  ["fails", 500, {}],
])("a cluster that %s is asked one by one", async (_what, status, rules) => {
  recorder.answerInstead = (request, response) => {
    if (!isRules(request.url)) return false;
    const own = recorder.seen.at(-1)?.body.includes('"web-shop"') === true;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        kind: "SelfSubjectRulesReview",
        status: own ? rules : { resourceRules: [], incomplete: true },
      }),
    );
    return true;
  };
  expect(await expectSame("alice")).toBeGreaterThan(0);
});

test("a page of machines asks once for each project, whatever the number of its rows", async () => {
  (await rightsOf("alice")).drop();
  recorder.seen.length = 0;
  const { rows } = await alice.call("listVms", { query: { pageSize: 50 } });
  const projects = new Set(rows.map(({ ref }) => ref.project));
  expect(rows.length).toBeGreaterThan(projects.size * 5);
  const reviews = recorder.seen.filter(({ target }) => target.includes("/authorization.k8s.io/"));
  expect(reviews.filter(({ target }) => isRules(target))).toHaveLength(projects.size);
  const kinds = 2;
  const candidates = 3; // two projects of hers, and the shared images
  expect(reviews.length).toBeLessThanOrEqual(1 + kinds * (candidates + 1) + projects.size);
});

test("of a flood of questions so many are under way at once, each is answered, and who waits too long is told", async () => {
  const clock = new SteppedClock(1);
  const queue = new ReviewQueue(clock);
  const answers: (() => void)[] = [];
  const asked = Array.from({ length: 200 }, async (_, at) =>
    queue.ask(1500, async () => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return at;
    }),
  );
  await nextTurn();
  expect(answers).toHaveLength(64);
  for (const answer of answers.splice(0)) answer();
  await nextTurn();
  expect(answers).toHaveLength(64);
  clock.forward(2000);
  for (const answer of answers.splice(0)) answer();
  const settled = await Promise.allSettled(asked);
  expect(settled.slice(0, 128)).toEqual(
    Array.from({ length: 128 }, (_, value) => ({ status: "fulfilled", value })),
  );
  expect(settled.slice(128).every(({ status }) => status === "rejected")).toBe(true);
  await expect(queue.ask(1500, async () => "again")).resolves.toBe("again");
});

/** What a list costs the cluster in access reviews: each right once in each project of the caller, however many rows there are. */
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hotplugRights, vmActionRights } from "../src/domain/vm-actions.ts";
import { bindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, type Person, startConsole, until } from "./console-under-test.ts";
import { UpstreamCost } from "./upstream-cost.ts";

const projects = Array.from({ length: 50 }, (_, at) => `lab-${at}`);
const rowsEach = 20;
/** The machines of all projects are on one page. */
const query = { pageSize: 200, sort: "name" };

let sim: KubeSim;
let cut: ConsoleUnderTest;
let bob: Person;
let upstream: UpstreamCost;

/** Of every project the one of this number. */
const seedRow = (at: number) =>
  sim.seed(
    projects.flatMap((namespace) => {
      const metadata = { name: `row-${String(at).padStart(2, "0")}`, namespace };
      return [
        {
          apiVersion: "kubevirt.io/v1",
          kind: "VirtualMachine",
          metadata,
          spec: {
            runStrategy: "Halted",
            template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
          },
          status: { printableStatus: "Stopped" },
        },
        { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "b" } },
      ];
    }),
  );

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in", controllers: false });
  sim.seed(
    projects.map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      status: { phase: "Active" },
    })),
  );
  seedRow(0);
  for (const project of projects)
    bindRole({ sim }, project, "members", { kind: "User", name: "bob" }, [
      { apiGroups: ["kubevirt.io", ""], resources: ["*"], verbs: ["get", "list"] },
    ]);
  cut = await startConsole({ sim });
  bob = await cut.signIn("bob");
  upstream = new UpstreamCost(cut);
});
afterAll(async () => {
  await cut.close();
  await sim.close();
});

const lists = {
  machines: async () => bob.call("listVms", { query }),
  "config maps": async () =>
    bob.call("listObjects", { params: { noun: "config-map" }, query: { ...query, q: "name:row" } }),
};
/** Rights that a list asks about: of the kinds that it is made of, and of what may be done with a row. */
const rightsOf = {
  machines: 2 + Object.keys(vmActionRights).length + Object.keys(hotplugRights).length,
  "config maps": 1 + 2,
};

/** Reviews that opening the list takes, of somebody of whom nothing is known. */
async function reviewsOf(name: keyof typeof lists, rows: number): Promise<number> {
  await until(async () => (await lists[name]()).total === rows);
  await upstream.begin(bob);
  const page = await lists[name]();
  expect(new Set(page.rows.map(({ ref }) => ref.project)).size).toBe(projects.length);
  const reviews = upstream.of("bob").filter((one) => /\/selfsubject(access|rules)reviews$/.test(one)).length;
  await lists[name]();
  await upstream.settled();
  expect(upstream.of("bob")).toHaveLength(reviews); // nothing is asked the second time
  return reviews;
}

test("a list of 1,000 rows in 50 projects takes as many reviews as one of 50, and no more than rights times projects", async () => {
  const names = ["machines", "config maps"] as const;
  const few = new Map<string, number>();
  for (const name of names) few.set(name, await reviewsOf(name, projects.length));
  for (let at = 1; at < rowsEach; at += 1) seedRow(at);
  for (const name of names) {
    const reviews = await reviewsOf(name, projects.length * rowsEach);
    expect(reviews).toBe(few.get(name));
    // each is asked of the whole cluster first; and once, whether he may do anything at all
    expect(reviews).toBeLessThanOrEqual(rightsOf[name] * (projects.length + 1) + 1);
    expect(reviews).toBeGreaterThan(projects.length);
  }
});

test("names that the roles of one project bring are asked about up to a bound, and take no other project's place", async () => {
  const alice = { kind: "User", name: "alice" } as const;
  const strangers = Array.from({ length: 1500 }, (_, at) => `no-such-${at}`);
  const rule = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
  bindRole({ sim }, "lab-0", "flood", alice, [{ ...rule, resourceNames: strangers }]);
  bindRole({ sim }, "lab-1", "one", alice, [{ ...rule, resourceNames: ["row-00"] }]);
  const person = await cut.signIn("alice");
  const named = async () => (await person.call("listVms", { query: { ...query, q: "name:row-00" } })).rows;
  await until(async () => (await named()).length === 1);
  await upstream.begin(person);
  expect((await named()).map(({ project, name }) => `${project}/${name}`)).toEqual(["lab-1/row-00"]);
  await person.call("listActivity");
  await person.call("listDisks", { query });
  const reviews = upstream
    .of("alice")
    .filter((one) => /\/selfsubject(access|rules)reviews$/.test(one)).length;
  // of the flood 250, of the other role one for each kind; the rest are rights in whole projects
  expect(reviews).toBeGreaterThan(250);
  expect(reviews).toBeLessThan(250 + 6 * 60);
});

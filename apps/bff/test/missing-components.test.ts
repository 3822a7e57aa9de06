/** A cluster without one of its parts: every list and page still answers, and what is missing is said. */
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { noProject, objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, Person, RequestParts } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import type { OperationName } from "@kubev/api-types/endpoint-paths";

const inShop = { params: { project: "web-shop" } };
const named = (name: string) => ({ params: { project: "web-shop", name } });

/** What a person looks at, by the pages of the console. */
const reads: [OperationName, RequestParts][] = [
  ["getSession", {}],
  ["getCapabilities", {}],
  ["search", { query: { q: "shop" } }],
  ["listTasks", {}],
  ["listActivity", {}],
  ["listProjects", {}],
  ["getProject", inShop],
  ["listVms", {}],
  ["getVm", named("shop-db-1")],
  ["getVmDeletionPlan", named("shop-db-1")],
  ["getVmYaml", named("shop-db-1")],
  ["getVmMigrations", named("shop-db-1")],
  ["getVmPending", named("shop-db-1")],
  ["getVmSettings", named("shop-db-1")],
  ["getVmUsage", named("shop-db-1")],
  ["listVmSnapshots", named("shop-db-1")],
  ["listVmEvents", named("shop-db-1")],
  ["listImages", {}],
  ["listDisks", {}],
  ["getDisk", named("shop-db-1-data")],
  ["listHosts", {}],
  ["getHost", { params: { name: "host-1" } }],
  ["getHostUsage", { params: { name: "host-1" } }],
  ["getHostHeat", {}],
  ["planHostDrain", { params: { name: "host-1" } }],
  ["getCapacity", {}],
  ["getTopMachines", { query: {} }],
  ["getTopology", { query: {} }],
  ["getVpc", { params: { name: "ovn-cluster" } }],
  ["getSubnet", { params: { name: "ovn-default" } }],
  ["getImage", { params: { project: "shared-images", name: "kubev-demo" } }],
  ["getVmRelations", named("shop-db-1")],
  ["listSecrets", inShop],
  ["getPlatformStatus", {}],
  ["listVpcs", {}],
  ["listSubnets", {}],
  ["listSubnetChoices", inShop],
  ["listInstanceTypes", inShop],
  ["listPreferences", inShop],
  ["listStorageClasses", {}],
  ["listObjectNouns", {}],
  ...objectNouns.map((noun): [OperationName, RequestParts] => ["listObjects", { params: { noun } }]),
];

/** Pages of single objects of the part. */
const ofPart: Readonly<Record<string, ReadonlySet<OperationName>>> = {
  "kubevirt.io": new Set([
    "getVm",
    "getVmDeletionPlan",
    "getVmYaml",
    "getVmMigrations",
    "getVmPending",
    "getVmSettings",
    "getVmUsage",
    "listVmSnapshots",
    "getVmRelations",
  ]),
  "kubeovn.io": new Set(["getVpc", "getSubnet"]),
  "cdi.kubevirt.io": new Set(["getImage"]),
};

/** Lists whose own kind is gone with the part: they must say so. */
const says: Readonly<Record<string, [OperationName, RequestParts][]>> = {
  "kubevirt.io": [["listVms", {}]],
  "kubeovn.io": [
    ["listVpcs", {}],
    ["listSubnets", {}],
  ],
  "cdi.kubevirt.io": [["listImages", {}]],
  "snapshot.storage.k8s.io": [["listObjects", { params: { noun: "volume-snapshot" } }]],
  "snapshot.kubevirt.io": [],
  "clone.kubevirt.io": [],
  "instancetype.kubevirt.io": [["listObjects", { params: { noun: "instance-type" } }]],
  "metrics.k8s.io": [],
};

let sim: KubeSim;
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterAll(async () => sim.close());

describe.each(Object.keys(says))("without %s", (group) => {
  let cut: ConsoleUnderTest;
  let operator: Person;
  let mend: () => void;

  beforeAll(async () => {
    mend = sim.faults.add({ urlContains: `/apis/${group}`, effect: { kind: "status", code: 404 } });
    cut = await startConsole({ sim });
    operator = await cut.signIn("operator");
  });
  afterAll(async () => {
    await cut.close();
    mend();
  });

  const isOfPart = ([name]: [OperationName, RequestParts]) => ofPart[group]?.has(name) === true;

  // that the part is missing is said, not that the object is
  test.each(reads.filter(isOfPart))("%s says that its part is missing", async (name, parts) => {
    expect(await operator.ask(name, parts)).toMatchObject({
      status: 501,
      body: { error: { code: "capability-missing", reason: { code: "feed-absent" } } },
    });
  });

  test.each(reads.filter((one) => !isOfPart(one)))("%s answers", async (name, parts) => {
    const answer = await operator.ask(name, parts);
    expect({ name, status: answer.status, body: answer.status < 400 ? "" : answer.body }).toMatchObject({
      status: expect.toSatisfy((status: number) => status < 400),
    });
  });

  test.each(says[group] ?? [])("%s says what is missing", async (name, parts) => {
    const { body } = await operator.ask(name, parts);
    const { warnings } = body as { warnings: { reason: { code: string; params?: { resource?: string } } }[] };
    const missing = warnings.filter(({ reason }) => reason.code === "feed-absent");
    expect(missing.map(({ reason }) => reason.params?.resource)).toContainEqual(
      expect.stringContaining(group),
    );
  });

  test.each(objectNouns.filter((noun) => objectCatalog[noun].group === group))(
    "the page of a %s says that its part is missing",
    async (noun) => {
      const params = { noun, project: objectCatalog[noun].namespaced ? "web-shop" : noProject, name: "any" };
      expect(await operator.ask("getObject", { params })).toMatchObject({
        status: 501,
        body: { error: { code: "capability-missing", reason: { code: "feed-absent" } } },
      });
    },
  );

  test("the navigation offers none of its nouns", async () => {
    const { nouns } = await operator.call("listObjectNouns", {});
    const gone = objectNouns.filter((noun) => objectCatalog[noun].group === group);
    expect(nouns.filter((noun) => gone.includes(noun))).toEqual([]);
    expect(nouns.length).toBeGreaterThan(0);
  });
});

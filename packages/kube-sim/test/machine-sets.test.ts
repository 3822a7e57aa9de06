/** Pools and replica sets that no webhook has seen, as older data has them, and what a large pool costs. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  controllerRevisionKind,
  vmiKind,
  vmiReplicaSetKind,
  vmKind,
  vmPoolKind,
} from "../src/controllers/kinds.ts";
import { type Controlled, project, startControlled, vmObject } from "./controlled.ts";

const writer = { fieldManager: "test" };
let cluster: Controlled;
beforeEach(async () => {
  cluster = await startControlled();
});
afterEach(() => cluster.close());

const machine = vmObject("any", { runStrategy: "Halted" })["spec"] as { template: object }; // vmObject's

function makePool(name: string, replicas: number, spec: object = machine): void {
  const labels = { pool: name };
  cluster.kinds.create(vmPoolKind, {
    metadata: { name, namespace: project },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      virtualMachineTemplate: { metadata: { labels }, spec },
    },
  });
}

function makeSet(name: string, selected: string): void {
  cluster.kinds.create(vmiReplicaSetKind, {
    metadata: { name, namespace: project },
    spec: {
      replicas: 1,
      selector: { matchLabels: { set: selected } },
      template: { ...machine.template, metadata: { labels: { set: name } } },
    },
  });
}

const membersOf = (name: string) =>
  cluster.kinds
    .list(vmKind, project)
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));

test("a replica set that would never find its instances makes none", async () => {
  makeSet("lost", "other");
  makeSet("good", "good");
  const instances = () =>
    cluster.kinds.list(vmiKind, project).map(({ metadata }) => metadata.ownerReferences?.[0]?.name);
  await cluster.until("the good one's", () => instances().includes("good"));
  expect(instances()).toEqual(["good"]);
});

test("a pool whose selector has left its template goes when it is deleted, and lets its machines go", async () => {
  makePool("web", 1);
  await cluster.until("a member", () => membersOf("web").length === 1);
  const labels = { pool: "elsewhere" };
  cluster.kinds.modify(vmPoolKind, project, "web", (pool) => ({
    ...pool,
    spec: { ...pool.spec, selector: { matchLabels: labels } },
  }));
  cluster.store.delete({ ...vmPoolKind, namespace: project, name: "web" });
  await cluster.until("gone", () => cluster.kinds.get(vmPoolKind, project, "web") === undefined);
  await cluster.until("empty", () => cluster.kinds.list(vmKind, project).length === 0);
  expect(cluster.kinds.list(vmiKind, project)).toEqual([]);
});

test("a member that lost its labels can still be deleted", async () => {
  makePool("web", 1);
  await cluster.until("a member", () => membersOf("web").length === 1);
  cluster.store.modify({ ...vmKind, namespace: project, name: "web-0" }, writer, (vm) => ({
    ...vm,
    metadata: { ...vm.metadata, labels: {} },
  }));
  const { uid } = cluster.vm("web-0").metadata;
  cluster.store.delete({ ...vmKind, namespace: project, name: "web-0" });
  await cluster.until("another", () => membersOf("web").some(({ metadata }) => metadata.uid !== uid));
  await cluster.until("gone", () => membersOf("web").every(({ metadata }) => metadata.uid !== uid));
  expect(membersOf("web")).toHaveLength(1);
});

test("pools and starts of machines never go through all machines or revisions of a project", async () => {
  const list = vi.spyOn(cluster.store, "list");
  makePool("large", 40, { ...machine, runStrategy: "Always" });
  await cluster.until(
    "all run",
    () => cluster.kinds.get(vmPoolKind, project, "large")?.status?.readyReplicas === 40,
  );
  const listed = list.mock.calls.map(([{ resource }]) => resource);
  // `until` itself reads pools by name
  expect(listed.filter((one) => one === controllerRevisionKind.resource)).toEqual([]);
  expect(listed.filter((one) => one === vmKind.resource)).toEqual([]);
  const revisions = () => cluster.kinds.list(controllerRevisionKind, project).length;
  expect(revisions()).toBe(41);
});

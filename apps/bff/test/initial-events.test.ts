/** An object that goes while a kind is told for the first time: Kubernetes sends what happens meanwhile among the initial events. */
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectionPath } from "../src/kube/kube-path.ts";
import { resourceTypes } from "../src/kube/resource-types.ts";
import { startConsole } from "./console-under-test.ts";

interface VpcList {
  metadata: { resourceVersion: string };
  items: { metadata: { name: string } }[];
}

const path = collectionPath(resourceTypes.vpc);
let sim: KubeSim;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterAll(async () => sim.close());

test("one that is deleted before the initial events end is not there", async () => {
  const before = await startConsole({ sim });
  const list = await before.app.services.service.json<VpcList>(path);
  await before.close();
  const { resourceVersion } = list.metadata;
  const typed = { apiVersion: "kubeovn.io/v1", kind: "Vpc" };
  const gone = { ...typed, metadata: { name: "gone-meanwhile", uid: "gone", resourceVersion } };
  const events = [
    ...list.items.map((item) => ({ type: "ADDED", object: { ...item, ...typed } })),
    { type: "ADDED", object: gone },
    { type: "DELETED", object: gone },
    {
      type: "BOOKMARK",
      object: {
        ...typed,
        metadata: { resourceVersion, annotations: { "k8s.io/initial-events-end": "true" } },
      },
    },
  ];
  sim.faults.add({
    urlContains: `${path}?`,
    effect: { kind: "answer", code: 200, text: events.map((event) => `${JSON.stringify(event)}\n`).join("") },
    times: 1,
  });
  const cut = await startConsole({ sim });
  const { table, state } = cut.app.services.inventory.feeds.vpcs;
  expect(state).toBe("live");
  expect([...table.values()].map(({ name }) => name).toSorted()).toEqual(
    list.items.map(({ metadata }) => metadata.name).toSorted(),
  );
  await cut.close();
});

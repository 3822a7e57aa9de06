/**
 * A cluster that does not serve one of the API groups that the console reads, each in turn: every list and page still answers,
 * and what is missing is said.
 */
import { noProject, objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterGroups } from "./cluster-groups.ts";
import { listsOfPart, nothingToSay, readsOfPart, wordsOfPart } from "./cluster-parts.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import { forgottenReads, type PageRead, pageReads } from "./page-reads.ts";

let sim: KubeSim;
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterAll(async () => sim.close());

test("every operation that only reads is asked for, or has a reason not to be", () => {
  expect(forgottenReads()).toEqual([]);
});

test("every group has something that says that it is missing, or a reason to say nothing", () => {
  expect(clusterGroups.length).toBeGreaterThan(15);
  const silent = clusterGroups.filter(
    (group) =>
      listsOfPart(group).length === 0 &&
      wordsOfPart[group] === undefined &&
      nothingToSay[group] === undefined,
  );
  expect(silent).toEqual([]);
});

interface Told {
  warnings: { reason: { code: string; params?: { resource?: string } } }[];
}

describe.each(clusterGroups)("without %s", (group) => {
  let cut: ConsoleUnderTest;
  let operator: Person;
  let mend: () => void;

  beforeAll(async () => {
    mend = sim.faults.add({ effect: { kind: "missing-group", group } });
    cut = await startConsole({ sim });
    operator = await cut.signIn("operator");
  });
  afterAll(async () => {
    await cut.close();
    mend();
  });

  const isOfPart = ([name]: PageRead) => readsOfPart[group]?.has(name) === true;
  const missing = {
    status: 501,
    body: { error: { code: "capability-missing", reason: { code: "feed-absent" } } },
  };

  test("pages of its own objects say that the part is missing, not that the object is", async () => {
    for (const [name, parts] of pageReads.filter(isOfPart))
      expect({ name, ...(await operator.ask(name, parts)) }).toMatchObject({ name, ...missing });
    for (const noun of objectNouns.filter((one) => objectCatalog[one].group === group)) {
      const params = { noun, project: objectCatalog[noun].namespaced ? "web-shop" : noProject, name: "any" };
      expect({ noun, ...(await operator.ask("getObject", { params })) }).toMatchObject({ noun, ...missing });
    }
  });

  test("every other page answers", async () => {
    const refused: unknown[] = [];
    for (const [name, parts] of pageReads.filter((one) => !isOfPart(one))) {
      const { status, body } = await operator.ask(name, parts);
      if (status >= 400) refused.push({ name, parts, status, body });
    }
    expect(refused).toEqual([]);
  });

  test("every list of its kinds says what is missing, by name", async () => {
    for (const [name, parts, resource] of listsOfPart(group)) {
      const { warnings } = (await operator.ask(name, parts)).body as Told; // a list's reply
      const told = warnings.filter(({ reason }) => reason.code === "feed-absent");
      expect({ name, parts, told: told.map(({ reason }) => reason.params?.resource) }).toEqual({
        name,
        parts,
        told: expect.arrayContaining([expect.stringContaining(resource)]),
      });
    }
  });

  test("whatever else the part is needed for says so", async () => {
    for (const [name, parts, says] of wordsOfPart[group] ?? [])
      expect({ name, ...(await operator.ask(name, parts)) }).toMatchObject({ name, status: 200, body: says });
  });

  test("the capabilities have every feed of it as absent, and no other", async () => {
    const { feeds } = await operator.call("getCapabilities", {});
    const [of, others] = [true, false].map((wanted) =>
      feeds.filter(({ resource }) => (resource.slice(resource.indexOf(".") + 1) === group) === wanted),
    );
    expect(of?.filter(({ state }) => state !== "absent")).toEqual([]);
    expect(others?.filter(({ state }) => state === "absent")).toEqual([]);
  });

  test("the navigation offers none of its nouns, and all others", async () => {
    const { nouns } = await operator.call("listObjectNouns", {});
    expect(nouns.toSorted()).toEqual(
      objectNouns.filter((noun) => objectCatalog[noun].group !== group).toSorted(),
    );
  });
});

/** A cluster without one of its parts: every list and page still answers, and what is missing is said. */
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { noProject, objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, Person, RequestParts } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import { pageReads, readsOfPart, saysOfPart } from "./page-reads.ts";
import type { OperationName } from "@kubev/api-types/endpoint-paths";

let sim: KubeSim;
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterAll(async () => sim.close());

describe.each(Object.keys(saysOfPart))("without %s", (group) => {
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

  const isOfPart = ([name]: [OperationName, RequestParts]) => readsOfPart[group]?.has(name) === true;

  // that the part is missing is said, not that the object is
  test.each(pageReads.filter(isOfPart))("%s says that its part is missing", async (name, parts) => {
    expect(await operator.ask(name, parts)).toMatchObject({
      status: 501,
      body: { error: { code: "capability-missing", reason: { code: "feed-absent" } } },
    });
  });

  test.each(pageReads.filter((one) => !isOfPart(one)))("%s answers", async (name, parts) => {
    const answer = await operator.ask(name, parts);
    expect({ name, status: answer.status, body: answer.status < 400 ? "" : answer.body }).toMatchObject({
      status: expect.toSatisfy((status: number) => status < 400),
    });
  });

  test.each(saysOfPart[group] ?? [])("%s says what is missing", async (name, parts) => {
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

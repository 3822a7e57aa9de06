/** Namespaces of the platform stay out of the way until somebody asks for them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { isSystemProject } from "../src/inventory/projects.ts";
import { kubePath } from "../src/kube/kube-path.ts";

let cut: ConsoleUnderTest;
let operator: Person;
beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
  const make = async (name: string, labels: Record<string, string> = {}) =>
    cut.app.services.service.json(kubePath("api", "v1", "namespaces"), {
      method: "POST",
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
    });
  await make("kube-of-the-platform");
  await make("kube-fans", { "console.kubev.io/project": "true" });
  await until(() => cut.app.services.inventory.feeds.projects.table.get("", "kube-fans") !== undefined);
});
afterAll(async () => cut.close());

const list = async (q: string) =>
  operator.call("listProjects", { query: { q, pageSize: 200, sort: "name" } });
const names = async (q: string) => (await list(q)).rows.map((row) => row.name);

test("they are in no list and no count", async () => {
  const page = await list("");
  expect(page.rows.map((row) => row.name).filter((name) => isSystemProject(name))).toEqual(["kube-fans"]);
  expect(page.rows.map((row) => row.name)).toContain("web-shop");
  expect(page.total).toBe(page.rows.length);
  expect(page.totalUnfiltered).toBe(page.rows.length);
  expect(page.facets?.["status"]).toEqual({ Active: page.rows.length });
  expect(page.warnings).toEqual([]);
  expect(await names("kube-of")).toEqual([]);
});

test("they come when they are asked for", async () => {
  const system = await names("system:true");
  expect(system).toContain("kube-of-the-platform");
  expect(system).toContain("default");
  expect(system).not.toContain("web-shop");
  expect(await names("system:true kube-of")).toEqual(["kube-of-the-platform"]);
  expect(await names("system:false")).toEqual(await names(""));
  expect((await names("system:true,false")).length).toBe(system.length + (await names("")).length);
});

test("the search knows only the others", async () => {
  const hits = async (q: string) =>
    (await operator.call("search", { query: { q, limit: 20 } })).hits
      .filter((hit) => hit.ref.noun === "project")
      .map((hit) => hit.title);
  expect(await hits("kube-")).toEqual(["kube-fans"]);
});

test("a name like the platform's is no hindrance for a project made here", async () => {
  await operator.call("createProject", { body: { name: "kube-school", displayName: "", description: "" } });
  expect(await names("kube-school")).toEqual(["kube-school"]);
  expect(
    (await operator.refused("deleteProject", { params: { project: "kube-of-the-platform" } })).status,
  ).toBe(403);
  await operator.call("deleteProject", { params: { project: "kube-school" } });
});

/** The ways to act: impersonation, and a local kubeconfig with narrow rights. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, startConsole, until } from "./console-under-test.ts";

/** What a row tells of the caller's rights; the machines' states move on between two looks. */
const rightsOf = (row: VmRow) => [
  row.project,
  row.name,
  Object.entries(row.actions)
    .filter(([, decision]) => !decision.allowed && decision.reason.code === "no-permission")
    .map(([action]) => action),
];

let sim: KubeSim;
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterAll(async () => sim.close());

test("impersonation: the same projects, the same refusals, and no header of the browser can change who acts", async () => {
  const plain = await startConsole({ sim });
  const acting = await startConsole({ sim, env: { ACTING_MODE: "impersonate" } });
  for (const name of ["operator", "alice", "bob", "viewer"]) {
    const here = await (await plain.signIn(name)).call("listVms", { query: { pageSize: 200 } });
    const there = await (await acting.signIn(name)).call("listVms", { query: { pageSize: 200 } });
    expect(there.rows.map(rightsOf)).toEqual(here.rows.map(rightsOf));
  }
  const bob = await acting.signIn("bob");
  const smuggled = await bob.ask("getVm", {
    params: { project: "kube-system", name: "x" },
    headers: {
      "impersonate-user": "operator",
      "impersonate-group": "system:masters",
      "x-remote-group": "system:masters",
      authorization: "Bearer x",
    },
  });
  expect(smuggled.status).toBe(403);
  await plain.close();
  await acting.close();
});

test("a kubeconfig with rights in two projects shows those, and says that it is not all", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "kubev-kubeconfig-")), "config");
  writeFileSync(file, sim.kubeconfigFor("alice"));
  const wide = await startConsole({ sim });
  const projects = (await (await wide.signIn("alice")).call("listProjects")).rows.map((row) => row.name);
  await wide.close();
  const cut = await startConsole({
    sim,
    kubeconfigFile: file,
    env: { SIGN_IN_MODES: "kubeconfig", PROJECTS: projects.join(",") },
  });
  // a page of somebody else, or a proxy that publishes it, begins no session where nobody signs in
  const foreign = new Person(cut.url);
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { "x-forwarded-for": "198.51.100.7" }]) {
    const refusal = await foreign.refused("getSession", { headers });
    expect(refusal.body.error.code).toBe("origin-refused");
    expect(foreign.cookie).toBe("");
  }
  const local = new Person(cut.url);
  const session = await local.call("getSession");
  expect(session.user?.name).toBe("alice");
  expect(local.cookie).not.toBe("");
  const vms = await until(async () => {
    const page = await local.call("listVms", { query: { pageSize: 200 } });
    return page.total > 0 && page;
  });
  expect(new Set(vms.rows.map((row) => row.project)).isSubsetOf(new Set(projects))).toBe(true);
  expect(vms.warnings.map((warning) => warning.reason.code)).toContain("feed-partial");
  expect((await new Person(cut.url).ask("listVms")).status).toBe(401);
  await cut.close();
});

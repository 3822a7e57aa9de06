/** New objects from YAML, of any kind the cluster serves: checked line by line, made as the caller, kept out of foreign projects. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { lineOfPath } from "../src/domain/yaml-lines.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;
const project = "web-shop";

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: from-text
stringData:
  password: hunter2
`;

test("a tenant makes what has no form, and its values reach neither the trail nor the answer", async () => {
  const check = await alice.call("checkText", { body: { yaml: secret, project } });
  expect(check).toMatchObject({ ok: true, problems: [] });
  expect(JSON.stringify(check)).not.toContain("hunter2");
  const made = await alice.call("createText", { body: { yaml: secret, project } });
  expect(made).toEqual({
    kind: "Secret",
    type: { group: "", version: "v1", plural: "secrets" },
    project,
    name: "from-text",
    ref: expect.objectContaining({ noun: "secret", project, name: "from-text" }),
  });
  const { rows } = await alice.call("listActivity", { query: { user: "alice", outcome: "ok" } });
  expect(rows[0]).toMatchObject({ action: "create", noun: "secret", name: "from-text" });
  expect(JSON.stringify(rows)).not.toContain("hunter2");
  // a parser's words quote the line that it stumbled over
  await alice
    .call("createText", { body: { yaml: secret.replace("hunter2", '"hunter2'), project } })
    .catch(() => null);
  const trail = (await alice.call("listActivity", { query: { user: "alice" } })).rows;
  expect(trail.some(({ outcome }) => outcome === "refused")).toBe(true);
  expect(JSON.stringify(trail)).not.toContain("hunter2");
  const again = await alice.refused("createText", { body: { yaml: secret, project } });
  expect(JSON.stringify(again.body)).toContain("already exists");
  const later = new Date(Date.now() + 60_000).toISOString();
  expect((await alice.call("listActivity", { query: { since: later } })).rows).toEqual([]);
  const refused = await alice.call("listActivity", { query: { user: "alice", outcome: "ok", until: later } });
  expect(refused.rows.length).toBeGreaterThan(0);
});

test("what is made and has a page is linked", async () => {
  const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: linked\n";
  const { ref } = await alice.call("createText", { body: { yaml, project } });
  expect(ref).toMatchObject({ noun: "config-map", project, name: "linked" });
  await until(
    async () =>
      (await alice.ask("getObject", { params: { noun: "config-map", project, name: "linked" } })).status ===
      200,
  );
});

test("problems carry the line on which they were typed", async () => {
  const problemsOf = async (yaml: string) =>
    (await alice.call("checkText", { body: { yaml, project } })).problems.map(({ line, reason }) => [
      line,
      reason.code,
    ]);
  expect(await problemsOf("apiVersion: v1\nkind: Sekret\nmetadata:\n  name: x\n")).toEqual([
    [2, "kind-not-served"],
  ]);
  expect(await problemsOf("apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n")).toEqual([
    [3, "field-required"],
  ]);
  expect(
    await problemsOf("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: other\n"),
  ).toEqual([[5, "yaml-other-project"]]);
  // what cannot be read at all is refused in Go's words, which name the field
  expect(
    await problemsOf(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: x\nspec:\n  type: ClusterIP\n  sessionAffinity: [None]\n",
    ),
  ).toEqual([[7, "upstream-refused"]]);
});

/** A machine, whose schema is a real CRD's. */
const machine = (name: string) => `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: ${name}
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        memory:
          guest: 128Mi
        devices:
          interfaces:
            - name: default
              masquerade: {}
      networks:
        - name: default
          pod: {}
`;

test("a field is found on its line, in Kubernetes' notation and as a pointer", () => {
  expect(lineOfPath(machine("a"), "spec.template.spec.domain.devices.interfaces[0].masquerade")).toBe(15);
  expect(lineOfPath(machine("a"), "/spec/runStrategy")).toBe(6);
  // what is missing is shown where it would stand
  expect(lineOfPath(machine("a"), "spec.template.spec.volumes[3].name")).toBe(8);
  expect(lineOfPath(machine("a"), "status.phase")).toBeUndefined();
});

test("the cluster's refusal stands at the line that it blames, in its own words", async () => {
  const problemsOf = async (yaml: string) =>
    (await alice.call("checkText", { body: { yaml, project } })).problems;
  expect(await problemsOf("a: [1\nb: 2")).toMatchObject([{ path: "yaml", reason: { code: "yaml-syntax" } }]);
  const [unknown] = await problemsOf(machine("a").replace("runStrategy:", "runStrategie:"));
  expect(unknown).toMatchObject({ line: 6, reason: { code: "upstream-refused" } });
  expect(unknown?.reason.upstreamText).toContain("runStrategie");
  const wrong = await problemsOf(
    machine("a").replace("masquerade: {}", "model: floppy\n              bridge: {}"),
  );
  expect(wrong[0]?.line).toBe(15);
  expect(wrong[0]?.reason.upstreamText).toContain("floppy");
});

test("a machine is made once, and linked; the trail knows it as a machine", async () => {
  const body = { yaml: machine("machine-from-text"), project };
  expect((await alice.call("checkText", { body })).result).toContain("machine-from-text");
  expect((await alice.call("createText", { body })).ref).toMatchObject({ noun: "virtual-machine", project });
  const again = await alice.refused("createText", { body });
  expect(again.body.error.code).toBe("already-exists");
  const { rows } = await alice.call("listActivity", { query: { project, name: "machine-from-text" } });
  expect(rows.find((row) => row.outcome === "ok")).toMatchObject({
    action: "create",
    noun: "virtual-machine",
  });
});

test("over the platform the text says where; the cluster refuses what the caller may not", async () => {
  const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n";
  const check = await operator.call("checkText", { body: { yaml } });
  expect(check.problems).toMatchObject([{ reason: { code: "project-needed" } }]);
  const role =
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: from-text\nrules: []\n";
  expect(await operator.call("createText", { body: { yaml: role } })).toMatchObject({
    project: "",
    ref: null,
  });
  expect((await alice.refused("checkText", { body: { yaml: role } })).status).toBe(403);
  for (const where of [project, "no-such-project"])
    expect((await bob.refused("createText", { body: { yaml, project: where } })).status).toBe(404);
});

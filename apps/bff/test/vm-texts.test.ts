/** Machines from pasted YAML: what is wrong is said with its line, by the cluster's own words, and what is right is made. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { lineOfPath } from "../src/domain/yaml-lines.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";

const params = { project: "web-shop" };
const yaml = (name: string, memory = "128Mi") => `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: ${name}
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        memory:
          guest: ${memory}
        devices:
          interfaces:
            - name: default
              masquerade: {}
      networks:
        - name: default
          pod: {}
`;

let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const problemsOf = async (text: string) => {
  const { ok, problems } = await alice.call("checkVmText", { params, body: { yaml: text } });
  expect(ok).toBe(false);
  return problems;
};

test("a field is found on its line, in Kubernetes' notation and as a pointer", () => {
  expect(lineOfPath(yaml("a"), "spec.template.spec.domain.devices.interfaces[0].masquerade")).toBe(15);
  expect(lineOfPath(yaml("a"), "/spec/runStrategy")).toBe(6);
  // what is missing is shown where it would stand
  expect(lineOfPath(yaml("a"), "spec.template.spec.volumes[3].name")).toBe(8);
  expect(lineOfPath(yaml("a"), "status.phase")).toBeUndefined();
});

test("what is no YAML, no machine or another project's is said with its line", async () => {
  expect(await problemsOf("a: [1\nb: 2")).toMatchObject([{ path: "yaml", reason: { code: "yaml-syntax" } }]);
  expect(await problemsOf(yaml("a").replace("VirtualMachine", "Pod"))).toMatchObject([
    { path: "kind", line: 2, reason: { code: "yaml-wrong-kind" } },
  ]);
  expect(await problemsOf(yaml("a").replace("name: a", "name: a\n  namespace: elsewhere"))).toMatchObject([
    { path: "metadata.namespace", line: 5, reason: { code: "yaml-other-project" } },
  ]);
});

test("the cluster's refusal stands at the line that it blames, in its own words", async () => {
  const [unknown] = await problemsOf(yaml("a").replace("runStrategy:", "runStrategie:"));
  expect(unknown).toMatchObject({ line: 6, reason: { code: "upstream-refused" } });
  expect(unknown?.reason.upstreamText).toContain("runStrategie");
  const wrong = await problemsOf(
    yaml("a").replace("masquerade: {}", "model: floppy\n              bridge: {}"),
  );
  expect(wrong[0]?.line).toBe(15);
  expect(wrong[0]?.reason.upstreamText).toContain("floppy");
});

test("the owner makes it, once, and the trail says so; a stranger learns nothing", async () => {
  const body = { yaml: yaml("from-text") };
  const checked = await alice.call("checkVmText", { params, body });
  expect(checked).toMatchObject({ ok: true, problems: [] });
  expect(checked.result).toContain("from-text");
  expect(await alice.call("createVmOfText", { params, body })).toMatchObject({ name: "from-text" });
  const again = await alice.refused("createVmOfText", { params, body });
  expect(again.body.error.code).toBe("already-exists");
  const { rows } = await alice.call("listActivity", { query: { project: "web-shop" } });
  expect(rows.find((row) => row.name === "from-text" && row.outcome === "ok")).toMatchObject({
    action: "create",
    noun: "virtual-machine",
  });
  for (const operation of ["checkVmText", "createVmOfText"] as const)
    expect((await bob.refused(operation, { params, body })).status).toBe(404);
});

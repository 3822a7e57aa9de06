/** A machine that takes the SSH keys of its project. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import { project, secretObjects } from "./secret-objects.ts";

let cut: ConsoleUnderTest;
let alice: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed(secretObjects);
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

const machine = (sshKeySecrets: string[]) => ({
  name: "with-keys",
  source: { kind: "blank" as const },
  diskSizeBytes: 64 * 1024 ** 2,
  sizing: { kind: "custom" as const, cpuCores: 1, memoryBytes: 128 * 1024 ** 2 },
  cloudInit: { kind: "form" as const, sshKeySecrets },
  startAfterCreate: false,
});

test("it names secrets that are there and hold nothing but public keys", async () => {
  const names = ["team-keys", "web-login", "none-such", "team-keys"];
  const { checks } = await alice.call("previewVm", { params: { project }, body: machine(names) });
  expect(checks.find(({ name }) => name === "cloud-init")).toMatchObject({
    result: "blocking",
    fields: [
      { path: "cloudInit.sshKeySecrets.1", reason: { code: "secret-no-ssh-keys" } },
      { path: "cloudInit.sshKeySecrets.2", reason: { code: "named-object-missing" } },
      { path: "cloudInit.sshKeySecrets.3", reason: { code: "named-twice" } },
    ],
  });
});

test("it is among what uses them", async () => {
  await alice.call("createVm", { params: { project }, body: machine(["team-keys"]) });
  const vm = await cut.app.services.service.json(objectPath(types.virtualMachine, "with-keys", project));
  expect(vm).toMatchObject({
    spec: {
      template: {
        spec: {
          accessCredentials: [
            {
              sshPublicKey: {
                source: { secret: { secretName: "team-keys" } },
                propagationMethod: { noCloud: {} },
              },
            },
          ],
        },
      },
    },
  });
  const { secrets } = await alice.call("listSecrets", { params: { project } });
  const use = { kind: "virtual-machine", name: "with-keys" };
  expect(secrets.find(({ name }) => name === "team-keys")?.usedBy).toContainEqual(use);
  expect(secrets.find(({ name }) => name === "with-keys-cloud-init")).toMatchObject({
    sort: "first-start",
    usedBy: [use],
  });
});

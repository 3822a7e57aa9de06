/** Secrets for who holds rights on some of them only: the cluster decides about each, and is heard. */
import type { ReplyOf } from "@kubev/api-types/endpoints";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubePath } from "../src/kube/kube-path.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { project } from "./secret-objects.ts";

let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const at = (name: string) => ({ params: { project, name } });

test("a role that names one secret lets it be changed, and the cluster refuses the others in its words", async () => {
  const { service } = cut.app.services;
  const rbac = async (plural: string, body: object) =>
    service.done(kubePath("apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, plural), {
      method: "POST",
      body: { apiVersion: "rbac.authorization.k8s.io/v1", ...body },
    });
  const named = "named-for-bob";
  const metadata = { name: named, namespace: project };
  const created = { kind: "opaque" as const, name: named, entries: [{ key: "a", value: "of no account" }] };
  await alice.call("createSecret", { params: { project }, body: created });
  await rbac("roles", {
    kind: "Role",
    metadata,
    rules: [
      { apiGroups: [""], resources: ["secrets"], resourceNames: [named], verbs: ["get", "patch", "delete"] },
    ],
  });
  await rbac("rolebindings", {
    kind: "RoleBinding",
    metadata,
    subjects: [{ kind: "User", name: "bob", apiGroup: "rbac.authorization.k8s.io" }],
    roleRef: { kind: "Role", name: named, apiGroup: "rbac.authorization.k8s.io" },
  });
  const { row, resourceVersion } = await until(async () => {
    const answer = await bob.ask("getSecret", at(named));
    if (answer.status !== 200) return false;
    const read = answer.body as ReplyOf<"getSecret">; // the server checks its replies against the schemas in tests
    return read.row.actions.edit.allowed && read;
  });
  expect(row.actions).toEqual({
    show: { allowed: true },
    edit: { allowed: true },
    delete: { allowed: true },
  });
  cut.sim.seed([
    { apiVersion: "v1", kind: "Secret", metadata: { name: "others", namespace: project }, data: {} },
  ]);
  const change = { resourceVersion, set: [{ key: "b", value: "of no account" }] };
  await bob.call("editSecret", { ...at(named), body: change });
  const other = await bob.refused("editSecret", { ...at("others"), body: change });
  expect(other).toMatchObject({
    status: 403,
    body: {
      error: {
        reason: {
          code: "no-permission",
          params: { verb: "patch", resource: "secrets", project },
          upstreamText: expect.stringContaining('cannot patch resource "secrets"') as string,
        },
      },
    },
  });
  await bob.call("deleteSecret", { ...at(named), query: { uid: row.uid } });
});

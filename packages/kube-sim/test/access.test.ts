/** Who may do what: authentication, RBAC, impersonation, escalation, reviews, default roles. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { oracles } from "./oracles.ts";

let cluster: TestCluster;
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const vmsPath = "/apis/kubevirt.io/v1/namespaces/p/virtualmachines";
const bind = (name: string, user: string, role: string): object => ({
  metadata: { name },
  subjects: [{ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" }],
  roleRef: { kind: "ClusterRole", name: role, apiGroup: "rbac.authorization.k8s.io" },
});

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "p" } } });
  await cluster.call(`${RBAC}/namespaces/p/rolebindings`, { body: bind("alice", "alice", "admin") });
  await cluster.call(`${RBAC}/namespaces/p/rolebindings`, { body: bind("bob", "bob", "view") });
});
afterAll(() => cluster.close());

describe("authentication", () => {
  test("a wrong token is 401", async () => {
    const answer = await cluster.call("/api/v1/namespaces", { token: "wrong" });
    expect(answer.code).toBe(401);
    expect(answer.body).toMatchObject({ kind: "Status", reason: "Unauthorized", message: "Unauthorized" });
  });

  test("without credentials only health and version are open", async () => {
    expect((await cluster.call("/version", { anonymous: true })).code).toBe(200);
    const answer = await cluster.call("/api/v1/nodes", { anonymous: true });
    expect(answer.code).toBe(403);
    expect(answer.body.message).toBe(
      'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    );
  });

  test("a service account's token works until the account goes", async () => {
    const accounts = "/api/v1/namespaces/p/serviceaccounts";
    await cluster.call(accounts, { body: { metadata: { name: "robot" } } });
    const minted = await cluster.call(`${accounts}/robot/token`, {
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: 600 },
      },
    });
    expect(minted.code).toBe(201);
    const { token } = minted.body.status as { token: string };
    const who = await cluster.call("/apis/authentication.k8s.io/v1/selfsubjectreviews", { token, body: {} });
    expect(who.body.status.userInfo.username).toBe("system:serviceaccount:p:robot");
    await cluster.call(`${accounts}/robot`, { method: "DELETE" });
    expect((await cluster.call("/api/v1/namespaces", { token })).code).toBe(401);
  });
});

describe("authorisation", () => {
  test("a binding counts in its namespace only", async () => {
    const token = cluster.tokenOf("alice");
    expect((await cluster.call(vmsPath, { token })).code).toBe(200);
    const foreign = await cluster.call("/apis/kubevirt.io/v1/namespaces/default/virtualmachines", { token });
    expect(foreign.code).toBe(403);
    expect(foreign.body.message).toBe(
      'virtualmachines.kubevirt.io is forbidden: User "alice" cannot list resource "virtualmachines" in API group "kubevirt.io" in the namespace "default"',
    );
    expect((await cluster.call("/apis/kubevirt.io/v1/virtualmachines", { token })).code).toBe(403);
  });

  test("view reads machines but neither starts them nor opens consoles", async () => {
    const token = cluster.tokenOf("bob");
    const base = "/apis/subresources.kubevirt.io/v1/namespaces/p";
    expect((await cluster.call(vmsPath, { token })).code).toBe(200);
    expect((await cluster.call(`${base}/virtualmachines/x/start`, { token, method: "PUT" })).code).toBe(403);
    expect((await cluster.call(`${base}/virtualmachineinstances/x/vnc`, { token })).code).toBe(403);
    expect((await cluster.call("/api/v1/namespaces/p/secrets", { token })).code).toBe(403);
  });

  test("nobody grants more than he has", async () => {
    const token = cluster.tokenOf("alice");
    const roles = `${RBAC}/namespaces/p/roles`;
    const mine = {
      metadata: { name: "mine" },
      rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
    };
    expect((await cluster.call(roles, { token, body: mine })).code).toBe(201);
    const more = {
      metadata: { name: "more" },
      rules: [{ verbs: ["get"], apiGroups: [""], resources: ["nodes"] }],
    };
    const refused = await cluster.call(roles, { token, body: more });
    expect(refused.code).toBe(403);
    expect(refused.body.message).toContain("is attempting to grant RBAC permissions not currently held");
    const bindings = `${RBAC}/namespaces/p/rolebindings`;
    expect((await cluster.call(bindings, { token, body: bind("up", "alice", "cluster-admin") })).code).toBe(
      403,
    );
    expect((await cluster.call(bindings, { token, body: bind("down", "bob", "edit") })).code).toBe(201);
  });

  test("a service account may hold edit but reads no secret of another project", async () => {
    const answer = await cluster.call("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      body: {
        spec: {
          user: "alice",
          resourceAttributes: { verb: "list", resource: "secrets", namespace: "kube-system" },
        },
      },
    });
    expect(answer.body.status.allowed).toBe(false);
  });
});

describe("impersonation", () => {
  test("needs the right for every part", async () => {
    const headers = { "Impersonate-User": "bob" };
    const refused = await cluster.call(vmsPath, { token: cluster.tokenOf("alice"), headers });
    expect(refused.code).toBe(403);
    expect(refused.body.message).toBe(
      'users "bob" is forbidden: User "alice" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    const review = await cluster.call("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      body: {},
      headers: { ...headers, "Impersonate-Group": ["red", "blue"], "Impersonate-Extra-scopes": "a" },
    });
    expect(review.body.status.userInfo).toEqual({
      username: "bob",
      groups: ["red", "blue", "system:authenticated"],
      extra: { scopes: ["a"] },
    });
  });

  test("a group alone is refused", async () => {
    const answer = await cluster.call("/api/v1/namespaces", { headers: { "Impersonate-Group": "red" } });
    expect(answer.code).toBe(400);
  });
});

describe.skipIf(oracles === undefined)("default roles", () => {
  test("KubeVirt's are what KubeVirt installs", async () => {
    const installed = JSON.parse(
      readFileSync(join(oracles ?? "", "data", "kubevirt-clusterroles-v1.9.json"), "utf8"),
    ) as { kind: string; metadata: { name: string; labels?: Record<string, string> }; rules?: unknown }[];
    for (const role of installed) {
      const path = role.kind === "ClusterRole" ? "clusterroles" : "clusterrolebindings";
      const ours = await cluster.call(`${RBAC}/${path}/${role.metadata.name}`);
      const name = `${role.kind} ${role.metadata.name}`;
      expect({ name, code: ours.code, rules: ours.body.rules }).toEqual({
        name,
        code: 200,
        rules: role.rules,
      });
      expect(ours.body.metadata.labels).toMatchObject(role.metadata.labels ?? {});
    }
  });

  test("aggregate into admin, edit and view", async () => {
    const view = await eventually(async () => {
      const role = await cluster.call(`${RBAC}/clusterroles/view`);
      return JSON.stringify(role.body.rules).includes("virtualmachineinstances/guestosinfo") && role;
    });
    expect(JSON.stringify(view.body.rules)).not.toContain('"secrets"');
  });
});

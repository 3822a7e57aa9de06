/** Nobody comes to hold what he was not given: by roles, reviews at other paths, impersonation, or tokens for others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const strategic = { "content-type": "application/strategic-merge-patch+json" };
const merge = { "content-type": "application/merge-patch+json" };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "p" } } });
  await allow(
    "mallory",
    ["rbac.authorization.k8s.io"],
    ["clusterroles", "clusterrolebindings"],
    ["get", "create", "update", "patch"],
  );
});
afterAll(() => cluster.close());

/** Gives a person rights in the whole cluster. */
async function allow(user: string, apiGroups: string[], resources: string[], verbs: string[]): Promise<void> {
  const name = `for-${user}`;
  await cluster.call(`${RBAC}/clusterroles`, {
    body: { metadata: { name }, rules: [{ apiGroups, resources, verbs }] },
  });
  await cluster.call(`${RBAC}/clusterrolebindings`, {
    body: {
      metadata: { name },
      subjects: [{ kind: "User", name: user }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    },
  });
}

const roles = `${RBAC}/clusterroles`;
const everything = { clusterRoleSelectors: [{ matchLabels: {} }] };

test("a role that aggregates others is made and changed only by who holds everything", async () => {
  const made = await cluster.call(roles, {
    as: "mallory",
    body: { metadata: { name: "all-at-once" }, aggregationRule: everything },
  });
  expect(made.code).toBe(403);
  expect(made.body.message).toContain("is attempting to grant RBAC permissions not currently held");
  await cluster.call(roles, { as: "mallory", body: { metadata: { name: "innocent" }, rules: [] } });
  for (const [headers, body] of [
    [merge, { aggregationRule: everything }],
    [strategic, { aggregationRule: everything }],
  ] as const) {
    const { code } = await cluster.call(`${roles}/innocent`, {
      as: "mallory",
      method: "PATCH",
      headers,
      body,
    });
    expect(code).toBe(403);
  }
  expect(
    (
      await cluster.call(`${roles}/innocent`, {
        method: "PATCH",
        headers: merge,
        body: { aggregationRule: everything },
      })
    ).code,
  ).toBe(200);
  // taking it out of an aggregating role changes what it may hold as well
  const taken = await cluster.call(`${roles}/innocent`, {
    as: "mallory",
    method: "PATCH",
    headers: merge,
    body: { aggregationRule: null, rules: [] },
  });
  expect(taken.code).toBe(403);
});

test("aggregation reads expressions", async () => {
  const rule = { key: "nobody.example.com/has", operator: "In", values: ["it"] };
  await cluster.call(roles, {
    body: {
      metadata: { name: "of-nobody" },
      aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [rule] }] },
    },
  });
  const labels = { "nobody.example.com/has": "it" };
  const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
  await cluster.call(roles, { body: { metadata: { name: "somebody", labels }, rules } });
  const held = await eventually(async () => {
    const { body } = await cluster.call(`${roles}/of-nobody`);
    return body.rules?.length > 0 && (body.rules as unknown[]);
  });
  expect(held).toEqual(rules);
});

test("without the verbs escalate and bind nobody gives what he has not", async () => {
  const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }];
  const asked = async (user: string) => [
    (await cluster.call(roles, { as: user, body: { metadata: { name: `role-of-${user}` }, rules } })).code,
    (
      await cluster.call(`${RBAC}/clusterrolebindings`, {
        as: user,
        body: {
          metadata: { name: `binding-of-${user}` },
          subjects: [{ kind: "User", name: user }],
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        },
      })
    ).code,
  ];
  expect(await asked("mallory")).toEqual([403, 403]);
  await allow(
    "trusted",
    ["rbac.authorization.k8s.io"],
    ["clusterroles", "clusterrolebindings"],
    ["create", "escalate", "bind"],
  );
  expect(await asked("trusted")).toEqual([201, 201]);
});

test("a review is answered at its own path alone", async () => {
  await allow("reviewer", ["authorization.k8s.io"], ["*"], ["create"]);
  const token = await cluster.call(
    "/apis/authorization.k8s.io/v1/namespaces/kube-system/serviceaccounts/default/token",
    { as: "reviewer", body: { spec: {} } },
  );
  expect(token.code).toBe(404);
  const version = await cluster.call("/apis/authorization.k8s.io/v77/selfsubjectaccessreviews", {
    body: { spec: { resourceAttributes: { verb: "get", resource: "pods" } } },
  });
  expect(version.code).toBe(404);
});

test("every part of an impersonated person needs a right of its own", async () => {
  await allow("actor", [""], ["users"], ["impersonate"]);
  const refused = async (headers: Record<string, string>) =>
    (await cluster.call("/api/v1/namespaces", { as: "actor", headers })).code;
  const minted = await cluster.call("/api/v1/namespaces/p/serviceaccounts/default/token", {
    body: { spec: {} },
  });
  const { token } = minted.body.status as { token: string };
  await cluster.call(`${RBAC}/clusterrolebindings`, {
    body: {
      metadata: { name: "default-acts" },
      subjects: [{ kind: "ServiceAccount", namespace: "p", name: "default" }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "for-actor" },
    },
  });
  const acting = async (headers: Record<string, string>) =>
    cluster.call("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      token,
      body: {},
      headers: { "impersonate-user": "somebody", ...headers },
    });
  expect((await acting({})).code).toBe(201);
  for (const [header, resource] of [
    ["impersonate-group", "groups"],
    ["impersonate-uid", "uids"],
    ["impersonate-extra-scopes", "userextras/scopes"],
    ["impersonate-extra-constructor", "userextras/constructor"],
    ["impersonate-extra-__proto__", "userextras/__proto__"],
  ] as const) {
    const { code, body } = await acting({ [header]: "x" });
    expect(code).toBe(403);
    expect(body.message).toContain(`cannot impersonate resource "${resource}"`);
  }
  expect(await refused({ "impersonate-extra-a%zz": "x" })).toBe(403);
});

test("a token counts for the audiences that it names", async () => {
  const mint = async (audiences: string[]) =>
    (
      await cluster.call("/api/v1/namespaces/p/serviceaccounts/default/token", {
        body: { spec: { audiences } },
      })
    ).body.status.token as string;
  const review = async (token: string, audiences?: string[]) =>
    (
      await cluster.call("/apis/authentication.k8s.io/v1/tokenreviews", {
        body: { spec: { token, ...(audiences && { audiences }) } },
      })
    ).body.status;
  expect(await review(await mint(["vault"]), ["vault", "other"])).toMatchObject({
    authenticated: true,
    audiences: ["vault"],
  });
  expect((await review(await mint([]), ["vault"])).authenticated).not.toBe(true);
  expect((await review(cluster.tokenOf("alice"), ["vault"])).authenticated).not.toBe(true);
  expect((await review(await mint(["vault"]))).authenticated).not.toBe(true);
  expect((await cluster.call("/api/v1/namespaces", { token: await mint(["vault"]) })).code).toBe(401);
  const odd = await cluster.call("/api/v1/namespaces/p/serviceaccounts/default/token", {
    body: { spec: { expirationSeconds: "abc" } },
  });
  expect(odd.code).toBe(400);
});

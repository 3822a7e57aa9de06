/** Who is it, and may he: impersonation, RBAC and its aggregation, reviews, tokens of service accounts. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster.ts";
import { configMap, configMapsOf, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

const RBAC = "rbac.authorization.k8s.io";

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  verbs: string[];
}

export function access(api: () => Target): void {
  describe("access", () => {
    let namespace: string;
    let maps: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
      maps = configMapsOf(namespace);
    });
    const role = (name: string, rules: object[]): Promise<unknown> =>
      api().call(`/apis/${RBAC}/v1/namespaces/${namespace}/roles`, { body: { metadata: { name }, rules } });
    const bind = (name: string, user: string, roleKind = "Role"): Promise<unknown> =>
      api().call(`/apis/${RBAC}/v1/namespaces/${namespace}/rolebindings`, {
        body: {
          metadata: { name: `${name}-${user}` },
          roleRef: { apiGroup: RBAC, kind: roleKind, name },
          subjects: [{ kind: "User", apiGroup: RBAC, name: user }],
        },
      });

    test("nobody may anything that no role gives him", async () => {
      const refused = await api().call(maps, { as: "carol" });
      expect(refused.code).toBe(403);
      expect(refused.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `configmaps is forbidden: User "carol" cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`,
        reason: "Forbidden",
        details: { kind: "configmaps" },
        code: 403,
      });
      const one = await api().call(`${maps}/x`, { as: "carol" });
      expect(one.body.message).toBe(
        `configmaps "x" is forbidden: User "carol" cannot get resource "configmaps" in API group "" in the namespace "${namespace}"`,
      );
      const cluster = await api().call("/api/v1/nodes", { as: "carol" });
      expect(cluster.body.message).toBe(
        'nodes is forbidden: User "carol" cannot list resource "nodes" in API group "" at the cluster scope',
      );
      const path = await api().call("/metrics", { as: "carol" });
      expect(path.body.message).toBe('forbidden: User "carol" cannot get path "/metrics"');
    });

    test("a role counts in its namespace, for its verbs and names", async () => {
      await role("reader", [
        { apiGroups: [""], resources: ["configmaps"], verbs: ["get"], resourceNames: ["mine"] },
      ]);
      await bind("reader", "dave");
      for (const name of ["mine", "theirs"]) await api().call(maps, { body: configMap(name) });
      await eventually(async () => (await api().call(`${maps}/mine`, { as: "dave" })).code === 200);
      expect((await api().call(`${maps}/theirs`, { as: "dave" })).code).toBe(403);
      expect((await api().call(maps, { as: "dave" })).code).toBe(403);
      const elsewhere = await newNamespace(api());
      expect((await api().call(`${configMapsOf(elsewhere)}/mine`, { as: "dave" })).code).toBe(403);
    });

    test("cluster roles aggregate by labels", async (context) => {
      if (!api().hasControllers) context.skip("nothing aggregates roles");
      const roles = `/apis/${RBAC}/v1/clusterroles`;
      await api().call(roles, {
        body: {
          metadata: { name: "part", labels: { "conformance.example.com/into": "whole" } },
          rules: [{ apiGroups: ["x.example.com"], resources: ["things"], verbs: ["get"] }],
        },
      });
      await api().call(roles, {
        body: {
          metadata: { name: "whole" },
          aggregationRule: {
            clusterRoleSelectors: [{ matchLabels: { "conformance.example.com/into": "whole" } }],
          },
          rules: [],
        },
      });
      const whole = await eventually(async () => {
        const { body } = await api().call(`${roles}/whole`);
        return body.rules?.length > 0 ? body : undefined;
      });
      expect(whole.rules).toEqual([{ apiGroups: ["x.example.com"], resources: ["things"], verbs: ["get"] }]);
    }, 40_000);

    test("nobody grants more than he has", async () => {
      await role("granter", [
        { apiGroups: [RBAC], resources: ["roles", "rolebindings"], verbs: ["create", "update", "get"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
      ]);
      await bind("granter", "erin");
      const roles = `/apis/${RBAC}/v1/namespaces/${namespace}/roles`;
      const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
      await eventually(
        async () =>
          (await api().call(roles, { as: "erin", body: { metadata: { name: "within" }, rules: [pods] } }))
            .code === 201,
      );
      const beyond = await api().call(roles, {
        as: "erin",
        body: {
          metadata: { name: "beyond" },
          rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
        },
      });
      expect(beyond.code).toBe(403);
      expect(beyond.body.message).toContain(
        'roles.rbac.authorization.k8s.io "beyond" is forbidden: user "erin" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
      );
      const bound = await api().call(`/apis/${RBAC}/v1/namespaces/${namespace}/rolebindings`, {
        as: "erin",
        body: {
          metadata: { name: "admin" },
          roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
          subjects: [{ kind: "User", apiGroup: RBAC, name: "erin" }],
        },
      });
      expect(bound.code).toBe(403);
      expect(bound.body.message).toContain("is attempting to grant RBAC permissions not currently held");
    });

    test("a binding keeps its role", async () => {
      await role("kept", []);
      await bind("kept", "frank");
      const path = `/apis/${RBAC}/v1/namespaces/${namespace}/rolebindings/kept-frank`;
      const { body } = await api().call(path);
      const changed = await api().call(path, {
        method: "PUT",
        body: { ...body, roleRef: { ...body.roleRef, name: "granter" } },
      });
      expect(changed.code).toBe(422);
      expect(changed.body.message).toContain("cannot change roleRef");
    });

    test("who acts as another needs the right for every part of him", async () => {
      await role("nothing", []);
      const refused = await api().call(maps, { as: "carol", headers: { "impersonate-group": ["ops"] } });
      expect(refused.code).toBe(403);
      expect(refused.body.message).toContain('User "carol" cannot list resource "configmaps"');
      const groupOnly = await api().call(maps, { headers: { "impersonate-group": ["ops"] } });
      expect(groupOnly.code).toBe(api().minor < 35 ? 500 : 400);
      expect(groupOnly.text).toContain("without impersonating a user");
      const account = await api().call("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
        as: `system:serviceaccount:${namespace}:default`,
        body: { spec: { resourceAttributes: { verb: "get", resource: "pods", namespace } } },
      });
      expect(account.code).toBe(201);
      expect(account.body.status).toMatchObject({ allowed: false });
    });

    test("reviews answer for oneself, for others, and for the rules", async () => {
      const attributes = { verb: "get", resource: "configmaps", namespace, name: "mine" };
      const self = await api().call("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
        as: "dave",
        body: { spec: { resourceAttributes: attributes } },
      });
      expect(self.code).toBe(201);
      expect(self.body.status).toEqual({
        allowed: true,
        reason: `RBAC: allowed by RoleBinding "reader-dave/${namespace}" of Role "reader" to User "dave"`,
      });
      const other = await api().call("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
        body: { spec: { user: "dave", resourceAttributes: { ...attributes, name: "theirs" } } },
      });
      expect(other.body.status).toMatchObject({ allowed: false });
      const local = await api().call(
        `/apis/authorization.k8s.io/v1/namespaces/${namespace}/localsubjectaccessreviews`,
        { body: { metadata: { namespace }, spec: { user: "dave", resourceAttributes: attributes } } },
      );
      expect(local.body.status).toMatchObject({ allowed: true });
      const wrong = await api().call(
        `/apis/authorization.k8s.io/v1/namespaces/${namespace}/localsubjectaccessreviews`,
        {
          body: {
            metadata: { namespace },
            spec: { user: "dave", resourceAttributes: { ...attributes, namespace: "other" } },
          },
        },
      );
      expect([400, 422]).toContain(wrong.code);
      const rules = await api().call("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
        as: "dave",
        body: { spec: { namespace } },
      });
      expect(rules.body.status.resourceRules).toContainEqual({
        verbs: ["get"],
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["mine"],
      });
      const neither = await api().call("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
        body: { spec: {} },
      });
      expect(neither.code).toBe(422);
      expect(neither.body.message).toContain(
        "exactly one of nonResourceAttributes or resourceAttributes must be specified",
      );
    });

    test("tokens of service accounts are minted, reviewed, and end with their account", async (context) => {
      const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
      await api().call(accounts, { body: { metadata: { name: "robot" } } });
      const minted = await api().call(`${accounts}/robot/token`, {
        body: { spec: { audiences: [], expirationSeconds: 600 } },
      });
      expect(minted.code).toBe(201);
      expect(minted.body.status.token.split(".")).toHaveLength(3);
      expect(Date.parse(minted.body.status.expirationTimestamp) - Date.now()).toBeLessThanOrEqual(601_000);
      const { token } = minted.body.status;
      const reviewed = await api().call("/apis/authentication.k8s.io/v1/tokenreviews", {
        body: { spec: { token } },
      });
      expect(reviewed.code).toBe(201);
      expect(reviewed.body.status).toMatchObject({
        authenticated: true,
        user: {
          username: `system:serviceaccount:${namespace}:robot`,
          groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
        },
      });
      const acts = await api().call(maps, { token });
      expect(acts.code).toBe(403);
      expect(acts.body.message).toContain(`User "system:serviceaccount:${namespace}:robot" cannot list`);
      const short = await api().call(`${accounts}/robot/token`, {
        body: { spec: { expirationSeconds: 60 } },
      });
      expect(short.code).toBe(422);
      expect(short.body.message).toContain(
        "spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes",
      );
      const garbage = await api().call("/apis/authentication.k8s.io/v1/tokenreviews", {
        body: { spec: { token: "garbage" } },
      });
      expect(garbage.body.status.authenticated ?? false).toBe(false);
      await api().call(`${accounts}/robot`, { method: "DELETE" });
      await eventually(async () => (await api().call(maps, { token })).code === 401);
      if (api().minor < 28) context.skip("who one is can be asked since 1.28");
      const self = await api().call("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
        as: "dave",
        body: {},
      });
      expect(self.body.status.userInfo).toMatchObject({ username: "dave", groups: ["system:authenticated"] });
    }, 40_000);

    test("tokens that are bound to a pod go with it", async () => {
      const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
      await api().call(accounts, { body: { metadata: { name: "bound" } } });
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const pod = await api().call(pods, {
        body: {
          metadata: { name: "holder" },
          spec: { serviceAccountName: "bound", containers: [{ name: "c", image: "c:1" }] },
        },
      });
      const ask = (reference: object) =>
        api().call(`${accounts}/bound/token`, {
          body: { spec: { audiences: [], boundObjectRef: reference } },
        });
      const minted = await ask({ kind: "Pod", apiVersion: "v1", name: "holder", uid: pod.body.metadata.uid });
      expect(minted.code).toBe(201);
      const { token } = minted.body.status;
      const reviewed = await api().call("/apis/authentication.k8s.io/v1/tokenreviews", {
        body: { spec: { token } },
      });
      expect(reviewed.body.status.user.extra).toMatchObject({
        "authentication.kubernetes.io/pod-name": ["holder"],
        "authentication.kubernetes.io/pod-uid": [pod.body.metadata.uid],
      });
      const missing = await ask({ kind: "Pod", apiVersion: "v1", name: "nobody" });
      expect(missing.code).toBe(404);
      expect(missing.body.message).toBe('pods "nobody" not found');
      const strangers = await api().call(pods, {
        body: { metadata: { name: "stranger" }, spec: { containers: [{ name: "c", image: "c:1" }] } },
      });
      const stranger = await ask({ kind: "Pod", apiVersion: "v1", name: strangers.body.metadata.name });
      expect(stranger.code).toBe(400);
      expect(stranger.body.message).toBe(
        'cannot bind token for serviceaccount "bound" to pod running with different serviceaccount name.',
      );
      const other = await ask({ kind: "Pod", apiVersion: "v1", name: "holder", uid: "other" });
      expect(other.code).toBe(409);
      expect(other.body.message).toContain(
        "the UID in the bound object reference (other) does not match the UID in record",
      );
      await api().call(`${pods}/holder?gracePeriodSeconds=0`, { method: "DELETE" });
      await eventually(async () => (await api().call(maps, { token })).code === 401);
    }, 40_000);

    test("the issuer of those tokens says how they are checked", async () => {
      const { body } = await api().call("/.well-known/openid-configuration");
      expect(body).toMatchObject({
        issuer: expect.stringMatching(/^https:/),
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
      });
      const keys = await api().call("/openid/v1/jwks");
      expect(keys.headers["content-type"]).toBe("application/jwk-set+json");
      expect(keys.body.keys[0]).toMatchObject({
        use: "sig",
        kid: expect.any(String),
        alg: expect.any(String),
      });
    });

    test("the roles of users are what upstream makes them", async () => {
      const { body } = await api().call(`/apis/${RBAC}/v1/clusterroles/view`);
      const held = new Set<string>();
      for (const { apiGroups = [], resources = [], verbs } of body.rules as Rule[]) {
        for (const group of apiGroups)
          for (const resource of resources)
            for (const verb of verbs) held.add(`${verb} ${resource}.${group}`);
      }
      for (const one of [
        "get pods.",
        "list deployments.apps",
        "watch networkpolicies.networking.k8s.io",
        "get pods/log.",
      ])
        expect(held).toContain(one);
      for (const one of [
        "get secrets.",
        "create pods.",
        "list nodes.",
        "get roles.rbac.authorization.k8s.io",
      ])
        expect(held).not.toContain(one);
      const admin = await api().call(`/apis/${RBAC}/v1/clusterroles/cluster-admin`);
      expect(admin.body.rules).toEqual([
        { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
        { nonResourceURLs: ["*"], verbs: ["*"] },
      ]);
    });

    test("without credentials nothing but health and version is told; wrong ones are refused", async () => {
      for (const path of ["/livez", "/readyz", "/version"])
        expect((await api().call(path, { anonymous: true })).code).toBe(200);
      const anonymous = await api().call(maps, { anonymous: true });
      expect(anonymous.code).toBe(403);
      expect(anonymous.body.message).toContain('User "system:anonymous" cannot list');
      const wrong = await api().call(maps, { token: "wrong" });
      expect(wrong.code).toBe(401);
      expect(wrong.body).toMatchObject({ reason: "Unauthorized", message: "Unauthorized", code: 401 });
    });
  });
}

/** Server-side apply: ownership of fields, conflicts, what goes with an applier's fields. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../api-caller.ts";
import { configMap, configMapsOf, deployment, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

interface Manager {
  manager: string;
  operation: string;
  subresource?: string;
  fieldsV1: object;
}

export function apply(api: () => Target): void {
  describe("server-side apply", () => {
    let maps: string;
    let deployments: string;
    beforeAll(async () => {
      const namespace = await newNamespace(api());
      maps = configMapsOf(namespace);
      deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    });
    const applied = (path: string, manager: string, body: object, query = ""): Promise<Answer> =>
      api().call(`${path}?fieldManager=${manager}${query}`, {
        method: "PATCH",
        body,
        headers: { "content-type": "application/apply-patch+yaml" },
      });
    const managersOf = (answer: Answer): Record<string, Manager> =>
      Object.fromEntries(
        (answer.body.metadata.managedFields as Manager[]).map((entry) => [entry.manager, entry]), // wire format
      );

    test("creates what is not there, and changes nothing the second time", async () => {
      const made = await applied(`${maps}/made`, "one", configMap("made", { a: "1" }));
      expect(made.code).toBe(201);
      expect(managersOf(made)["one"]).toMatchObject({
        operation: "Apply",
        fieldsV1: { "f:data": { "f:a": {} } },
      });
      const again = await applied(`${maps}/made`, "one", configMap("made", { a: "1" }));
      expect(again.code).toBe(200);
      expect(again.body.metadata.resourceVersion).toBe(made.body.metadata.resourceVersion);
    });

    test("removes what its manager no longer says, unless another says it", async () => {
      await applied(`${maps}/left`, "one", configMap("left", { a: "1", b: "1" }));
      await applied(`${maps}/left`, "two", configMap("left", { b: "1", c: "1" }));
      const less = await applied(`${maps}/left`, "one", configMap("left", {}));
      expect(less.body.data).toEqual({ b: "1", c: "1" });
      const none = await applied(`${maps}/left`, "two", { apiVersion: "v1", kind: "ConfigMap" });
      expect(none.body.data).toBeUndefined();
    });

    test("tells of conflicts, and takes over by force", async () => {
      await applied(`${maps}/fought`, "one", configMap("fought", { a: "1" }));
      const conflict = await applied(`${maps}/fought`, "two", configMap("fought", { a: "2" }));
      expect(conflict.code).toBe(409);
      const other = 'conflict with "one"';
      expect(conflict.body).toMatchObject({
        reason: "Conflict",
        message: `Apply failed with 1 conflict: ${other}: .data.a`,
        details: { causes: [{ reason: "FieldManagerConflict", message: other, field: ".data.a" }] },
      });
      const forced = await applied(`${maps}/fought`, "two", configMap("fought", { a: "2" }), "&force=true");
      expect(forced.code).toBe(200);
      expect(forced.body.data).toEqual({ a: "2" });
      expect(managersOf(forced)["one"]?.fieldsV1 ?? {}).not.toHaveProperty(["f:data", "f:a"]);
      // who says the same owns it as well
      const same = await applied(`${maps}/fought`, "three", configMap("fought", { a: "2" }));
      expect(same.code).toBe(200);
    });

    test("fights with whoever wrote by other means", async () => {
      await api().call(`${maps}?fieldManager=writer`, { body: configMap("written", { a: "1" }) });
      const conflict = await applied(`${maps}/written`, "one", configMap("written", { a: "2" }));
      expect(conflict.code).toBe(409);
      expect(conflict.body.message).toMatch(
        /^Apply failed with 1 conflict: conflict with "writer" using v1(?: at .+)?: \.data\.a$/,
      );
    });

    test("owns items of lists by their keys", async () => {
      const made = await applied(`${deployments}/listed`, "one", deployment("listed", 0));
      expect(made.code).toBe(201);
      expect(managersOf(made)["one"]?.fieldsV1).toMatchObject({
        "f:spec": {
          "f:template": {
            "f:spec": {
              "f:containers": {
                'k:{"name":"web"}': {
                  ".": {},
                  "f:image": {},
                  "f:name": {},
                  "f:ports": {
                    'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                  },
                },
              },
            },
          },
        },
      });
      const side = await applied(`${deployments}/listed`, "two", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "listed" },
        spec: { template: { spec: { containers: [{ name: "side", image: "side:1" }] } } },
      });
      expect(side.code).toBe(200);
      const { containers } = side.body.spec.template.spec;
      expect(containers.map(({ name }: { name: string }) => name).toSorted()).toEqual(["side", "web"]);
      const back = await applied(`${deployments}/listed`, "two", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "listed" },
      });
      expect(back.body.spec.template.spec.containers).toHaveLength(1);
    });

    test("keeps the status apart", async () => {
      await applied(`${deployments}/status`, "one", deployment("status", 0));
      const told = await applied(`${deployments}/status/status`, "teller", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "status" },
        status: { collisionCount: 2 },
      });
      expect(told.code).toBe(200);
      expect(told.body.status.collisionCount).toBe(2);
      expect(managersOf(told)["teller"]).toMatchObject({
        operation: "Apply",
        fieldsV1: { "f:status": { "f:collisionCount": {} } },
        ...(api().minor < 22 ? {} : { subresource: "status" }),
      });
    });

    test("needs a manager, a kind, and no managed fields", async () => {
      const nobody = await api().call(`${maps}/nobody`, {
        method: "PATCH",
        body: configMap("nobody"),
        headers: { "content-type": "application/apply-patch+yaml" },
      });
      expect(nobody.code).toBe(422);
      expect(nobody.body.message).toContain("fieldManager: Required value: is required for apply patch");
      const untyped = await applied(`${maps}/untyped`, "one", { data: { a: "1" } });
      expect(untyped.code).toBe(400);
      const managed = await applied(
        `${maps}/managed`,
        "one",
        configMap("managed", {}, { managedFields: [{ manager: "x", operation: "Apply", apiVersion: "v1" }] }),
      );
      expect(managed.code).toBe(400);
      expect(managed.body.message).toContain("metadata.managedFields must be nil");
      const uid = await applied(
        `${maps}/uid`,
        "one",
        configMap("uid", {}, { uid: "00000000-0000-4000-8000-000000000000" }),
      );
      expect([404, 409]).toContain(uid.code);
    });

    test("of a version that has passed is refused", async () => {
      const made = await applied(`${maps}/old`, "one", configMap("old", { a: "1" }));
      const stale = configMap("old", { a: "2" }, { resourceVersion: made.body.metadata.resourceVersion });
      await applied(`${maps}/old`, "one", configMap("old", { a: "3" }));
      expect((await applied(`${maps}/old`, "one", stale)).code).toBe(409);
    });

    test("is forgotten by who strips the managers", async () => {
      await applied(`${maps}/stripped`, "one", configMap("stripped", { a: "1" }));
      const stripped = await api().call(`${maps}/stripped`, {
        method: "PATCH",
        body: { metadata: { managedFields: [{}] } },
        headers: { "content-type": "application/merge-patch+json" },
      });
      expect(stripped.body.metadata.managedFields ?? []).toHaveLength(0);
    });
  });
}

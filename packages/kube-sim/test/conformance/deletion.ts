/** Deletion: finalizers, propagation, what the garbage collector takes, the end of namespaces. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster.ts";
import { configMap, configMapsOf, deployment, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

const MERGE = { "content-type": "application/merge-patch+json" };

export function deletion(api: () => Target): void {
  describe("deletion", () => {
    let namespace: string;
    let maps: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
      maps = configMapsOf(namespace);
    });
    const gone = (path: string): Promise<boolean> =>
      eventually(async () => (await api().call(path)).code === 404);

    test("of a simple object says what is gone", async () => {
      const { body } = await api().call(maps, { body: configMap("simple") });
      const { code, body: status } = await api().call(`${maps}/simple`, { method: "DELETE" });
      expect(code).toBe(200);
      expect(status).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: "simple", kind: "configmaps", uid: body.metadata.uid },
      });
    });

    test("waits for finalizers, and nothing is added to them then", async () => {
      const held = configMap("held", {}, { finalizers: ["x.example.com/hold"] });
      const { body } = await api().call(maps, { body: held });
      const marked = await api().call(`${maps}/held`, { method: "DELETE" });
      expect(marked.code).toBe(200);
      expect(marked.body.kind).toBe("ConfigMap");
      expect(marked.body.metadata).toMatchObject({ deletionGracePeriodSeconds: 0, uid: body.metadata.uid });
      expect(marked.body.metadata.deletionTimestamp).toMatch(/Z$/);
      const again = await api().call(`${maps}/held`, { method: "DELETE" });
      expect(again.code).toBe(200);
      expect(again.body.metadata.deletionTimestamp).toBe(marked.body.metadata.deletionTimestamp);
      const added = await api().call(`${maps}/held`, {
        method: "PATCH",
        body: { metadata: { finalizers: ["x.example.com/hold", "x.example.com/more"] } },
        headers: MERGE,
      });
      expect(added.code).toBe(422);
      expect(added.body.message).toContain(
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.example.com/more"}',
      );
      const changed = await api().call(`${maps}/held`, {
        method: "PATCH",
        body: { data: { a: "1" } },
        headers: MERGE,
      });
      expect(changed.code).toBe(200);
      const freed = await api().call(`${maps}/held`, {
        method: "PATCH",
        body: { metadata: { finalizers: null } },
        headers: MERGE,
      });
      expect(freed.code).toBe(200);
      expect((await api().call(`${maps}/held`)).code).toBe(404);
    });

    test("leaves a name free for another object at once", async () => {
      const first = await api().call(maps, { body: configMap("again") });
      await api().call(`${maps}/again`, { method: "DELETE" });
      const second = await api().call(maps, { body: configMap("again") });
      expect(second.code).toBe(201);
      expect(second.body.metadata.uid).not.toBe(first.body.metadata.uid);
    });

    test("by policy sets the finalizer of that policy", async () => {
      const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      await api().call(deployments, { body: deployment("policy", 0) });
      const refused = await api().call(`${deployments}/policy`, {
        method: "DELETE",
        body: { propagationPolicy: "Sometimes" },
      });
      expect(refused.code).toBe(422);
      expect(refused.body.message).toContain('propagationPolicy: Unsupported value: "Sometimes"');
      const both = await api().call(`${deployments}/policy`, {
        method: "DELETE",
        body: { propagationPolicy: "Orphan", orphanDependents: true },
      });
      expect(both.code).toBe(422);
      const marked = await api().call(`${deployments}/policy?propagationPolicy=Foreground`, {
        method: "DELETE",
      });
      expect(marked.code).toBe(200);
      expect(marked.body.metadata.finalizers).toEqual(["foregroundDeletion"]);
      if (api().hasControllers) await gone(`${deployments}/policy`);
    });

    const ownedBy = (
      name: string,
      owner: { metadata: { name: string; uid: string } },
      block = false,
    ): object =>
      configMap(
        name,
        {},
        {
          ownerReferences: [
            {
              apiVersion: "v1",
              kind: "ConfigMap",
              name: owner.metadata.name,
              uid: owner.metadata.uid,
              ...(block ? { blockOwnerDeletion: true } : {}),
            },
          ],
        },
      );

    test("takes what is owned along, in the background", async (context) => {
      if (!api().hasControllers) context.skip("no garbage collector runs");
      const owner = await api().call(maps, { body: configMap("owner") });
      await api().call(maps, { body: ownedBy("owned", owner.body) });
      await api().call(`${maps}/owner`, { method: "DELETE" });
      expect((await api().call(`${maps}/owner`)).code).toBe(404);
      await gone(`${maps}/owned`);
    }, 40_000);

    test("leaves orphans behind where it is told to", async (context) => {
      if (!api().hasControllers) context.skip("no garbage collector runs");
      const owner = await api().call(maps, { body: configMap("parent") });
      await api().call(maps, { body: ownedBy("orphan", owner.body) });
      await api().call(`${maps}/parent?propagationPolicy=Orphan`, { method: "DELETE" });
      await gone(`${maps}/parent`);
      const { code, body } = await api().call(`${maps}/orphan`);
      expect(code).toBe(200);
      expect(body.metadata.ownerReferences).toBeUndefined();
    }, 40_000);

    test("in the foreground waits for the owned that block it", async (context) => {
      if (!api().hasControllers) context.skip("no garbage collector runs");
      const owner = await api().call(maps, { body: configMap("front") });
      const child = ownedBy("child", owner.body, true) as { metadata: object }; // made above
      await api().call(maps, {
        body: { ...child, metadata: { ...child.metadata, finalizers: ["x.example.com/hold"] } },
      });
      await api().call(`${maps}/front?propagationPolicy=Foreground`, { method: "DELETE" });
      await eventually(
        async () => (await api().call(`${maps}/child`)).body.metadata?.deletionTimestamp !== undefined,
      );
      expect((await api().call(`${maps}/front`)).body.metadata.finalizers).toEqual(["foregroundDeletion"]);
      await api().call(`${maps}/child`, {
        method: "PATCH",
        body: { metadata: { finalizers: null } },
        headers: MERGE,
      });
      await gone(`${maps}/front`);
    }, 40_000);

    test("takes what names an owner that is not there", async (context) => {
      if (!api().hasControllers) context.skip("no garbage collector runs");
      const uid = "11111111-1111-4111-8111-111111111111";
      await api().call(maps, { body: ownedBy("absent", { metadata: { name: "never", uid } }) });
      expect(await gone(`${maps}/absent`)).toBe(true);
    }, 40_000);

    test("of a namespace takes its objects first, and refuses new ones", async (context) => {
      if (!api().hasControllers) context.skip("nothing ends namespaces");
      const name = await newNamespace(api());
      const inside = configMapsOf(name);
      await api().call(inside, { body: configMap("held", {}, { finalizers: ["x.example.com/hold"] }) });
      const marked = await api().call(`/api/v1/namespaces/${name}`, { method: "DELETE" });
      expect(marked.code).toBe(200);
      expect(marked.body.status.phase).toBe("Terminating");
      const refused = await api().call(inside, { body: configMap("late") });
      expect(refused.code).toBe(403);
      expect(refused.body.message).toContain(
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
      expect(refused.body.details.causes).toMatchObject([
        { reason: "NamespaceTerminating", field: "metadata.namespace" },
      ]);
      const told = await eventually(async () => {
        const { body } = await api().call(`/api/v1/namespaces/${name}`);
        const conditions: { type: string; status: string; message: string }[] = body.status.conditions ?? [];
        return conditions.find(
          ({ type, status }) => type === "NamespaceFinalizersRemaining" && status === "True",
        );
      });
      expect(told.message).toContain("x.example.com/hold in 1 resource instances");
      await api().call(`${inside}/held`, {
        method: "PATCH",
        body: { metadata: { finalizers: null } },
        headers: MERGE,
      });
      await gone(`/api/v1/namespaces/${name}`);
    }, 60_000);
  });
}

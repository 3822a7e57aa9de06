/** JSON, merge and strategic-merge patches. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../api-caller.ts";
import { configMap, configMapsOf, deployment, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

export function patches(api: () => Target): void {
  describe("patches", () => {
    let maps: string;
    let deployments: string;
    beforeAll(async () => {
      const namespace = await newNamespace(api());
      maps = configMapsOf(namespace);
      deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    });
    const patch = (path: string, type: string, body: unknown): Promise<Answer> =>
      api().call(path, { method: "PATCH", body, headers: { "content-type": type } });
    const JSON_PATCH = "application/json-patch+json";
    const MERGE = "application/merge-patch+json";
    const STRATEGIC = "application/strategic-merge-patch+json";

    test("of JSON operations are done in their order", async () => {
      await api().call(maps, { body: configMap("json", { a: "1" }, { annotations: { "with/slash": "2" } }) });
      const { code, body } = await patch(`${maps}/json`, JSON_PATCH, [
        { op: "test", path: "/data/a", value: "1" },
        { op: "add", path: "/data/b", value: "3" },
        { op: "move", from: "/data/a", path: "/data/c" },
        { op: "copy", from: "/data/c", path: "/data/d" },
        { op: "replace", path: "/data/b", value: "4" },
        { op: "remove", path: "/metadata/annotations/with~1slash" },
      ]);
      expect(code).toBe(200);
      expect(body.data).toEqual({ b: "4", c: "1", d: "1" });
      expect(body.metadata.annotations).toBeUndefined();
    });

    test("of JSON operations that do not fit are refused whole", async () => {
      await api().call(maps, { body: configMap("unfit", { a: "1" }) });
      const tested = await patch(`${maps}/unfit`, JSON_PATCH, [
        { op: "add", path: "/data/b", value: "2" },
        { op: "test", path: "/data/a", value: "9" },
      ]);
      expect(tested.code).toBe(422);
      expect(tested.body).toMatchObject({ reason: "Invalid" });
      expect(tested.body.message).toBe("the server rejected our request due to an error in our request");
      const missing = await patch(`${maps}/unfit`, JSON_PATCH, [{ op: "remove", path: "/data/none" }]);
      expect(missing.code).toBe(422);
      const malformed = await patch(`${maps}/unfit`, JSON_PATCH, { op: "remove" });
      expect(malformed.code).toBe(400);
      expect((await api().call(`${maps}/unfit`)).body.data).toEqual({ a: "1" });
    });

    test("of the merge kind set, remove by null and replace lists", async () => {
      await api().call(deployments, { body: deployment("merged", 0) });
      const { code, body } = await patch(`${deployments}/merged`, MERGE, {
        metadata: { labels: { x: "1" }, annotations: { gone: null } },
        spec: { template: { spec: { containers: [{ name: "other", image: "o:1" }] } } },
      });
      expect(code).toBe(200);
      expect(body.metadata.labels).toEqual({ x: "1" });
      expect(body.spec.template.spec.containers).toHaveLength(1);
      expect(body.spec.template.spec.containers[0].name).toBe("other");
    });

    test("of the strategic kind merge lists by their keys", async () => {
      await api().call(deployments, { body: deployment("strategic", 0) });
      const { code, body } = await patch(`${deployments}/strategic`, STRATEGIC, {
        spec: {
          template: {
            spec: {
              containers: [
                { name: "web", image: "web:2" },
                { name: "side", image: "side:1" },
              ],
            },
          },
        },
      });
      expect(code).toBe(200);
      const containers: { name: string; image: string; ports?: object[] }[] =
        body.spec.template.spec.containers;
      expect(containers.map(({ name, image }) => `${name} ${image}`).toSorted()).toEqual([
        "side side:1",
        "web web:2",
      ]);
      expect(containers.find(({ name }) => name === "web")?.ports).toEqual([
        { containerPort: 80, protocol: "TCP" },
      ]);
      const removed = await patch(`${deployments}/strategic`, STRATEGIC, {
        spec: { template: { spec: { containers: [{ name: "side", $patch: "delete" }] } } },
      });
      expect(removed.body.spec.template.spec.containers).toHaveLength(1);
      const whole = await patch(`${deployments}/strategic`, STRATEGIC, {
        spec: {
          template: { spec: { containers: [{ $patch: "replace" }, { name: "only", image: "only:1" }] } },
        },
      });
      expect(whole.body.spec.template.spec.containers.map(({ name }: { name: string }) => name)).toEqual([
        "only",
      ]);
    });

    test("of the strategic kind keep sets and delete from them", async () => {
      await api().call(maps, { body: configMap("sets", {}, { finalizers: ["x.example.com/a"] }) });
      const added = await patch(`${maps}/sets`, STRATEGIC, { metadata: { finalizers: ["x.example.com/b"] } });
      expect(added.body.metadata.finalizers.toSorted()).toEqual(["x.example.com/a", "x.example.com/b"]);
      const removed = await patch(`${maps}/sets`, STRATEGIC, {
        metadata: { "$deleteFromPrimitiveList/finalizers": ["x.example.com/a"] },
      });
      expect(removed.body.metadata.finalizers).toEqual(["x.example.com/b"]);
      await patch(`${maps}/sets`, MERGE, { metadata: { finalizers: null } });
    });

    test("of a kind that is not known are refused", async () => {
      await api().call(maps, { body: configMap("kind") });
      const { code, body } = await patch(`${maps}/kind`, "application/json", {});
      expect(code).toBe(415);
      expect(body.reason).toBe("UnsupportedMediaType");
      expect(body.message).toBe("415: Unsupported Media Type");
    });

    test("carry a version where they shall meet no other change", async () => {
      const { body } = await api().call(maps, { body: configMap("versioned") });
      await patch(`${maps}/versioned`, MERGE, { data: { key: "2" } });
      const stale = await patch(`${maps}/versioned`, MERGE, {
        metadata: { resourceVersion: body.metadata.resourceVersion },
        data: { key: "3" },
      });
      expect(stale.code).toBe(409);
      expect(stale.body.reason).toBe("Conflict");
    });

    test("of what does not exist find nothing", async () => {
      expect((await patch(`${maps}/missing`, MERGE, { data: {} })).code).toBe(404);
    });

    test("that change nothing keep the version", async () => {
      const { body } = await api().call(maps, { body: configMap("nothing") });
      const same = await patch(`${maps}/nothing`, MERGE, { data: { key: "value" } });
      expect(same.code).toBe(200);
      expect(same.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    });
  });
}

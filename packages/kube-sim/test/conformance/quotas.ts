/** Quotas and limit ranges: what they refuse, what they fill in, what they count. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster.ts";
import { configMap, configMapsOf, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

export function quotas(api: () => Target): void {
  describe("quotas and limit ranges", () => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
    });
    const pod = (name: string, resources?: object): object => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { containers: [{ name: "c", image: "c:1", ...(resources === undefined ? {} : { resources }) }] },
    });

    test("limit ranges fill in and refuse", async () => {
      const limits = {
        type: "Container",
        default: { cpu: "500m" },
        defaultRequest: { cpu: "100m" },
        max: { cpu: "1" },
        min: { cpu: "50m" },
      };
      await api().call(`/api/v1/namespaces/${namespace}/limitranges`, {
        body: { metadata: { name: "limits" }, spec: { limits: [limits] } },
      });
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      // the admission's own view of limit ranges may be a little behind
      const filled = await eventually(async () => {
        const answer = await api().call(`${pods}?dryRun=All`, { body: pod("filled") });
        return answer.body.spec?.containers[0].resources.limits === undefined ? undefined : answer;
      });
      expect(filled.body.spec.containers[0].resources).toEqual({
        limits: { cpu: "500m" },
        requests: { cpu: "100m" },
      });
      const much = await api().call(pods, {
        body: pod("much", { limits: { cpu: "2" }, requests: { cpu: "10m" } }),
      });
      expect(much.code).toBe(403);
      expect(much.body.message).toContain(
        'pods "much" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 1, but limit is 2]',
      );
    }, 40_000);

    test("quotas count and refuse", async (context) => {
      if (!api().hasControllers) context.skip("nothing counts");
      const other = await newNamespace(api());
      const maps = configMapsOf(other);
      await api().call(`/api/v1/namespaces/${other}/resourcequotas`, {
        body: { metadata: { name: "few" }, spec: { hard: { "count/configmaps": "2", pods: "1" } } },
      });
      const counted = await eventually(async () => {
        const { body } = await api().call(`/api/v1/namespaces/${other}/resourcequotas/few`);
        return body.status?.used === undefined ? undefined : body;
      });
      expect(counted.status.hard).toEqual({ "count/configmaps": "2", pods: "1" });
      const used = Number(counted.status.used["count/configmaps"]);
      for (let made = used; made < 2; made += 1) {
        const { code } = await api().call(maps, { body: configMap(`m${made}`) });
        expect(code).toBe(201);
      }
      const refused = await api().call(maps, { body: configMap("more") });
      expect(refused.code).toBe(403);
      expect(refused.body.message).toBe(
        'configmaps "more" is forbidden: exceeded quota: few, requested: count/configmaps=1, used: count/configmaps=2, limited: count/configmaps=2',
      );
    }, 60_000);
  });
}

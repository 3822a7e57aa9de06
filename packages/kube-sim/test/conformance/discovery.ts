/** What there is to ask for: groups, versions, resources, and the documents of their schemas. */
import { describe, expect, test } from "vitest";
import type { Target } from "./target.ts";

export function discovery(api: () => Target): void {
  describe("discovery", () => {
    test("lists versions and groups", async () => {
      const core = await api().call("/api");
      expect(core.body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
      expect(core.body.serverAddressByClientCIDRs[0]).toMatchObject({ clientCIDR: "0.0.0.0/0" });
      const { body } = await api().call("/apis");
      expect(body).toMatchObject({ kind: "APIGroupList", apiVersion: "v1" });
      const apps = body.groups.find(({ name }: { name: string }) => name === "apps");
      expect(apps).toMatchObject({
        versions: [{ groupVersion: "apps/v1", version: "v1" }],
        preferredVersion: { groupVersion: "apps/v1", version: "v1" },
      });
      const group = await api().call("/apis/apps");
      expect(group.body).toMatchObject({ kind: "APIGroup", name: "apps" });
      expect((await api().call("/apis/none.example.com")).code).toBe(404);
    });

    test("lists resources with their verbs", async () => {
      const { body } = await api().call("/apis/apps/v1");
      expect(body).toMatchObject({ kind: "APIResourceList", groupVersion: "apps/v1" });
      const named = (name: string) => body.resources.find((one: { name: string }) => one.name === name);
      expect(named("deployments")).toMatchObject({
        kind: "Deployment",
        namespaced: true,
        shortNames: ["deploy"],
        categories: ["all"],
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      });
      expect(named("deployments/status")).toMatchObject({
        kind: "Deployment",
        verbs: ["get", "patch", "update"],
      });
      expect(named("deployments/scale")).toMatchObject({
        kind: "Scale",
        group: "autoscaling",
        version: "v1",
        verbs: ["get", "patch", "update"],
      });
    });

    test("serves all of it in one document, where that is known", async (context) => {
      if (api().minor < 30) context.skip("aggregated discovery is on since 1.30");
      const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      const { body, headers } = await api().call("/apis", { headers: { accept } });
      expect(headers["content-type"]).toContain("as=APIGroupDiscoveryList");
      expect(body.kind).toBe("APIGroupDiscoveryList");
      const apps = body.items.find(
        ({ metadata }: { metadata: { name: string } }) => metadata.name === "apps",
      );
      expect(apps.versions[0].resources.map(({ resource }: { resource: string }) => resource)).toContain(
        "deployments",
      );
    });

    test("describes the fields of what it serves", async () => {
      const { body } = await api().call("/openapi/v2");
      expect(body.swagger).toBe("2.0");
      const pod = body.definitions["io.k8s.api.core.v1.PodSpec"];
      expect(pod.required).toEqual(["containers"]);
      expect(pod.properties.containers).toMatchObject({
        type: "array",
        items: { $ref: "#/definitions/io.k8s.api.core.v1.Container" },
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-patch-strategy": "merge",
      });
      expect(body.definitions["io.k8s.api.core.v1.Pod"]["x-kubernetes-group-version-kind"]).toEqual([
        { group: "", kind: "Pod", version: "v1" },
      ]);
    });

    test("says what it is", async () => {
      const { body } = await api().call("/version");
      expect(body).toMatchObject({ major: "1", gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) });
    });
  });
}

/** Lists: selectors, pages, versions, shapes. */
import { beforeAll, describe, expect, test } from "vitest";
import { configMap, configMapsOf, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

interface Named {
  metadata: { name: string };
}

const namesOf = (body: { items: Named[] }): string[] => body.items.map(({ metadata }) => metadata.name);

export function lists(api: () => Target): void {
  describe("lists", () => {
    let maps: string;
    beforeAll(async () => {
      maps = configMapsOf(await newNamespace(api()));
      const labels: Record<string, string>[] = [
        { team: "red", tier: "1" },
        { team: "blue" },
        { tier: "2" },
        {},
      ];
      for (const [index, of] of labels.entries()) {
        await api().call(maps, { body: configMap(`m${index}`, { key: "value" }, { labels: of }) });
      }
    });

    /** The suite's own, since a controller may put config maps of its own into each namespace. */
    const own = (names: string[]): string[] => names.filter((name) => /^m\d$/.test(name));

    test.each([
      ["team=red", ["m0"]],
      ["team==red", ["m0"]],
      ["team!=red", ["m1", "m2", "m3"]],
      ["team in (red,blue)", ["m0", "m1"]],
      ["team notin (red)", ["m1", "m2", "m3"]],
      ["team", ["m0", "m1"]],
      ["!team", ["m2", "m3"]],
      ["tier>1", ["m2"]],
      ["tier<2", ["m0"]],
      ["team=red,tier=1", ["m0"]],
      [" team = red , tier ", ["m0"]],
      ["team in ()", []],
      ["", ["m0", "m1", "m2", "m3"]],
    ])("choose by the labels %j", async (selector, names) => {
      const { body } = await api().call(`${maps}?labelSelector=${encodeURIComponent(selector)}`);
      expect(own(namesOf(body))).toEqual(names);
    });

    test.each(["team in", "=red", "team=red,,tier", "tier>x", "team in (red"])(
      "refuse the label selector %j",
      async (selector) => {
        const { code, body } = await api().call(`${maps}?labelSelector=${encodeURIComponent(selector)}`);
        expect(code).toBe(400);
        expect(body.reason).toBe("BadRequest");
      },
    );

    test("choose by name and namespace, and by no field that is not known", async () => {
      const { body } = await api().call(`${maps}?fieldSelector=metadata.name%3Dm1`);
      expect(namesOf(body)).toEqual(["m1"]);
      const others = await api().call(`${maps}?fieldSelector=metadata.name!%3Dm1`);
      expect(own(namesOf(others.body))).toEqual(["m0", "m2", "m3"]);
      const unknown = await api().call(`${maps}?fieldSelector=data.key%3Dvalue`);
      expect(unknown.code).toBe(400);
      expect(unknown.body.message).toBe(
        '"data.key" is not a known field selector: only "metadata.name", "metadata.namespace"',
      );
      const pods = await api().call("/api/v1/pods?fieldSelector=spec.unknown%3Dx");
      expect(pods.code).toBe(400);
      expect(pods.body.message).toBe("field label not supported: spec.unknown");
      const broken = await api().call(`${maps}?fieldSelector=metadata.name`);
      expect(broken.code).toBe(400);
      expect(broken.body.message).toContain(
        "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
      );
    });

    test("come in pages of one moment", async () => {
      const first = await api().call(`${maps}?limit=2&labelSelector=none!%3Dx`);
      expect(first.body.items).toHaveLength(2);
      expect(first.body.metadata.continue).not.toBe("");
      // how many are left is not counted where a selector could leave some of them out
      expect(first.body.metadata.remainingItemCount).toBeUndefined();
      const whole = await api().call(`${maps}?limit=2`);
      expect(whole.body.metadata.remainingItemCount).toBeGreaterThanOrEqual(2);
      await api().call(maps, { body: configMap("m9") });
      const token = encodeURIComponent(whole.body.metadata.continue);
      const rest = await api().call(`${maps}?limit=50&continue=${token}`);
      expect(rest.body.metadata.resourceVersion).toBe(whole.body.metadata.resourceVersion);
      expect(own([...namesOf(whole.body), ...namesOf(rest.body)])).toEqual(["m0", "m1", "m2", "m3"]);
      expect(rest.body.metadata.continue).toBeUndefined();
      await api().call(`${maps}/m9`, { method: "DELETE" });
    });

    test("refuse a token that is none, and a version beside one", async () => {
      const broken = await api().call(`${maps}?limit=1&continue=broken`);
      expect(broken.code).toBe(400);
      expect(broken.body.message).toContain("continue key is not valid");
      const { body } = await api().call(`${maps}?limit=1`);
      const token = encodeURIComponent(body.metadata.continue);
      const both = await api().call(`${maps}?limit=1&continue=${token}&resourceVersion=1`);
      expect(both.code).toBe(400);
      expect(both.body.message).toContain("specifying resource version is not allowed when using continue");
    });

    test("whose pages are of a moment that is forgotten begin anew, or go on with what there is now", async () => {
      const { body } = await api().call(`${maps}?limit=1`);
      await api().call(maps, { body: configMap("later") });
      await api().forget();
      const token = encodeURIComponent(body.metadata.continue);
      const expired = await api().call(`${maps}?limit=50&continue=${token}`);
      expect(expired.code).toBe(410);
      expect(expired.body).toMatchObject({
        kind: "Status",
        status: "Failure",
        reason: "Expired",
        code: 410,
        message:
          "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
      });
      const onward = encodeURIComponent(expired.body.metadata.continue);
      const rest = await api().call(`${maps}?limit=50&continue=${onward}`);
      expect(rest.code).toBe(200);
      expect(own([...namesOf(body), ...namesOf(rest.body)])).toEqual(["m0", "m1", "m2", "m3"]);
    });

    test("are of the version that is asked for", async (context) => {
      if (api().minor < 19) context.skip("resourceVersionMatch came with 1.19");
      const { body } = await api().call(maps);
      const version: string = body.metadata.resourceVersion;
      const later = await api().call(maps, { body: configMap("m8") });
      const exact = await api().call(
        `${maps}?limit=50&resourceVersion=${version}&resourceVersionMatch=Exact`,
      );
      expect(exact.code).toBe(200);
      expect(namesOf(exact.body)).not.toContain("m8");
      expect(exact.body.metadata.resourceVersion).toBe(version);
      const newer = await api().call(
        `${maps}?resourceVersion=${later.body.metadata.resourceVersion}&resourceVersionMatch=NotOlderThan`,
      );
      expect(namesOf(newer.body)).toContain("m8");
      await api().call(`${maps}/m8`, { method: "DELETE" });
    });

    test("refuse a version match that means nothing", async (context) => {
      if (api().minor < 19) context.skip("resourceVersionMatch came with 1.19");
      const messageOf = async (query: string): Promise<string> => {
        const { code, body } = await api().call(`${maps}?${query}`);
        expect(code).toBe(422);
        return body.message;
      };
      expect(await messageOf("resourceVersionMatch=Exact")).toContain(
        "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
      );
      expect(await messageOf("resourceVersion=0&resourceVersionMatch=Exact")).toContain(
        'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
      );
      expect(await messageOf("resourceVersion=1&resourceVersionMatch=Sometimes")).toContain(
        'resourceVersionMatch: Unsupported value: "Sometimes": supported values: ',
      );
    });

    test("refuse a version that is no number, and wait in vain for one that is yet to come", async () => {
      const broken = await api().call(`${maps}?resourceVersion=abc`);
      expect(broken.code).toBe(500);
      expect(broken.body.message).toBe(
        'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
      );
      const { body } = await api().call(maps);
      const future = await api().call(
        `${maps}?resourceVersion=${Number(body.metadata.resourceVersion) + 1_000_000}`,
      );
      expect(future.code).toBe(504);
      expect(future.body).toMatchObject({ reason: "Timeout" });
      expect(future.body.message).toContain("Too large resource version: ");
      expect(future.body.details).toMatchObject({
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      });
    }, 20_000);

    test("of built-in kinds name the kind of the list alone", async () => {
      const { body } = await api().call(`${maps}?limit=1`);
      expect(body).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1" });
      expect(body.items[0]).not.toHaveProperty("kind");
      expect(body.items[0]).not.toHaveProperty("apiVersion");
    });

    test("come as tables", async () => {
      const { body } = await api().call(`${maps}?fieldSelector=metadata.name%3Dm0`, {
        headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" },
      });
      expect(body).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1" });
      expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual([
        "Name",
        "Data",
        "Age",
      ]);
      expect(body.columnDefinitions[0]).toMatchObject({ type: "string", format: "name", priority: 0 });
      expect(body.rows[0].cells.slice(0, 2)).toEqual(["m0", 1]);
      expect(body.rows[0].object).toMatchObject({
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: { name: "m0" },
      });
      const without = await api().call(`${maps}/m0?includeObject=None`, {
        headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
      });
      expect(without.body.kind).toBe("Table");
      expect(without.body.rows[0].object).toBeNull();
      const whole = await api().call(`${maps}/m0?includeObject=Object`, {
        headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
      });
      expect(whole.body.rows[0].object).toMatchObject({ kind: "ConfigMap", data: { key: "value" } });
    });

    test("come as metadata alone", async () => {
      const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
      const { body } = await api().call(maps, { headers: { accept } });
      expect(body).toMatchObject({ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" });
      const one = body.items.find(({ metadata }: Named) => metadata.name === "m0");
      expect(one).toMatchObject({ kind: "PartialObjectMetadata", metadata: { labels: { team: "red" } } });
      expect(one).not.toHaveProperty("data");
      const single = await api().call(`${maps}/m0`, {
        headers: { accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
      });
      expect(single.body).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "m0" } });
      expect(single.body).not.toHaveProperty("data");
    });

    test("are deleted together, as far as the selectors reach", async () => {
      for (const name of ["d1", "d2"]) {
        await api().call(maps, { body: configMap(name, {}, { labels: { gone: name } }) });
      }
      const { code, body } = await api().call(`${maps}?labelSelector=gone%3Dd1`, { method: "DELETE" });
      expect(code).toBe(200);
      expect(body.kind).toBe("ConfigMapList");
      expect(namesOf(body)).toEqual(["d1"]);
      expect((await api().call(`${maps}/d1`)).code).toBe(404);
      expect((await api().call(`${maps}/d2`)).code).toBe(200);
    });
  });
}

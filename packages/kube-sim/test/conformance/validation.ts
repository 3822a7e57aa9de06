/** What the API server refuses to store, and in which words: a table for each kind. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster.ts";
import { builtinRefusals } from "./builtin-refusals.ts";
import { metadataRefusals } from "./metadata-refusals.ts";
import { newNamespace } from "./namespaces.ts";
import { podRefusals } from "./pod-refusals.ts";
import type { Refusal } from "./refusal.ts";
import type { Target } from "./target.ts";
import { workloadRefusals } from "./workload-refusals.ts";

const tables: Record<string, readonly Refusal[]> = {
  metadata: metadataRefusals,
  pods: podRefusals,
  workloads: workloadRefusals,
  "other kinds": builtinRefusals,
};

interface Cause {
  field: string;
  message: string;
}

/**
 * The first line of what is said of each field, once: servers add how objects differ, with addresses of pointers, and repeat
 * what two of their checks find.
 */
const linesOf = (causes: readonly Cause[] | undefined): string[] => [
  ...new Set(
    (causes ?? []).map(({ field, message }) =>
      `${field}: ${message.split("\n")[0]}`.replaceAll(/0x[0-9a-f]+/g, "0x"),
    ),
  ),
];

export function validation(api: () => Target): void {
  describe.each(Object.entries(tables))("refusals: %s", (_table, refusals) => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
    });

    const pathOf = (collection: string): string => {
      const parts = collection.replace(/^\//, "").split("/");
      const resource = parts.pop() ?? "";
      const root = parts.length === 0 ? "/api/v1" : `/apis/${parts.join("/")}`;
      return collection.startsWith("/")
        ? `${root}/${resource}`
        : `${root}/namespaces/${namespace}/${resource}`;
    };

    test.each(refusals)("$what", async ({ collection, olderCollection, object, changed, causes, older }) => {
      const path = pathOf(api().minor < 25 ? (olderCollection ?? collection) : collection);
      const expected = older !== undefined && api().minor < older.before ? older.causes : causes;
      const metadata = changed === undefined ? { name: "refused" } : { generateName: "refused-" };
      const named = { metadata, ...object };
      let answer;
      if (changed === undefined) answer = await api().call(`${path}?dryRun=All`, { body: named });
      else {
        const made = await api().call(path, { body: named });
        if (made.code !== 201) throw new Error(made.text);
        answer = await api().call(`${path}/${made.body.metadata.name}?dryRun=All`, {
          method: "PATCH",
          headers: { "content-type": "application/merge-patch+json" },
          body: changed,
        });
        await api().call(`${path}/${made.body.metadata.name}?gracePeriodSeconds=0`, { method: "DELETE" });
      }
      expect(linesOf(answer.body.details?.causes).toSorted()).toEqual(expected.toSorted());
      expect(answer.code).toBe(expected.length > 0 ? 422 : changed === undefined ? 201 : 200);
    });
  });

  test("refusals: metadata of a custom object, new and there", async () => {
    const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const group = "refusals.example.com";
    const version = {
      name: "v1",
      served: true,
      storage: true,
      schema: {
        openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    };
    const names = { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" };
    const made = await api().call(definitions, {
      body: {
        metadata: { name: `things.${group}` },
        spec: { group, scope: "Cluster", names, versions: [version] },
      },
    });
    expect(made.code).toBe(201);
    const path = `/apis/${group}/v1/things`;
    const thing = (metadata: object): object => ({
      apiVersion: `${group}/v1`,
      kind: "Thing",
      metadata: { name: "thing", ...metadata },
    });
    const there = await eventually(async () => {
      const answer = await api().call(path, { body: thing({ finalizers: ["standing.example.com/x"] }) });
      return answer.code === 404 ? undefined : answer;
    });
    expect(there.code).toBe(201);
    const wrong = { labels: { "bad key!": "x" }, finalizers: ["x"], annotations: { "/": "" } };
    const fresh = await api().call(path, { body: thing({ ...wrong, name: "fresh", generateName: "A" }) });
    expect(fresh.code).toBe(422);
    const fieldsOf = (body: { details: { causes: Cause[] } }): string[] => [
      ...new Set(body.details.causes.map(({ field }) => field)),
    ];
    expect(fieldsOf(fresh.body)).toEqual([
      "metadata.generateName",
      "metadata.labels",
      "metadata.annotations",
    ]);
    const patched = await api().call(`${path}/thing`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { metadata: { ...wrong, finalizers: null } },
    });
    expect(patched.code).toBe(422);
    expect(fieldsOf(patched.body)).toEqual(["metadata.labels", "metadata.annotations"]);
    await api().call(`${definitions}/things.${group}`, { method: "DELETE" });
  });
}

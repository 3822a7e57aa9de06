/** Every custom object that kube-sim stores fits the real CRD of its kind; our tables name the kinds as the CRDs do. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { kindInVersion } from "../src/schema/kind.ts";
import { allKinds, findKind } from "../src/schema/registry.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { oracles } from "./oracles.ts";

interface Crd {
  kind: string;
  spec: {
    group: string;
    scope: string;
    names: { plural: string; singular: string; kind: string; shortNames?: string[]; categories?: string[] };
    versions: {
      name: string;
      served: boolean;
      deprecated?: boolean;
      deprecationWarning?: string;
      storage: boolean;
      schema: { openAPIV3Schema: object };
      subresources?: { status?: object; scale?: object };
      additionalPrinterColumns?: { name: string; type: string; jsonPath: string; priority?: number }[];
    }[];
  };
}

function readCrds(): Crd[] {
  if (oracles === undefined) return [];
  const root = join(oracles, "crds");
  return readdirSync(root)
    .filter((folder) => statSync(join(root, folder)).isDirectory())
    .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(root, folder, file)))
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) =>
      parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS() as Crd),
    )
    .filter((crd) => crd?.kind === "CustomResourceDefinition");
}

/** CRD schemas to what ajv understands: nullable types and int-or-string. */
function forAjv(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forAjv);
  if (typeof schema !== "object" || schema === null) return schema;
  const { format: _format, nullable, ...rest } = schema as Record<string, unknown>;
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, forAjv(value)]));
  if (nullable === true && typeof converted["type"] === "string")
    converted["type"] = [converted["type"], "null"];
  return converted;
}

const crds = readCrds();
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ scenario: "demo" });
});
afterAll(() => cluster.close());

describe.skipIf(oracles === undefined)("custom kinds", () => {
  test.each(crds.map((crd) => [`${crd.spec.names.plural}.${crd.spec.group}`, crd] as const))(
    "%s is described as upstream",
    (_name, { spec }) => {
      const kind = findKind(spec.group, spec.names.plural);
      expect(kind).toBeDefined();
      expect(kind).toMatchObject({
        kind: spec.names.kind,
        singular: spec.names.singular,
        namespaced: spec.scope === "Namespaced",
        shortNames: spec.names.shortNames ?? [],
        categories: spec.names.categories ?? [],
        storageVersion: spec.versions.find(({ storage }) => storage)?.name,
      });
      const served = spec.versions.filter((version) => version.served).map(({ name }) => name);
      expect([...(kind?.versions ?? [])].toSorted()).toEqual(served.toSorted());
      const warnings = spec.versions
        .filter((version) => version.served)
        .map(({ name, deprecated, deprecationWarning }) => [
          name,
          deprecated === true ? deprecationWarning : undefined,
        ]);
      expect(warnings.map(([name = ""]) => [name, kind && kindInVersion(kind, name).deprecation])).toEqual(
        warnings,
      );
      const preferred = spec.versions.find(({ name }) => name === kind?.versions[0]);
      expect(kind?.statusSubresource).toBe(preferred?.subresources?.status !== undefined);
      expect(kind?.columns.map(([name, type, path]) => ({ name, type, jsonPath: path }))).toEqual(
        (preferred?.additionalPrinterColumns ?? []).map(({ name, type, jsonPath }) => ({
          name,
          type,
          jsonPath,
        })),
      );
    },
  );

  test("every stored object validates against the real CRD", { timeout: 60_000 }, async () => {
    // The demo is at its richest once its machines have settled.
    await eventually(async () => {
      const { body } = await cluster.call("/apis/kubevirt.io/v1/virtualmachineinstances");
      return (
        body.items.filter((item: { status?: { phase?: string } }) => item.status?.phase === "Running")
          .length > 10
      );
    });
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const faults: string[] = [];
    let checked = 0;
    for (const { spec } of crds) {
      const version = spec.versions.find(({ storage }) => storage);
      if (version === undefined) continue;
      const validate: ValidateFunction = ajv.compile(forAjv(version.schema.openAPIV3Schema) as object);
      const { body } = await cluster.call(`/apis/${spec.group}/${version.name}/${spec.names.plural}`);
      for (const item of body.items) {
        checked += 1;
        if (validate(item)) continue;
        const where = validate.errors
          ?.map((error) => `${error.instancePath} ${error.message ?? ""}`)
          .join("; ");
        faults.push(`${spec.names.kind} ${item.metadata.namespace ?? ""}/${item.metadata.name}: ${where}`);
      }
    }
    expect(faults).toEqual([]);
    expect(checked).toBeGreaterThan(200);
  });

  test("no custom kind is ours alone", () => {
    const known = new Set(crds.map(({ spec }) => `${spec.group}/${spec.names.plural}`));
    expect(allKinds.filter((kind) => kind.custom && !known.has(`${kind.group}/${kind.resource}`))).toEqual(
      [],
    );
  });
});

/** Forms of instance types and preferences, held against those that KubeVirt ships: what a form does not know, it keeps. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { instanceType } from "@kubev/api-types/objects/instance-type";
import { preference } from "@kubev/api-types/objects/preference";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { instanceTypeKind } from "../src/objects/kinds/instance-type.ts";
import { preferenceKind } from "../src/objects/kinds/preference.ts";
import { quantityOrZero } from "../src/domain/quantity.ts";

const oracles = resolve(import.meta.dirname, "../../..", process.env["ORACLES"] ?? "../shared");
const folder = join(oracles, "data/common-instancetypes-v1.7.0");
const shipped = existsSync(folder);
if (!shipped) process.stderr.write("SKIPPED: the instance types that KubeVirt ships are not at hand\n");

interface Shipped {
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> };
  spec: Record<string, unknown>;
}

const read = (file: string): Shipped[] =>
  parseAllDocuments(readFileSync(join(folder, file), "utf8")).flatMap((document) => {
    const object = document.toJS() as Shipped | null; // the bundle's own shape
    return object === null ? [] : [object];
  });

describe.skipIf(!shipped)("as KubeVirt ships them", () => {
  test("instance types read whole, and a form sent back unchanged changes nothing", () => {
    const types = read("common-clusterinstancetypes-bundle.yaml");
    expect(types.length).toBeGreaterThan(50);
    for (const type of types) {
      const { facts } = instanceTypeKind.read(type);
      expect(facts.group).toBe(type.metadata.labels["instancetype.kubevirt.io/class"]);
      expect(facts.memoryBytes).toBe(quantityOrZero(type.metadata.labels["instancetype.kubevirt.io/memory"]));
      const spec = instanceTypeKind.form?.spec(type);
      if (!spec) throw new Error(`${type.metadata.name} has no form`);
      const again = instanceTypeKind.form?.manifest(instanceType.spec.parse(spec), "", type);
      expect({ metadata: again?.["metadata"], spec: again?.["spec"] }).toEqual({
        metadata: type.metadata,
        spec: type.spec,
      });
    }
  });

  test("preferences that the form can say go back unchanged, the others have none", () => {
    const preferences = read("common-clusterpreferences-bundle.yaml");
    const sayable = preferences.filter((one) => preferenceKind.form?.spec(one) !== null);
    expect(sayable.length).toBeGreaterThan(preferences.length / 2);
    for (const one of sayable) {
      const spec = preference.spec.parse(preferenceKind.form?.spec(one));
      const again = preferenceKind.form?.manifest(spec, "", one);
      expect({ metadata: again?.["metadata"], spec: again?.["spec"] }).toEqual({
        metadata: one.metadata,
        spec: one.spec,
      });
    }
  });
});

test.each([
  [{}, "", {}],
  [{ preferredEfi: {} }, "efi-secure-boot", { preferredEfi: {} }],
  [{ preferredEfi: { secureBoot: false } }, "efi", { preferredEfi: { secureBoot: false } }],
  [{ preferredUseEfi: true }, "efi-secure-boot", undefined],
  [{ preferredUseEfi: true, preferredUseSecureBoot: false }, "efi", undefined],
  [{ preferredUseSecureBoot: true }, "", undefined],
  [{ preferredUseEfi: true, preferredUseSecureBoot: true }, "efi-secure-boot", undefined],
])(
  "firmware %j reads as %j, and stays as it is spelled when something else is changed",
  (firmware, read, kept) => {
    const raw = { metadata: { name: "p" }, spec: { firmware } };
    const spec = preference.spec.parse(preferenceKind.form?.spec(raw));
    expect(spec.firmware).toBe(read);
    const next = preferenceKind.form?.manifest({ ...spec, minCpuCores: 2 }, "", raw) as { spec: object };
    expect(next.spec).toEqual({
      ...(Object.keys(firmware).length === 0 ? {} : { firmware: kept ?? firmware }),
      requirements: { cpu: { guest: 2 } },
    });
  },
);

test("Secure Boot asks for the SMM that KubeVirt wants with it; BIOS is not of the form", () => {
  const spec = preference.spec.parse({ name: "p", firmware: "efi-secure-boot" });
  expect(preferenceKind.form?.manifest(spec, "", null)).toMatchObject({
    spec: { features: { preferredSmm: { enabled: true } }, firmware: { preferredEfi: { secureBoot: true } } },
  });
  expect(preferenceKind.form?.spec({ spec: { firmware: { preferredUseBios: true } } })).toBeNull();
});

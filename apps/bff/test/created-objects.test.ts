/** Every object that the console writes validates against the real CRDs, wherever the folder that ORACLES names is at hand. */
import {
  cloneManifest,
  migrationManifest,
  newMachinePatches,
  restoreManifest,
  snapshotManifest,
} from "../src/domain/vm-copy-manifests.ts";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { diskCreate } from "@kubev/api-types/disk-create";
import type { DiskCreateInput } from "@kubev/api-types/disk-create";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { objectShapes } from "@kubev/api-types/object-shapes";
import { subnetCreate } from "@kubev/api-types/subnets";
import { vpcCreate } from "@kubev/api-types/vpcs";
import { vmCreateSpec } from "@kubev/api-types/vm-create";
import type { VmCreateInput } from "@kubev/api-types/vm-create";
import { diskManifest } from "../src/domain/disk-manifest.ts";
import { subnetManifest, vpcManifest } from "../src/domain/network-manifests.ts";
import { buildVmManifests } from "../src/domain/vm-manifest.ts";
import type { z } from "zod";
import { objectKinds } from "../src/objects/object-kinds.ts";
import { objectSamples } from "./object-samples.ts";
import { imageManifests } from "../src/domain/image-manifests.ts";

const oracles = resolve(import.meta.dirname, "../../..", process.env["ORACLES"] ?? "../shared");
const folder = join(oracles, "crds");
const crds = existsSync(folder) ? folder : undefined;

type Schema = Record<string, unknown>;

/** Closes objects that name their properties, as strict field validation does. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const { format: _format, ...rest } = schema as Schema; // ajv knows none of Kubernetes' formats
  const closed: Schema = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, strict(value)]));
  if (closed["x-kubernetes-int-or-string"] === true) return { type: ["string", "integer"] };
  if (
    closed["properties"] !== undefined &&
    closed["additionalProperties"] === undefined &&
    closed["x-kubernetes-preserve-unknown-fields"] !== true
  )
    closed["additionalProperties"] = false;
  return closed;
}

function validator(file: string, version: string) {
  const crd = parse(readFileSync(join(crds ?? "", file), "utf8")) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: { properties: Schema } } }[] };
  };
  const schema = crd.spec.versions.find((one) => one.name === version)?.schema.openAPIV3Schema;
  if (schema === undefined) throw new Error(`${file} has no version ${version}`);
  const { metadata: _metadata, ...properties } = schema.properties;
  const ajv = new Ajv({ strict: false, allErrors: true });
  const check = ajv.compile(
    strict({ ...schema, properties: { ...properties, metadata: { type: "object" } } }) as Schema,
  );
  return (object: unknown) =>
    check(object)
      ? []
      : (check.errors ?? []).map(
          (error) => `${error.instancePath} ${error.message ?? ""} ${JSON.stringify(error.params)}`,
        );
}

const mib = 1024 ** 2;
const base: VmCreateInput = {
  name: "web-1",
  description: "A machine",
  labels: { app: "web" },
  source: { kind: "image", project: "shared-images", name: "debian" },
  diskSizeBytes: 20 * 1024 * mib,
  sizing: { kind: "custom", cpuCores: 2, memoryBytes: 2048 * mib },
  cloudInit: {
    kind: "form",
    userName: "ann",
    password: "canary-password",
    sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH"],
    hostname: "web",
  },
};

const variants: [string, Partial<VmCreateInput>][] = [
  ["image", {}],
  ["iso", { source: { kind: "iso", project: "shared-images", name: "installer" } }],
  ["blank", { source: { kind: "blank" }, storageClass: "fast" }],
  ["disk", { source: { kind: "disk", name: "old-root" } }],
  ["address", { source: { kind: "url", url: "https://a.example/x.qcow2" } }],
  ["registry", { source: { kind: "registry", url: "docker://quay.io/containerdisks/debian:13" } }],
  ["snapshot", { source: { kind: "snapshot", name: "before-upgrade" } }],
  [
    "instance type and preference",
    { sizing: { kind: "instance-type", name: "u1.small" }, preference: "fedora" },
  ],
  [
    "subnet, addresses, MAC, security groups and more interfaces and disks",
    {
      nic: {
        subnet: "web",
        ips: ["10.1.0.5", "fd00::5"],
        mac: "02:00:00:00:00:01",
        securityGroups: ["web", "ssh"],
      },
      attachments: ["storage-net", "backup"],
      dataDisks: [{ sizeBytes: 10 * 1024 * mib }, { sizeBytes: 1024 * mib, storageClass: "fast" }],
    },
  ],
  ["bios", { firmware: "bios" }],
  ["efi", { firmware: "efi" }],
  ["secure boot", { firmware: "efi-secure-boot" }],
  [
    "secure boot with instance type",
    { firmware: "efi-secure-boot", sizing: { kind: "instance-type", name: "u1.small" } },
  ],
  ["raw cloud-init", { cloudInit: { kind: "raw", userData: "#cloud-config\nuser: x\n" } }],
  ["the project's SSH keys", { cloudInit: { kind: "form", sshKeySecrets: ["team-keys", "admins"] } }],
  ["stopped when drained", { evictionStrategy: "None" }],
  ["left to the cluster when drained", { evictionStrategy: "" }],
  ["no cloud-init, not started", { cloudInit: { kind: "none" }, startAfterCreate: false }],
];

const facts = {
  instanceTypeKind: "VirtualMachineClusterInstancetype",
  preferenceKind: "VirtualMachineClusterPreference",
  isoBytes: 700 * mib,
} as const;

describe.skipIf(crds === undefined)("against the real CRDs", () => {
  test.each(variants)("a machine from %s", (_what, over) => {
    const { vm, secret } = buildVmManifests("shop", vmCreateSpec.parse({ ...base, ...over }), facts);
    expect(validator("kubevirt-v1.9.0/kubevirt.io_virtualmachines.yaml", "v1")(vm)).toEqual([]);
    const text = JSON.stringify(vm);
    expect(text).not.toContain("canary-password");
    expect(secret === null).toBe(over.cloudInit?.kind === "none");
  });

  test("an image", () => {
    const { dataSource, dataVolume } = imageManifests("shop", {
      name: "debian",
      displayName: "Debian",
      media: "iso",
      fileSizeBytes: mib,
      diskSizeBytes: 2 * mib,
      storageClass: "fast",
      defaultInstanceType: "u1.small",
      defaultPreference: "debian",
    });
    expect(validator("cdi-v1.66.0/cdi.kubevirt.io_datasources.yaml", "v1beta1")(dataSource)).toEqual([]);
    expect(validator("cdi-v1.66.0/cdi.kubevirt.io_datavolumes.yaml", "v1beta1")(dataVolume("uid"))).toEqual(
      [],
    );
  });

  test("an imported image", () => {
    const { dataSource, dataVolume } = imageManifests("shop", {
      name: "debian",
      displayName: "",
      media: "disk",
      diskSizeBytes: 2 * mib,
      storageClass: "",
      defaultInstanceType: "",
      defaultPreference: "",
      source: { kind: "url", url: "https://example.com/a.qcow2", checksum: "" },
    });
    const check = (file: string, object: unknown) =>
      validator(`cdi-v1.66.0/cdi.kubevirt.io_${file}.yaml`, "v1beta1")(object);
    expect(check("datasources", dataSource)).toEqual([]);
    expect(check("datavolumes", dataVolume("uid"))).toEqual([]);
  });

  test.each<DiskCreateInput["source"]>([
    { kind: "blank" },
    { kind: "upload", fileSizeBytes: mib },
    { kind: "image", project: "shared-images", name: "debian" },
    { kind: "url", url: "https://example.com/a.qcow2", checksum: `sha256:${"a".repeat(64)}` },
    { kind: "registry", url: "docker://quay.io/x/y:1" },
    { kind: "disk", project: "shop", name: "old" },
    { kind: "snapshot", name: "monday" },
  ])("a disk from %o", (source) => {
    const disk = diskCreate.parse({
      name: "data",
      source,
      sizeBytes: mib,
      storageClass: "fast",
      accessMode: "ReadWriteMany",
      volumeMode: "Block",
      bindNow: true,
    });
    const check = validator("cdi-v1.66.0/cdi.kubevirt.io_datavolumes.yaml", "v1beta1");
    expect(check(diskManifest("shop", disk))).toEqual([]);
  });

  test("what moves and copies machines", () => {
    const spec = { runStrategy: "Always", template: { spec: {} } };
    const patches = newMachinePatches(spec, true);
    const objects: [string, string, unknown][] = [
      ["kubevirt.io_virtualmachineinstancemigrations", "v1", migrationManifest("web-1", "host-1")],
      ["snapshot.kubevirt.io_virtualmachinesnapshots", "v1beta1", snapshotManifest("web-1", "before")],
      [
        "snapshot.kubevirt.io_virtualmachinerestores",
        "v1beta1",
        restoreManifest("before", "web-2", "FailImmediate", patches),
      ],
      ["clone.kubevirt.io_virtualmachineclones", "v1beta1", cloneManifest("web-1", "web-2", spec, false)],
    ];
    for (const [file, version, object] of objects)
      expect(validator(`kubevirt-v1.9.0/${file}.yaml`, version)(object)).toEqual([]);
  });

  test("a subnet and a VPC", () => {
    const subnet = subnetManifest(
      subnetCreate.parse({
        name: "blue-a",
        vpc: "blue",
        cidrV4: "10.1.0.0/24",
        cidrV6: "fd00::/64",
        excludeIps: ["10.1.0.2..10.1.0.9"],
        projects: ["shop"],
        isPrivate: true,
        allowSubnets: ["10.2.0.0/24"],
        enableDhcp: true,
      }),
    );
    const vpc = vpcManifest(
      vpcCreate.parse({
        name: "blue",
        projects: ["shop"],
        staticRoutes: [{ cidr: "0.0.0.0/0", nextHop: "10.1.0.254", by: "source" }],
      }),
    );
    expect(subnet.spec).toMatchObject({ protocol: "Dual", gateway: "10.1.0.1,fd00::1" });
    expect(validator("kube-ovn-v1.16.2/kubeovn.io_subnets.yaml", "v1")(subnet)).toEqual([]);
    expect(validator("kube-ovn-v1.16.2/kubeovn.io_vpcs.yaml", "v1")(vpc)).toEqual([]);
  });

  test.each<[ObjectNoun, string]>([
    ["vpc", "vpcs"],
    ["subnet", "subnets"],
    ["address", "ips"],
    ["vip", "vips"],
    ["ip-pool", "ippools"],
    ["vpc-nat-gateway", "vpc-nat-gateways"],
    ["iptables-eip", "iptables-eips"],
    ["iptables-fip", "iptables-fip-rules"],
    ["iptables-snat", "iptables-snat-rules"],
    ["iptables-dnat", "iptables-dnat-rules"],
    ["ovn-eip", "ovn-eips"],
    ["ovn-fip", "ovn-fips"],
    ["ovn-snat", "ovn-snat-rules"],
    ["ovn-dnat", "ovn-dnat-rules"],
    ["vpc-egress-gateway", "vpc-egress-gateways"],
    ["provider-network", "provider-networks"],
    ["vlan", "vlans"],
  ])("what the form of a %s makes", (noun, file) => {
    const shape: z.ZodType | null = objectShapes[noun].spec;
    const spec = shape?.parse({ name: "made", ...objectSamples[noun].spec }) as never; // its own shape made it
    const made: unknown = JSON.parse(JSON.stringify(objectKinds[noun].form?.manifest(spec, "shop", null)));
    expect(validator(`kube-ovn-v1.16.2/kubeovn.io_${file}.yaml`, "v1")(made)).toEqual([]);
  });

  test("the check itself finds what is wrong", () => {
    const { vm } = buildVmManifests("shop", vmCreateSpec.parse(base), facts);
    const check = validator("kubevirt-v1.9.0/kubevirt.io_virtualmachines.yaml", "v1");
    expect(check({ ...vm, spec: { ...(vm["spec"] as object), runStrategie: "Always" } })).not.toEqual([]);
  });
});

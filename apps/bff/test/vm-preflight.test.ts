/** What is looked at before a machine is made, by itself: facts in, checks out. */
import type { VmCreateInput } from "@kubev/api-types/vm-create";
import { vmCreateSpec } from "@kubev/api-types/vm-create";
import { expect, test } from "vitest";
import { addressProblem } from "../src/domain/address-problem.ts";
import type { IpRecord, SubnetRecord } from "../src/domain/platform-records.ts";
import { virtctlCommand, virtctlOmits } from "../src/domain/shell-commands.ts";
import { buildVmManifests } from "../src/domain/vm-manifest.ts";
import { quotaProblem, storageNeeds } from "../src/domain/quota-needs.ts";
import type { PreflightFacts } from "../src/domain/vm-preflight.ts";
import { preflight } from "../src/domain/vm-preflight.ts";

const gib = 1024 ** 3;
const base = { namespace: "", uid: "u", createdAt: "", deletion: null };

const facts = (over: Partial<PreflightFacts> = {}): PreflightFacts => ({
  project: "shop",
  nameTaken: false,
  seesMachines: true,
  hosts: null,
  quota: [],
  storageClasses: () => [
    {
      ...base,
      name: "fast",
      provisioner: "csi.example.com",
      isDefault: true,
      isDefaultForMachines: false,
      bindingMode: "Immediate",
      expandable: true,
    },
  ],
  profileOf: () => ({
    ...base,
    name: "fast",
    accessModes: ["ReadWriteMany"],
    volumeMode: "Block",
    modes: [],
    cloneStrategy: "",
    snapshotClass: "",
  }),
  image: undefined,
  snapshot: undefined,
  snapshotsServed: true,
  disk: undefined,
  instanceType: undefined,
  preference: undefined,
  subnetOf: () => undefined,
  vpcOf: () => undefined,
  defaultSubnet: "",
  kubeOvn: true,
  ips: [],
  securityGroups: null,
  attachments: null,
  keySecrets: new Map(),
  usersOfDisk: () => undefined,
  ...over,
});

const spec = (over: Partial<VmCreateInput> = {}) =>
  vmCreateSpec.parse({
    name: "shop-db-1",
    source: { kind: "blank" },
    diskSizeBytes: 20 * gib,
    sizing: { kind: "custom", cpuCores: 2, memoryBytes: 4 * gib },
    cloudInit: { kind: "none" },
    startAfterCreate: true,
    ...over,
  });

const check = (name: string, over: Partial<VmCreateInput>, known: Partial<PreflightFacts>) =>
  preflight(spec(over), facts(known)).find((one) => one.name === name);

test.each([
  ["requests.storage", 20 * gib],
  ["persistentvolumeclaims", 1],
  ["count/persistentvolumeclaims", 1],
  ["fast.storageclass.storage.k8s.io/requests.storage", 20 * gib],
  ["fast.storageclass.storage.k8s.io/persistentvolumeclaims", 1],
  ["count/virtualmachines.kubevirt.io", 1],
  ["pods", 1],
  ["count/pods", 1],
  ["limits.cpu", 2],
])("a machine on the default class counts against %s", (resource, needed) => {
  const quota = (hard: number) => ({ quota: [{ resource, hard, used: 0 }] });
  expect(check("quota", {}, quota(needed))).toMatchObject({ result: "ok" });
  expect(check("quota", {}, quota(needed - 1))).toMatchObject({
    result: "blocking",
    reason: { code: "quota-exceeded", params: { resource, needed, available: needed - 1 } },
  });
});

test("another class's quota is not its own, and a quota that is over already stops only what takes of it", () => {
  const other = { resource: "slow.storageclass.storage.k8s.io/requests.storage", hard: 0, used: 0 };
  const over = { resource: "pods", hard: 1, used: 3 };
  expect(check("quota", { startAfterCreate: false }, { quota: [other, over] })).toMatchObject({
    result: "ok",
  });
  expect(quotaProblem([over], storageNeeds(gib, "fast", 1))).toBeNull();
});

test("an installer's copy is a second claim", () => {
  const iso = { source: { kind: "iso", project: "shop", name: "installer" } } as const;
  const image = {
    media: "iso",
    state: { status: "ready", tone: "ok", progressPercent: null },
    sizeBytes: gib,
  } as const;
  const quota = [{ resource: "count/persistentvolumeclaims", hard: 1, used: 0 }];
  expect(check("quota", iso, { image, quota })?.reason?.params).toMatchObject({ needed: 2 });
});

test("a project's own type is made with its own kind, and so said to virtctl", () => {
  const made = spec({ sizing: { kind: "instance-type", name: "shop/large" }, preference: "ubuntu" });
  expect(buildVmManifests("shop", made, { isoBytes: 0 }).vm).toMatchObject({
    spec: {
      instancetype: { kind: "VirtualMachineInstancetype", name: "large" },
      preference: { kind: "VirtualMachineClusterPreference", name: "ubuntu" },
    },
  });
  expect(virtctlCommand("shop", made)).toContain("--instancetype=virtualmachineinstancetype/large");
});

test.each([
  [undefined, "LiveMigrateIfPossible"],
  ["None", "None"],
  ["", undefined],
] as const)("when its host is drained: asked for %s, written %s", (asked, written) => {
  const made = spec(asked === undefined ? {} : { evictionStrategy: asked });
  const { vm } = buildVmManifests("shop", made, { isoBytes: 0 });
  expect(/"evictionStrategy":"(\w+)"/.exec(JSON.stringify(vm))?.[1]).toBe(written);
  // virtctl has no flag for it
  expect(virtctlOmits(made).includes("evictionStrategy")).toBe(written !== undefined);
});

const lan = {
  name: "lan",
  cidrs: ["10.3.0.0/24", "fd00:3::/64"],
  gateways: ["10.3.0.1", "fd00:3::1"],
  excludeIps: ["10.3.0.1..10.3.0.9", "fd00:3::1"],
};
const held = [
  { ip: "10.3.0.20", by: "db" },
  { ip: "fd00:3:0:0::20", by: "" },
];

test.each([
  ["10.3.0.30", null, undefined],
  ["fd00:3::30", null, undefined],
  ["router", null, "ip-syntax"],
  ["fd00:3::30", "IPv4", "ip-family"],
  ["10.3.0.30", "IPv6", "ip-family"],
  ["10.4.0.30", null, "ip-outside-subnet"],
  ["10.3.0.0", null, "ip-not-usable"],
  ["10.3.0.255", null, "ip-not-usable"],
  ["fd00:3::", null, "ip-not-usable"],
  ["10.3.0.1", null, "ip-reserved"],
  ["10.3.0.5", null, undefined], // excluded from random choice only
  ["FD00:3:0::1", null, "ip-reserved"],
  ["10.3.0.20", null, "ip-taken"],
  ["fd00:0003::20", null, "ip-taken"],
] as const)("the address %s (%s): %s", (ip, family, code) => {
  expect(addressProblem(lan, ip, family, held)?.code).toBe(code);
});

test("a machine's fixed address is looked at by the same rule, and its holder named only within the project", () => {
  const subnet: SubnetRecord = {
    ...base,
    ...lan,
    vpc: "ovn-cluster",
    namespaces: [],
    isDefault: true,
    isPrivate: false,
    vlan: "",
    provider: "ovn",
    ready: true,
    failure: "",
    natOutgoing: false,
    availableIps: "9",
    usedIps: "2",
  };
  const ip = (podName: string, podNamespace: string, ips: string[]): IpRecord => ({
    ...base,
    name: `${podName}.${podNamespace}`,
    subnet: "lan",
    ips,
    mac: "",
    podName,
    podNamespace,
    podType: "VirtualMachine",
  });
  const known = {
    subnetOf: () => subnet,
    ips: [ip("db", "shop", ["10.3.0.20", "fd00:3:0:0::20"]), ip("far", "data", ["10.3.0.21"])],
  };
  const at = (address: string) => check("network", { nic: { subnet: "lan", ips: [address] } }, known)?.reason;
  expect(at("10.3.0.255")?.code).toBe("ip-not-usable");
  expect(at("fd00:3::0020")).toMatchObject({ code: "ip-taken", params: { by: "db" } });
  expect(at("10.3.0.21")).toMatchObject({ code: "ip-taken", params: { by: "" } });
  expect(at("10.3.0.40")).toBeUndefined();
});

test("a disk in the way is told with who uses it, and not where the machine's own name is what is taken", () => {
  const root = (users: readonly string[]) => (name: string) =>
    name === "shop-db-1-root" ? users : undefined;
  expect(check("storage", {}, { usersOfDisk: root([]) })).toMatchObject({
    result: "blocking",
    reason: { code: "disk-name-taken-by-old", params: { name: "shop-db-1-root" } },
  });
  expect(check("storage", {}, { usersOfDisk: root(["other"]) })).toMatchObject({
    reason: { code: "disk-name-taken-in-use", params: { name: "shop-db-1-root", by: "other" } },
  });
  const twice = { nameTaken: true, usersOfDisk: root(["shop-db-1"]) };
  expect(check("storage", {}, twice)).toMatchObject({ result: "ok" });
  expect(check("name", {}, twice)).toMatchObject({ result: "blocking", reason: { code: "name-taken" } });
});

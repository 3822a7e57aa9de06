// oxlint-disable vitest/no-conditional-expect -- a property holds for both outcomes of one input, and says which must hold when
// oxlint-disable vitest/expect-expect -- fc.assert is the assertion of a property
/** Kube-OVN's rules for subnets, and the arithmetic of a VPC's space. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nextFreeBlock, spaceBlock, spaceSegments, vpcSpace } from "../src/domain/address-space.ts";
import type { Cidr } from "../src/domain/ip-math.ts";
import { cidrsOverlap, cidrText, ipText, parseCidr, parseIp } from "../src/domain/ip-math.ts";
import { subnetDeletion, usedPercent } from "../src/domain/network-state.ts";
import type { SubnetRecord, VpcRecord } from "../src/domain/platform-records.ts";
import { cidrProblem, subnetNotes, subnetProblems, vpcProblems } from "../src/domain/subnet-rules.ts";
import { subnetKind } from "../src/objects/kinds/subnet.ts";
import { vpcOfSubnet } from "../src/domain/subnet-choice.ts";
import { subnet as subnetShape } from "@kubev/api-types/objects/subnet";
import { subnetCreate } from "@kubev/api-types/subnets";
import { vpcCreate } from "@kubev/api-types/vpcs";

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === null) throw new Error(`${text} is no CIDR`);
  return parsed;
};
const base = { namespace: "", uid: "u", createdAt: "", deletion: null };
const subnet = (name: string, over: Partial<SubnetRecord>): SubnetRecord => ({
  ...base,
  name,
  vpc: "blue",
  cidrs: ["10.1.0.0/24"],
  gateways: [],
  excludeIps: [],
  namespaces: [],
  isDefault: false,
  isPrivate: false,
  vlan: "",
  provider: "ovn",
  ready: true,
  failure: "",
  natOutgoing: false,
  availableIps: "253",
  usedIps: "0",
  ...over,
});
const vpc = (name: string, namespaces: string[], isDefault = false): VpcRecord => ({
  ...base,
  name,
  namespaces,
  isDefault,
  defaultSubnet: "",
  ready: true,
  hasDefaultRoute: false,
});
const facts = {
  subnets: [subnet("blue-a", {}), subnet("blue-vlan", { cidrs: ["10.2.0.0/24"], vlan: "v7" })],
  vpcs: [vpc("ovn-cluster", [], true), vpc("blue", ["shop"]), vpc("green", [])],
  hosts: [{ name: "host-1", ip: "192.168.7.11" }],
  projects: new Set(["shop", "data"]),
};
const ruled = (over: Record<string, unknown>) =>
  subnetProblems(
    subnetShape.spec.parse({ name: "new", vpc: "blue", cidrV4: "10.3.0.0/24", ...over }),
    facts,
  ).map((field) => `${field.path} ${field.reason.code}`);
const codes = (over: Record<string, unknown>) =>
  subnetProblems(subnetCreate.parse({ name: "new", vpc: "blue", cidrV4: "10.3.0.0/24", ...over }), facts).map(
    (field) => `${field.path} ${field.reason.code}`,
  );

test.each<[string, "IPv4" | "IPv6", string | undefined]>([
  ["10.0.0.0/24", "IPv4", undefined],
  ["fd00::/64", "IPv6", undefined],
  ["10.0.0.0", "IPv4", "cidr-syntax"],
  ["10.0.0.256/24", "IPv4", "cidr-syntax"],
  ["10.0.0.0/33", "IPv4", "cidr-syntax"],
  ["10.0.0.5/24", "IPv4", "cidr-host-bits"],
  ["fd00::1/64", "IPv6", "cidr-host-bits"],
  ["fd00::/64", "IPv4", "cidr-family"],
  ["FD00::/64", "IPv6", "cidr-upper-case"],
  ["10.0.0.1/32", "IPv4", "cidr-too-small"],
  ["127.0.0.0/16", "IPv4", "cidr-special"],
  ["169.254.0.0/16", "IPv4", "cidr-special"],
  ["0.0.0.0/0", "IPv4", "cidr-special"],
  ["fe80::/64", "IPv6", "cidr-special"],
])("%s as %s: %s", (text, family, code) => {
  expect(cidrProblem(text, family)?.code).toBe(code);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["a sound one", {}, []],
  ["dual stack", { cidrV6: "fd00:3::/64", gatewayV6: "fd00:3::1" }, []],
  ["no CIDR at all", { cidrV4: "" }, ["cidrV4 field-required"]],
  ["inside another of its VPC", { cidrV4: "10.1.0.64/26" }, ["cidrV4 cidr-overlaps-subnet"]],
  ["around another of its VPC", { cidrV4: "10.0.0.0/8" }, ["cidrV4 cidr-overlaps-subnet"]],
  ["like one of another VPC", { vpc: "green", cidrV4: "10.1.0.0/24" }, []],
  ["like one of another VLAN", { cidrV4: "10.2.0.0/24" }, []],
  [
    "with a host in the default VPC",
    { vpc: "ovn-cluster", cidrV4: "192.168.7.0/24" },
    ["cidrV4 cidr-holds-host"],
  ],
  ["with a host's range in a custom VPC", { cidrV4: "192.168.7.0/24" }, []],
  ["the network as gateway", { gatewayV4: "10.3.0.0" }, ["gatewayV4 gateway-not-usable"]],
  ["the broadcast as gateway", { gatewayV4: "10.3.0.255" }, ["gatewayV4 gateway-not-usable"]],
  ["no address as gateway", { gatewayV4: "router" }, ["gatewayV4 gateway-outside"]],
  ["a range backwards", { excludeIps: ["10.3.0.9..10.3.0.2"] }, ["excludeIps exclude-syntax"]],
  ["a range that leaves", { excludeIps: ["10.3.0.250..10.3.1.5"] }, ["excludeIps exclude-outside"]],
  ["nonsense in the allow list", { allowSubnets: ["all"] }, ["allowSubnets allow-syntax"]],
  ["a project of the VPC", { projects: ["shop"] }, []],
  ["a project outside the VPC", { projects: ["data"] }, ["projects project-outside-vpc"]],
  [
    "a project of a custom VPC in the default one",
    { vpc: "ovn-cluster", projects: ["shop"] },
    ["projects project-of-other-vpc"],
  ],
  ["a project that is not there", { projects: ["gone"] }, ["projects project-missing"]],
])("a subnet, %s", (_what, over, expected) => {
  expect(codes(over)).toEqual(expected);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["like one of its own VLAN", { vlan: "v7", cidrV4: "10.2.0.0/24" }, ["cidrV4 cidr-overlaps-subnet"]],
  ["like one of the overlay, on a VLAN", { vlan: "v7", cidrV4: "10.1.0.0/24" }, []],
  ["around the hosts, on a VLAN", { vpc: "ovn-cluster", vlan: "v7", cidrV4: "192.168.7.0/24" }, []],
  ["of the overlay in no VPC", { vpc: "" }, ["vpc field-required"]],
  [
    "of an attachment in no VPC, like one of a VPC",
    { vpc: "", provider: "lan.shop", cidrV4: "10.1.0.0/24" },
    [],
  ],
])("a subnet, %s", (_what, over, expected) => {
  expect(ruled(over)).toEqual(expected);
});

const rawSubnet = (spec: Record<string, unknown>) => ({
  apiVersion: "kubeovn.io/v1",
  kind: "Subnet",
  metadata: { name: "lan" },
  spec: { cidrBlock: "10.9.0.0/24", gateway: "10.9.0.1", ...spec },
});

test("a subnet of another provider stays in no VPC when it is changed; one of the overlay is in the default one", () => {
  const { form } = subnetKind;
  const other = form?.spec(rawSubnet({ provider: "lan.shop" }));
  expect(other).toMatchObject({ vpc: "", provider: "lan.shop" });
  if (form === undefined || other === undefined || other === null) throw new Error("no form");
  expect(form.manifest(other, "", rawSubnet({ provider: "lan.shop" }))).not.toHaveProperty("spec.vpc");
  expect(form.spec(rawSubnet({}))).toMatchObject({ vpc: "ovn-cluster", provider: "ovn" });
  expect(vpcOfSubnet({ vpc: "", provider: "" })).toBe("ovn-cluster");
});

test("gateway hosts that labels choose are more than the form can say", () => {
  const labels = [{ matchLabels: { zone: "a" } }];
  const raw = rawSubnet({ gatewayType: "centralized", gatewayNodeSelectors: labels });
  expect(subnetKind.form?.spec(raw)).toBeNull();
  expect(subnetKind.form?.spec(rawSubnet({ gatewayNodeSelectors: [] }))).not.toBeNull();
});

test("Kube-OVN's own words are with its rules", () => {
  const [field] = subnetProblems(
    subnetCreate.parse({ name: "new", vpc: "blue", cidrV4: "10.1.0.0/25" }),
    facts,
  );
  expect(field?.reason.upstreamText).toBe(
    "subnet new cidr 10.1.0.0/25 is conflict with subnet blue-a cidr 10.1.0.0/24",
  );
});

test("what a custom VPC does not do is said, and what the default one does not either", () => {
  const notes = (name: string, natOutgoing: boolean) =>
    subnetNotes(
      subnetCreate.parse({ name: "new", vpc: name, natOutgoing }),
      facts.vpcs.find((one) => one.name === name),
    ).map((note) => note.code);
  expect(notes("blue", true)).toEqual(["nat-only-default-vpc", "vpc-no-way-out", "vpc-no-cluster-dns"]);
  expect(notes("ovn-cluster", true)).toEqual([]);
  expect(notes("ovn-cluster", false)).toEqual(["subnet-no-nat"]);
});

test("a VPC's routes are checked", () => {
  const fields = vpcProblems(
    vpcCreate.parse({
      name: "blue-a",
      projects: ["gone"],
      staticRoutes: [
        { cidr: "0.0.0.0/0", nextHop: "10.3.0.1" },
        { cidr: "everywhere", nextHop: "there" },
      ],
    }),
    facts,
  );
  expect(fields.map((field) => `${field.path} ${field.reason.code}`)).toEqual([
    "name subnet-named-as-vpc",
    "projects project-missing",
    "staticRoutes.1.cidr cidr-syntax",
    "staticRoutes.1.nextHop route-next-hop-syntax",
  ]);
});

test("a subnet goes only when nobody holds an address of it", () => {
  expect(subnetDeletion(subnet("a", {}), 0).allowed).toBe(true);
  expect(subnetDeletion(subnet("a", {}), 2)).toMatchObject({
    reason: { code: "subnet-in-use", params: { count: 2 } },
  });
  expect(subnetDeletion(subnet("join", {}), 0)).toMatchObject({ reason: { code: "subnet-built-in" } });
});

test("shares of IPv6 counts keep their meaning", () => {
  expect(usedPercent("9223372036854775808", "9223372036854775808")).toBe(50);
  expect(usedPercent("0", "0")).toBe(0);
});

const anyCidr = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 24 - 1 }), fc.integer({ min: 9, max: 30 }))
  .map(([host, prefix]) => {
    const { first } = cidr(`${ipText((10n << 24n) + BigInt(host), 32)}/${prefix}`);
    return cidr(`${ipText(first, 32)}/${prefix}`);
  });

test("an address survives being written and read, in both families", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) => {
      expect(parseIp(ipText(value, 128))).toEqual({ value, bits: 128 });
      expect(parseIp(ipText(value >> 96n, 32))).toEqual({ value: value >> 96n, bits: 32 });
    }),
  );
  expect(ipText(1n, 128)).toBe("::1");
  expect(ipText(0n, 128)).toBe("::");
  expect(ipText((0xfd00n << 112n) + (1n << 64n) + 5n, 128)).toBe("fd00:0:0:1::5");
});

test("the next free block is aligned, inside, free, and there is none before it", () => {
  fc.assert(
    fc.property(
      fc.array(anyCidr, { maxLength: 12 }),
      fc.integer({ min: 0, max: 255 }),
      fc.integer({ min: 16, max: 24 }),
      (taken, second, prefix) => {
        const block = cidr(`10.${second}.0.0/16`);
        const found = nextFreeBlock(block, taken, prefix);
        const size = 1n << BigInt(32 - prefix);
        let first: bigint | null = null;
        for (let at = block.first; at + size - 1n <= block.last && first === null; at += size)
          if (!taken.some((one) => one.first <= at + size - 1n && at <= one.last)) first = at;
        expect(found?.first ?? null).toBe(first);
        if (found !== null) expect(found.last - found.first + 1n).toBe(size);
      },
    ),
  );
});

test("the picture has no gap, no overlap, and shows the chosen one unless it is in the way", () => {
  fc.assert(
    fc.property(
      fc.array(anyCidr, { maxLength: 12 }),
      fc.option(anyCidr),
      fc.integer({ min: 16, max: 28 }),
      (cidrs, chosen, prefix) => {
        const taken = cidrs.map((one, i) => ({ name: `s-${i}`, cidr: one }));
        const { block, nextFree } = spaceBlock(taken, [], chosen, prefix);
        for (const one of chosen === null ? cidrs : [...cidrs, chosen])
          expect(block.first <= one.first && one.last <= block.last).toBe(true);
        if (nextFree !== null) expect(cidrs.some((one) => cidrsOverlap(one, nextFree))).toBe(false);
        const segments = spaceSegments(block, taken, chosen);
        expect(segments.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 9);
        for (const one of segments) expect(one.share).toBeGreaterThan(0);
        if (chosen !== null && !cidrs.some((one) => cidrsOverlap(one, chosen)))
          expect(segments.filter((one) => one.kind === "chosen").map((one) => one.cidr)).toEqual([
            cidrText(chosen),
          ]);
      },
    ),
  );
});

test("hosts' addresses are not proposed, what lies on a VLAN or is IPv6 takes nothing, the joining subnet lies outside", () => {
  const subnets = [
    subnet("apps", { cidrs: ["10.1.0.0/24", "fd00:1::/112"] }),
    subnet("street", { cidrs: ["10.1.1.0/24"], vlan: "vlan-7" }),
    subnet("join", { cidrs: ["100.64.0.0/16"] }),
  ];
  const chosen = { v4: null, v6: cidr("fd00:2::/126") };
  expect(vpcSpace(subnets, [], chosen, 24)).toMatchObject({
    block: "10.1.0.0/16",
    nextFree: "10.1.1.0/24",
    outside: [{ name: "join", cidr: "100.64.0.0/16" }],
    addressCount: "4",
  });
  const space = vpcSpace(subnets, ["10.1.1.9", "10.1.2.1", "fd00::1", ""], chosen, 24);
  expect(space.nextFree).toBe("10.1.3.0/24");
  expect(space.segments.map(({ kind, name }) => [kind, name])).toEqual([
    ["subnet", "apps"],
    ["free", ""],
  ]);
});

/** Rules of catalogued forms that the cluster only logs, by themselves. */
import { securityGroup, type SecurityGroupRule } from "@kubev/api-types/objects/security-group";
import { expect, test } from "vitest";
import { iptablesEipKind, vpcNatGatewayKind } from "../src/objects/kinds/gateway-nat.ts";
import { openPriorities } from "../src/domain/security-group-rules.ts";
import { securityGroupKind } from "../src/objects/kinds/security-group.ts";
import { serviceKind } from "../src/objects/kinds/service.ts";
import type { Rights } from "../src/access/rights.ts";
import type { Related } from "../src/objects/object-kind.ts";

// of the caller's rights only this is asked
const seeing = { can: async () => true } as unknown as Rights; // as said
const blind = { can: async () => false } as unknown as Rights; // as said

const subnet = (name: string, network: string) => ({
  name,
  vpc: "blue",
  cidrs: [`${network}.0/24`],
  gateways: [`${network}.1`],
  excludeIps: [],
});
const subnets = new Map(
  [subnet("lan", "10.3.0"), subnet("outside", "198.51.100")].map((one) => [one.name, one]),
);
const objects: Record<string, { name: string; facts: Record<string, unknown> }[]> = {
  vpc: [{ name: "blue", facts: {} }],
  vip: [{ name: "floating", facts: { subnet: "lan", ips: ["10.3.0.60"] } }],
  "vpc-nat-gateway": [{ name: "gate", facts: { subnet: "lan", lanIp: "10.3.0.254" } }],
  "iptables-eip": [{ name: "eip-1", facts: { externalSubnet: "outside", ip: "198.51.100.9" } }],
};
// as: only what these rules look at
const related = {
  feeds: {
    vms: {
      complete: true,
      table: {
        get: (project: string, name: string) => (`${project}/${name}` === "shop/web-1" ? {} : undefined),
      },
    },
    instances: { complete: true, table: { get: () => undefined } },
    subnets: { table: { get: (_namespace: string, name: string) => subnets.get(name) } },
    ips: {
      table: {
        values: () => [{ name: "db.shop", subnet: "lan", ips: ["10.3.0.20"], podName: "db" }],
      },
    },
  },
  objects: (noun: string) => objects[noun] ?? [],
} as unknown as Related;

const codes = (fields: readonly { path: string; reason: { code: string } }[] | undefined) =>
  (fields ?? []).map(({ path, reason }) => `${path} ${reason.code}`);

test.each([
  ["10.3.0.30", []],
  ["10.3.0.20", ["lanIp ip-taken"]],
  ["10.3.0.60", ["lanIp ip-taken"]],
  ["10.3.0.254", ["lanIp ip-taken"]],
  ["10.3.0.1", ["lanIp ip-reserved"]],
  ["10.3.0.255", ["lanIp ip-not-usable"]],
  ["fd00::1", ["lanIp ip-family"]],
])("a gateway's inner address %s: %s", (lanIp, expected) => {
  const spec = { name: "new", vpc: "blue", subnet: "lan", lanIp, externalSubnets: [], selector: [] };
  expect(codes(vpcNatGatewayKind.form?.problems?.(spec, related, "", null))).toEqual(expected);
});

test("a gateway that keeps its address is not in its own way", () => {
  const spec = {
    name: "gate",
    vpc: "blue",
    subnet: "lan",
    lanIp: "10.3.0.20",
    externalSubnets: [],
    selector: [],
  };
  const current = { spec: { subnet: "lan", lanIp: "10.3.0.20" } };
  expect(codes(vpcNatGatewayKind.form?.problems?.(spec, related, "", current))).toEqual([]);
});

test("an external address that is another's is not to be had", () => {
  const spec = { name: "new", gateway: "gate", externalSubnet: "outside", v4: "198.51.100.9" };
  expect(codes(iptablesEipKind.form?.problems?.(spec, related, "", null))).toEqual(["v4 ip-taken"]);
  expect(
    codes(iptablesEipKind.form?.problems?.({ ...spec, v4: "198.51.100.10" }, related, "", null)),
  ).toEqual([]);
});

test("the last tier passes to nobody; what a group drops is noted", async () => {
  const problems = (tier: 0 | 1) =>
    securityGroupKind.form?.problems?.(
      securityGroup.spec.parse({
        name: "web",
        tier,
        rules: [
          {
            direction: "in",
            protocol: "all",
            priority: 1,
            remoteType: "address",
            remote: "10.0.0.0/8",
            policy: "pass",
          },
        ],
      }),
      related,
      "",
      null,
    );
  expect(problems(0)).toEqual([]);
  expect(codes(problems(1))).toEqual(["rules.0.policy security-group-pass-last-tier"]);
  expect(problems(1)?.[0]?.reason.upstreamText).toContain("policy pass not valid");
  expect(await securityGroupKind.notes?.({}, related, blind)).toMatchObject([
    { code: "security-group-drops-rest" },
  ]);
});

const rule = (part: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  direction: "in",
  ipVersion: "ipv4",
  protocol: "tcp",
  priority: 100,
  remoteType: "address",
  remote: "0.0.0.0/0",
  portMin: 22,
  policy: "allow",
  ...part,
});

test("a rule that says what another says is refused at its line, and so is one without a port", () => {
  const problems = (...rules: SecurityGroupRule[]) =>
    codes(
      securityGroupKind.form?.problems?.(securityGroup.spec.parse({ name: "web", rules }), related, "", null),
    );
  expect(problems(rule(), rule({ priority: 101 }), rule({ portMax: 22 }))).toEqual([
    "rules.2.priority security-group-rule-twice",
  ]);
  expect(problems(rule(), rule({ direction: "out" }), rule({ policy: "drop" }))).toEqual([]);
  const { portMin: _port, ...portless } = rule();
  expect(problems(portless)).toEqual(["rules.0.portMin field-required"]);
});

test.each<[string, Partial<SecurityGroupRule>, number[]]>([
  ["the same traffic", {}, [100]],
  ["all protocols", { protocol: "all" }, [100]],
  ["a part of the addresses", { remote: "10.0.0.7" }, [100]],
  ["members of a group", { remoteType: "securityGroup", remote: "db" }, [100]],
  ["other ports", { portMin: 23, portMax: 80 }, []],
  ["the other direction", { direction: "out" }, []],
  ["another protocol", { protocol: "udp" }, []],
  ["another priority", { priority: 101 }, []],
])("rules of one priority that disagree: %s", (_what, part, expected) => {
  expect(openPriorities([rule(), rule({ policy: "drop", ...part })])).toEqual(expected);
  expect(openPriorities([rule(), rule(part)])).toEqual([]);
});

test("a group that lets nothing out is noted, and so is an order that is left open", async () => {
  const raw = { protocol: "icmp", ipVersion: "ipv4", priority: 1, remoteType: "address", policy: "allow" };
  const ingress = { ...raw, remoteAddress: "10.0.0.0/8" };
  const notes = async (spec: object) =>
    (await securityGroupKind.notes?.({ spec }, related, blind))?.map(({ code }) => code);
  expect(await notes({ ingressRules: [ingress] })).toEqual(["security-group-sends-nothing"]);
  expect(await notes({ ingressRules: [ingress], egressRules: [ingress] })).toEqual([
    "security-group-drops-rest",
  ]);
  expect(await notes({ egressRules: [ingress, { ...ingress, policy: "drop" }] })).toEqual([
    "security-group-drops-rest",
    "security-group-order-open",
  ]);
});

test("a service for a machine that is not there is noted, not refused, and not to who may not see machines", async () => {
  const notes = async (machine: string, { project = "shop", rights = seeing } = {}) =>
    serviceKind.notes?.(
      { metadata: { namespace: project }, spec: { selector: { "vm.kubevirt.io/name": machine } } },
      related,
      rights,
    );
  expect(await notes("web-1")).toEqual([]);
  expect(await notes("web-2")).toMatchObject([
    { code: "service-no-machine", params: { name: "web-2", project: "shop" } },
  ]);
  expect(await notes("web-1", { project: "other" })).toMatchObject([{ code: "service-no-machine" }]);
  expect(await notes("web-2", { rights: blind })).toEqual([]);
  expect(await serviceKind.notes?.({ spec: { selector: { app: "web" } } }, related, seeing)).toEqual([]);
});

test("a load balancer that waits says what for", () => {
  const state = (ingress: object[]) =>
    serviceKind.read({ spec: { type: "LoadBalancer" }, status: { loadBalancer: { ingress } } }).state;
  expect(state([])).toMatchObject({ status: "pending", reason: { code: "load-balancer-waiting" } });
  expect(state([{ ip: "198.51.100.4" }])).toMatchObject({ status: "ready" });
});

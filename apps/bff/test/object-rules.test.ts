/** Rules of catalogued forms that the cluster only logs, by themselves. */
import { securityGroup } from "@kubev/api-types/objects/security-group";
import { expect, test } from "vitest";
import { iptablesEipKind, vpcNatGatewayKind } from "../src/objects/kinds/gateway-nat.ts";
import { securityGroupKind } from "../src/objects/kinds/security-group.ts";
import type { Related } from "../src/objects/object-kind.ts";

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

test("the last tier passes to nobody; what a group drops is noted", () => {
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
  expect(securityGroupKind.notes?.({}, related)).toMatchObject([{ code: "security-group-drops-rest" }]);
});

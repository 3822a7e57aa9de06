/** Kube-OVN's addresses: exclusions, both families, pools, who holds one, what is refused aloud and what in silence. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const ovn = "/apis/kubeovn.io/v1";
const pods = "/api/v1/namespaces/d/pods";

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "d" } } });
});
afterAll(() => cluster.close());

const make = async (kind: string, resource: string, name: string, spec: object): Promise<void> => {
  const made = await cluster.call(`${ovn}/${resource}`, {
    body: { apiVersion: "kubeovn.io/v1", kind, metadata: { name }, spec },
  });
  expect(made.code).toBe(201);
};
const subnet = (name: string, spec: object) => make("Subnet", "subnets", name, spec);
const change = (resource: string, name: string, spec: object) =>
  cluster.call(`${ovn}/${resource}/${name}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec },
  });
const gone = (resource: string, name: string) =>
  eventually(async () => (await cluster.call(`${ovn}/${resource}/${name}`)).code === 404);

interface Told {
  text: string;
  status: Record<string, unknown>;
  metadata: { finalizers?: string[]; labels?: Record<string, string> };
}

/** An object once its status is as wanted. */
const object = (resource: string, name: string, is: (status: Record<string, unknown>) => boolean) =>
  eventually(async (): Promise<Told | false> => {
    const { code, text, body } = await cluster.call(`${ovn}/${resource}/${name}`);
    return code === 200 && is(body.status ?? {}) && { text, status: body.status, metadata: body.metadata };
  });

const pod = async (name: string, annotations: Record<string, string>): Promise<void> => {
  const prefixed = Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`ovn.kubernetes.io/${key}`, value]),
  );
  const made = await cluster.call(pods, {
    body: { metadata: { name, annotations: prefixed }, spec: { containers: [{ name: "a", image: "a" }] } },
  });
  expect(made.code).toBe(201);
};
const addressOf = (name: string) =>
  eventually(async () => {
    const { annotations = {} } = (await cluster.call(`${pods}/${name}`)).body.metadata;
    return (
      annotations["ovn.kubernetes.io/allocated"] === "true" &&
      (annotations["ovn.kubernetes.io/ip_address"] as string)
    );
  });
const told = (name: string, reason: string) =>
  eventually(async () => {
    const { body } = await cluster.call("/api/v1/events");
    return body.items.find(
      (event: { reason: string; involvedObject: { name: string } }) =>
        event.reason === reason && event.involvedObject.name === name,
    )?.message as string | undefined;
  });

test("a subnet of both families counts exactly, gives one address of each, and what is excluded to nobody", async () => {
  await subnet("both", {
    cidrBlock: "10.50.0.0/28,fd00:50::/64",
    excludeIps: ["10.50.0.2..10.50.0.4", "fd00:50::2"],
  });
  const fresh = await object("subnets", "both", ({ v4availableIPs }) => v4availableIPs === 10);
  expect(fresh.text).toContain('"v6availableIPs":18446744073709551612');
  expect(fresh.status).toMatchObject({
    v4usingIPs: 0,
    v6usingIPs: 0,
    v4availableIPrange: "10.50.0.5-10.50.0.14",
    v6availableIPrange: "fd00:50::3-fd00:50::ffff:ffff:ffff:fffe",
  });
  await pod("two", { logical_switch: "both" });
  expect(await addressOf("two")).toBe("10.50.0.5,fd00:50::3");
  const used = await object("subnets", "both", ({ v6usingIPs }) => v6usingIPs === 1);
  expect(used.status).toMatchObject({ v4usingIPrange: "10.50.0.5", v6usingIPrange: "fd00:50::3" });
  expect(used.text).toContain('"v6availableIPs":18446744073709551611');
  expect((await cluster.call(`${ovn}/ips/two.d`)).body.spec).toMatchObject({
    v4IpAddress: "10.50.0.5",
    v6IpAddress: "fd00:50::3",
    ipAddress: "10.50.0.5,fd00:50::3",
  });
  // a change by somebody else leaves the exact count as it is
  expect((await change("subnets", "both", { natOutgoing: true })).code).toBe(200);
});

test("an address that was asked for is given, unless somebody has it or it is of no range", async () => {
  await pod("asked", { logical_switch: "both", ip_address: "10.50.0.9" });
  expect(await addressOf("asked")).toBe("10.50.0.9,fd00:50::4");
  await pod("rival", { logical_switch: "both", ip_address: "10.50.0.9" });
  expect(await told("rival", "AcquireAddressFailed")).toContain(
    "AddressConflict: 10.50.0.9 is used by asked.d",
  );
  await pod("outside", { logical_switch: "both", ip_address: "10.60.0.9" });
  expect(await told("outside", "AcquireAddressFailed")).toContain("AddressOutOfRange");
});

test("a pool gives its addresses to those that name it, and to nobody else", async () => {
  await subnet("pooled", { cidrBlock: "10.51.0.0/29" });
  await make("IPPool", "ippools", "pool", { subnet: "pooled", ips: ["10.51.0.2..10.51.0.3"] });
  const fresh = await object("ippools", "pool", ({ v4AvailableIPs }) => v4AvailableIPs === 2);
  expect(fresh.status).toMatchObject({
    v4AvailableIPRange: "10.51.0.2-10.51.0.3",
    conditions: [{ type: "Ready", status: "True", reason: "UpdateIPAMSucceeded" }],
  });
  await pod("elsewhere", { logical_switch: "pooled" });
  expect(await addressOf("elsewhere")).toBe("10.51.0.4");
  await pod("first", { ip_pool: "pool" });
  expect(await addressOf("first")).toBe("10.51.0.2");
  await pod("listed", { logical_switch: "pooled", ip_pool: "10.51.0.4;10.51.0.6" });
  expect(await addressOf("listed")).toBe("10.51.0.6");
  await object(
    "ippools",
    "pool",
    ({ v4UsingIPs, v4UsingIPRange }) => v4UsingIPs === 1 && v4UsingIPRange === "10.51.0.2",
  );
  await pod("second", { ip_pool: "pool" });
  await addressOf("second");
  await pod("third", { ip_pool: "pool" });
  expect(await told("third", "AcquireAddressFailed")).toContain("no available address in ippool pool");
  await make("IPPool", "ippools", "overlapping", { subnet: "pooled", ips: ["10.51.0.3"] });
  const refused = await object("ippools", "overlapping", ({ conditions }) => conditions !== undefined);
  expect(refused.status["conditions"]).toContainEqual(
    expect.objectContaining({ type: "Error", status: "True", reason: "UpdateIPAMFailed" }),
  );
});

test("a subnet whose spec does not hold is told of, and taken once it does", async () => {
  await subnet("odd", { cidrBlock: "10.52.0.0/24", gateway: "10.53.0.1" });
  const reason = "ValidateLogicalSwitchFailed";
  expect(await told("odd", reason)).toBe("gateway 10.53.0.1 is not in cidr 10.52.0.0/24");
  const refused = await object("subnets", "odd", ({ conditions }) => conditions !== undefined);
  expect(refused.status["conditions"]).toContainEqual(
    expect.objectContaining({ type: "Ready", status: "False", reason }),
  );
  await change("subnets", "odd", { gateway: "10.52.0.1" });
  const ready = await object("subnets", "odd", ({ v4availableIPs }) => v4availableIPs === 253);
  expect(ready.status["conditions"]).not.toContainEqual(expect.objectContaining({ type: "Error" }));
  await subnet("overlaps", { cidrBlock: "10.52.0.128/25" });
  expect(await told("overlaps", reason)).toBe(
    "subnet overlaps cidr 10.52.0.128/25 is conflict with subnet odd cidr 10.52.0.0/24",
  );
  await cluster.call(`${ovn}/subnets/odd`, { method: "DELETE" });
  await object("subnets", "overlaps", ({ v4availableIPs }) => v4availableIPs === 125);
  await subnet("unreadable", { cidrBlock: "10.54.0.0/24", excludeIps: ["10.54.0.9..10.54.0.2"] });
  expect(await told("unreadable", reason)).toBe("10.54.0.9..10.54.0.2 in excludeIps is not a valid ip range");
});

test("external and virtual addresses count, of both families, and hold what they were taken from", async () => {
  await subnet("outer", { cidrBlock: "10.55.0.0/24,fd00:55::/120" });
  await make("Vip", "vips", "vip", { subnet: "outer" });
  expect((await object("vips", "vip", ({ v4ip }) => v4ip !== undefined)).status).toMatchObject({
    v4ip: "10.55.0.2",
    v6ip: "fd00:55::2",
  });
  await make("OvnEip", "ovn-eips", "eip", { externalSubnet: "outer" });
  const eip = await object("ovn-eips", "eip", ({ ready }) => ready === true);
  expect(eip.status).toMatchObject({ v4Ip: "10.55.0.3", v6Ip: "fd00:55::3" });
  await object("subnets", "outer", ({ v4usingIPs, v6usingIPs }) => v4usingIPs === 2 && v6usingIPs === 2);
  await make("OvnFip", "ovn-fips", "fip", { ovnEip: "eip", vpc: "ovn-cluster", v4Ip: "10.16.0.9" });
  await object("ovn-fips", "fip", ({ ready }) => ready === true);
  await object("ovn-eips", "eip", ({ nat }) => nat === "fip");
  // not supported upstream, which says so only in its log
  expect((await change("ovn-fips", "fip", { v4Ip: "10.16.0.10" })).code).toBe(200);
  for (const [resource, name] of [
    ["ovn-eips", "eip"],
    ["subnets", "outer"],
  ] as const)
    await cluster.call(`${ovn}/${resource}/${name}`, { method: "DELETE" });
  await make("Vip", "vips", "later", { subnet: "outer" });
  await object("vips", "later", ({ v4ip }) => v4ip === "10.55.0.4");
  expect((await cluster.call(`${ovn}/ovn-eips/eip`)).body.metadata.deletionTimestamp).toBeDefined();
  expect((await cluster.call(`${ovn}/subnets/outer`)).body.metadata.deletionTimestamp).toBeDefined();
  expect((await cluster.call(`${ovn}/ovn-fips/fip`)).body.status.v4Ip).toBe("10.16.0.9");
  await cluster.call(`${ovn}/ovn-fips/fip`, { method: "DELETE" });
  await gone("ovn-eips", "eip");
  for (const name of ["vip", "later"]) await cluster.call(`${ovn}/vips/${name}`, { method: "DELETE" });
  await gone("subnets", "outer");
});

test("a VPC goes after its subnets; of two VLANs with one tag the later is in conflict, untagged ones never", async () => {
  await make("Vpc", "vpcs", "own", {});
  await object("vpcs", "own", ({ standby }) => standby === true);
  await subnet("inside", { vpc: "own", cidrBlock: "10.56.0.0/24" });
  await object("vpcs", "own", ({ subnets }) => Array.isArray(subnets) && subnets.length === 1);
  await cluster.call(`${ovn}/vpcs/own`, { method: "DELETE" });
  await make("ProviderNetwork", "provider-networks", "net1", { defaultInterface: "eth1" });
  for (const [name, id] of [
    ["tag-a", 7],
    ["tag-b", 7],
    ["plain-a", 0],
    ["plain-b", 0],
  ] as const)
    await make("Vlan", "vlans", name, { id, provider: "net1" });
  await object("vlans", "tag-b", ({ conflict }) => conflict === true);
  await object("vlans", "plain-b", ({ conflict }) => conflict === false);
  const network = await object(
    "provider-networks",
    "net1",
    ({ vlans }) => Array.isArray(vlans) && vlans.length === 3 && !vlans.includes("tag-b"),
  );
  expect(network.status["ready"]).toBe(true);
  expect((await cluster.call(`${ovn}/vpcs/own`)).body.metadata.deletionTimestamp).toBeDefined();
  await cluster.call(`${ovn}/vlans/tag-a`, { method: "DELETE" });
  await object("vlans", "tag-b", ({ conflict }) => conflict === false);
  await cluster.call(`${ovn}/subnets/inside`, { method: "DELETE" });
  await gone("vpcs", "own");
});

test("without its switch the pod gateways do nothing, in silence", async () => {
  await subnet("ovn-vpc-external-network", { cidrBlock: "10.57.0.0/24", provider: "x.kube-system" });
  const settings = "/api/v1/namespaces/kube-system/configmaps/ovn-vpc-nat-gw-config";
  const set = (on: string) =>
    cluster.call(settings, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { data: { "enable-vpc-nat-gw": on } },
    });
  expect((await set("false")).code).toBe(200);
  await make("VpcNatGateway", "vpc-nat-gateways", "gw", { vpc: "ovn-cluster", subnet: "ovn-default" });
  await make("IptablesEIP", "iptables-eips", "eip", { natGwDp: "gw" });
  await object("iptables-eips", "eip", ({ ready }) => ready === false);
  const { body } = await cluster.call("/api/v1/events");
  expect(
    body.items.filter(
      (event: { involvedObject: { kind: string } }) => event.involvedObject.kind === "IptablesEIP",
    ),
  ).toEqual([]);
  await set("true");
  const ready = await object("iptables-eips", "eip", (status) => status["ready"] === true);
  expect(ready.status["ip"]).toBe("10.57.0.2");
});

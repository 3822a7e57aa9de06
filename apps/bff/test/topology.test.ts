/** Topology, addresses and NAT over the demo: what the operator sees, what is alice's, and what bob never learns. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const rows = async (who: Person, noun: ObjectNoun, query: Record<string, string> = {}) =>
  (await who.call("listObjects", { params: { noun }, query })).rows;

test("external addresses are given, each once, and say what uses them", async () => {
  const ready = await until(async () => {
    const all = await rows(operator, "iptables-eip");
    return all.length === 3 && all.every((row) => row.state.status === "ready") && all;
  });
  const ips = ready.map((row) => row.facts["ip"]);
  expect(new Set(ips).size).toBe(3);
  const used = await until(async () => {
    const [eip] = await rows(operator, "iptables-eip", { q: "name:shop-eip" });
    return Array.isArray(eip?.facts["uses"]) && eip.facts["uses"].length > 0 && eip;
  });
  expect(used.facts["uses"]).toEqual(["dnat", "snat"]);
  expect(used.actions.delete).toMatchObject({ allowed: false, reason: { code: "eip-in-use" } });
});

test("a floating IP does not share its external address", async () => {
  const body = { spec: { name: "second", eip: "shop-db-eip", internalIp: "10.20.0.9" } };
  const preview = await operator.call("previewObject", {
    params: { noun: "iptables-fip", project: "_" },
    body,
  });
  expect(preview.fields).toMatchObject([{ path: "eip", reason: { code: "eip-taken" } }]);
});

test("the picture holds what each may see", async () => {
  const whole = await until(async () => {
    const { vpcs, allWaysOut } = await operator.call("getTopology", {});
    expect(allWaysOut).toBe(true);
    const shop = vpcs.find((vpc) => vpc.name === "shop-vpc");
    return (shop?.subnets.some((subnet) => subnet.machineCount > 0) ?? false) && vpcs;
  });
  const shop = whole.find((vpc) => vpc.name === "shop-vpc");
  expect(shop?.waysOut.map((way) => way.kind)).toEqual(
    expect.arrayContaining(["nat-gateway", "eip", "peering"]),
  );
  const hers = await alice.call("getTopology", { query: { project: "web-shop" } });
  expect(hers.vpcs.map((vpc) => vpc.name)).toContain("shop-vpc");
  const machines = hers.vpcs.flatMap((vpc) => vpc.subnets.flatMap((subnet) => subnet.machines));
  expect(machines.length).toBeGreaterThan(0);
  expect(new Set(machines.map((machine) => machine.project))).toEqual(new Set(["web-shop"]));
  expect(hers.vpcs.flatMap((vpc) => vpc.waysOut).map((way) => way.kind)).not.toContain("eip");
  // she is told that there may be others
  expect(hers.allWaysOut).toBe(false);
  const his = await bob.call("getTopology", {});
  expect(his.allWaysOut).toBe(false);
  expect(his.vpcs.map((vpc) => vpc.name)).not.toContain("shop-vpc");
  expect((await bob.call("getTopology", { query: { project: "web-shop" } })).vpcs).toEqual([]);
});

test("a tenant sees the addresses of her projects, reduced, and can make none", async () => {
  const hers = await rows(alice, "address", { project: "web-shop" });
  expect(hers.map((row) => row.name)).toContain("shop-search-9.web-shop");
  expect(hers.every((row) => row.facts["holderProject"] === "web-shop")).toBe(true);
  const params = { noun: "address", project: "_", name: "shop-search-9.web-shop" } as const;
  const detail = await alice.call("getObject", { params });
  expect(detail).toMatchObject({ spec: null, resourceVersion: "", row: { facts: { holder: "reserved" } } });
  expect((await alice.refused("deleteObject", { params })).status).toBe(403);
  expect((await bob.refused("getObject", { params })).status).toBe(404);
  expect((await rows(bob, "address")).map((row) => row.facts["holderProject"])).not.toContain("web-shop");
});

test("a subnet's range and gateway stay while addresses are in use", async () => {
  const params = { noun: "subnet", project: "_", name: "shop-back" } as const;
  const detail = await operator.call("getObject", { params });
  const body = {
    spec: { ...detail.spec, gatewayV4: "10.20.1.9", cidrV4: "10.20.1.0/25", vpc: "data-vpc" },
    was: { ...detail.spec },
  };
  const preview = await operator.call("previewObjectChange", { params, body });
  expect(preview.fields.map((field) => field.reason.code)).toEqual(
    expect.arrayContaining(["subnet-vpc-fixed", "subnet-gateway-in-use", "subnet-cidr-in-use"]),
  );
});

test("two people change one subnet: each keeps his own, and the field of both is told with both values", async () => {
  const params = { noun: "subnet", project: "_", name: "shop-back" } as const;
  const { spec } = await operator.call("getObject", { params });
  const was = { ...spec };
  await operator.call("changeObject", {
    params,
    body: { was, spec: { ...was, isPrivate: true, excludeIps: ["10.20.1.70"] } },
  });
  const mine = { ...was, enableDhcp: true, excludeIps: ["10.20.1.80"] };
  const conflicts = [{ path: "excludeIps", theirs: ["10.20.1.70"], yours: ["10.20.1.80"] }];
  const preview = await operator.call("previewObjectChange", { params, body: { was, spec: mine } });
  expect(preview).toMatchObject({ ok: false, fields: [], conflicts });
  const refused = await operator.refused("changeObject", { params, body: { was, spec: mine } });
  expect(refused).toMatchObject({ status: 409, body: { error: { code: "conflict", conflicts } } });
  await operator.call("changeObject", {
    params,
    body: { was: { ...was, excludeIps: conflicts[0]?.theirs }, spec: mine },
  });
  expect((await operator.call("getObject", { params })).spec).toMatchObject({
    isPrivate: true,
    enableDhcp: true,
    excludeIps: ["10.20.1.80"],
  });
  const blind = await operator.refused("changeObject", { params, body: { spec: mine } });
  expect(blind.status).toBe(400);
});

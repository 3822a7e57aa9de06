/** VPCs and subnets over a whole console: making, refusals at their fields, deleting, live rows, and what a tenant sees. */
import { liveFrame } from "@kubev/api-types/live";
import type { LiveServerMessage } from "@kubev/api-types/live";
import type { SubnetSpec } from "@kubev/api-types/objects/subnet";
import { noProject } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([reserve("hers", "10.16.0.9", "web-shop"), reserve("foreign", "10.16.0.10", "elsewhere")]);
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  await made("vpc", {
    name: "lab",
    projects: ["web-shop"],
    staticRoutes: [{ cidr: "10.9.0.0/16", nextHop: "10.60.0.9" }],
  });
  await made("subnet", { name: "lab-a", vpc: "lab", cidrV4: "10.60.0.0/24" });
});
const made = async (noun: "vpc" | "subnet", spec: Record<string, unknown>) =>
  operator.call("createObject", { params: { noun, project: noProject }, body: { spec } });

/** Reserved addresses: IP objects without a pod. */
const reserve = (name: string, address: string, namespace: string) => ({
  apiVersion: "kubeovn.io/v1",
  kind: "IP",
  metadata: { name, labels: { "ovn.kubernetes.io/subnet": "ovn-default" } },
  spec: {
    podName: "",
    namespace,
    subnet: "ovn-default",
    nodeName: "",
    v4IpAddress: address,
    v6IpAddress: "",
    ipAddress: address,
    macAddress: "02:00:00:00:00:01",
    containerID: "",
    podType: "",
    attachIps: [],
    attachMacs: [],
    attachSubnets: [],
  },
});

afterAll(async () => cut.close());

const fieldsOf = async (spec: Partial<SubnetSpec>) => {
  const parts = {
    params: { noun: "subnet" as const, project: noProject },
    body: { spec: { name: "lab-b", vpc: "lab", cidrV4: "10.60.1.0/24", ...spec } },
  };
  const refused = await operator.refused("createObject", parts);
  const preview = await operator.call("previewObject", parts);
  expect(preview.ok).toBe(false);
  expect(preview.fields.map((field) => field.reason.code)).toEqual(
    refused.body.error.fields?.map((field) => field.reason.code),
  );
  return refused.body.error.fields?.map((field) => `${field.path} ${field.reason.code}`);
};

test("a VPC and a subnet are made as they were asked for, and audited", async () => {
  const subnet = await until(async () => {
    const detail = await operator.call("getSubnet", { params: { name: "lab-a" } });
    return detail.row.state.status === "ready" && detail;
  });
  expect(subnet.row).toMatchObject({
    vpc: "lab",
    cidrs: ["10.60.0.0/24"],
    gateways: ["10.60.0.1"],
    usedIps: "0",
  });
  expect(subnet.settings?.conditions.map((condition) => condition.type)).toContain("Ready");
  const vpc = await operator.call("getVpc", { params: { name: "lab" } });
  expect(vpc.settings?.staticRoutes).toEqual([
    { cidr: "10.9.0.0/16", nextHop: "10.60.0.9", by: "destination" },
  ]);
  expect(vpc.subnets.map((one) => one.name)).toEqual(["lab-a"]);
  expect(vpc.row.notes.map((note) => note.code)).toEqual(["vpc-no-way-out", "vpc-no-cluster-dns"]);
  const { rows } = await operator.call("listActivity", {});
  expect(rows.map((row) => `${row.action} ${row.noun} ${row.name} ${row.outcome}`)).toEqual(
    expect.arrayContaining(["create vpc lab ok", "create subnet lab-a ok"]),
  );
});

test.each<[string, Partial<SubnetSpec>, string[]]>([
  ["a name that is taken", { name: "lab-a" }, ["name name-taken"]],
  ["the name of its VPC", { name: "lab" }, ["name subnet-named-as-vpc"]],
  ["a VPC that is not there", { vpc: "nowhere" }, ["vpc vpc-missing"]],
  ["overlap within the VPC", { cidrV4: "10.60.0.128/25" }, ["cidrV4 cidr-overlaps-subnet"]],
  ["a gateway outside", { gatewayV4: "10.61.0.1" }, ["gatewayV4 gateway-outside"]],
  ["an excluded range outside", { excludeIps: ["10.60.2.1..10.60.2.9"] }, ["excludeIps exclude-outside"]],
  ["a project outside the VPC", { projects: ["data-platform"] }, ["projects project-outside-vpc"]],
])("%s is refused at its field, in the preview too", async (_what, body, fields) => {
  expect(await fieldsOf(body)).toEqual(fields);
});

test("the same CIDR is welcome in another VPC", async () => {
  await made("vpc", { name: "lab-two" });
  await made("subnet", {
    name: "lab-two-a",
    vpc: "lab-two",
    cidrV4: "10.60.0.0/24",
    cidrV6: "fd00:60::/64",
  });
  const { row } = await operator.call("getSubnet", { params: { name: "lab-two-a" } });
  expect(row.cidrs).toEqual(["10.60.0.0/24", "fd00:60::/64"]);
});

test("the space of a VPC is drawn with the range that is chosen, and the next free block proposed", async () => {
  const space = await operator.call("getVpcSpace", {
    params: { name: "lab" },
    query: { cidrV4: "10.60.4.0/22" },
  });
  expect(space.nextFree).toBe("10.60.1.0/24");
  expect(space.segments.map((segment) => segment.kind)).toEqual(["subnet", "free", "chosen", "free"]);
  expect(space.addressCount).toBe("1024");
  const half = await operator.call("getVpcSpace", { params: { name: "lab" }, query: { cidrV4: "10.60." } });
  expect(half.segments.map((segment) => segment.kind)).toEqual(["subnet", "free"]);
  expect(half.addressCount).toBe("");
  // whoever may make no subnet is not shown what others hold
  expect((await alice.refused("getVpcSpace", { params: { name: "lab" } })).status).toBe(403);
});

test("what a form chooses from is narrowed by the server: subnets of a VPC, on a VLAN or not OVN's, VPCs of one's own", async () => {
  const namesOf = async (noun: "subnet" | "vpc", q: string) =>
    (await operator.call("listObjects", { params: { noun }, query: { q } })).rows.map(({ name }) => name);
  const all = await namesOf("subnet", "");
  const ofLab = await namesOf("subnet", "vpc:lab");
  expect(ofLab.length).toBeGreaterThan(0);
  expect([...ofLab, ...(await namesOf("subnet", "-vpc:lab"))].toSorted()).toEqual(all.toSorted());
  const onVlan = await namesOf("subnet", "-vlan:");
  expect([...onVlan, ...(await namesOf("subnet", "vlan:"))].toSorted()).toEqual(all.toSorted());
  expect(await namesOf("subnet", "provider:ovn name=ovn-default")).toEqual(["ovn-default"]);
  expect(await namesOf("subnet", "-provider:ovn name=ovn-default")).toEqual([]);
  expect(await namesOf("vpc", "default:yes")).toEqual(["ovn-cluster"]);
  expect(await namesOf("vpc", "default:no name=lab")).toEqual(["lab"]);
});

test("nothing that is used or built in is deleted", async () => {
  const refusal = async (noun: "subnet" | "vpc", name: string) =>
    (await operator.refused("deleteObject", { params: { noun, project: noProject, name } })).body.error
      .reason;
  const { rows } = await operator.call("listSubnets", { query: { q: "used>0", sort: "-used" } });
  const used = rows.find((row) => !row.isDefault);
  expect(await refusal("subnet", used?.name ?? "")).toMatchObject({
    code: "subnet-in-use",
    params: { count: Number(used?.usedIps) },
    upstreamText: "can't delete subnet when any IPs in Using",
  });
  expect(await refusal("subnet", "join")).toMatchObject({
    code: "subnet-built-in",
  });
  expect(await refusal("vpc", "ovn-cluster")).toMatchObject({
    code: "vpc-built-in",
  });
  expect(await refusal("vpc", "lab")).toMatchObject({
    code: "vpc-has-subnets",
    params: { count: 1 },
  });
});

test("rows come and go live", async () => {
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: operator.cookie, origin: cut.url },
  });
  const messages: LiveServerMessage[] = [];
  socket.on("message", (data) =>
    messages.push(...liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))),
  );
  await until(() => messages.some((message) => message.type === "hello"));
  const query = { q: "vpc:lab", page: 1, pageSize: 50 };
  socket.send(JSON.stringify({ type: "subscribe-list", id: "a", list: "subnets", query }));
  const total = () => messages.findLast((message) => message.type === "rows")?.total;
  await until(() => total() === 1);
  await made("subnet", { name: "lab-live", vpc: "lab", cidrV4: "10.60.9.0/24" });
  await until(() => total() === 2);
  await operator.call("deleteObject", { params: { noun: "subnet", project: noProject, name: "lab-live" } });
  expect(await until(() => total() === 1)).toBe(true);
  socket.close();
});

test("whoever may list all machines and no networks sees those of projects, and none that no project has", async () => {
  const seed = (kind: string, name: string, part: object) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name },
    ...part,
  });
  cut.sim.seed([
    seed("ClusterRole", "looks-at-machines", {
      rules: [
        {
          apiGroups: ["kubevirt.io"],
          resources: ["virtualmachines", "virtualmachineinstances"],
          verbs: ["get", "list", "watch"],
        },
      ],
    }),
    seed("ClusterRoleBinding", "bob-looks-at-machines", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "looks-at-machines" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "bob" }],
    }),
  ]);
  const bob = await cut.signIn("bob");
  await until(async () => (await bob.call("listVms", { query: {} })).total > 0);
  const all = await operator.call("listSubnets", { query: {} });
  const join = all.rows.find(({ name }) => name === "join");
  expect(join).toMatchObject({ openToAll: false });
  const names = (await bob.call("listSubnets", { query: {} })).rows.map(({ name }) => name);
  expect(names).toContain("lab-a");
  expect(names).not.toContain("join");
  expect((await bob.refused("getSubnet", { params: { name: "join" } })).status).toBe(404);
});

test("a tenant sees reduced rows of the networks of her projects, and may change none", async () => {
  const mine = await alice.call("listSubnets", { query: { project: "web-shop" } });
  const names = mine.rows.map((row) => row.name);
  expect(names).toContain("lab-a");
  expect(names).toContain("ovn-default");
  expect(names).not.toContain("join");
  expect(names).not.toContain("lab-two-a");
  const detail = await alice.call("getSubnet", { params: { name: "lab-a" } });
  expect(detail.settings).toBeNull();
  expect(detail.row.actions.delete).toMatchObject({ allowed: false, reason: { code: "no-permission" } });
  const held = await alice.call("getSubnet", { params: { name: "ovn-default" } });
  expect(held.addresses.map((address) => `${address.ips.join()} ${address.kind} ${address.project}`)).toEqual(
    ["10.16.0.9 reserved web-shop"],
  );
  const all = await operator.call("getSubnet", { params: { name: "ovn-default" } });
  expect(all.addresses.map((address) => address.ips.join())).toEqual(
    expect.arrayContaining(["10.16.0.9", "10.16.0.10"]),
  );
  const hers = { params: { noun: "subnet" as const, project: noProject, name: "lab-a" } };
  expect((await alice.refused("deleteObject", hers)).status).toBe(403);
  expect((await alice.refused("getSubnet", { params: { name: "join" } })).status).toBe(404);
  const foreign = await alice.call("listSubnets", { query: { project: "no-project-of-hers" } });
  expect(foreign.total).toBe(0);
});

test("the address that is kept for a stopped machine stands in its row and is searched for, until it is let go of", async () => {
  const place = { name: "kept.box", namespace: "web-shop" };
  const template = { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } };
  cut.sim.seed([
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: place,
      spec: { runStrategy: "Halted", template },
    },
  ]);
  const rows = async (q: string) => (await alice.call("listVms", { query: { q } })).rows;
  expect(await until(async () => (await rows("name:kept.box")).length === 1)).toBe(true);
  expect((await rows("name:kept.box"))[0]).not.toHaveProperty("reservedIps");
  // a pod of the same name has its own, which is none of the machine's
  const pod = { spec: { containers: [{ name: "box", image: "box" }] }, status: { phase: "Running" } };
  cut.sim.seed([{ apiVersion: "v1", kind: "Pod", metadata: place, ...pod }]);
  const ips = cut.app.services.inventory.feeds.ips.table;
  await until(() => ips.get("", "kept.box.web-shop")?.podName === "kept.box");
  expect((await rows("kept.box"))[0]).not.toHaveProperty("reservedIps");
  await cut.app.services.service.json(objectPath(types.pod, "kept.box", "web-shop"), { method: "DELETE" });
  await until(() => ips.get("", "kept.box.web-shop") === undefined);
  cut.sim.seed([reserve("kept.box.web-shop", "10.16.0.77", "web-shop")]);
  expect(await until(async () => (await rows("ip:10.16.0.77")).length === 1)).toBe(true);
  expect((await rows("kept.box"))[0]).toMatchObject({ ips: [], reservedIps: ["10.16.0.77"] });
  await cut.app.services.service.json(objectPath(types.ip, "kept.box.web-shop"), { method: "DELETE" });
  expect(await until(async () => (await rows("ip:10.16.0.77")).length === 0)).toBe(true);
  expect((await rows("kept.box"))[0]).not.toHaveProperty("reservedIps");
});

/** A security group becomes ready as under Kube-OVN's controller; one that it refuses never does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const groups = "/apis/kubeovn.io/v1/security-groups";

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => cluster.close());

const rule = {
  ipVersion: "ipv4",
  protocol: "tcp",
  priority: 10,
  remoteType: "address",
  remoteAddress: "10.0.0.0/8",
  portRangeMin: 22,
  portRangeMax: 22,
  policy: "allow",
};
const create = async (name: string, spec: object) =>
  cluster.call(groups, {
    body: { apiVersion: "kubeovn.io/v1", kind: "SecurityGroup", metadata: { name }, spec },
  });
const statusOf = async (name: string) => (await cluster.call(`${groups}/${name}`)).body.status;

test("rules that are taken make the group ready; the hash follows them", async () => {
  expect((await create("web-front", { ingressRules: [rule], allowSameGroupTraffic: true })).code).toBe(201);
  const before = await eventually(async () => statusOf("web-front"));
  expect(before).toMatchObject({
    portGroup: "ovn.sg.web.front",
    allowSameGroupTraffic: true,
    ingressMd5: expect.stringMatching(/^[0-9a-f]{32}$/),
    ingressLastSyncSuccess: true,
    egressLastSyncSuccess: true,
  });
  await cluster.call(`${groups}/web-front`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec: { ingressRules: [{ ...rule, priority: 11 }] } },
  });
  const after = await eventually(async () => {
    const status = await statusOf("web-front");
    return status.ingressMd5 !== before.ingressMd5 && status;
  });
  expect(after.egressMd5).toBe(before.egressMd5);
});

test("rules that the controller only logs leave it without a status", async () => {
  await create("refused", {
    ingressRules: [{ ...rule, remoteType: "securityGroup", remoteSecurityGroup: "nobody" }],
  });
  // made later, looked at in the same turn or after it
  await create("taken", { ingressRules: [] });
  await eventually(async () => statusOf("taken"));
  expect(await statusOf("refused")).toBeUndefined();
});

/** Dialling a cluster whose address is IPv6; what follows the upgrade is in consoles.test.ts. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { ClusterEndpoint } from "../src/kube/cluster-endpoint.ts";
import { KubeClient } from "../src/kube/kube-client.ts";
import { kubePath } from "../src/kube/kube-path.ts";

test("a cluster at an IPv6 address is reached", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  server.listen(0, "::1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: "here", server: `https://[::1]:${port}`, skipTLSVerify: true },
    { name: "nobody" },
  );
  const client = new KubeClient(new ClusterEndpoint(kubeConfig), () => ({ kind: "service" }));
  await expect(client.upgraded(kubePath("version"), {}, "any")).rejects.toMatchObject({
    name: "KubeUnreachableError",
  });
  expect(connections).toBe(1);
  server.close();
});

/** A request that its caller gave up before it was sent. */
import { KubeConfig } from "@kubernetes/client-node";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { ClusterEndpoint } from "../src/kube/cluster-endpoint.ts";
import { KubeClient } from "../src/kube/kube-client.ts";
import { kubePath } from "../src/kube/kube-path.ts";

test("it is told as given up, once, and nothing of it goes on unheard", async () => {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: "here", server: "https://127.0.0.1:9", skipTLSVerify: true },
    { name: "nobody" },
  );
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", hear); // such a one ends a server
  const stop = new AbortController();
  const endpoint = new ClusterEndpoint(kubeConfig);
  const client = new KubeClient(endpoint, async () => {
    stop.abort();
    return { kind: "bearer", token: "of somebody" };
  });
  await expect(client.json(kubePath("version"), { signal: stop.signal })).rejects.toMatchObject({
    kind: "aborted",
  });
  for (let turns = 0; turns < 10; turns += 1) await turn();
  process.off("unhandledRejection", hear);
  expect(unheard).toEqual([]);
  await endpoint.close();
});

/** exec over WebSockets as clients of either version speak it, and logs that are followed. */
import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const pod = "/api/v1/namespaces/s/pods/p";
let uid = "";

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "s" } } });
  await cluster.call("/api/v1/namespaces/s/pods", {
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "web", image: "x" }] },
    },
  });
  await eventually(async () => {
    const { body } = await cluster.call(pod);
    uid = body.metadata?.uid ?? "";
    return body.status?.phase === "Running";
  });
});
afterAll(() => cluster.close());

function exec(query: string, protocols: string[]) {
  const socket = new WebSocket(
    new URL(`${pod}/exec?${query}`, cluster.sim.url.replace("https:", "wss:")),
    protocols,
    { ca: cluster.tls.ca, cert: cluster.tls.cert, key: cluster.tls.key },
  );
  const channels: string[] = ["", "", "", ""];
  let end = "";
  socket.on("message", (data: Buffer) => {
    channels[data[0] ?? 0] += data.subarray(1).toString("utf8");
  });
  socket.on("close", (code) => (end = String(code)));
  socket.on("unexpected-response", (_request, response) => (end = `HTTP ${response.statusCode}`));
  socket.on("error", () => {});
  const type = (text: string) => socket.send(Buffer.from(`\u0000${text}`));
  return { socket, channels, type, end: () => end };
}

test.for(["v5.channel.k8s.io", "v4.channel.k8s.io"])("a shell over %s", async (protocol) => {
  const shell = exec("command=sh&stdin=true&stdout=true&tty=true&container=web", [protocol]);
  await eventually(async () => shell.channels[1] === "# ");
  expect(shell.socket.protocol).toBe(protocol);
  shell.type("echo a  b\rnoope\u007f\u007fpe\r\u0004");
  await eventually(async () => shell.end() === "1000");
  expect(shell.channels[1]).toContain("echo a  b\r\na b\r\n# ");
  expect(JSON.parse(shell.channels[3] ?? "")).toMatchObject({
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "127" }] },
  });
});

test("what is no shell is not found; what cannot be upgraded is refused", async () => {
  const other = exec("command=top", ["v5.channel.k8s.io"]);
  await eventually(async () => other.end() === "1000");
  expect(other.channels[3]).toContain("executable file not found in $PATH");
  for (const query of ["", "command=sh&container=none"]) {
    const refused = exec(query, ["v5.channel.k8s.io"]);
    await eventually(async () => refused.end() === "HTTP 400");
  }
});

test("a followed log grows, begins where it is told, and ends with its container", async () => {
  let text = "";
  let ended = false;
  const { ca, cert, key } = cluster.tls;
  const url = new URL(`${pod}/log?follow=true&timestamps=true&tailLines=1`, cluster.sim.url);
  request(url, { ca, cert, key }, (response) => {
    response.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    response.on("end", () => (ended = true));
  }).end();
  await eventually(async () => text !== "");
  await cluster.call("/api/v1/namespaces/s/events", {
    body: {
      metadata: { name: "said" },
      involvedObject: { kind: "Pod", name: "p", namespace: "s", uid },
      reason: "Said",
      message: "later",
      lastTimestamp: "2099-01-01T00:00:00Z",
    },
  });
  await eventually(async () => text.includes("Said: later"));
  expect(text.split("\n")).toHaveLength(3);
  await cluster.call(pod, { method: "DELETE" });
  await eventually(async () => ended);
});

/** The yardstick: a bare server that streams the full VM and VMI lists, gzipped once, from memory. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { scaleObjects } from "@kubev/kube-sim/scenarios/scale";

const objects = scaleObjects(
  { vms: 10_000, running: 8_000, projects: 50, hosts: 500 },
  "2026-11-22T00:00:00Z",
);
const list = (kind: string) =>
  gzipSync(
    JSON.stringify({
      apiVersion: "kubevirt.io/v1",
      kind: `${kind}List`,
      items: objects.filter((object) => object.kind === kind),
    }),
  );
const bodies = new Map([
  ["/vms", list("VirtualMachine")],
  ["/vmis", list("VirtualMachineInstance")],
]);
const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(bodies.get(request.url ?? ""));
});
// a busy client parses longer than Node keeps a silent connection
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // listening on TCP
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});

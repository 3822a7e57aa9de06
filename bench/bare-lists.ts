/** The yardstick: a bare server that streams the full lists of the paths it is told, gzipped once, from memory. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { listObjects, machineScale } from "./list-scale.ts";
import { scaleObjects } from "@kubev/kube-sim/scenarios/scale";

const paths = JSON.parse(process.argv[2] ?? "[]") as string[]; // bare-side.ts writes it
const objects = [...scaleObjects(machineScale, "2026-11-22T00:00:00Z"), ...listObjects()];
const list = (kind: string) =>
  gzipSync(
    JSON.stringify({
      apiVersion: "v1",
      kind: `${kind}List`,
      items: objects.filter((object) => object.kind === kind),
    }),
  );
const kinds: Readonly<Record<string, string>> = {
  "/claims": "PersistentVolumeClaim",
  "/datavolumes": "DataVolume",
  "/ips": "IP",
  "/namespaces": "Namespace",
  "/nodes": "Node",
  "/pods": "Pod",
  "/vmis": "VirtualMachineInstance",
  "/vms": "VirtualMachine",
};
const bodies = new Map(paths.map((path) => [path, list(kinds[path] ?? "")]));
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

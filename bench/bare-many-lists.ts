/**
 * The yardstick at any number of machines: a bare server that streams the full VM and VMI lists gzipped once, from memory. A list
 * is longer than a text may be in V8, so it is made piece by piece, each object in a line of its own for the client's sake.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { scaleInstance, type Scale, scaleVm } from "@kubev/kube-sim/scenarios/scale-machine";
import { createGzip } from "node:zlib";

const scale = JSON.parse(process.argv[2] ?? "") as Scale; // bare-side.ts writes it
const atOnce = 50;

async function gzipped(kind: string, count: number, make: (index: number, of: Scale) => unknown) {
  const gzip = createGzip();
  const pieces = gzip.toArray() as Promise<Buffer[]>;
  gzip.write(`{"kind":"${kind}List","apiVersion":"kubevirt.io/v1","items":[\n`);
  for (let index = 0; index < count; ) {
    let text = "";
    for (const end = Math.min(count, index + atOnce); index < end; index += 1)
      text += `${JSON.stringify(make(index, scale))}${index + 1 < count ? "," : ""}\n`;
    if (!gzip.write(text)) await once(gzip, "drain");
  }
  gzip.end("]}\n");
  return Buffer.concat(await pieces);
}

const bodies = new Map([
  ["/vms", await gzipped("VirtualMachine", scale.vms, scaleVm)],
  ["/vmis", await gzipped("VirtualMachineInstance", scale.running, scaleInstance)],
]);
const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(bodies.get(request.url ?? ""));
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // listening on TCP
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});

/** The least that any client of these lists must do: download each from the cluster and parse it, one after the other; prints what it took. */
import { readFileSync } from "node:fs";
import { Agent, request } from "undici";

interface Cluster {
  url: string;
  caPem: string;
  token: string;
  paths: string[];
}

const { url, caPem, token, paths } = JSON.parse(readFileSync(0, "utf8")) as Cluster; // cold-sync.ts writes it
const dispatcher = new Agent({ connect: { ca: caPem }, headersTimeout: 60_000, bodyTimeout: 60_000 });
const startedAt = performance.now();
const before = process.cpuUsage();
let bytes = 0;
let items = 0;
for (const path of paths) {
  const answer = await request(`${url}${path}`, {
    dispatcher,
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
  });
  const raw = Buffer.from(await answer.body.arrayBuffer());
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${raw.toString()}`);
  bytes += raw.length;
  items += (JSON.parse(raw.toString("utf8")) as { items: unknown[] }).items.length; // a Kubernetes list
}
const { user, system } = process.cpuUsage(before);
const ms = performance.now() - startedAt;
await dispatcher.close();
process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000, bytes, items })}\n`);

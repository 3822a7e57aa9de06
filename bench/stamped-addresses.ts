/**
 * Gives instances of the scale cluster new addresses through its API, so many a second, until it is told to end. Each
 * address is the time at which it was asked for. Then prints one line of JSON: how many, and the last of each.
 */
import { Agent, request } from "undici";
import { addressAt } from "./address-stamp.ts";

export interface StampedPlace {
  project: string;
  name: string;
}

export interface StampsDone {
  done: number;
  refused: string;
  perSecond: number;
  /** By `project/name`. */
  last: Record<string, string>;
}

export interface StampJob {
  url: string;
  caPem: string;
  token: string;
  perSecond: number;
  places: readonly StampedPlace[];
}

const { url, caPem, token, perSecond, places } = JSON.parse(process.argv[2] ?? "{}") as StampJob; // browser/list-in-browser.ts writes it
const dispatcher = new Agent({ connect: { ca: caPem }, connections: 4 });
const tickMs = 20;

let turn = 0;
let done = 0;
let refused = "";
const last: Record<string, string> = {};
const underWay = new Set<Promise<void>>();

async function stamp({ project, name }: StampedPlace): Promise<void> {
  const ip = addressAt(Date.now());
  const answer = await request(
    `${url}/apis/kubevirt.io/v1/namespaces/${project}/virtualmachineinstances/${name}`,
    {
      dispatcher,
      method: "PATCH",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/merge-patch+json" },
      body: JSON.stringify({
        status: { interfaces: [{ name: "default", ipAddress: ip, ipAddresses: [ip], infoSource: "domain" }] },
      }),
    },
  );
  const text = await answer.body.text();
  if (answer.statusCode !== 200) {
    refused ||= text.slice(0, 300);
    return;
  }
  done += 1;
  last[`${project}/${name}`] = ip;
}

const startedAt = performance.now();
let due = 0;
let before = startedAt;
const timer = setInterval(() => {
  const now = performance.now();
  due += ((now - before) / 1000) * perSecond;
  before = now;
  for (; due >= 1; due -= 1) {
    const place = places[turn % places.length];
    turn += 1;
    if (place === undefined) continue;
    const write = stamp(place).finally(() => underWay.delete(write));
    underWay.add(write);
  }
}, tickMs);
process.on("SIGTERM", () => {
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  void Promise.all(underWay).then(() => {
    const told: StampsDone = { done, refused, perSecond: done / seconds, last };
    process.stdout.write(`${JSON.stringify({ stamps: told })}\n`, () => process.exit(0));
  });
});
process.stdout.write('{"stamping":true}\n');

/**
 * The client of bare-many-lists.ts, as a process of its own: fetches full lists, unpacks them as they come, and parses them object
 * by object, keeping none: the least that a client can do, and less than one that shows them. Prints the median of all rounds.
 */
import { createGunzip } from "node:zlib";
import { request } from "undici";
import type { BareCase } from "./bare-pages.ts";
import { mainThreadMs } from "./measured-console.ts";
import { spread } from "./statistics.ts";

const rounds = 3;
const newline = 0x0a;
const comma = 0x2c;
const [url = "", ...paths] = process.argv.slice(2);

/** @returns bytes on the wire, and how many objects came */
async function fetchAll(path: string): Promise<{ bytes: number; objects: number }> {
  const { body } = await request(`${url}${path}`, { headers: { "accept-encoding": "gzip" } });
  let bytes = 0;
  let objects = 0;
  let rest: Buffer = Buffer.alloc(0);
  body.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  for await (const chunk of body.pipe(createGunzip({ chunkSize: 1_048_576 }))) {
    const text = Buffer.concat([rest, chunk as Buffer]); // zlib yields buffers
    let from = 0;
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, from)) {
      const last = text[end - 1] === comma ? end - 1 : end;
      const line = text.toString("utf8", from, last);
      from = end + 1;
      if (!line.endsWith("}") || line === "]}") continue; // what stands around the objects
      JSON.parse(line);
      objects += 1;
    }
    rest = text.subarray(from);
  }
  return { bytes, objects };
}

const times: number[] = [];
const works: number[] = [];
let bytes = 0;
for (let round = 0; round < rounds; round += 1) {
  const startedAt = performance.now();
  const workBefore = mainThreadMs(process.pid);
  bytes = 0;
  for (const path of paths) {
    const answer = await fetchAll(path);
    if (answer.objects === 0) throw new Error(`${path} has no objects`);
    bytes += answer.bytes;
  }
  times.push(performance.now() - startedAt);
  works.push(mainThreadMs(process.pid) - workBefore);
}
const result: BareCase = { ms: spread(times).p50, workMs: spread(works).p50, bytes };
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

/**
 * A client without this server, as a process of its own, whose garbage and threads end with it: fetches and parses full lists,
 * one after the other, and prints the median time of all of them and their bytes as one line of JSON.
 */
import { fetchParsed, mainThreadMs } from "./measured-console.ts";
import { spread } from "./statistics.ts";

export interface BareCase {
  ms: number;
  /** Of its main thread: fetching, unpacking, parsing, and collecting what that leaves. */
  workMs: number;
  bytes: number;
}

const rounds = 7;
const [url = "", ...paths] = process.argv.slice(2);
const times: number[] = [];
const works: number[] = [];
let bytes = 0;
for (let round = 0; round < rounds; round += 1) {
  const workBefore = mainThreadMs(process.pid);
  let ms = 0;
  bytes = 0;
  for (const path of paths) {
    const answer = await fetchParsed(`${url}${path}`, {});
    ms += answer.ms;
    bytes += answer.bytes;
  }
  times.push(ms);
  works.push(mainThreadMs(process.pid) - workBefore);
}
const result: BareCase = { ms: spread(times).p50, workMs: spread(works).p50, bytes };
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

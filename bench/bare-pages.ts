/**
 * A client without this server, as a process of its own, whose garbage and threads end with it: fetches and parses full lists,
 * one after the other, and prints the median time of all of them and their bytes as one line of JSON.
 */
import { fetchParsed } from "./measured-console.ts";
import { spread } from "./statistics.ts";

export interface BareCase {
  ms: number;
  bytes: number;
}

const rounds = 7;
const [url = "", ...paths] = process.argv.slice(2);
const times: number[] = [];
let bytes = 0;
for (let round = 0; round < rounds; round += 1) {
  let ms = 0;
  bytes = 0;
  for (const path of paths) {
    const answer = await fetchParsed(`${url}${path}`, {});
    ms += answer.ms;
    bytes += answer.bytes;
  }
  times.push(ms);
}
const result: BareCase = { ms: spread(times).p50, bytes };
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

/**
 * A file of 5 GB through the console, against a bare pipe to the same receiver, which forgets what it takes. Bars: ≥ 0.8 × the
 * bytes that the pipe passes for each second of its processor time, and resident memory that grows by at most 100 MB.
 * BENCH_UPLOAD_GB sends less.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./bench-process.ts";
import { uploadDisk } from "./upload-disk.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import {
  loadNow,
  mainThreadMs,
  residentMegabytes,
  startMeasuredConsole,
  untilQuiet,
} from "./measured-console.ts";
import { spread } from "./statistics.ts";

const bars = { pipe: 0.8, grownMegabytes: 100 };
const gigabytes = Number(process.env["BENCH_UPLOAD_GB"] ?? 5);
/** Each way takes its turn, so that other work on the machine burdens both. */
const rounds = 5;
const pieceBytes = 256 * 1024;
const lookMs = 50;

interface Way {
  name: string;
  pid: number;
  url: string;
  method: string;
  headers: Record<string, string>;
}

/** Sends as fast as it is taken. */
async function send(way: Way, bytes: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const sent = request(
      way.url,
      { method: way.method, headers: { ...way.headers, "content-length": bytes } },
      (answer) => {
        void answer.toArray().then((said) => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${way.name} answered ${answer.statusCode}: ${said.join("")}`));
        }, reject);
      },
    );
    sent.on("error", reject);
    const piece = Buffer.alloc(pieceBytes, 0x5a);
    let left = bytes;
    const more = () => {
      while (left > 0) {
        const part = piece.subarray(0, Math.min(left, pieceBytes));
        left -= part.length;
        if (!sent.write(part)) {
          sent.once("drain", more);
          return;
        }
      }
      sent.end();
    };
    more();
  });
}

async function measure(way: Way, bytes: number) {
  const workBefore = mainThreadMs(way.pid);
  const startedAt = performance.now();
  let peakMegabytes = 0;
  const looking = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, residentMegabytes(way.pid));
  }, lookMs);
  try {
    await send(way, bytes);
  } finally {
    clearInterval(looking);
  }
  const ms = performance.now() - startedAt;
  return {
    perWork: bytes / (mainThreadMs(way.pid) - workBefore) / 1000,
    perSecond: bytes / ms / 1000,
    peakMegabytes,
  };
}

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startFrontedCluster(folder, 0, "upload");
const pipe = await startProcess(
  [join(import.meta.dirname, "bare-pipe.ts"), JSON.stringify({ url: cluster.url, caPem: cluster.caPem })],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { port: number }) : undefined), // bare-pipe.ts prints it
);
const measured = await startMeasuredConsole(cluster, 18_403, join(folder, "console"), {
  env: { UPLOAD_PROXY_URL: cluster.url, UPLOAD_PROXY_CA_FILE: join(folder, "pki/ca.crt") },
});
try {
  const ways: Way[] = [
    {
      name: "console",
      pid: measured.pid,
      url: `${measured.url}/api/projects/${uploadDisk.project}/disks/${uploadDisk.name}/content?asRaw=true`,
      method: "PUT",
      headers: { cookie: measured.cookie, origin: measured.url, "content-type": "application/octet-stream" },
    },
    {
      name: "bare pipe",
      pid: pipe.pid,
      url: `http://127.0.0.1:${pipe.ready.port}/`,
      method: "POST",
      headers: {},
    },
  ];
  await measured.settled;
  await untilQuiet(measured.pid);
  const seen = new Map(ways.map(({ name }) => [name, [] as Awaited<ReturnType<typeof measure>>[]]));
  for (const way of ways) await measure(way, 64 * 1024 ** 2);
  const residentBefore = residentMegabytes(measured.pid);
  const partBytes = Math.round((gigabytes * 1e9) / rounds);
  for (let round = 0; round < rounds; round += 1)
    for (const way of ways) seen.get(way.name)?.push(await measure(way, partBytes));
  const of = (name: string) => {
    const all = seen.get(name) ?? [];
    return {
      perWork: spread(all.map((one) => one.perWork)).p50,
      perSecond: spread(all.map((one) => one.perSecond)).p50,
      peakMegabytes: Math.max(...all.map((one) => one.peakMegabytes)),
    };
  };
  const [through, bare] = [of("console"), of("bare pipe")];
  const grownMegabytes = through.peakMegabytes - residentBefore;
  const result = { at: new Date().toISOString(), load: loadNow(), gigabytes, through, bare, grownMegabytes };
  writeFileSync(join(import.meta.dirname, "upload.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.table(
    Object.entries({ console: through, "bare pipe": bare }).map(([name, one]) => ({
      name,
      "MB per second of work": one.perWork.toFixed(0),
      "MB per second": one.perSecond.toFixed(0),
      "peak MB": one.peakMegabytes,
    })),
  );
  const ratio = through.perWork / bare.perWork;
  console.log(
    `${gigabytes} GB in ${rounds} parts: ${ratio.toFixed(2)} × the bare pipe in processor time, ${(through.perSecond / bare.perSecond).toFixed(2)} × by the clock; resident ${residentBefore} MB, grown by ${grownMegabytes} MB; load ${result.load}`,
  );
  const met = {
    "≥ 0.8 × bare pipe": ratio >= bars.pipe,
    "grown ≤ 100 MB": grownMegabytes <= bars.grownMegabytes,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await pipe.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

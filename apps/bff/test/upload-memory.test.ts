/**
 * A large file passes through the server without staying there. Measured on the server as a process of its own; SOAK=1 sends
 * 5 GB instead of 192 MiB.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, until } from "./console-under-test.ts";
import type { ServerProcess } from "./server-process.ts";
import { startServerProcess } from "./server-process.ts";

const mib = 1024 ** 2;
const soak = process.env["SOAK"] === "1";
const largeBytes = soak ? 5 * 1024 * mib : 192 * mib;
const limitMs = soak ? 900_000 : 120_000;
const dataDir = mkdtempSync(join(tmpdir(), "kubev-upload-"));
let sim: KubeSim;
let server: ServerProcess;
let alice: Person;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  server = await startServerProcess({
    KUBECONFIG_FILE: sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
  });
  alice = new Person(server.url);
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  const token = sim.users.find((user) => user.name === "alice")?.token ?? "";
  await alice.call("signInWithToken", { body: { token } });
}, limitMs);
afterAll(async () => {
  await server.stop();
  await sim.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Sends as fast as it is taken, a disk with a boot signature and noise behind it. */
async function upload(name: string, totalBytes: number): Promise<number> {
  await alice.call("createImage", {
    params: { project: "web-shop" },
    body: { name, media: "disk", fileSizeBytes: totalBytes, diskSizeBytes: totalBytes },
  });
  const chunk = randomBytes(mib);
  const first = Buffer.from(chunk);
  first.fill(0, 0, 512);
  first.set([0x55, 0xaa], 510);
  return new Promise<number>((resolve, reject) => {
    const sent = request(
      `${server.url}/api/projects/web-shop/images/${name}/content`,
      {
        method: "PUT",
        headers: {
          cookie: alice.cookie,
          origin: server.url,
          "content-type": "application/octet-stream",
          "content-length": totalBytes,
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on("error", reject);
    let left = totalBytes / mib;
    const pump = () => {
      while (left > 0) {
        const piece = left === totalBytes / mib ? first : chunk;
        left -= 1;
        if (!sent.write(piece)) {
          sent.once("drain", pump);
          return;
        }
      }
      sent.end();
    };
    pump();
  });
}

test(
  `memory stays flat while ${largeBytes / mib} MiB pass`,
  async () => {
    expect(await upload("warm-up", 16 * mib)).toBe(200);
    const before = server.memory();
    const startedAt = performance.now();
    expect(await upload("large", largeBytes)).toBe(200);
    const seconds = (performance.now() - startedAt) / 1000;
    const grownMib = (server.memory().peakBytes - before.residentBytes) / mib;
    process.stdout.write(
      `upload: ${largeBytes / mib} MiB in ${seconds.toFixed(1)} s, the server grew by ${grownMib.toFixed(0)} MiB\n`,
    );
    expect(grownMib).toBeLessThan(100);
  },
  limitMs,
);

/** Does what the Dockerfile's last stage says, in a root of its own: unprivileged, read-only but for its volume. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type KubeSim, startKubeSim } from "../packages/kube-sim/src/start.ts";
import { buildAll } from "./build.ts";
import { consoleReady } from "./console-ready.ts";
import { readFinalStage } from "./dockerfile.ts";
import { root } from "./paths.ts";
import { serverFlags, serverMemoryEnvironment } from "./server-flags.ts";

const port = "18672";
const image = mkdtempSync(join(tmpdir(), "kubev-image-"));
const stage = readFinalStage();
let sim: KubeSim;
let server: ChildProcess | undefined;

/** Host folders that stand for the base image's, read-only. */
const baseFolders = ["usr", "lib", "lib64", "bin", "etc"];

const mayIsolate = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;

beforeAll(async () => {
  buildAll(() => {});
  sim = await startKubeSim({
    dataDir: null,
    scenario: "empty",
    machines: "stand-in",
    manifests: [join(root, "deploy/rbac.yaml")],
  });
}, 120_000);

afterAll(async () => {
  server?.kill("SIGKILL");
  await sim.close();
  rmSync(image, { recursive: true, force: true });
});

function makeRoot(kubeconfig: string): void {
  for (const folder of [...baseFolders, "proc", "tmp", "node", stage.volume, "config"])
    mkdirSync(join(image, folder), { recursive: true });
  for (const { from, to } of stage.copies) {
    mkdirSync(dirname(join(image, to)), { recursive: true });
    cpSync(join(root, from), join(image, to), { recursive: true });
  }
  writeFileSync(join(image, "config/kubeconfig"), kubeconfig);
  chmodSync(image, 0o755);
}

const [volumeUid, volumeGid] = stage.volumeOwner.split(":");

const script = `
set -e
mount --make-rprivate /
mount --bind "$IMAGE" "$IMAGE"
for folder in ${baseFolders.join(" ")}; do mount --bind /$folder "$IMAGE/$folder"; mount -o remount,bind,ro "$IMAGE/$folder"; done
mount --bind "$NODE_FOLDER" "$IMAGE/node"
mount -t proc proc "$IMAGE/proc"
mount -o remount,bind,ro "$IMAGE"
mount -t tmpfs -o mode=700,uid=${volumeUid},gid=${volumeGid} tmpfs "$IMAGE${stage.volume}"
exec chroot --userspec="$USERSPEC" "$IMAGE" "$@"
`;

function inImage(command: string[], env: Record<string, string>): ChildProcess {
  return spawn(
    "unshare",
    [
      "-m",
      "sh",
      "-c",
      script,
      "sh",
      "/usr/bin/env",
      "-i",
      ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
      ...command,
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"] ?? "",
        IMAGE: image,
        NODE_FOLDER: dirname(process.execPath),
        USERSPEC: stage.user,
      },
    },
  );
}

it("the image's server runs unprivileged on a read-only root and its health check tells the truth", async (context) => {
  if (!mayIsolate) return context.skip("only root may make the image's root");
  makeRoot(await sim.serviceAccountKubeconfig("kubev-system", "kubev-console"));
  const env = {
    ...stage.env,
    PATH: "/node:/usr/bin:/bin",
    // The image listens everywhere behind a proxy that ends TLS; here there is none.
    HOST: "127.0.0.1",
    PORT: port,
    KUBECONFIG_FILE: "/config/kubeconfig",
    SIGN_IN_MODES: "token",
  };
  server = inImage(stage.command, env);
  server.stderr?.pipe(process.stderr);
  const ended = once(server, "exit").then(() => false);
  expect(await Promise.race([consoleReady(`http://127.0.0.1:${port}`), ended])).toBe(true);

  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect(await page.text()).toContain("<title>");
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  expect(status).toMatch(/^Uid:\s+10001\s+10001/m);
  const write = async (path: string) => (await once(inImage(["/bin/touch", path], env), "exit"))[0] as number; // the exit code
  expect(await Promise.all(["/app/x", "/tmp/x", "/etc/x", "/x"].map(write))).not.toContain(0);
  expect(await write(`${stage.volume}/x`)).toBe(0);

  const health = () =>
    spawnSync(process.execPath, stage.healthcheck.slice(1), { env: { PORT: port } }).status;
  expect(health()).toBe(0);
  server.kill("SIGTERM");
  await ended;
  expect(health()).toBe(1);
}, 90_000);

it("keeps to the rules of a safe image", () => {
  expect(Number(stage.user.split(":")[0])).toBeGreaterThan(0);
  expect(stage.command[0]).toBe("node");
  expect(stage.command.slice(1, -1)).toEqual(serverFlags);
  expect(stage.env).toMatchObject(serverMemoryEnvironment);
});

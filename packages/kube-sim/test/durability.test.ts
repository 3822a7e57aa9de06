/** What was acknowledged survives kill -9. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Agent, request } from "undici";
import { parse } from "yaml";

const dataDir = mkdtempSync(join(tmpdir(), "kube-sim-durability-"));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<{ child: ChildProcess; url: string }> {
  const cli = join(import.meta.dirname, "../src/cli.ts");
  const child = spawn(
    process.execPath,
    [cli, "--data-dir", dataDir, "--scenario", "empty", "--machines", "stand-in"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  running.push(child);
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return { child, url: (JSON.parse(text) as { url: string }).url };
}

interface Kubeconfig {
  clusters: { cluster: { "certificate-authority-data": string } }[];
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

function client(): Agent {
  const config = parse(readFileSync(join(dataDir, "kubeconfig"), "utf8")) as Kubeconfig;
  const decode = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString();
  return new Agent({
    connect: {
      ca: decode(config.clusters[0]?.cluster["certificate-authority-data"]),
      cert: decode(config.users[0]?.user["client-certificate-data"]),
      key: decode(config.users[0]?.user["client-key-data"]),
    },
  });
}

test("objects, versions, keys and address outlive kill -9", { timeout: 60_000 }, async () => {
  const first = await start();
  const agent = client();
  let lastVersion = 0;
  for (let index = 0; index < 200; index += 1) {
    const answer = await request(`${first.url}/api/v1/namespaces/default/configmaps`, {
      dispatcher: agent,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ metadata: { name: `kept-${index}` }, data: { index: String(index) } }),
    });
    const body = (await answer.body.json()) as { metadata: { resourceVersion: string } };
    lastVersion = Number(body.metadata.resourceVersion);
  }
  first.child.kill("SIGKILL");
  await new Promise((resolve) => first.child.once("exit", resolve));
  await agent.destroy();

  const second = await start();
  expect(second.url).toBe(first.url);
  const again = client();
  const answer = await request(`${second.url}/api/v1/namespaces/default/configmaps`, { dispatcher: again });
  const list = (await answer.body.json()) as {
    metadata: { resourceVersion: string };
    items: { metadata: { name: string } }[];
  };
  expect(list.items.filter(({ metadata }) => metadata.name.startsWith("kept-"))).toHaveLength(200);
  expect(Number(list.metadata.resourceVersion)).toBeGreaterThanOrEqual(lastVersion);
  const stale = await request(
    `${second.url}/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=${lastVersion - 5}`,
    { dispatcher: again },
  );
  expect(await stale.body.text()).toContain('"code":410');
  second.child.kill("SIGTERM");
  const code = await new Promise((resolve) => second.child.once("exit", resolve));
  expect(code).toBe(0);
  await again.destroy();
});

/** `SOAK=1` kills it fifty times. */
const KILLS = process.env["SOAK"] === "1" ? 50 : 3;

test("no acknowledged write is lost, however often it is killed under load", {
  timeout: KILLS * 10_000 + 30_000,
}, async () => {
  const acknowledged = new Set<string>();
  const deleted = new Set<string>();
  let created = 0;
  // once more than it is killed: what the last round wrote is looked at as well
  for (let round = 0; round <= KILLS; round += 1) {
    const { child, url } = await start();
    const agent = client();
    const configMaps = `${url}/api/v1/namespaces/default/configmaps`;
    const listed = await request(`${configMaps}?labelSelector=soak`, { dispatcher: agent });
    const { items } = (await listed.body.json()) as { items: { metadata: { name: string } }[] };
    const stored = new Set(items.map(({ metadata }) => metadata.name));
    expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
    expect([...deleted].filter((name) => stored.has(name))).toEqual([]);
    if (round === KILLS) {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      await agent.destroy();
      break;
    }
    let killed = false;
    const enough = 30 + ((round * 37) % 60);
    let answered = 0;
    const write = async (): Promise<void> => {
      while (!killed) {
        const name = `soak-${created++}`;
        const answer = await request(configMaps, {
          dispatcher: agent,
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ metadata: { name, labels: { soak: "" } } }),
        });
        await answer.body.dump();
        if (answer.statusCode === 201) acknowledged.add(name);
        if (created % 5 === 0) {
          // In flight it may be there or not; once answered it is gone.
          acknowledged.delete(name);
          const gone = await request(`${configMaps}/${name}`, { dispatcher: agent, method: "DELETE" });
          await gone.body.dump();
          if (gone.statusCode === 200) deleted.add(name);
        }
        answered += 1;
        if (answered >= enough && !killed) {
          killed = true;
          child.kill("SIGKILL");
        }
      }
    };
    // Writers end with an error when the process is killed under them.
    await Promise.allSettled(Array.from({ length: 8 }, write));
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once("exit", resolve));
    await agent.destroy();
  }
  // which of them are deleted again is chance
  expect(acknowledged.size + deleted.size).toBeGreaterThan(KILLS * 20);
});

/** vnc and console WebSockets: bytes flow, the newest client wins, a polite one is told of the session. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const NAMESPACE = "c";
const api = `/apis/subresources.kubevirt.io/v1/namespaces/${NAMESPACE}/virtualmachineinstances/m`;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: NAMESPACE } } });
  await cluster.call(`/apis/kubevirt.io/v1/namespaces/${NAMESPACE}/virtualmachines`, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: "m" },
      spec: {
        runStrategy: "Always",
        template: {
          spec: {
            domain: {
              devices: {
                disks: [{ name: "root", disk: { bus: "virtio" } }],
                interfaces: [{ name: "default", masquerade: {} }],
              },
              memory: { guest: "128Mi" },
            },
            networks: [{ name: "default", pod: {} }],
            volumes: [{ name: "root", containerDisk: { image: "demo" } }],
          },
        },
      },
    },
  });
  await eventually(async () => {
    const { body } = await cluster.call(
      `/apis/kubevirt.io/v1/namespaces/${NAMESPACE}/virtualmachineinstances/m`,
    );
    return body.status?.phase === "Running";
  });
});
afterAll(() => cluster.close());

interface Opened {
  socket: WebSocket;
  first: Promise<string>;
  closed: Promise<number>;
}

/** Resolves once open; rejects with the answer's code and body when refused. */
function open(path: string, token?: string): Promise<Opened> {
  const url = new URL(path, cluster.sim.url.replace("https:", "wss:"));
  const socket = new WebSocket(url, ["plain.kubevirt.io"], {
    ca: cluster.tls.ca,
    ...(token === undefined
      ? { cert: cluster.tls.cert, key: cluster.tls.key }
      : { headers: { authorization: `Bearer ${token}` } }),
  });
  const first = new Promise<string>((resolve) => {
    socket.once("message", (data: Buffer) => resolve(data.toString("latin1")));
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  return new Promise((resolve, reject) => {
    socket.on("error", () => {});
    socket.once("open", () => resolve({ socket, first, closed }));
    socket.once("unexpected-response", (_request, response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => reject(new Error(`${response.statusCode ?? 0} ${text}`)));
    });
  });
}

describe("vnc", () => {
  test("speaks RFB in binary frames under plain.kubevirt.io", async () => {
    const { socket, first } = await open(`${api}/vnc`);
    expect(socket.protocol).toBe("plain.kubevirt.io");
    expect(await first).toBe("RFB 003.008\n");
    socket.terminate();
  });

  test("the newest client wins; preserveSession asks first", async () => {
    const one = await open(`${api}/vnc`);
    await one.first;
    await expect(open(`${api}/vnc?preserveSession=true`)).rejects.toThrow(
      /^500 .*Active VNC connection. Request denied/,
    );
    const two = await open(`${api}/vnc`);
    expect(await one.closed).toBe(1006);
    expect(await two.first).toBe("RFB 003.008\n");
    two.socket.terminate();
    await two.closed;
    const polite = await eventually(async () =>
      open(`${api}/vnc?preserveSession=true`).catch(() => false as const),
    );
    polite.socket.terminate();
  });

  test("without upgrade it is 400 in virt-api's words; without rights 403", async () => {
    const plain = await cluster.call(`${api}/vnc`);
    expect(plain.code).toBe(400);
    expect(plain.text).toMatch(/^Bad Request\n\{/);
    await expect(open(`${api}/vnc`, cluster.tokenOf("bob"))).rejects.toThrow(/^403 /);
    await expect(open(`${api.replace("/m", "/nope")}/vnc`)).rejects.toThrow(/^404 /);
  });

  test("a screenshot is a PNG", async () => {
    const answer = await cluster.call(`${api}/vnc/screenshot`);
    expect(answer.code).toBe(200);
    expect(answer.headers["content-type"]).toBe("image/png");
  });
});

describe("console", () => {
  test("echoes what is typed, newest wins", async () => {
    const one = await open(`${api}/console`);
    let text = "";
    one.socket.on("message", (data: Buffer) => (text += data.toString("latin1")));
    one.socket.send(Buffer.from("hello"), { binary: true });
    await eventually(async () => text.includes("hello"));
    const two = await open(`${api}/console`);
    expect(await one.closed).toBe(1006);
    two.socket.terminate();
  });
});

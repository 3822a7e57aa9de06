/** The requests that virtctl was recorded to send get the answers that the real virt-api gave. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startCluster, type TestCluster } from "../cluster.ts";
import {
  makeRecordedWorld,
  PROJECT,
  recordedCommands,
  type RecordedRequest,
  settled,
} from "./virtctl-trace.ts";

if (recordedCommands === null)
  process.stderr.write("SKIPPED: virtctl's recorded requests, since the folder of oracles is absent\n");
const commands = (recordedCommands ?? []).filter(({ requests }) => requests.length > 0);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await makeRecordedWorld(cluster);
});
afterAll(async () => cluster.close());

/** The code of the handshake's answer; of an open socket also what it agreed on and what came first. */
function upgrade(path: string): Promise<{ code: number; protocol: string; first: string }> {
  const socket = new WebSocket(
    new URL(path, cluster.sim.url.replace("https:", "wss:")),
    ["plain.kubevirt.io"],
    {
      ...cluster.tls,
    },
  );
  socket.on("error", () => {});
  return new Promise((resolve) => {
    socket.once("unexpected-response", (_request, { statusCode }) => {
      resolve({ code: statusCode ?? 0, protocol: "", first: "" });
      socket.terminate();
    });
    socket.once("open", () => {
      if (path.endsWith("/console")) socket.send(Buffer.from("typed"));
      socket.once("message", (data: Buffer) => {
        resolve({ code: 101, protocol: socket.protocol, first: data.toString("latin1") });
        socket.terminate();
      });
    });
  });
}

async function answerTo(
  request: RecordedRequest,
): Promise<{ code: number; first?: string; protocol?: string }> {
  const path = request.path.replace("NS", PROJECT);
  if (request.method === "WebSocket") return upgrade(path);
  return cluster.call(path, {
    method: request.method,
    headers: {
      accept: "application/json, */*",
      ...(request.contentType === undefined ? {} : { "content-type": request.contentType }),
    },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
}

describe.skipIf(recordedCommands === null)("what virtctl sends", () => {
  test("is recorded for every command that it is known by", () => {
    const known =
      "start pause unpause guestosinfo userlist fslist migrate soft-reboot reset addvolume removevolume vnc console memory-dump expand restart stop vmexport port-forward";
    expect(commands.map(({ args }) => args[0])).toEqual(expect.arrayContaining(known.split(" ")));
    expect(commands.length).toBeGreaterThanOrEqual(20);
  });

  // one after another: each finds the state that the one before it left
  test.each(commands.map(({ args, requests }) => ({ name: args.join(" "), requests })))(
    "$name",
    async ({ requests }) => {
      const wanted: unknown[] = [];
      const got: unknown[] = [];
      for (const request of requests) {
        const answer = await answerTo(request);
        wanted.push({ path: request.path, code: request.code });
        got.push({ path: request.path, code: answer.code });
        if (answer.code !== 101) continue;
        expect(answer.protocol).toBe("plain.kubevirt.io");
        expect(answer.first).toMatch(request.path.includes("/vnc") ? /^RFB 003\.008\n/ : /\S/);
      }
      expect(got).toEqual(wanted);
      await settled(cluster);
    },
  );
});

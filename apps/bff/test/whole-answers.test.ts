/** An answer of the cluster that is read whole comes whole and in time, or is an error; the line it came on is used again. */
import { KubeConfig } from "@kubernetes/client-node";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ClusterEndpoint } from "../src/kube/cluster-endpoint.ts";
import { KubeUnreachableError } from "../src/kube/kube-error.ts";
import { KubeClient, type KubeRequest } from "../src/kube/kube-client.ts";
import { kubePath } from "../src/kube/kube-path.ts";
import { until } from "./console-under-test.ts";
import { startUpstreamRecorder, type UpstreamRecorder } from "./upstream-recorder.ts";

let sim: KubeSim;
let recorder: UpstreamRecorder;
let client: KubeClient;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in", controllers: false });
  recorder = await startUpstreamRecorder(sim);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(recorder.kubeconfig(sim.kubeconfigFor("operator")));
  client = new KubeClient(new ClusterEndpoint(kubeConfig), () => ({ kind: "service" }));
});
afterAll(async () => {
  await client.endpoint.close();
  await recorder.close();
  await sim.close();
});
afterEach(() => {
  recorder.answerInstead = null;
});

const path = kubePath("apis", "anything");
const most = 100_000;
/** What reads an answer whole. */
const readers: Record<string, (request: KubeRequest) => Promise<unknown>> = {
  json: async (request) => client.json(path, request),
  jsonWithWarnings: async (request) => client.jsonWithWarnings(path, request),
  done: async (request) => client.done(path, request),
  bytes: async (request) => client.bytes(path, most, request),
};

/** `sent` of an answer whose head promises more; then it stays open, or breaks. */
function answerInPart(code: number, sent: string, breaks: boolean): void {
  recorder.answerInstead = (_request, response) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.write(sent, () => {
      if (breaks) response.destroy();
    });
    return true;
  };
}

describe.each(Object.keys(readers))("%s", (name) => {
  const read = async (request: KubeRequest = {}) => {
    const failure: unknown = await readers[name]?.(request).then(
      () => undefined,
      (error: unknown) => error,
    );
    return failure instanceof KubeUnreachableError
      ? { kind: failure.kind, outcomeUnknown: failure.outcomeUnknown }
      : failure;
  };

  test.each([200, 500])("a %i whose body stands still has its deadline", { timeout: 5000 }, async (code) => {
    answerInPart(code, '{"a":', false);
    expect(await read({ timeoutMs: 300 })).toEqual({ kind: "timeout", outcomeUnknown: false });
  });

  test.each([200, 500])("a %i that breaks off in the middle is none", async (code) => {
    answerInPart(code, "{}", true);
    expect(await read()).toEqual({ kind: "unreachable", outcomeUnknown: false });
    expect(await read({ method: "POST", body: {} })).toEqual({ kind: "unreachable", outcomeUnknown: true });
  });

  test("one that its caller gives up in the middle ends at once", { timeout: 5000 }, async () => {
    answerInPart(200, "{}", false);
    const stop = new AbortController();
    const reading = read({ signal: stop.signal });
    setImmediate(() => stop.abort());
    expect(await reading).toMatchObject({ kind: "aborted" });
  });

  test("the connection is used again, however long the answer was", async () => {
    const answer = JSON.stringify({ filled: "x".repeat(most - 100) });
    recorder.answerInstead = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(answer);
      return true;
    };
    const dials = recorder.dials();
    for (let again = 0; again < 12; again += 1) expect(await read()).toBeUndefined();
    expect(recorder.dials() - dials).toBeLessThan(4); // the next one may be asked before the pool knows that the first is free
  });
});

test("bytes are as many as may be, and no more", async () => {
  let size = most;
  recorder.answerInstead = (_request, response) => {
    response.writeHead(200).end(Buffer.alloc(size, 0xff));
    return true;
  };
  expect(await client.bytes(path, most)).toEqual(Buffer.alloc(most, 0xff));
  size += 1;
  await expect(client.bytes(path, most)).rejects.toThrow(`larger than ${most} bytes`);
});

test("of a refusal without end only the beginning is read", { timeout: 10_000 }, async () => {
  recorder.hangUp();
  await until(() => recorder.connections() === 0);
  const words = "no ".repeat(100_000);
  answerInPart(500, words, false);
  const refusal: unknown = await client.done(path).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ name: "KubeError", status: 500 });
  await until(() => recorder.connections() === 0, 5000);
});

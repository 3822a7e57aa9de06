/**
 * A cluster may ask others before its roles, and they may say no: what roles name is shown only where the cluster itself allows it,
 * for roles only choose what it is asked about.
 */
import type { ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { writeFileSync } from "node:fs";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, type Person, startConsole } from "./console-under-test.ts";
import { type SeenRequest, startUpstreamRecorder, type UpstreamRecorder } from "./upstream-recorder.ts";

const project = "named-lab";
const allowed = "zq-allowed";
const denied = "zq-denied";
let sim: KubeSim;
let recorder: UpstreamRecorder;
let cut: ConsoleUnderTest;
let bob: Person;

interface Review {
  spec: { resourceAttributes?: { name?: string } };
}

const answer = (response: ServerResponse, status: number, body: object): true => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
  return true;
};

/** Says no to everything about one name, whatever the roles say. */
function deny({ target, body }: SeenRequest, name: string, response: ServerResponse): boolean {
  if (target.endsWith(`/${name}`))
    return answer(response, 403, {
      kind: "Status",
      apiVersion: "v1",
      code: 403,
      reason: "Forbidden",
      message: "no",
    });
  if (!target.endsWith("subjectaccessreviews")) return false;
  const review = JSON.parse(body) as Review; // by its path
  if (review.spec.resourceAttributes?.name !== name) return false;
  return answer(response, 201, { ...review, status: { allowed: false, denied: true } });
}

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in", controllers: false });
  sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    ...[allowed, denied].flatMap((name) => [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: project }, data: { a: "b" } },
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name, namespace: project },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        status: { phase: "Bound" },
      },
    ]),
  ]);
  bindRole({ sim }, project, "named", { kind: "User", name: "bob" }, [
    {
      apiGroups: [""],
      resources: ["configmaps", "persistentvolumeclaims"],
      resourceNames: [allowed, denied],
      verbs: ["get", "list", "delete"],
    },
  ]);
  recorder = await startUpstreamRecorder(sim);
  recorder.answerInstead = (_request, response) => {
    const last = recorder.seen.at(-1);
    return last !== undefined && deny(last, denied, response);
  };
  sim.seed([
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "console", namespace: "default" } },
  ]);
  bindRole({ sim }, "", "console", { kind: "User", name: "system:serviceaccount:default:console" }, [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  ]);
  const own = await sim.serviceAccountKubeconfig("default", "console");
  const kubeconfigFile = join(dirname(sim.kubeconfigPath), "by-recorder");
  writeFileSync(kubeconfigFile, recorder.kubeconfig(own));
  cut = await startConsole({ sim, kubeconfigFile });
  bob = await cut.signIn("bob");
});
afterAll(async () => {
  await cut.close();
  await recorder.close();
  await sim.close();
});

test("what a role names is neither shown, counted nor found where the cluster says no", async () => {
  const query = { q: "name:zq", pageSize: 50 };
  const maps = await bob.call("listObjects", { params: { noun: "config-map" }, query });
  const disks = await bob.call("listDisks", { query });
  expect([maps, disks].map(({ rows, total }) => [rows.map(({ name }) => name), total])).toEqual([
    [[allowed], 1],
    [[allowed], 1],
  ]);
  const { hits } = await bob.call("search", { query: { q: "zq", limit: 50 } });
  expect(hits.map(({ title }) => title)).toEqual([allowed, allowed]);
  expect((await bob.ask("getDisk", { params: { project, name: allowed } })).status).toBe(200);
  expect((await bob.ask("getDisk", { params: { project, name: denied } })).status).toBe(403);
});

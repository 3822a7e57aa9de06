/** The cluster's authority and the service's own certificate change on disk: the console goes on with the new ones, and only with them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ClusterEndpoint } from "../src/kube/cluster-endpoint.ts";
import { KubeClient } from "../src/kube/kube-client.ts";
import { kubePath } from "../src/kube/kube-path.ts";
import { startConsole, until } from "./console-under-test.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { startUpstreamRecorder, type UpstreamRecorder } from "./upstream-recorder.ts";

const namespaces = kubePath("api", "v1", "namespaces");
/** By then files that changed are read again. */
const readAgainMs = 31_000;

let sim: KubeSim;
/** Has an authority of its own. */
let other: KubeSim;
let recorder: UpstreamRecorder;
let folder: string;
let clock: ShiftedClock;
let caFile: string;

beforeAll(async () => {
  [sim, other] = (await Promise.all(
    [0, 1].map(async () => startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" })),
  )) as [KubeSim, KubeSim]; // two were asked for
  recorder = await startUpstreamRecorder(sim);
  folder = mkdtempSync(join(tmpdir(), "kubev-certificates-"));
  caFile = join(folder, "ca.crt");
});
afterAll(async () => {
  await recorder.close();
  await Promise.all([sim.close(), other.close()]);
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  recorder.answerInstead = null;
  recorder.showCertificateOf(sim);
  recorder.hangUp();
});

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

/** The authority is named as a file, which is trusted to hold that of the cluster at first. */
function kubeconfigWithFile(text: string, user?: Record<string, string>): string {
  const config = parse(text) as Kubeconfig; // as kube-sim writes it
  const [{ cluster } = { cluster: {} }] = config.clusters;
  delete cluster["certificate-authority-data"];
  cluster["certificate-authority"] = caFile;
  if (user !== undefined) for (const one of config.users) one.user = user;
  writeFileSync(caFile, sim.caPem);
  clock = new ShiftedClock();
  return stringify(config);
}

/** A client of the service's own, without a console. */
function serviceClient(text: string): KubeClient {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(text);
  return new KubeClient(new ClusterEndpoint(kubeConfig, clock), () => ({ kind: "service" }));
}

test("a whole console follows the cluster to another authority, and trusts the old one no more", async () => {
  const kubeconfigFile = join(folder, "config");
  writeFileSync(kubeconfigFile, kubeconfigWithFile(recorder.kubeconfig(sim.kubeconfigFor("operator"))));
  const cut = await startConsole({ sim, kubeconfigFile, clock });
  const { projects } = cut.app.services.inventory.feeds;
  const make = (name: string) => {
    sim.seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name }, status: { phase: "Active" } }]);
    return until(() => projects.table.get("", name));
  };
  const operator = await cut.signIn("operator");
  const yamlOf = async (project: string) => operator.ask("getProjectYaml", { params: { project } });
  await make("before");
  expect((await yamlOf("before")).status).toBe(200);

  recorder.showCertificateOf(other);
  writeFileSync(caFile, other.caPem);
  clock.forward(readAgainMs);
  const dials = recorder.dials();
  expect((await yamlOf("before")).status).toBe(200);
  expect(recorder.dials()).toBeGreaterThan(dials);
  await make("while");
  recorder.hangUp();
  await make("after");
  expect((await yamlOf("after")).status).toBe(200);

  recorder.showCertificateOf(sim);
  recorder.hangUp();
  const { status, body } = await operator.refused("getProjectYaml", { params: { project: "after" } });
  expect(status).toBe(503);
  expect(body.error.code).toBe("upstream-unavailable");
  await cut.close();
});

describe("a client", () => {
  test("lets what is under way end, and leaves no connection of before behind", async () => {
    const client = serviceClient(kubeconfigWithFile(recorder.kubeconfig(sim.kubeconfigFor("operator"))));
    let answer: ServerResponse | undefined;
    let stream: ServerResponse | undefined;
    recorder.answerInstead = ({ url }, response) => {
      if (url === "/version") answer = response;
      else {
        stream = response;
        response.write("first ");
      }
      return true;
    };
    const signal = AbortSignal.timeout(30_000);
    const body = await client.reading(kubePath("logs"), { signal });
    const early = client.json(kubePath("version"));
    await until(() => answer);
    recorder.answerInstead = null;
    expect(recorder.connections()).toBe(2);

    recorder.showCertificateOf(other);
    writeFileSync(caFile, other.caPem);
    clock.forward(readAgainMs);
    await client.json(namespaces);
    expect(recorder.connections()).toBe(3);
    answer?.end('{"it":"came"}');
    expect(await early).toEqual({ it: "came" });
    await until(() => recorder.connections() === 2, 5000);
    stream?.end("last");
    expect(await text(body)).toBe("first last");
    await until(() => recorder.connections() === 1, 5000);

    recorder.showCertificateOf(sim);
    recorder.hangUp();
    const unreachable = { name: "KubeUnreachableError" };
    await expect(client.json(namespaces)).rejects.toMatchObject(unreachable);
    await expect(client.upgraded(kubePath("version"), {}, "any")).rejects.toMatchObject(unreachable);
    await client.endpoint.close();
  });

  test.each([
    ["is empty", ""],
    ["is cut short", "-----BEGIN CERTIFICATE-----\nMIIB"],
  ])("keeps the authority it has while the file %s, and looks again soon", async (_how, spoilt) => {
    const client = serviceClient(kubeconfigWithFile(recorder.kubeconfig(sim.kubeconfigFor("operator"))));
    await client.json(namespaces);
    writeFileSync(caFile, spoilt);
    clock.forward(readAgainMs);
    recorder.hangUp();
    await client.json(namespaces);
    recorder.showCertificateOf(other);
    writeFileSync(caFile, other.caPem);
    clock.forward(3000);
    recorder.hangUp();
    await expect(client.json(namespaces)).resolves.toMatchObject({ kind: "NamespaceList" });
    await client.endpoint.close();
  });

  test("shows its new certificate once it and its key are both there", async () => {
    const [certFile, keyFile] = [join(folder, "client.crt"), join(folder, "client.key")];
    const pairOf = (cluster: KubeSim) => {
      const pki = join(dirname(cluster.kubeconfigPath), "pki");
      return [readFileSync(join(pki, "admin.crt")), readFileSync(join(pki, "admin.key"))] as const;
    };
    const [oldCert, oldKey] = pairOf(other);
    const [newCert, newKey] = pairOf(sim);
    writeFileSync(certFile, oldCert);
    writeFileSync(keyFile, oldKey);
    const config = kubeconfigWithFile(readFileSync(sim.kubeconfigPath, "utf8"), {
      "client-certificate": certFile,
      "client-key": keyFile,
    });
    const client = serviceClient(config);
    await expect(client.json(namespaces)).rejects.toMatchObject({ name: "KubeError", status: 401 });
    writeFileSync(certFile, newCert);
    clock.forward(readAgainMs);
    // the half of it is no certificate of anybody: the old one is shown as before
    await expect(client.json(namespaces)).rejects.toMatchObject({ name: "KubeError", status: 401 });
    writeFileSync(keyFile, newKey);
    clock.forward(3000);
    await expect(client.json(namespaces)).resolves.toMatchObject({ kind: "NamespaceList" });
    await client.endpoint.close();
  });
});

/** What tests of exports share: a cluster with a disk whose bytes are known, and a client of the door that checks its certificate. */
import { randomBytes } from "node:crypto";
import { Agent, request } from "undici";
import type { KubeSimOptions } from "../src/start.ts";
import type { Answer } from "./api-caller.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

export const namespace = "out";
export const exports = `/apis/export.kubevirt.io/v1/namespaces/${namespace}/virtualmachineexports`;
export const dataVolumes = `/apis/cdi.kubevirt.io/v1beta1/namespaces/${namespace}/datavolumes`;
export const tokenHeader = "x-kubevirt-export-token";
export const mebibyte = 1024 ** 2;
/** Of every disk that is uploaded here: more than sockets hold of what nobody reads. */
export const diskBytes = 64 * mebibyte;
/** What the claim `disk` begins with; the rest of it is zeros. */
export const content = randomBytes(3 * mebibyte);

export const claim = (name: string) => ({ kind: "PersistentVolumeClaim", name });
export const vm = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });

export interface Link {
  volumes: { name: string; formats: { format: string; url: string }[] }[];
  manifests: { type: string; url: string }[];
}
export const urlOf = (link: Link, format: string, volume = 0): string =>
  link.volumes[volume]?.formats.find((one) => one.format === format)?.url ?? "";

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into arbitrary answers
type Body = any;

export class ExportWorld {
  readonly cluster: TestCluster;
  readonly agent: Agent;

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
    this.agent = new Agent({ connect: { ca: cluster.sim.caPem } });
  }

  static async open(options: Partial<KubeSimOptions> = {}): Promise<ExportWorld> {
    const world = new ExportWorld(await startCluster(options));
    await world.cluster.call("/api/v1/namespaces", { body: { metadata: { name: namespace } } });
    return world;
  }

  async close(): Promise<void> {
    await this.agent.destroy();
    await this.cluster.close();
  }

  /** Sends the bytes to a claim that waits for them. */
  async upload(name: string, bytes: Buffer): Promise<void> {
    const { body: token } = await this.cluster.call(
      `/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/${namespace}/uploadtokenrequests`,
      { body: { metadata: { name }, spec: { pvcName: name } } },
    );
    const { body: config } = await this.cluster.call("/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config");
    const answer = await request(`${config.status.uploadProxyURL}/v1beta1/upload`, {
      dispatcher: this.agent,
      method: "POST",
      headers: { authorization: `Bearer ${token.status.token}` },
      body: bytes,
    });
    const words = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the upload was refused: ${words}`);
  }

  /** A DataVolume that holds these bytes. */
  async uploaded(name: string, bytes: Buffer): Promise<void> {
    const made = await this.cluster.call(dataVolumes, {
      body: {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataVolume",
        metadata: { name },
        spec: { source: { upload: {} }, storage: { resources: { requests: { storage: "64Mi" } } } },
      },
    });
    if (made.code !== 201) throw new Error(made.text);
    const phase = async () =>
      (await this.cluster.call(`${dataVolumes}/${name}`)).body.status?.phase as string;
    await eventually(async () => (await phase()) === "UploadReady");
    await this.upload(name, bytes);
    await eventually(async () => (await phase()) === "Succeeded");
  }

  create(name: string, source: object, over: object = {}): Promise<Answer> {
    return this.cluster.call(exports, {
      body: {
        apiVersion: "export.kubevirt.io/v1",
        kind: "VirtualMachineExport",
        metadata: { name },
        spec: { source, ...over },
      },
    });
  }

  async found(name: string): Promise<Body> {
    return (await this.cluster.call(`${exports}/${name}`)).body;
  }

  ready(name: string): Promise<Body> {
    return eventually(async () => {
      const one = await this.found(name);
      return one.status?.phase === "Ready" && one;
    });
  }

  async condition(name: string, type = "Ready"): Promise<Body> {
    const { status } = await this.found(name);
    return status?.conditions?.find((one: { type: string }) => one.type === type);
  }

  async tokenOf(vmExport: { status: { tokenSecretRef: string } }): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/secrets/${vmExport.status.tokenSecretRef}`;
    return Buffer.from((await this.cluster.call(path)).body.data.token, "base64").toString();
  }

  /** The door's answer. */
  async fetched(url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") {
    const answer = await request(url, { dispatcher: this.agent, headers, method });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { code: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() };
  }
}

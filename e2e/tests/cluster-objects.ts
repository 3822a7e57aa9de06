/** The samples of catalogued nouns in the embedded cluster, made over its API as its administrator. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { objectCatalog, type ObjectNoun } from "../../packages/api-types/src/object-catalog.ts";
import { objectSamples } from "../../apps/bff/test/object-samples.ts";
import { kubeconfig } from "./embedded-cluster.ts";

/** What kube-sim writes into its kubeconfig: one cluster, one user with a client certificate. */
function administrator() {
  const text = readFileSync(kubeconfig, "utf8");
  const value = (key: string) => new RegExp(`${key}: "?([^"\\s]+)`).exec(text)?.[1] ?? "";
  const pem = (key: string) => Buffer.from(value(key), "base64").toString("utf8");
  return {
    server: value("server"),
    ca: pem("certificate-authority-data"),
    cert: pem("client-certificate-data"),
    key: pem("client-key-data"),
  };
}

/** @throws Error with the cluster's own words for everything but a success */
async function send(method: string, path: string, contentType: string, body: unknown): Promise<void> {
  const { server, ...identity } = administrator();
  await new Promise<void>((resolve, reject) => {
    const sent = request(
      `${server}${path}`,
      { method, ...identity, headers: { "content-type": contentType } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString("utf8");
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 300) resolve();
          else reject(new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`));
        });
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

function collectionOf(noun: ObjectNoun, project: string): string {
  const { group, version, resource, namespaced } = objectCatalog[noun];
  const api = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${api}${namespaced ? `/namespaces/${project}` : ""}/${resource}`;
}

/** Makes the sample of a noun. */
export async function makeSample(noun: ObjectNoun, project: string, name: string): Promise<void> {
  const { group, version, kind, namespaced } = objectCatalog[noun];
  await send("POST", collectionOf(noun, project), "application/json", {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: { name, ...(namespaced ? { namespace: project } : {}) },
    ...objectSamples[noun].object,
  });
}

/** Sets one label of an object. */
export async function label(
  noun: ObjectNoun,
  project: string,
  name: string,
  labels: Record<string, string>,
): Promise<void> {
  await send("PATCH", `${collectionOf(noun, project)}/${name}`, "application/merge-patch+json", {
    metadata: { labels },
  });
}

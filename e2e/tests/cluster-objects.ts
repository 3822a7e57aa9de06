/** Objects of the embedded cluster, made and changed over its API as its administrator: what others do beside the browser. */
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
async function send(method: string, path: string, contentType: string, body?: unknown): Promise<string> {
  const { server, ...identity } = administrator();
  const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
  return new Promise<string>((resolve, reject) => {
    const sent = request(
      `${server}${path}`,
      { method, ...identity, headers: { "content-type": contentType, "content-length": bytes.length } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString("utf8");
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`));
        });
      },
    );
    sent.on("error", reject);
    sent.end(bytes);
  });
}

function collectionOf(noun: ObjectNoun, project: string): string {
  const { group, version, resource, namespaced } = objectCatalog[noun];
  const api = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${api}${namespaced ? `/namespaces/${project}` : ""}/${resource}`;
}

/** Makes an object of a noun of `content`, which is all but its name; else its sample. */
export async function makeObject(
  noun: ObjectNoun,
  project: string,
  name: string,
  content: object = objectSamples[noun].object,
): Promise<void> {
  const { group, version, kind, namespaced } = objectCatalog[noun];
  await send("POST", collectionOf(noun, project), "application/json", {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: { name, ...(namespaced ? { namespace: project } : {}) },
    ...content,
  });
}

/** Makes an object of any kind in the collection at a path of the cluster. */
export async function makeAt(collection: string, object: object): Promise<void> {
  await send("POST", collection, "application/json", object);
}

/** What a collection at a path of the cluster holds, as it was sent. */
export async function readItems(collection: string): Promise<unknown[]> {
  const list = JSON.parse(await send("GET", collection, "application/json")) as { items: unknown[] }; // a list of the API
  return list.items;
}

/** The address of an object of a catalogued noun, for the two below; other kinds write theirs. */
export const pathOf = (noun: ObjectNoun, project: string, name: string): string =>
  `${collectionOf(noun, project)}/${name}`;

/** Changes what is stored; null takes a field away. */
export async function changeObject(path: string, mergePatch: object): Promise<void> {
  await send("PATCH", path, "application/merge-patch+json", mergePatch);
}

export async function removeObject(path: string): Promise<void> {
  await send("DELETE", path, "application/json", {});
}

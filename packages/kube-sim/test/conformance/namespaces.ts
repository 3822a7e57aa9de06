/** Namespaces of the suite's own, so that its parts do not meet. */
import type { Target } from "./target.ts";

let count = 0;

/** Makes a namespace and gives its name. */
export async function newNamespace(api: Target): Promise<string> {
  count += 1;
  const name = `conformance-${count}`;
  const { code, text } = await api.call("/api/v1/namespaces", { body: { metadata: { name } } });
  if (code !== 201) throw new Error(`the namespace ${name} was not made: ${text}`);
  return name;
}

export const configMapsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;

export const configMap = (
  name: string,
  data: Record<string, string> = { key: "value" },
  metadata: object = {},
): object => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data });

/** A Deployment of one container, as small as admission takes it. */
export const deployment = (name: string, replicas = 1): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }] },
    },
  },
});

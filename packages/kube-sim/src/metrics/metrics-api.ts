/** metrics.k8s.io as metrics-server serves it: processors and memory of hosts and pods, over a short window. */
import { parseLabelSelector } from "../api/label-selector.ts";
import type { ResourceRequest } from "../api/request-info.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { methodNotAllowed, notFound, pageNotFound } from "../store/status-error.ts";
import type { ClusterUsage, Usage } from "./cluster-usage.ts";

export const METRICS_GROUP = "metrics.k8s.io";
const apiVersion = `${METRICS_GROUP}/v1beta1`;
const windowSeconds = 15;

/** In nano-cores and whole KiB, as metrics-server writes them. */
const amounts = ({ cpuCores, memoryBytes }: Usage) => ({
  cpu: `${Math.max(0, Math.round(cpuCores * 1e9))}n`,
  memory: `${Math.max(0, Math.round(memoryBytes / 1024))}Ki`,
});

export class MetricsApi {
  readonly #usage: ClusterUsage;

  constructor(usage: ClusterUsage) {
    this.#usage = usage;
  }

  /** The body of the answer. @throws StatusError */
  answer(info: ResourceRequest, url: URL): unknown {
    if (info.version !== "v1beta1" || info.subresource !== "") throw pageNotFound();
    if (info.verb !== "get" && info.verb !== "list") throw methodNotAllowed();
    const items = this.#items(info);
    const kind = info.resource === "nodes" ? "NodeMetrics" : "PodMetrics";
    if (info.verb === "get") {
      const found = items.find(({ metadata }) => metadata.name === info.name);
      if (found === undefined) throw notFound({ group: METRICS_GROUP, resource: info.resource }, info.name);
      return { kind, apiVersion, ...found };
    }
    const matches = parseLabelSelector(url.searchParams.get("labelSelector"));
    return {
      kind: `${kind}List`,
      apiVersion,
      metadata: {},
      items: matches === undefined ? items : items.filter(({ metadata }) => matches(metadata.labels)),
    };
  }

  #items(info: ResourceRequest) {
    const at = new Date(Math.floor(this.#usage.nowSeconds) * 1000).toISOString().replace(".000Z", "Z");
    const head = ({ metadata }: KubeObject) => ({
      metadata: {
        name: metadata.name,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        creationTimestamp: at,
        labels: metadata.labels ?? {},
      },
      timestamp: at,
      window: `${windowSeconds}s`,
    });
    if (info.resource === "nodes")
      return this.#usage.nodes().map(({ node, usage }) => ({ ...head(node), usage: amounts(usage) }));
    if (info.resource !== "pods") throw pageNotFound();
    return this.#usage.pods(info.namespace === "" ? undefined : info.namespace).map(({ pod, usage }) => ({
      ...head(pod),
      containers: pod.spec.containers.map(({ name }, index) => ({
        name,
        // the first container does the work
        usage: amounts(index === 0 ? usage : { cpuCores: 0, memoryBytes: 0 }),
      })),
    }));
  }
}

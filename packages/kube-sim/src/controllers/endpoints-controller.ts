/**
 * Which pods answer a service: its Endpoints and its EndpointSlice follow the pods that its selector finds. Source: Kubernetes'
 * endpoints and endpointslice controllers; one slice a service, as all addresses are IPv4 and few.
 */
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { Pod } from "./core-shapes.ts";
import { type Kind, podKind } from "./kinds.ts";
import { isPodOver } from "./node-requests.ts";
import type { TypedStore } from "./typed-store.ts";
import { controllerOf, isPodReady } from "./workload-pods.ts";

interface Service extends KubeObject {
  spec?: {
    selector?: Record<string, string>;
    publishNotReadyAddresses?: boolean;
    ports?: { name?: string; protocol?: string; port?: number; targetPort?: number | string }[];
  };
}
interface Endpoints extends KubeObject {
  subsets?: unknown[];
}
interface EndpointSlice extends KubeObject {
  endpoints?: unknown[];
  ports?: unknown[];
}

export const serviceKind: Kind<Service> = {
  group: "",
  resource: "services",
  apiVersion: "v1",
  kind: "Service",
};
const endpointsKind: Kind<Endpoints> = {
  group: "",
  resource: "endpoints",
  apiVersion: "v1",
  kind: "Endpoints",
};
const sliceKind: Kind<EndpointSlice> = {
  group: "discovery.k8s.io",
  resource: "endpointslices",
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
};
const ofService = "kubernetes.io/service-name";

function numberOfPort(target: number | string, pods: readonly Pod[]): number | null {
  if (typeof target === "number") return target;
  const named = pods
    .flatMap((pod) => pod.spec.containers.flatMap((container) => container.ports ?? []))
    .find((port) => port.name === target);
  return named?.containerPort ?? null;
}

export function reconcileEndpoints(store: TypedStore, namespace: string | undefined, name: string): void {
  const service = store.get(serviceKind, namespace, name);
  const existing = store.get(endpointsKind, namespace, name);
  const slice = store
    .list(sliceKind, namespace)
    .find(({ metadata }) => metadata.labels?.[ofService] === name);
  if (service === undefined || service.metadata.deletionTimestamp !== undefined) {
    // the slice has an owner and goes with it
    if (service === undefined && existing !== undefined) store.delete(endpointsKind, existing);
    return;
  }
  const selector = Object.entries(service.spec?.selector ?? {});
  if (selector.length === 0 || namespace === undefined) return;
  const pods = store
    .list(podKind, namespace)
    .filter(
      (pod) =>
        pod.metadata.deletionTimestamp === undefined &&
        !isPodOver(pod) &&
        Boolean(pod.status?.podIP) &&
        selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
    );
  const ports = (service.spec?.ports ?? []).flatMap((port) => {
    const number = numberOfPort(port.targetPort ?? port.port ?? 0, pods);
    return number === null ? [] : [{ name: port.name ?? "", port: number, protocol: port.protocol ?? "TCP" }];
  });
  const isReady = (pod: Pod) => service.spec?.publishNotReadyAddresses === true || isPodReady(pod);
  const target = ({ metadata }: Pod) => ({ kind: "Pod", name: metadata.name, namespace, uid: metadata.uid });
  const nodeOf = ({ spec }: Pod) => (spec.nodeName === undefined ? {} : { nodeName: spec.nodeName });
  const labels = service.metadata.labels ?? {};

  const addresses = (some: readonly Pod[]) =>
    some.map((pod) => ({ ip: pod.status?.podIP, ...nodeOf(pod), targetRef: target(pod) }));
  const ready = addresses(pods.filter(isReady));
  const notReady = addresses(pods.filter((pod) => !isReady(pod)));
  const subsets =
    pods.length === 0
      ? []
      : [
          {
            ...(ready.length === 0 ? {} : { addresses: ready }),
            ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
            ports: ports.map(({ name: portName, ...port }) => ({
              ...(portName && { name: portName }),
              ...port,
            })),
          },
        ];
  if (existing === undefined)
    store.create(endpointsKind, {
      metadata: { name, namespace, labels },
      ...(pods.length > 0 && { subsets }),
    });
  else if (!sameJson(existing.subsets ?? [], subsets))
    store.modifyObject(endpointsKind, existing, (current) => ({ ...current, subsets }));

  const endpoints = pods.map((pod) => ({
    addresses: [pod.status?.podIP],
    conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
    ...nodeOf(pod),
    targetRef: target(pod),
  }));
  if (slice === undefined)
    store.create(sliceKind, {
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: {
          ...labels,
          [ofService]: name,
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        ownerReferences: [controllerOf(service)],
      },
      addressType: "IPv4",
      endpoints,
      ports,
    });
  else if (!sameJson([slice.endpoints, slice.ports], [endpoints, ports]))
    store.modifyObject(sliceKind, slice, (current) => ({ ...current, endpoints, ports }));
}

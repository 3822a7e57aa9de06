/**
 * Which cluster addresses and node ports services hold, and which are free. What is stored is all there is to know, so a restart
 * forgets nothing and a deletion frees. Source: Kubernetes pkg/registry/core/service (ipallocator, portallocator).
 */
import type { KubeObject } from "../store/kube-object.ts";

export interface ServicePort {
  name?: string;
  protocol?: string;
  port?: number;
  targetPort?: number | string;
  nodePort?: number;
}

export interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  clusterIPs?: string[];
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
  externalTrafficPolicy?: string;
  internalTrafficPolicy?: string;
  allocateLoadBalancerNodePorts?: boolean;
  healthCheckNodePort?: number;
  sessionAffinity?: string;
  selector?: Record<string, string>;
  externalName?: string;
  ports?: ServicePort[];
  [field: string]: unknown;
}

/** kubeadm's own range: 10.96.0.0/12. */
const range = { text: "10.96.0.0/12", first: 0x0a_60_00_00, size: 2 ** 20 };
const ports = { first: 30_000, last: 32_767 };
/** The first address is that of the service `kubernetes`. */
const reserved = 1;

const specOf = (service: KubeObject) => (service["spec"] ?? {}) as ServiceSpec; // a Service's spec

function numberOf(ip: string): number | null {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(ip)?.slice(1).map(Number);
  return octets?.every((octet) => octet < 256) ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : null;
}

const textOf = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

export class ServiceAddresses {
  readonly #ips = new Set<string>();
  readonly #ports = new Set<number>();
  readonly #random: () => number;

  /** `others` are all services but the one that is written; `random` gives [0, 1). */
  constructor(others: Iterable<KubeObject>, random: () => number) {
    this.#random = random;
    for (const service of others) {
      const spec = specOf(service);
      for (const ip of spec.clusterIPs ?? [spec.clusterIP ?? ""]) this.#ips.add(ip);
      for (const port of [...(spec.ports ?? []).map((one) => one.nodePort), spec.healthCheckNodePort])
        if (port) this.#ports.add(port);
    }
  }

  /** Why the address cannot be had, in the allocator's words; null when it can. */
  ipProblem(ip: string): string | null {
    const at = numberOf(ip);
    const offset = at === null ? -1 : at - range.first;
    if (offset <= 0 || offset >= range.size - 1)
      return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${range.text}`;
    return offset === reserved || this.#ips.has(ip) ? "provided IP is already allocated" : null;
  }

  portProblem(port: number): string | null {
    if (port < ports.first || port > ports.last)
      return `provided port is not in the valid range. The range of valid ports is ${ports.first}-${ports.last}`;
    return this.#ports.has(port) ? "provided port is already allocated" : null;
  }

  /** A free address, or null when all are taken. */
  freeIp(): string | null {
    const ip = this.#free(range.first + 1, range.size - 2, (at) => this.ipProblem(textOf(at)) === null);
    return ip === null ? null : textOf(ip);
  }

  /** A free port, which is taken from then on; null when all are. */
  takeFreePort(): number | null {
    const port = this.#free(ports.first, ports.last - ports.first + 1, (at) => !this.#ports.has(at));
    if (port !== null) this.#ports.add(port);
    return port;
  }

  takePort(port: number): void {
    this.#ports.add(port);
  }

  /** The first free one from a place that chance gives. */
  #free(first: number, size: number, isFree: (at: number) => boolean): number | null {
    const start = Math.floor(this.#random() * size);
    for (let step = 0; step < size; step += 1) {
      const at = first + ((start + step) % size);
      if (isFree(at)) return at;
    }
    return null;
  }
}
